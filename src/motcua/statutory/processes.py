"""Form II.07b: how many procedures, under the one-stop and the linked one-stop mechanism, with which processes.

Reckoned from the catalogue as it holds on the last day of the period. That the form has 14 columns is the circular's;
what stands in each is recalled and marked as a demonstration value. One row a field of activity.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from motcua.catalogue import versions
from motcua.law.directory import TIERS
from motcua.law.procedure import Procedure
from motcua.law.process import Stage
from motcua.law.texts import Text
from motcua.organisation.directory import directory
from motcua.reports.periods import midnight
from motcua.statutory.forms import TOTAL, Report, Row, roman
from motcua.statutory.words import field_text

FORM = "II.07b"
TITLE = Text(
    "Số thủ tục hành chính thực hiện theo cơ chế một cửa, một cửa liên thông và quy trình nội bộ",
    "Procedures under the one-stop and linked one-stop mechanism, and their internal processes",
)
ROWS_OF = Text("Lĩnh vực", "Field")
TITLES: tuple[Text, ...] = (
    Text("Tổng số", "Total"),
    Text("Cấp tỉnh", "City"),
    Text("Cấp huyện", "District"),
    Text("Cấp xã", "Commune"),
    Text("Tổng số", "Total"),
    Text("Cấp tỉnh", "City"),
    Text("Cấp huyện", "District"),
    Text("Cấp xã", "Commune"),
    Text("Cùng cấp", "Within a tier"),
    Text("Giữa các cấp", "Between tiers"),
    Text("Đã ban hành", "Issued"),
    Text("Quy trình điện tử", "Electronic"),
)
GROUPS: tuple[tuple[Text, int], ...] = (
    (Text("Số thủ tục hành chính", "Procedures"), 4),
    (Text("Thực hiện theo cơ chế một cửa", "Under the one-stop mechanism"), 4),
    (Text("Một cửa liên thông", "Linked one-stop"), 2),
    (Text("Quy trình nội bộ", "Internal processes"), 2),
)
NUMBERS = tuple(str(number) for number in range(3, 15))
_LEVELS = {"department": "city", "branch": "city", "city": "city", "district": "district", "commune": "commune"}
NOTES = (
    Text(
        "Một thủ tục được tính ở cấp cao nhất tiếp nhận nó, nên 3 = 4+5+6 và 7 = 8+9+10.",
        "A procedure counts at the highest tier that receives it, so that 3 = 4+5+6 and 7 = 8+9+10.",
    ),
    Text(
        "Tên cột là giá trị minh họa; phiên bản thủ tục có hiệu lực vào ngày cuối kỳ.",
        "The titles of the columns are demonstration values; versions that hold on the last day of the period.",
    ),
)


def processes_form(day: date) -> Report:
    """The form as of a day, from every version that holds on it."""
    cards = [card for card in versions.cards_on(day) if versions.offering_agencies(card.code, day)]
    published = versions.procedure_versions(card.version_id for card in cards)
    by_field: dict[str, list[Procedure]] = {}
    for procedure in published.values():
        if not procedure.replayed:
            by_field.setdefault(procedure.field, []).append(procedure)
    rows = [
        Row(1, roman(at), field_text(field), (("field", field),), counts(by_field[field]))
        for at, field in enumerate(sorted(by_field), 1)
    ]
    everything = counts(procedure for group in by_field.values() for procedure in group)
    at = midnight(day + timedelta(days=1))
    return Report(
        form=FORM,
        title=TITLE,
        scope="city",
        scope_name=Text("Toàn thành phố", "The whole city"),
        period=day.isoformat(),
        period_name=Text(f"đến ngày {day:%d/%m/%Y}", f"as of {day:%d/%m/%Y}"),
        at=at,
        running=False,
        complete_until=None,
        columns=NUMBERS,
        rows=(Row(0, "", TOTAL, (), everything), *rows),
        notes=NOTES,
    )


def counts(procedures: Iterable[Procedure]) -> tuple[int, ...]:
    """The twelve figures of a row."""
    found = [0] * len(NUMBERS)
    for procedure in procedures:
        level = ("city", "district", "commune").index(tier_of(procedure))
        # A version holds only with a process, and a process runs only in this system: issued, and electronic.
        for place in (0, 1 + level, 4, 5 + level, 10, 11):
            found[place] += 1
        link = linked(procedure)
        if link:
            found[8 if link == "same" else 9] += 1
    return tuple(found)


def tier_of(procedure: Procedure) -> str:
    """The highest tier that receives a procedure: city, district or commune."""
    tiers = set(procedure.received_at) | {
        directory().by_code[code].tier for code in procedure.received_by if code in directory().by_code
    }
    ordered = sorted((_LEVELS.get(tier, "city") for tier in tiers), key=("city", "district", "commune").index)
    return ordered[0] if ordered else "city"


def linked(procedure: Procedure) -> str:
    """`same` or `tiers` when several agencies settle it, of one tier or of several; '' when one does."""
    process, here = procedure.process, tier_of(procedure)
    reached = {_reached(stage, here) for stage in process.stages}
    if reached - {here, "same"}:
        return "tiers"
    return "same" if "same" in reached else ""


def _reached(stage: Stage, here: str) -> str:
    kind, _, name = stage.place.partition(":")
    match kind:
        case "here" | "stage":
            # A division, or a branch, of an agency that takes part anyway.
            return here
        case "tier" | "chosen":
            return _LEVELS.get(name, "city") if name in TIERS else here
        case "named":
            agency = directory().by_code.get(name)
            tier = _LEVELS.get(agency.tier, "city") if agency else "city"
            return "same" if tier == here else tier
        case _:
            return "above"
