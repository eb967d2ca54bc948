"""House permits of Ba Đình for the tests: the people of each post, the clock, and the permit's whole way.

Works on the loaded content pack through `handle()` alone. What is asserted on the way is left to the tests.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
from django.db import connection

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.handle import Done, handle, lodge_and_accept
from motcua.dossiers.lives import papers_for
from motcua.law import commands as c
from motcua.law.actor import Actor, Grant
from motcua.law.dossier import Address, Applicant, Dossier
from motcua.law.refusal import Refusal
from motcua.law.working_time import CITY_ZONE
from motcua.organisation.directory import directory

CODE = "1.009994"
MONDAY = datetime(2018, 12, 3, 9, 0, tzinfo=CITY_ZONE)

FORM: dict[str, Any] = {
    "owner": {"name": "Nguyễn Thị Hoà"},
    "owner_address": {"text": "Số 5 Nghĩa Dũng", "commune": "00001"},
    "site": {"text": "Ngõ 12 Nghĩa Dũng", "commune": "00001"},
    "plot_number": "112",
    "plot_area": 60,
    "land_paper": "red_book",
    "land_paper_number": "BA 123456",
    "floors": 3,
    "height": 11,
    "storeys": [{"level": "ground", "use": "Ở", "area": 50}],
    "footprint": 50,
    "high": "no",
    "adjoining": "no",
    "designed_by": "self",
}


def hanoi(text: str) -> datetime:
    """`2018-12-03 09:00` in Hanoi."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


class Watch:
    """The city's clock under the test's hand."""

    def __init__(self) -> None:
        self.instant = MONDAY

    def __call__(self) -> datetime:
        return self.instant.astimezone(UTC)

    def to(self, text: str) -> None:
        """Set it: `2018-12-03 09:00` in Hanoi."""
        self.instant = hanoi(text)

    def later(self, **span: float) -> None:
        """Move it on."""
        self.instant += timedelta(**span)


class Place(NamedTuple):
    """The agencies of one permit."""

    commune: int
    district: int
    division: int
    planning: int


def place(commune: str = "00001") -> Place:
    """The agencies that a permit received at `commune` passes."""
    agencies = directory()
    here = agencies.by_code[commune]
    district = agencies.above(here.number)
    assert district is not None
    division = agencies.unit(district.number, "XD")
    assert division is not None
    return Place(here.number, district.number, division.number, agencies.by_code["QHKT"].number)


def official(account: int, name: str, *posts: tuple[int, str]) -> Actor:
    """Somebody with posts."""
    return Actor(account=account, name=name, grants=tuple(Grant(agency=agency, role=role) for agency, role in posts))


class People(NamedTuple):
    """One person for each post of the permit's way."""

    clerk: Actor
    district_clerk: Actor
    head: Actor
    officer: Actor
    other_officer: Actor
    planner: Actor
    leader: Actor
    registrar: Actor
    stranger: Actor


def people(where: Place) -> People:
    """Who works at `where`; the stranger serves at another commune of the district."""
    other = directory().by_code["00004"].number
    return People(
        clerk=official(11, "Nguyễn Thị Lan", (where.commune, "reception"), (where.commune, "results")),
        district_clerk=official(12, "Trần Thị Hạnh", (where.district, "reception")),
        head=official(13, "Trần Văn Bình", (where.division, "head")),
        officer=official(14, "Lê Thu Hà", (where.division, "officer")),
        other_officer=official(15, "Đỗ Quang Huy", (where.division, "officer")),
        planner=official(16, "Bùi Thế Sơn", (where.planning, "officer")),
        leader=official(17, "Phạm Đức Long", (where.district, "leader")),
        registrar=official(18, "Vũ Mai Anh", (where.district, "registrar")),
        stranger=official(19, "Hồ Bảo Ngọc", (other, "reception"), (other, "results")),
    )


