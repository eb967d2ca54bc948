"""Tells the clerk that an application handed in online says the same as an earlier one."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from motcua.filing.handing_in import twin_of
from motcua.law.codes import reference
from motcua.law.dossier import NATIONAL_STATUSES, national_status


def twin_row(dossier_id: int) -> dict[str, Any] | None:
    """The earlier dossier as the page names it; None when there is none. Its page decides who may open it."""
    earlier = twin_of(dossier_id)
    if earlier is None:
        return None
    english = (get_language() or "vi").startswith("en")
    return {
        "href": reverse("office:dossier", args=[earlier.id]),
        "reference": earlier.code or reference(earlier.id),
        "status": NATIONAL_STATUSES[national_status(earlier)][int(english)],
        "lodged": earlier.lodged_at,
    }
