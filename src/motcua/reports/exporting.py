"""The lists of the figures that an official can take along: dossiers, stages of work, monthly sums.

Each is a table whose rows come from the database as they are written, in one snapshot. Who may have it, and of which
agencies, is asked of the account's posts each time. Ordering and making them is left to `exports`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.law.actor import Actor
from motcua.law.dossier import NATIONAL_STATUSES
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.organisation.directory import actor_for, directory
from motcua.organisation.models import Account
from motcua.reports.counting import FLOWS
from motcua.reports.figures import CONDITION, Filter, complete_until, months_to
from motcua.reports.lists import KINDS, Kind, Listing
from motcua.reports.lists import Row as Listed
from motcua.reports.naming import (
    agency_name,
    channel_name,
    field_name,
    kind_name,
    place_name,
    procedure_name,
    said,
    state_of,
    step_name,
    tier_name,
    version_name,
    work_name,
    work_state_name,
)
from motcua.reports.periods import half_of_day, midnight
from motcua.reports.scope import OVERSEEING, overseen
from motcua.reports.streaming import batches, counted
from motcua.reports.work import STATES, Part, Piece, whole
from motcua.tables.table import Column, Row, Table

EARLIEST, LATEST = 1990, 2200
_DOSSIER = (
    "code, procedure, version, field, receiving, resolving, agency, step, channel, lodged_at, accepted_at, due_at,"
    " finished_at, handed_at, outcome, timeliness, waiting, status, supplements, extended, legal_minutes,"
    " resident_minutes"
)


def overseer(parameters: Mapping[str, str], account: Account) -> Actor:
    """Who the account is today, in the post it had chosen. Raises PermissionDenied when it oversees nothing."""
    actor = actor_for(account)
    grants = actor.grants
    if post := parameters.get("post", ""):
        grants = tuple(grant for grant in grants if str(grant.agency) == post)
    if not any(grant.role in OVERSEEING for grant in grants):
        raise PermissionDenied
    return msgspec.structs.replace(actor, grants=grants)


# --- Dossiers


def dossiers(parameters: dict[str, str], account: Account) -> Table:
    """Every dossier behind a figure of the city, as far as the account oversees them.

    `kind` is one of `lists.KINDS`; `first` and `last` half months, or `day`; `agency` and `tier`, `field`,
    `procedure`. Raises PermissionDenied, ValueError.
    """
    scope = overseen(overseer(parameters, account))
    which, now = read_filter(parameters), clock.now()
    kind = parameters.get("kind", "received")
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no list")
    query, values = Listing(which, kind, now).whole(_DOSSIER, scope)
    period = "" if kind.startswith("open_") else days_of(which)
    columns = (
        Column("code", _("Mã hồ sơ"), width=27),
        Column("procedure", _("Thủ tục"), width=48),
        Column("procedure_code", _("Mã thủ tục"), width=14),
        Column("field", _("Lĩnh vực")),
        Column("receiving", _("Nơi nhận"), width=28),
        Column("resolving", _("Cơ quan giải quyết"), width=28),
        Column("where", _("Đang ở"), width=32),
        Column("channel", _("Kênh nộp"), width=14),
        Column("lodged_at", _("Nộp"), "instant"),
        Column("accepted_at", _("Tiếp nhận"), "instant"),
        Column("due_at", _("Hẹn trả"), "instant"),
        Column("finished_at", _("Xong"), "instant"),
        Column("handed_at", _("Trả cho dân"), "instant"),
        Column("outcome", _("Kết quả"), width=18),
        Column("timeliness", _("Thời hạn"), width=20),
        Column("status", _("Trạng thái quốc gia"), width=22),
        Column("supplements", _("Số lần bổ sung"), "int"),
        Column("extended", _("Đã gia hạn"), width=11),
        Column("legal_minutes", _("Thời gian giải quyết (phút làm việc)"), "minutes"),
        Column("resident_minutes", _("Người dân chờ (phút theo lịch)"), "minutes"),
    )
    return _table(
        _joined(kind_name(kind), period, *_parts(which)), columns, _told(query, values, _dossier), query, values,
        now, _("Danh sách không có tên người và giấy tờ."),
    )  # fmt: skip


def _dossier(row: tuple[Any, ...]) -> Row:
    (code, procedure, version, field, receiving, resolving, agency, step, channel, lodged, accepted, due, finished,
     handed, outcome, timeliness, waiting, status, supplements, extended, legal, resident) = row  # fmt: skip
    timely = kind_name(timeliness) if timeliness else (kind_name("open_waiting") if waiting else "")
    return (
        code, version_name(version), procedure, field_name(field), agency_name(receiving), agency_name(resolving),
        _where(agency, version, step), channel_name(channel), lodged, accepted, due, finished, handed,
        kind_name(outcome) if outcome else "", timely, said(Text(*NATIONAL_STATUSES[status])), supplements, extended,
        legal, resident,
    )  # fmt: skip


def listed(which: Filter, kind: Kind, now: datetime) -> Table:
    """The list behind a figure as anybody sees it: the columns of the city's page.

    No name, no paper, no procedure: with the place, which the code carries, it could point at a person.
    """
    query, values = Listing(which, kind, now).whole(", ".join(Listed.__struct_fields__))
    columns = (
        Column("code", _("Mã hồ sơ"), width=27),
        Column("state", _("Thời hạn"), width=20),
        Column("receiving", _("Nơi nhận"), width=28),
        Column("now", _("Đang ở"), width=34),
        Column("accepted", _("Tiếp nhận"), "instant"),
        Column("due", _("Hẹn trả"), "instant"),
        Column("finished", _("Xong"), "instant"),
    )

    def one(row: tuple[Any, ...]) -> Row:
        found = Listed(*row)
        return (
            found.code or _("chưa có mã"), state_of(found, now)[1], agency_name(found.receiving),
            place_name(found.agency) if found.agency else "",
            found.accepted_at or found.lodged_at, found.due_at, found.finished_at,
        )  # fmt: skip

    title = _joined(kind_name(kind), "" if kind.startswith("open_") else days_of(which), *_parts(which))
    return _table(title, columns, _told(query, values, one), query, values, now)


def _where(agency: int, version: int, step: str) -> str:
    """Which agency has it, in which step; nothing when it is at nobody's."""
    return ": ".join(each for each in (place_name(agency), step_name(version, step)) if each) if agency else ""


