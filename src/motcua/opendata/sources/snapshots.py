"""What held on the last day of a period: procedures, how far each can be done online, the unusual days of calendars."""

from collections.abc import Iterator
from datetime import date

import msgspec

from motcua.calendars.models import Calendar
from motcua.catalogue import online, versions
from motcua.law.calendar_data import CalendarData, Order
from motcua.law.limits import limit_in_words, parse_limit
from motcua.opendata.sources.rows import Before, Made, Row
from motcua.reports.periods import Period


def online_levels(period: Period, before: Before) -> Made:
    """One row a procedure received in the city on the period's last day."""
    day = period.last_day
    demonstration = online.is_demonstration(day)
    return Made([
        (
            period.code, each.code, each.name.vi, each.least.level, each.best.level, each.claimed,
            sum(each.agencies.values()),
            sum(number for level, number in each.agencies.items() if level >= online.FROM_LEVEL), demonstration,
        )
        for each in online.standings(day)
    ])  # fmt: skip


def procedures(period: Period, before: Before) -> Made:
    """One row a procedure that some agency receives on the period's last day."""
    day, fields = period.last_day, versions.fields()
    cards = sorted(versions.cards_on(day), key=lambda card: card.code)
    known = versions.procedure_versions(card.version_id for card in cards)
    rows: list[Row] = []
    for card in cards:
        agencies = len(versions.offering_agencies(card.code, day))
        if not agencies:
            continue
        field = fields.get(card.field)
        words = dict.fromkeys(case.offered or case.statutory for case in known[card.version_id].cases)
        limits = [limit_in_words(parse_limit(each)).vi for each in words]
        rows.append(
            (period.code, card.code, card.name.vi, card.field, field.vi if field else "", card.version,
             card.valid_from, "; ".join(limits), agencies)
        )  # fmt: skip
    return Made(rows)


def calendar_days(period: Period, before: Before) -> Made:
    """One row a day off or worked instead, of the newest version of each calendar."""
    newest: dict[str, Calendar] = {}
    for row in Calendar.objects.order_by("code", "version"):
        newest[row.code] = row
    return Made([(period.code, *cells) for row in newest.values() for cells in sorted(_days(row), key=lambda c: c[2])])


def _days(row: Calendar) -> Iterator[tuple[str, int, date, str, str, str, bool]]:
    data = msgspec.json.decode(row.data, type=CalendarData)
    for off in data.days_off:
        order = data.orders[off.by]
        for day in off.days():
            yield row.code, row.version, day, off.kind, off.name.vi, _document(order), order.demonstration
    for worked in data.worked_days:
        order = data.orders[worked.by]
        instead = worked.in_place_of.isoformat()
        yield row.code, row.version, worked.date, "worked", instead, _document(order), order.demonstration


def _document(order: Order) -> str:
    return f"{order.name.vi} {order.number}".strip()