class Permit:
    """One permit on its way. `act` fails on a refusal, `refused` on anything else."""

    def __init__(self, commune: str = "00001") -> None:
        self.version, self.procedure = versions.current_version(CODE, date(2018, 12, 3))
        self.place = place(commune)
        self.people = people(self.place)
        self.id = 0

    @property
    def state(self) -> Dossier:
        """As stored."""
        state = stored_state(self.id)
        assert state is not None
        return state

    def lodging(self, name: str = "Nguyễn Thị Hoà", **more: Any) -> c.Lodge:
        """A complete dossier handed in at the commune."""
        values: dict[str, Any] = {
            "case": "new",
            "channel": "counter",
            "agency": self.place.commune,
            "applicant": applicant(name),
            "form": FORM,
            "papers": papers_for(self.procedure, "new", FORM),
        }
        return c.Lodge(**(values | more))

    def accept(self, key: str = "", **more: Any) -> "Permit":
        """Lodges and accepts it."""
        command = self.lodging(**more)
        done = lodge_and_accept(self.version, command, c.Accept(), self.people.clerk, key or uuid4().hex)
        assert isinstance(done, Done), done
        self.id = done.dossier_id
        return self

    def task(self, kind: str = "step") -> int:
        """The number of its open task of a kind."""
        return next(task.no for task in self.state.tasks if task.kind == kind)

    def act(self, command: Any, actor: Actor, key: str = "") -> Done:
        """Does it."""
        done = handle(self.id, command, actor, key or uuid4().hex)
        assert isinstance(done, Done), done
        return done

    def refused(self, command: Any, actor: Actor, **more: Any) -> str:
        """The rule that refuses it; nothing stored may have changed."""
        before = everything()
        answer = handle(self.id, command, actor, uuid4().hex, **more)
        assert isinstance(answer, Refusal), answer
        assert everything() == before
        return answer.code

    def to(self, step: str) -> "Permit":
        """Goes the plain way on until `step` is open."""
        for act in WAY:
            if any(task.step == step and task.kind == "step" for task in self.state.tasks):
                return self
            act(self)
        raise AssertionError(f"{step} was never reached")

    def at_officer(self) -> "Permit":
        """On the officer's desk."""
        return self.to("appraise")


def applicant(name: str = "Nguyễn Thị Hoà", number: str = "001180000001") -> Applicant:
    """A made-up person of the commune."""
    return Applicant(
        kind="person", name=name, number=number, birth="1980-05-02", phone="0912345678",
        address=Address(text="Số 5 Nghĩa Dũng", commune="00001"),
    )  # fmt: skip


def _forward(who: str) -> Callable[[Permit], Done]:
    return lambda permit: permit.act(c.Forward(task=permit.task()), getattr(permit.people, who))


def _assign(permit: Permit) -> Done:
    to = permit.people.officer
    return permit.act(c.Assign(task=permit.task(), to=to.account, to_name=to.name), permit.people.head)


def _draft(permit: Permit) -> Done:
    drafted = c.DraftResult(task=permit.task(), result="permit", text="Cho phép xây dựng nhà ở ba tầng")
    return permit.act(drafted, permit.people.officer)


# The plain way from the commune's counter back to it, one act after the other.
WAY: tuple[Callable[[Permit], Done], ...] = (
    _forward("clerk"),
    _forward("district_clerk"),
    _assign,
    _draft,
    _forward("officer"),
    _forward("head"),
    lambda permit: permit.act(c.Sign(task=permit.task()), permit.people.leader),
    lambda permit: permit.act(c.NumberResult(task=permit.task()), permit.people.registrar),
    lambda permit: permit.act(c.MarkReady(task=permit.task()), permit.people.clerk),
    lambda permit: permit.act(
        c.HandOverResult(task=permit.task(), to_name="Nguyễn Thị Hoà", by_paper="receipt"), permit.people.clerk
    ),
)


def stored_state(dossier_id: int) -> Dossier | None:
    """The state as stored."""
    from motcua.dossiers import store

    found = store.read(dossier_id)
    return found[0] if found else None


TABLES = ("dossier", "event", "task", "outbox", "counter", "lookup")


def everything() -> dict[str, Any]:
    """Every row of the heart, to compare before and after what must change nothing."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(json_agg(t ORDER BY t::text)::text, '') FROM dossiers_{table} t")
            found[table] = cursor.fetchone()[0]
    return found


def rows_of(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a query gives on Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements sent within to the database, ours on the hot path and Django's; BEGIN and COMMIT apart."""
    sent: list[str] = []
    original = psycopg.Cursor.execute

    def execute(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        sent.append(str(query))
        return original(self, query, *arguments, **options)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        psycopg.Cursor.execute = original  # type: ignore[method-assign]


def set_watch(monkeypatch: Any) -> Watch:
    """Puts the city's clock under the test's hand."""
    watch = Watch()
    monkeypatch.setattr(clock, "now", watch)
    return watch
