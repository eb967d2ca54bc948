"""A small town in the database: two districts, a department, a dissolved commune, and people who play dossiers.

Everything goes through `handle()`, at hours the test names. It stands beside whatever content the database holds,
under numbers and codes of its own.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import msgspec
from django.db import connection

from law.office import DECREE_61, calendar, person, procedure
from motcua.calendars.models import Calendar
from motcua.calendars.store import store_calendar
from motcua.catalogue import models as catalogue
from motcua.catalogue.publishing import mark_changed as catalogue_changed
from motcua.catalogue.publishing import publish
from motcua.catalogue.versions import current_version
from motcua.dossiers import store
from motcua.dossiers.followers import follow
from motcua.dossiers.handle import Done, handle, lodge, lodge_and_accept
from motcua.law import commands as c
from motcua.law.actor import SYSTEM, Actor
from motcua.law.calendar_data import CalendarData
from motcua.law.dossier import Applicant, Dossier, PaperGiven
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE
from motcua.organisation.directory import mark_changed as organisation_changed
from motcua.organisation.models import Account, Agency
from motcua.reports import facts
from motcua.site import embedded

CITY, EAST, EAST_XD, MARKET, FERRY, WEST, WEST_XD, HILL, OLD_HILL, DEPARTMENT = range(60_001, 60_011)
HOUSE, SHOP = "T.000001", "T.000002"
BUILDING, TRADE = "T-XD", "T-CT"
PAPERS = (PaperGiven(id="application", original=1), PaperGiven(id="land", certified=1))


def hour(text: str) -> datetime:
    """`2018-12-03 09:00` by the city's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


def _agencies() -> None:
    def add(number: int, code: str, tier: str, parent: int | None, name: str, **more: Any) -> None:
        Agency.objects.create(
            number=number, code=code, tier=tier, parent_id=parent, name_vi=name, name_en=name,
            identifier=f"000.00.{number - 59_940}.H26", valid_from=date(2010, 1, 1), **more,
        )  # fmt: skip

    add(CITY, "T", "city", None, "Thành phố Thử")
    add(EAST, "T1", "district", CITY, "Quận Đông")
    add(EAST_XD, "T1/XD", "division", EAST, "Phòng Quản lý đô thị", unit="XD")
    add(MARKET, "T11", "commune", EAST, "Phường Chợ")
    add(FERRY, "T12", "commune", EAST, "Phường Bến Đò")
    add(WEST, "T2", "district", CITY, "Huyện Tây")
    add(WEST_XD, "T2/XD", "division", WEST, "Phòng Kinh tế và Hạ tầng", unit="XD")
    add(HILL, "T21", "commune", WEST, "Xã Đồi")
    add(OLD_HILL, "T22", "commune", WEST, "Xã Đồi Cũ", valid_to=date(2018, 12, 31), successor_id=HILL)
    add(DEPARTMENT, "TQH", "department", CITY, "Sở Quy hoạch")
    organisation_changed()


def _law() -> None:
    if not Calendar.objects.exists():
        data = msgspec.to_builtins(calendar().data) | {"applies_to": [{"valid_from": "2010-01-01", "tier": "all"}]}
        store_calendar(msgspec.convert(data, CalendarData))
    if not catalogue.RegimeRow.objects.exists():
        content = msgspec.json.encode(DECREE_61).decode()
        catalogue.RegimeRow.objects.create(code="nd61", valid_from=DECREE_61.valid_from, content=content)
    for position, (code, name) in enumerate(((BUILDING, "Xây dựng"), (TRADE, "Thương mại"))):
        catalogue.Field.objects.create(code=code, name_vi=name, name_en=name, position=position)
    house = procedure(code=HOUSE, field=BUILDING, received_at=("commune", "district"))
    name = Text("Mở cửa hàng", "Open a shop")
    shop = procedure(code=SHOP, field=TRADE, received_at=("commune", "district"), name=name)
    publish([house, shop], "pack")
    catalogue_changed()


