"""A form filled in for a scope and a period: counted, named, noted, and with until when it is complete."""

from datetime import datetime, timedelta

from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.reports.figures import complete_until
from motcua.reports.periods import Period
from motcua.statutory.columns import NUMBERS, Line
from motcua.statutory.forms import DEMONSTRATION, LAYOUTS, Key, Report, assembled
from motcua.statutory.reckoning import Part, counted
from motcua.statutory.scope import RECEIVING_TIERS, Scope, successors
from motcua.statutory.words import agency_text, field_text, procedure_text, tier_name

NO_DOSSIERS = Text("Không có hồ sơ trong kỳ.", "There were no dossiers in the period.")
APART = Text(
    "Cột 7a (rút, dừng, đóng hồ sơ) và 11a (tạm dừng theo luật) đứng riêng, tính vào cột 7 và cột 11: 7 = 8+9+10+7a,"
    " 11 = 12+13+11a.",
    "Columns 7a (withdrawn, stopped, closed) and 11a (waiting lawfully) stand apart and count in 7 and 11:"
    " 7 = 8+9+10+7a, 11 = 12+13+11a.",
)
_NAMING = {
    "field": field_text, "procedure": procedure_text, "tier": tier_name,
    "receiving": lambda number: agency_text(int(number)),
}  # fmt: skip


class NotBegunError(ValueError):
    """A period that lies in the future has no report."""


def report(form: str, scope: Scope, period: Period, now: datetime) -> Report:
    """The form as it stands at `now`. A period that is not over ends now, and says so.

    Raises KeyError for an unknown form and NotBegunError for a period that has not begun.
    """
    layout = LAYOUTS[form]
    if now < period.begins:
        raise NotBegunError(period.code)
    running = not period.is_over(now)
    until = complete_until()
    counts = counted(Part(scope), period, layout.by, now, running=running)
    if layout.by == ("tier", "receiving"):
        counts = _with_silent(counts, scope, period)
    rows, faults = assembled(layout, counts, _NAMING, _order)
    beside = rows[0].cells[-1]
    notes = [*_states(scope, period, now, running=running), APART]
    if beside:
        notes.append(
            Text(
                f"Ngoài biểu: {beside} hồ sơ kết thúc mà chưa được tiếp nhận (không tiếp nhận, rút trước khi nhận).",
                f"Beside the form: {beside} dossiers ended without being accepted.",
            )
        )
    if layout.demonstration:
        notes.append(DEMONSTRATION)
    if not any(rows[0].cells):
        notes.insert(0, NO_DOSSIERS)
    return Report(
        form=form,
        title=layout.title,
        scope=scope.code,
        scope_name=scope.name,
        period=period.code,
        period_name=period.name,
        at=now if running else period.ends,
        running=running,
        complete_until=until,
        columns=NUMBERS,
        rows=rows,
        notes=tuple(notes),
        faults=faults,
    )


def _with_silent(counts: dict[Key, Line], scope: Scope, period: Period) -> dict[Key, Line]:
    """Agencies that had nothing stand in the form too: a row that is missing says nothing."""
    silent: dict[Key, Line] = {
        (agency.tier, str(agency.number)): Line()
        for agency in scope.houses(period.first, period.end)
        if agency.tier in RECEIVING_TIERS[1:4]
    }
    return {**silent, **counts}


def _states(scope: Scope, period: Period, now: datetime, *, running: bool) -> list[Text]:
    notes = []
    if running:
        day = f"{now.astimezone(period.begins.tzinfo):%H:%M %d/%m/%Y}"
        notes.append(
            Text(
                f"Kỳ báo cáo chưa kết thúc: số liệu đến {day}, còn thay đổi đến hết ngày {period.last_day:%d/%m/%Y}.",
                f"The period is not over: figures as of {day}, still changing until {period.last_day:%d/%m/%Y}.",
            )
        )
    known, today = directory(), city_day(now) + timedelta(days=1)
    # Of one agency it is said whenever it ended; of many, only of those that ended within the period.
    alone = scope.kind == "own"
    for agency in scope.dissolved(today if alone else min(period.end, today), None if alone else period.first):
        next_ones = successors(agency, known)
        days = f"{agency.valid_to:%d/%m/%Y}"
        vi, en = f"{agency.name.vi} kết thúc hoạt động sau ngày {days}", f"{agency.name.en} ended after {days}"
        if next_ones:
            vi += f", nhập vào {', rồi '.join(each.name.vi for each in next_ones)}"
            en += f", succeeded by {', then '.join(each.name.en for each in next_ones)}"
        notes.append(
            Text(
                f"{vi}; số liệu của hồ sơ cơ quan đó đã nhận vẫn ghi ở cơ quan đó.",
                f"{en}; what it had received is still counted there.",
            )
        )
    return notes


def _order(dimension: str, value: str) -> tuple[object, ...]:
    if dimension == "tier":
        return (RECEIVING_TIERS.index(value) if value in RECEIVING_TIERS else len(RECEIVING_TIERS), value)
    if dimension == "receiving":
        known = directory()
        agency = known.by_number.get(int(value))
        return (agency.code if agency else "~", int(value))
    return (value,)
