"""Settlement: a provider's own file against what we counted, drawers counted, days and months closed for good.

A file is compared row by row and every difference is named; one bad row stops no other. Money that only the file
knows is taken in: a statement is how an agency without messages from its bank hears of transfers. What is found after
a day was closed is recorded anew; the day is not opened again.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from motcua.dossiers import clock
from motcua.fees import ledger
from motcua.fees.incoming import Arrived, place_of, take_in
from motcua.fees.models import Closing, Credit, Statement, StatementRow
from motcua.fees.refusals import refuse
from motcua.law.actor import Actor
from motcua.law.refusal import Refusal
from motcua.law.rights import COUNTER
from motcua.law.working_time import CITY_ZONE, city_day

COLUMNS = ("external", "at", "amount", "purpose", "payment", "account")
LARGEST = 20 * 1024 * 1024
MOST_ROWS = 200_000
_LONGEST = 100


class UnreadableStatementError(ValueError):
    """The file as a whole cannot be read; the message says why, in both languages."""


class _Row:
    """One row as read: its place, what it says, or why it cannot be read."""

    def __init__(self, no: int, values: dict[str, str]) -> None:
        self.no, self.wrong = no, ""
        self.external = (values.get("external") or "").strip()[:_LONGEST]
        self.purpose = (values.get("purpose") or "").strip()[:200]
        self.payment = (values.get("payment") or "").strip()[:_LONGEST]
        self.account = (values.get("account") or "").strip()[:40]
        self.amount, self.at = 0, None
        digits = (values.get("amount") or "").strip()
        if digits.isascii() and digits.isdecimal() and 0 < len(digits) < 14:
            self.amount = int(digits)
        try:
            at = datetime.fromisoformat((values.get("at") or "").strip())
            self.at: datetime | None = at if at.tzinfo else at.replace(tzinfo=CITY_ZONE)
        except ValueError:
            self.at = None
        if not self.external or not self.amount or self.at is None:
            self.wrong = "mã, số tiền hoặc thời điểm không đọc được / name, amount or time cannot be read"


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """From the city's midnight of `first` to that after `last`."""
    return (
        datetime.combine(first, time(), tzinfo=CITY_ZONE),
        datetime.combine(last + timedelta(days=1), time(), tzinfo=CITY_ZONE),
    )


def import_statement(channel: str, name: str, content: bytes, first: date, last: date, by: int = 0) -> Statement:
    """Compares a provider's file for the days `first` to `last` with our credits; the same file twice is one statement.

    Raises UnreadableStatementError for a file that is too large, no CSV, or without the columns it needs.
    """
    digest = sha256(content).hexdigest()
    known = Statement.objects.filter(channel=channel, digest=digest).first()
    if known is not None:
        return known
    rows = list(_read(content))
    verdicts = _compare(channel, rows, first, last)
    differences = sum(each["verdict"] != "matched" for each in verdicts)
    try:
        with transaction.atomic():
            made = Statement.objects.create(
                channel=channel, digest=digest, name=name[:200], first=first, last=last, rows=len(rows),
                differences=differences, at=clock.now(), by=by,
            )  # fmt: skip
            StatementRow.objects.bulk_create(
                [StatementRow(statement=made, **each) for each in verdicts], batch_size=1000
            )
    except IntegrityError:
        return Statement.objects.get(channel=channel, digest=digest)
    for row in rows:
        if not row.wrong and row.at is not None:
            take_in(
                Arrived(
                    channel=channel, external=row.external, amount=row.amount, at=row.at, purpose=row.purpose,
                    payment=row.payment, account=row.account,
                )
            )  # fmt: skip
    return made


