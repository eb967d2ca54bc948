"""The box about money on a dossier's page: what is to be paid, what was paid, and the way to each page."""

from typing import Any

from django.http import HttpRequest

from motcua.fees.explaining import standing_of
from motcua.fees.following import notices_for
from motcua.law.dossier import Dossier


def box(state: Dossier, request: HttpRequest) -> dict[str, Any] | None:
    """What `portal/paying/box.html` shows (as `paying`); None when nothing was ever asked for."""
    del request
    rows = [
        {
            "notice": notice,
            "standing": standing_of(notice),
            "receipts": list(notice.receipts.select_related("cancellation").order_by("pk")),
        }
        for notice in notices_for(state.id)
    ]
    if not rows:
        return None
    return {"rows": rows, "open": sum(row["standing"].open for row in rows)}  # type: ignore[attr-defined]