class Town:
    """The town and its people. Each act says at what hour it is done; a refused one fails the test."""

    def __init__(self) -> None:
        _agencies()
        _law()
        self.versions = {code: current_version(code, date(2018, 12, 1))[0] for code in (HOUSE, SHOP)}
        self.east, self.west = self._office(EAST, EAST_XD, MARKET, FERRY), self._office(WEST, WEST_XD, HILL, OLD_HILL)

    def _office(self, district: int, division: int, *communes: int) -> dict[str, Actor]:
        posts = {
            "clerk": [(each, role) for each in (district, *communes) for role in ("reception", "results")],
            "head": [(division, "head")],
            "officer": [(division, "officer")],
            "leader": [(district, "leader")],
            "registrar": [(district, "registrar")],
        }
        return {name: self._somebody(f"{name} {district}", *held) for name, held in posts.items()}

    def _somebody(self, name: str, *posts: tuple[int, str]) -> Actor:
        account = Account.objects.create_user(f"t{uuid.uuid4().hex[:10]}", full_name=name)
        return person(account.pk, name, *posts)

    def office(self, state: Dossier) -> dict[str, Actor]:
        """The people of the district where the dossier was received."""
        return self.east if state.receiving in (EAST, MARKET, FERRY) else self.west

    def lodged(self, agency: int, at: str | datetime, code: str = HOUSE, channel: str = "counter") -> Dossier:
        """Handed in, not yet accepted."""
        command = c.Lodge(case="new", channel=channel, agency=agency, applicant=_applicant(), papers=PAPERS)  # type: ignore[arg-type]
        office = self.east if agency in (EAST, MARKET, FERRY) else self.west
        return _done(lodge(self.versions[code], command, office["clerk"], uuid.uuid4().hex, at=_at(at)))

    def accepted(self, agency: int, at: str | datetime, code: str = HOUSE) -> Dossier:
        """Handed in and accepted at one counter."""
        command = c.Lodge(case="new", channel="counter", agency=agency, applicant=_applicant(), papers=PAPERS)
        office = self.east if agency in (EAST, MARKET, FERRY) else self.west
        key = uuid.uuid4().hex
        return _done(lodge_and_accept(self.versions[code], command, c.Accept(), office["clerk"], key, at=_at(at)))

    def do(self, state: Dossier, who: str, command: Any, at: str | datetime) -> Dossier:
        """One act by a person of the office."""
        actor = SYSTEM if who == "system" else self.office(state)[who]
        return _done(handle(state.id, command, actor, uuid.uuid4().hex, at=_at(at)))

    def at_officer(self, state: Dossier, at: str | datetime) -> Dossier:
        """Passed to the district and given to the officer."""
        state = self.do(state, "clerk", c.Forward(task=state.tasks[0].no), at)
        officer = self.office(state)["officer"]
        return self.do(state, "head", c.Assign(task=state.tasks[0].no, to=officer.account, to_name=officer.name), at)

    def answered(self, agency: int, begun: str | datetime, ended: str | datetime, **more: Any) -> Dossier:
        """A whole life: accepted at one hour, everything else at another."""
        state = self.at_officer(self.accepted(agency, begun, **more), begun)
        state = self.do(state, "officer", c.DraftResult(task=state.tasks[0].no, result="permit", text="Đồng ý"), begun)
        state = self.do(state, "officer", c.Forward(task=state.tasks[0].no), begun)
        state = self.do(state, "leader", c.Sign(task=state.tasks[0].no), ended)
        state = self.do(state, "registrar", c.NumberResult(task=state.tasks[0].no, number="1/GP"), ended)
        return self.do(state, "clerk", c.MarkReady(task=state.tasks[0].no), ended)

    def handed(self, state: Dossier, at: str | datetime) -> Dossier:
        """The result is handed over."""
        by = c.HandOverResult(task=state.tasks[0].no, to_name="Nguyễn Văn An", by_paper="receipt")
        return self.do(state, "clerk", by, at)

    def at_random(self, seed: int, dossiers: int = 6, acts: int = 30) -> list[int]:
        """Lives as chance would have them, over several months; what the law refuses does not happen."""
        dice = Random(seed)
        ids = []
        for _ in range(dossiers):
            moment = hour("2018-11-01 08:30") + timedelta(minutes=dice.randrange(60 * 24 * 45))
            agency, code = dice.choice((EAST, MARKET, FERRY, WEST, HILL)), dice.choice((HOUSE, SHOP))
            state = self.lodged(agency, moment, code)
            ids.append(state.id)
            for _ in range(dice.randrange(acts)):
                moment += timedelta(minutes=dice.choice((5, 60, 60 * 7, 60 * 24, 60 * 24 * 5)))
                state = self._chance(state, dice, moment)
        return ids

    def _chance(self, state: Dossier, dice: Random, at: datetime) -> Dossier:
        office = self.office(state)
        likely = _usual(state, office, dice)
        who, command = dice.choice(likely if likely and dice.random() < 0.8 else _unusual(state, at))
        actor = SYSTEM if who == "system" else office[who]
        outcome = handle(state.id, command, actor, uuid.uuid4().hex, at=at)
        return state if isinstance(outcome, Refusal) else outcome.state