def _read(content: bytes) -> Iterator[_Row]:
    if len(content) > LARGEST:
        raise UnreadableStatementError("Tệp lớn hơn 20 MB / the file is larger than 20 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableStatementError("Tệp không phải UTF-8 / the file is not UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    try:
        if not {"external", "at", "amount"} <= set(reader.fieldnames or ()):
            raise UnreadableStatementError(f"Thiếu cột / columns needed: {', '.join(COLUMNS)}")
        for no, values in enumerate(islice(reader, MOST_ROWS + 1), start=1):
            if no > MOST_ROWS:
                raise UnreadableStatementError(f"Quá {MOST_ROWS} dòng / more than {MOST_ROWS} rows")
            values.pop(None, None)  # type: ignore[call-overload]
            yield _Row(no, values)
    except csv.Error as error:
        raise UnreadableStatementError(f"Không phải CSV / not CSV: {error}") from error


def _compare(channel: str, rows: list[_Row], first: date, last: date) -> list[dict[str, Any]]:
    ours = {
        each.external: each
        for each in Credit.objects.filter(channel=channel, external__in=[row.external for row in rows if row.external])
    }
    seen: set[str] = set()
    found: list[dict[str, Any]] = []
    for row in rows:
        credit = ours.get(row.external)
        verdict, words = _verdict(row, credit, row.external in seen)
        if not row.wrong:
            seen.add(row.external)
        found.append(
            {
                "no": row.no, "external": row.external, "amount": row.amount or None, "purpose": row.purpose,
                "ours": credit.amount if credit else None, "agency": credit.agency if credit else 0, "at": row.at,
                "verdict": verdict, "words": words,
            }
        )  # fmt: skip
    start, end = day_bounds(first, last)
    for credit in Credit.objects.filter(channel=channel, at__gte=start, at__lt=end).exclude(external__in=seen):
        found.append(
            {
                "no": 0, "external": credit.external, "amount": None, "purpose": credit.purpose, "ours": credit.amount,
                "agency": credit.agency, "at": credit.at, "verdict": "missing_there", "words": "",
            }
        )  # fmt: skip
    return found


def _verdict(row: _Row, credit: Credit | None, twice: bool) -> tuple[str, str]:
    if row.wrong:
        return "unreadable", row.wrong
    if twice:
        return "double", ""
    if credit is None:
        return "missing_here", "đã ghi nhận từ sao kê / taken in from the statement"
    if credit.amount != row.amount:
        return "amount_differs", f"{row.amount - credit.amount:+}"
    return "matched", ""


# --- Closing ------------------------------------------------------------------------------------------------


def drawer_should_hold(agency: int, account: int) -> int:
    """What lies in a clerk's drawer by the books, in đồng."""
    return ledger.balance("drawer", agency, str(account))


def close_drawer(agency: int, actor: Actor, counted: int, words: str = "") -> Closing | Refusal:
    """The clerk's cash of today, as counted, goes to the treasury; the drawer is closed for the day."""
    if not actor.holds(agency, *COUNTER):
        return refuse("not_cashier")
    today = city_day(clock.now())
    with transaction.atomic():
        # The row's uniqueness decides between two closings at once; the balance is read after it is taken.
        expected = drawer_should_hold(agency, actor.account)
        difference = counted - expected
        if difference and not words.strip():
            return refuse("difference_words", difference=f"{difference:+}")
        made = _closing(agency, "cash", actor.account, "day", today, expected, counted, words, actor)
        if isinstance(made, Refusal):
            return made
        entries = (
            (ledger.Place("treasury", agency), counted),
            (ledger.Place("drawer", agency, str(actor.account)), -expected),
            (ledger.Place("difference", agency), -difference),
        )
        ledger.post([ledger.Draft(f"closing/{made.pk}", "closing", clock.now(), entries)])
        return made


def close_channel(agency: int, channel: str, day: date, actor: Actor, words: str = "") -> Closing | Refusal:
    """A provider's day for one agency: our count against its statement; the money goes to the treasury."""
    if not actor.holds(agency, *COUNTER):
        return refuse("not_cashier")
    if day >= city_day(clock.now()):
        return refuse("not_yet")
    expected, counted, covered = standing(agency, channel, day)
    if not covered:
        return refuse("not_yet")
    if expected != counted and not words.strip():
        return refuse("difference_words", difference=f"{counted - expected:+}")
    with transaction.atomic():
        made = _closing(agency, channel, 0, "day", day, expected, counted, words, actor)
        if isinstance(made, Refusal):
            return made
        place = place_of(channel, agency)
        entries = ((ledger.Place("treasury", agency), expected), (place, -expected))
        ledger.post([ledger.Draft(f"closing/{made.pk}", "closing", clock.now(), entries)])
        return made


def standing(agency: int, channel: str, day: date) -> tuple[int, int, bool]:
    """An agency's day at a provider: our count, that of the latest statement, and whether there is one."""
    start, end = day_bounds(day, day)
    of_day = {"channel": channel, "at__gte": start, "at__lt": end}
    expected = Credit.objects.filter(agency=agency, **of_day).aggregate(all=Sum("amount"))["all"] or 0
    statement = Statement.objects.filter(channel=channel, first__lte=day, last__gte=day).order_by("-pk").first()
    if statement is None:
        return expected, 0, False
    names = list(Credit.objects.filter(agency=agency, **of_day).values_list("external", flat=True))
    rows = statement.lines.filter(external__in=names, no__gt=0).exclude(verdict="double")
    return expected, rows.aggregate(all=Sum("amount"))["all"] or 0, True


def close_month(agency: int, channel: str, month: date, actor: Actor, words: str = "") -> Closing | Refusal:
    """A month of closed days; refused while a day with money in it is open (settled monthly: Decree 118/2025)."""
    if not actor.holds(agency, "one_stop_head"):
        return refuse("not_head")
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    if after > city_day(clock.now()) or open_days(agency, channel, first, after):
        return refuse("not_yet")
    days = Closing.objects.filter(agency=agency, channel=channel, period="day", day__gte=first, day__lt=after)
    sums = days.aggregate(expected=Sum("expected"), counted=Sum("counted"))
    expected, counted = sums["expected"] or 0, sums["counted"] or 0
    if expected != counted and not words.strip():
        return refuse("difference_words", difference=f"{counted - expected:+}")
    with transaction.atomic():
        return _closing(agency, channel, 0, "month", first, expected, counted, words, actor)


def open_days(agency: int, channel: str, first: date, after: date) -> list[date]:
    """Days in which money came in by a channel and that are not closed yet."""
    start, end = day_bounds(first, after - timedelta(days=1))
    moments = Credit.objects.filter(agency=agency, channel=channel, at__gte=start, at__lt=end).values_list(
        "at", flat=True
    )
    closed = set(
        Closing.objects.filter(agency=agency, channel=channel, period="day", day__gte=first, day__lt=after)
        .values_list("day", flat=True)
    )  # fmt: skip
    return sorted({city_day(at) for at in moments} - closed)


def _closing(
    agency: int, channel: str, drawer: int, period: str, day: date, expected: int, counted: int, words: str,
    actor: Actor,
) -> Closing | Refusal:  # fmt: skip
    try:
        with transaction.atomic():
            return Closing.objects.create(
                agency=agency, channel=channel, drawer=drawer, period=period, day=day, expected=expected,
                counted=counted, words=words.strip()[:500], at=clock.now(), by=actor.account, by_name=actor.name[:200],
            )  # fmt: skip
    except IntegrityError:
        return refuse("already_closed")