# --- Stages


def stages(parameters: dict[str, str], account: Account) -> Table:
    """Every piece of work in a state, as the control office sees it.

    `state` is one of `work.STATES`; `begin` and `end` the days of finished work, the end not in it; `agency`,
    `officer`, `field`, `procedure`, `step`, `work`. Raises PermissionDenied, ValueError.
    """
    scope = overseen(overseer(parameters, account))
    state = parameters.get("state", "open")
    if state not in STATES:
        raise ValueError(f"{state!r} is no state of work")
    part = read_part(parameters, scope)
    query, values = whole(part, state)
    columns = (
        Column("code", _("Mã hồ sơ"), width=27),
        Column("procedure", _("Thủ tục"), width=48),
        Column("step", _("Bước"), width=28),
        Column("agency", _("Cơ quan giữ"), width=30),
        Column("officer", _("Người giữ"), width=22),
        Column("opened", _("Từ lúc"), "instant"),
        Column("due", _("Hạn của bước"), "instant"),
        Column("closed", _("Xong"), "instant"),
        Column("late", _("Trễ"), width=8),
        Column("waiting", _("Đang tạm dừng"), width=10),
        Column("worked", _("Đã làm (phút làm việc)"), "minutes", total=True),
        Column("waited", _("Đã chờ (phút làm việc)"), "minutes", total=True),
        Column("receiving", _("Nơi nhận"), width=28),
        Column("dossier_due", _("Hẹn trả hồ sơ"), "instant"),
    )
    names = _Names()

    def one(row: tuple[Any, ...]) -> Row:
        piece = Piece(*row)
        late = piece.late if piece.closed else not piece.waiting and piece.due < part.now
        return (
            piece.code, version_name(piece.version), work_name(piece.version, piece.step, piece.kind),
            place_name(piece.agency), names[piece.officer], piece.opened, piece.due, piece.closed, late,
            piece.waiting, piece.worked, piece.waited, agency_name(piece.receiving), piece.dossier_due,
        )  # fmt: skip

    days = f"{_plain(part.begin)} – {_plain(part.end - timedelta(days=1))}" if state.startswith("done") else ""
    title = _joined(_("Việc theo từng bước"), work_state_name(state), days, *_narrowed(parameters))
    return _table(title, columns, _told(query, values, one, names.learn), query, values, part.now)


class _Names(dict[int, str]):
    """Who held what, looked up once for each some thousand rows."""

    def __missing__(self, account: int) -> str:
        return _("chưa giao") if not account else str(account)

    def learn(self, rows: list[tuple[Any, ...]]) -> None:
        at = Piece.__struct_fields__.index("officer")
        if new := {row[at] for row in rows if row[at]} - self.keys():
            self.update(Account.objects.filter(pk__in=new).values_list("pk", "full_name"))


# --- Sums


def cube(parameters: dict[str, str], account: Account) -> Table:
    """The sums per half month, receiving agency, procedure and field. Raises PermissionDenied, ValueError."""
    scope = overseen(overseer(parameters, account))
    which, now = read_filter(parameters), clock.now()
    query = f"""
        SELECT half, receiving, field, procedure, {", ".join(FLOWS)} FROM reports_cube
         WHERE half >= %(first)s AND half <= least(%(last)s::date, %(today)s::date) AND {CONDITION}
           AND (%(scope)s::int[] IS NULL OR receiving = ANY (%(scope)s::int[]))
         ORDER BY half, receiving, procedure, field
    """
    today = half_of_day(city_day(now))
    values = {**which.parameters(), "scope": None if scope is None else list(scope), "today": today}
    columns = (
        Column("half", _("Nửa tháng bắt đầu"), "date"),
        Column("receiving", _("Nơi nhận"), width=28),
        Column("receiving_code", _("Mã cơ quan"), width=12),
        Column("field", _("Lĩnh vực")),
        Column("procedure", _("Thủ tục"), width=48),
        Column("procedure_code", _("Mã thủ tục"), width=14),
        *(Column(each, kind_name(each), "int", total=True) for each in FLOWS),
    )
    title = _joined(_("Số liệu nửa tháng"), days_of(which), *_parts(which))
    return _table(title, columns, _told(query, values, _sum), query, values, now)


