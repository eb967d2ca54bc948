"""What a dossier costs at the counter: each fee reckoned from the form, the counts and the exemptions ticked."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from motcua.law import fees
from motcua.law.fees import Channel, Charge, Fee
from motcua.law.procedure import Procedure


def timing_words(timing: str) -> str:
    """When a fee is paid."""
    return {
        "before": _("nộp khi tiếp nhận"),
        "after": _("nộp khi nhận kết quả"),
        "on_notice": _("nộp theo thông báo"),
    }[timing]


class FeesDue:
    """The fees of one case, and what was ticked and counted for them."""

    def __init__(
        self, procedure: Procedure, case: str, channel: Channel, form: dict[str, Any], typed: QueryDict
    ) -> None:
        self.procedure, self.case, self.channel, self.form, self.typed = procedure, case, channel, form, typed
        self.fees = [fee for fee in procedure.fees if fee.is_due(case)]

    def charges(self) -> tuple[Charge, ...]:
        """What each fee comes to; those that still lack an answer are left out."""
        return fees.owed(
            self.procedure,
            self.case,
            self.channel,
            self.form,
            {fee.id: self.typed.getlist(f"exempt-{fee.id}") for fee in self.fees},
            {fee.id: self.typed.getlist(f"proven-{fee.id}") for fee in self.fees},
            {name: self._count(name) for name in ("pages", "copies")},
        )

    def owed(self) -> dict[str, int]:
        """What is to be paid from acceptance on, in đồng, by fee; what a later notice will set is not yet known."""
        return fees.from_acceptance(self.procedure, self.charges())

    def counts_needed(self) -> tuple[str, ...]:
        """Which numbers the fees need that the form does not ask for: `pages`, `copies`."""
        return fees.counts_needed(self.procedure, self.case, self.channel)

    def _count(self, name: str) -> int:
        said = str(self.typed.get(name, "")).strip()
        return int(said) if said.isdecimal() and len(said) <= 4 else 1

    def count_fields(self) -> list[dict[str, Any]]:
        """The questions for the numbers that are needed."""
        labels = {"pages": _("Số trang bản chính"), "copies": _("Số bản yêu cầu")}
        return [
            {"id": name, "name": name, "label": labels[name], "kind": "number", "width": 4, "required": True,
             "value": self.typed.get(name, "") or "1"}
            for name in self.counts_needed()
        ]  # fmt: skip

    def rows(self, language: str) -> list[dict[str, Any]]:
        """Each fee with its amount, how it was reached, and who may pay less."""
        charged = {each.fee: each for each in self.charges()}
        return [self._row(fee, charged.get(fee.id), language) for fee in self.fees]

    def _row(self, fee: Fee, charged: Charge | None, language: str) -> dict[str, Any]:
        claimed, proven = self.typed.getlist(f"exempt-{fee.id}"), self.typed.getlist(f"proven-{fee.id}")
        return {
            "id": fee.id,
            "name": fee.name.within(language),
            "timing": timing_words(fee.timing),
            "demonstration": fee.demonstration or "fees" in self.procedure.demonstration,
            "amount": charged.amount if charged else None,
            "lines": [(line.text.within(language), line.amount) for line in charged.lines] if charged else [],
            "unproven": bool(charged and charged.unproven),
            "exemptions": [
                {
                    "id": each.id,
                    "name": each.name.within(language),
                    "proof": each.proof.within(language) if each.proof else "",
                    "claimed": each.id in claimed,
                    "proven": each.id in proven,
                    "holds": bool(charged and charged.exemption == each.id),
                }
                for each in fee.exemptions
            ],
        }
