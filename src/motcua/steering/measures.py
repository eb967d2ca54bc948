"""The figures that alerts, digests, targets and self-assessments may speak of, each by a code.

A measure is reckoned from `reports` for a part of the city and a window of time, and always comes with its sample:
the number of dossiers it speaks of. Adding one is a line in `MEASURES`; beside these stands every KPI by its code.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, get_args

import msgspec

from motcua.kpis.shapes import Kpi
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.reports import periods, stock
from motcua.reports.figures import Figures, Filter, in_period, months_to, of_period, open_now
from motcua.steering import indicators

Window = Literal["now", "day", "month", "quarter", "year"]
WINDOWS: tuple[Window, ...] = get_args(Window)
Unit = Literal["count", "percent"]
CENTS = Decimal("0.01")


class Value(msgspec.Struct, frozen=True):
    """A figure with its sample; `number` is None when there is nothing to speak of, and never a rate on nothing."""

    number: Decimal | None
    sample: int


class Measure(msgspec.Struct, frozen=True):
    """One figure: what it is called, its unit, whether it is of a period or of this moment, and how it is reckoned."""

    code: str
    name: Text
    unit: Unit
    of_now: bool
    reckon: Callable[[Figures], Value]
    more_is_better: bool
    # The list behind it, as `reports.lists` calls it; empty for a KPI, whose own page opens its cases.
    listed_as: str
    kpi: Kpi | None = None


def _count(name: str) -> Callable[[Figures], Value]:
    def reckon(figures: Figures) -> Value:
        number = int(getattr(figures, name))
        return Value(Decimal(number), number)

    return reckon


def _share(name: str, of: str) -> Callable[[Figures], Value]:
    def reckon(figures: Figures) -> Value:
        part, whole = int(getattr(figures, name)), int(getattr(figures, of))
        if not whole:
            return Value(None, 0)
        return Value((Decimal(100 * part) / whole).quantize(CENTS, ROUND_HALF_UP), whole)

    return reckon


_ALL = (
    Measure("share_on_time", Text("Tỷ lệ trả đúng hạn", "Share answered on time"), "percent", False,
            _share("not_late", "answered"), True, "answered"),
    Measure("share_late", Text("Tỷ lệ trả trễ hạn", "Share answered late"), "percent", False,
            _share("late", "answered"), False, "late"),
    Measure("share_online", Text("Tỷ lệ hồ sơ nộp trực tuyến", "Share filed online"), "percent", False,
            _share("received_online", "received"), True, "received"),
    Measure("received", Text("Số hồ sơ tiếp nhận", "Dossiers received"), "count", False, _count("received"), True,
            "received"),
    Measure("answered", Text("Số hồ sơ đã trả", "Dossiers answered"), "count", False, _count("answered"), True,
            "answered"),
    Measure("late", Text("Số hồ sơ trả trễ hạn", "Dossiers answered late"), "count", False, _count("late"), False,
            "late"),
    Measure("open_accepted", Text("Số hồ sơ đang giải quyết", "Dossiers open"), "count", True,
            _count("open_accepted"), False, "open_accepted"),
    Measure("open_overdue", Text("Số hồ sơ đang quá hạn", "Open dossiers past their date"), "count", True,
            _count("open_overdue"), False, "open_overdue"),
    Measure("share_overdue", Text("Tỷ lệ quá hạn trong số đang giải quyết", "Share past its date of what is open"),
            "percent", True, _share("open_overdue", "open_accepted"), False, "open_overdue"),
    Measure("open_waiting", Text("Số hồ sơ đang tạm dừng", "Open dossiers on hold"), "count", True,
            _count("open_waiting"), False, "open_waiting"),
    Measure("open_lodged", Text("Số hồ sơ chờ tiếp nhận", "Dossiers waiting to be accepted"), "count", True,
            _count("open_lodged"), False, "open_lodged"),
)  # fmt: skip
MEASURES: dict[str, Measure] = {each.code: each for each in _ALL}


def find(code: str) -> Measure | None:
    """The measure of a code, one of ours or a KPI; None where there is none, or its KPI is gone."""
    if code in MEASURES:
        return MEASURES[code]
    kpi = indicators.named(code)
    return None if kpi is None else _of_kpi(kpi)


def offered() -> list[Measure]:
    """Everything that may be named: ours first, then the KPIs."""
    return [*MEASURES.values(), *(_of_kpi(each) for each in indicators.offered())]


def _of_kpi(kpi: Kpi) -> Measure:
    unit: Unit = "percent" if kpi.unit == "share" else "count"
    code, name = indicators.PREFIX + kpi.code, indicators.name_of(kpi)
    return Measure(code, name, unit, kpi.is_stock, lambda _figures: Value(None, 0), kpi.better == "up", "", kpi)


def filter_of(window: Window, now: datetime, agency: int = 0, field: str = "", procedure: str = "") -> Filter:
    """The part of the city, and the window that is running now."""
    day = city_day(now)
    base = msgspec.structs.replace(months_to(day, 1), agency=agency, field=field, procedure=procedure)
    match window:
        case "quarter" | "year":
            return of_period(periods.containing(day, window), base)
        case "day":
            return msgspec.structs.replace(base, day=day)
    return base


def value_now(measure: Measure, which: Filter, now: datetime) -> Value:
    """The figure in the filter's period so far, or at this moment. One statement."""
    if measure.kpi is not None:
        return Value(*indicators.value(measure.kpi, which, now))
    return measure.reckon(open_now(which, now) if measure.of_now else in_period(which))


def value_of_period(measure: Measure, period: periods.Period, agency: int) -> Value:
    """The figure of a period that is over: its flows, or what stood at its end. It never changes afterwards."""
    which = of_period(period, msgspec.structs.replace(Filter(period.first, period.first), agency=agency))
    if measure.kpi is not None:
        # Of a period that is over, so that a stock is that of its end.
        return Value(*indicators.value(measure.kpi, which, period.ends))
    if not measure.of_now:
        return measure.reckon(in_period(which))
    then = stock.as_of(period.ends, which)
    return measure.reckon(
        Figures(
            open_in_time=then.in_time, open_overdue=then.overdue, open_waiting=then.waiting, open_lodged=then.lodged
        )
    )
