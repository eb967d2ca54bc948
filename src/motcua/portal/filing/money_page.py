"""The page of fees: what it comes to as far as is known, and who asks to pay less."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.filing.models import Draft
from motcua.filing.owing import counts_needed, fees_of
from motcua.filing.reading import Read
from motcua.law.procedure import Procedure
from motcua.portal.filing.attaching import upload_field

Row = dict[str, Any]


def money_part(
    draft: Draft, procedure: Procedure, read: Read, saved: dict[str, Any], errors: dict[str, list[str]]
) -> Row:
    """Each fee with its amount, how it was reached, and the exemptions that may be asked for."""
    language = get_language() or "vi"
    charged = {each.fee: each for each in read.charges}
    claims, counts = saved.get("claims") or {}, saved.get("counts") or {}
    rows = []
    for fee in fees_of(procedure, draft.case):
        charge = charged.get(fee.id)
        rows.append(
            {
                "name": fee.name.within(language),
                "amount": charge.amount if charge else None,
                "lines": [(line.text.within(language), line.amount) for line in charge.lines] if charge else [],
                "timing": timing_words(fee.timing),
                "demonstration": fee.demonstration,
                "exemptions": [
                    {
                        "name": f"{fee.id}.{each.id}",
                        "label": each.name.within(language),
                        "proof": each.proof.within(language) if each.proof else "",
                        "claimed": f"{fee.id}.{each.id}" in claims,
                        "errors": errors.get(f"claim-{fee.id}.{each.id}", []),
                        "upload": upload_field(
                            draft,
                            f"proof-{fee.id}.{each.id}",
                            each.proof.within(language),
                            errors.get(f"proof-{fee.id}.{each.id}", []),
                            required=True,
                        )
                        if each.proof
                        else None,
                    }
                    for each in fee.exemptions
                ],
            }
        )
    labels = {"pages": _("Số trang bản chính"), "copies": _("Số bản yêu cầu")}
    return {
        "fees": rows,
        "total": sum(each.amount for each in read.charges),
        "unknown": len(read.charges) < len(rows),
        "counts": [
            {"id": name, "name": name, "label": labels[name], "kind": "number", "width": 4, "required": True,
             "value": counts.get(name, "1"), "errors": errors.get(name, [])}
            for name in counts_needed(procedure, draft.case)
        ],
    }  # fmt: skip


def timing_words(timing: str) -> str:
    """When a fee is paid by somebody who files online."""
    return {
        "before": _("trả sau khi hồ sơ được tiếp nhận"),
        "after": _("trả khi nhận kết quả"),
        "on_notice": _("trả theo thông báo"),
    }[timing]