def _usual(state: Dossier, office: dict[str, Actor], dice: Random) -> list[tuple[str, Any]]:
    if state.phase == "lodged":
        return [("clerk", c.Accept())]
    if state.phase in ("returned", "supplement"):
        return [("clerk", c.GiveSupplement(papers=PAPERS))]
    if not state.tasks:
        return []
    task, officer = state.tasks[0], office["officer"]
    holder = {"reception": "clerk", "results": "clerk"}.get(task.role, task.role)
    found: list[tuple[str, Any]] = {
        "share_out": [("head", c.Assign(task=task.no, to=officer.account, to_name=officer.name))],
        "appraise": [
            ("officer", c.DraftResult(task=task.no, result="permit", text="Đồng ý")),
            ("officer", c.Refuse(task=task.no, reason="not_met", words="Không đủ điều kiện")),
        ],
        "approve": [("leader", c.Sign(task=task.no))],
        "register": [("registrar", c.NumberResult(task=task.no, number="1/GP"))],
        "give": [
            ("clerk", c.MarkReady(task=task.no)),
            ("clerk", c.HandOverResult(task=task.no, to_name="An", by_paper="receipt")),
        ],
    }.get(task.step, [])
    if task.step == "appraise" and state.draft is None:
        return found
    return found if found and dice.random() < 0.6 else [(holder, c.Forward(task=task.no)), *found]


def _unusual(state: Dossier, at: datetime) -> list[tuple[str, Any]]:
    task = state.tasks[0].no if state.tasks else 1
    return [
        ("clerk", c.Decline(reason="not_ours", words="Không thuộc thẩm quyền")),
        ("clerk", c.RequestSupplement(items=("land",), reason="Thiếu giấy tờ đất")),
        ("officer", c.RequestSupplement(items=("land",), reason="Thiếu giấy tờ đất", task=task, ground="thực địa")),
        (
            "officer",
            c.RequestSupplement(items=("land",), reason="Thiếu", task=task, stage="work", ground="x", approver=1),
        ),
        ("officer", c.Suspend(task=task, ground="verification", document="12/CV")),
        ("officer", c.Resume(task=task)),
        ("officer", c.RequestExtension(task=task, due=at + timedelta(days=30), reason="Phức tạp", apology="Xin lỗi")),
        ("leader", c.SendBack(task=task, to="appraise", reason="Xem lại")),
        ("clerk", c.Withdraw(reason="Đổi ý")),
        ("leader", c.Stop(reason="Tranh chấp", ground="Điều 1")),
        ("clerk", c.CorrectResult(reason="Sai tên")),
        ("clerk", c.Note(words="đã gọi điện")),
        ("system", c.MoveDue(reason="Đổi lịch")),
    ]


def _applicant() -> Applicant:
    return Applicant(kind="person", name="Nguyễn Văn An", number="001080000001")


def _at(at: str | datetime) -> datetime:
    return hour(at) if isinstance(at, str) else at


def _done(outcome: Done | Refusal) -> Dossier:
    assert isinstance(outcome, Done), outcome
    return outcome.state


def followed(limit: int = 500) -> None:
    """Lets the follower take everything there is. Other tests' transactions on the same server may hold rows back
    for a moment: a follower never passes a transaction that still runs."""
    for _ in range(600):
        follow("reports", facts.follow, limit)
        with store.cursor() as run:
            left = run.execute(_LEFT).fetchone()
        if left == (0,):
            return
        time.sleep(0.1)
    raise AssertionError("some transaction on this server has been open for a minute")


_LEFT = """
    SELECT count(*) FROM dossiers_outbox o LEFT JOIN dossiers_follower f ON f.name = 'reports'
     WHERE f.name IS NULL OR (o.xid, o.pos) > (f.xid, f.pos)
"""


@contextmanager
def as_owner() -> Iterator[None]:
    """Within, Django's connection is that of the tables' owner."""
    user = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = embedded.OWNER
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = user