def _sum(row: tuple[Any, ...]) -> Row:
    half, receiving, field, procedure, *flows = row
    known = directory().by_number.get(receiving)
    code = known.code if known else ""
    return (half, agency_name(receiving), code, field_name(field), procedure_name(procedure), procedure, *flows)


# --- What all of them share


def _table(
    title: str, columns: tuple[Column, ...], rows: Iterator[Row], query: str, values: Mapping[str, Any],
    now: datetime, *notes: str,
) -> Table:  # fmt: skip
    return Table(
        title=title,
        columns=columns,
        rows=rows,
        notes=(complete_words(), *notes),
        length=lambda: counted(query, values),
        made_at=now,
        language=(get_language() or "vi")[:2],
    )


def _told(query: str, values: Mapping[str, Any], one: Any, learn: Any = lambda rows: None) -> Iterator[Row]:
    """The rows of a query, each as it is told."""
    source = batches(query, values)
    try:
        for rows in source:
            learn(rows)
            yield from map(one, rows)
    finally:
        source.close()  # type: ignore[attr-defined]


def complete_words() -> str:
    """Up to when the figures are complete, or that they are not."""
    until = complete_until()
    if until is None:
        return _("Số liệu chưa đầy đủ: đang được dựng từ nhật ký hoặc cần kiểm tra.")
    return _("Số liệu đầy đủ đến %(when)s.") % {"when": f"{until.astimezone(CITY_ZONE):%H:%M %d/%m/%Y}"}


def read_filter(parameters: Mapping[str, str]) -> Filter:
    """A part of the city and a period; the last twelve months when no period is named. Raises ValueError."""
    found = months_to(city_day(clock.now()))
    first, last, day = (_day(parameters.get(name, "")) for name in ("first", "last", "day"))
    if day is not None:
        found = msgspec.structs.replace(found, first=half_of_day(day), last=half_of_day(day), day=day)
    elif first is not None and last is not None:
        if first > last or {half_of_day(first), half_of_day(last)} != {first, last}:
            raise ValueError("a period is made of half months")
        found = msgspec.structs.replace(found, first=first, last=last)
    tier = parameters.get("tier", "")
    return msgspec.structs.replace(
        found, agency=_agency(parameters.get("agency", "")), tier=tier, field=parameters.get("field", ""),
        procedure=parameters.get("procedure", ""),
    )  # fmt: skip


def read_part(parameters: Mapping[str, str], scope: tuple[int, ...] | None) -> Part:
    """The work that parameters name: of the last thirty days and now, unless they say. Raises ValueError."""
    now = clock.now()
    tomorrow = midnight(city_day(now) + timedelta(days=1))
    begin, end = _day(parameters.get("begin", "")), _day(parameters.get("end", ""))
    return Part(
        scope=scope,
        begin=midnight(begin) if begin else tomorrow - timedelta(days=30),
        end=midnight(end) if end else tomorrow,
        now=now,
        tomorrow=tomorrow,
        agency=_agency(parameters.get("agency", "")),
        officer=int(parameters.get("officer") or 0),
        field=parameters.get("field", ""),
        procedure=parameters.get("procedure", ""),
        step=parameters.get("step", ""),
        kind=parameters.get("work", ""),
    )


def _day(words: str) -> date | None:
    if not words:
        return None
    found = date.fromisoformat(words)
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError(f"{words!r} is no day of ours")
    return found


def _agency(code: str) -> int:
    if not code:
        return 0
    known = directory().by_code.get(code)
    if known is None:
        raise ValueError("there is no such agency")
    return known.number


def days_of(which: Filter) -> str:
    """A period by its first and last day."""
    begin, end = which.span()
    first, last = _plain(begin), _plain(end - timedelta(days=1))
    return first if first == last else f"{first} – {last}"


def _plain(instant: datetime) -> str:
    day = city_day(instant)
    return f"{day.day}/{day.month}/{day.year}"


def _parts(which: Filter) -> list[str]:
    return [
        agency_name(which.agency) if which.agency else "",
        tier_name(which.tier) if which.tier else "",
        field_name(which.field) if which.field else "",
        procedure_name(which.procedure) if which.procedure else "",
    ]


def _narrowed(parameters: Mapping[str, str]) -> list[str]:
    agency = _agency(parameters.get("agency", ""))
    field, procedure = parameters.get("field", ""), parameters.get("procedure", "")
    return [
        agency_name(agency) if agency else "",
        field_name(field) if field else "",
        procedure_name(procedure) if procedure else "",
    ]


def _joined(*words: str) -> str:
    return ", ".join(each for each in words if each)
