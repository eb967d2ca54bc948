"""The life that is measured: a marital-status certificate at a commune, filed, five steps, returned.

The same acts serve `handle()`, the bulk loader and HTTP. People and numbers are made up and nobody's.
"""

import random
from collections.abc import Generator, Sequence
from datetime import UTC, datetime, timedelta

from motcua.catalogue.versions import current_version
from motcua.dossiers.bulk import Act, Life
from motcua.dossiers.lives import made_up_applicant
from motcua.law import commands as c
from motcua.law.actor import Actor, Grant
from motcua.law.dossier import Dossier, PaperGiven
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory

PROCEDURE = "1.004873"
PAPERS = (
    PaperGiven(id="declaration", original=1),
    PaperGiven(id="identity", copy=1),
    PaperGiven(id="residence", copy=1),
)
ACTS = 8  # transactions of a life
STEPS_DONE = {"lodged": 0, "accepted": 1, "examined": 3}
# How many of a life's acts are done when it is loaded: most dossiers of an old city are answered.
SHARES = ((0.97, 99), (0.98, 4), (0.99, 2), (1.0, 1))


class Commune:
    """One commune's people: the counter's clerk, an officer, the leader and the registrar."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.clerk = self._person(1, "Nguyễn Thị Lan", "reception", "results")
        self.officer = self._person(2, "Lê Thu Hà", "officer")
        self.leader = self._person(3, "Phạm Đức Long", "leader")
        self.registrar = self._person(4, "Vũ Mai Anh", "registrar")

    def _person(self, which: int, name: str, *roles: str) -> Actor:
        grants = tuple(Grant(agency=self.number, role=role) for role in roles)
        return Actor(account=10_000_000 + self.number * 10 + which, name=name, grants=grants)


def version_today() -> int:
    """The id of the version of the procedure in force."""
    return current_version(PROCEDURE, city_day(datetime.now(UTC)))[0]


def communes() -> list[Commune]:
    """Every commune that exists today, in a fixed order."""
    today = city_day(datetime.now(UTC))
    found = [each for each in directory().by_number.values() if each.tier == "commune" and each.is_valid(today)]
    return [Commune(each.number) for each in sorted(found, key=lambda each: each.number)]


def lodging(rng: random.Random, commune: Commune) -> c.Lodge:
    """A complete dossier by a made-up person."""
    return c.Lodge(
        case="first",
        channel="counter",
        agency=commune.number,
        applicant=made_up_applicant(rng, "person", ""),
        form={"status": "single", "purpose": "marriage"},
        papers=PAPERS,
    )


def step(state: Dossier, commune: Commune) -> tuple[object, Actor] | None:
    """What is done next with an accepted dossier, and by whom; None when the result was returned."""
    if not state.tasks:
        return None
    task = state.tasks[0]
    match task.step:
        case "receive":
            return c.Forward(task=task.no), commune.clerk
        case "examine" if state.draft is None:
            return c.DraftResult(
                task=task.no, result="certificate", text="Chưa đăng ký kết hôn với ai"
            ), commune.officer
        case "examine":
            return c.Forward(task=task.no), commune.officer
        case "sign":
            return c.Sign(task=task.no), commune.leader
        case "number":
            return c.NumberResult(task=task.no), commune.registrar
        case _ if state.phase == "working":
            return c.MarkReady(task=task.no), commune.clerk
        case _:
            return c.HandOverResult(task=task.no, to_name=state.applicant.name, by_paper="receipt"), commune.clerk


def script(rng: random.Random, commune: Commune, begun: datetime, acts: int = 99) -> Generator[Act, Dossier, None]:
    """A life for the bulk loader, an hour between the acts; it stops after `acts` of them past acceptance."""
    at = begun
    yield Act(lodging(rng, commune), commune.clerk, at)
    state = yield Act(c.Accept(), commune.clerk, at)
    while acts > 0 and (following := step(state, commune)) is not None:
        at += timedelta(hours=1)
        state = yield Act(following[0], following[1], at)
        acts -= 1


def history(
    count: int, version: int, seed: int = 1, days: int = 300, places: Sequence[Commune] = ()
) -> Generator[Life, None, None]:
    """`count` lives spread over the communes and over `days` days that end two days ago, by their time."""
    rng = random.Random(seed)
    places = places or communes()
    first = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=days + 2)
    for index in range(count):
        begun = first + timedelta(days=index * days // count, seconds=rng.randrange(8 * 3600))
        draw = rng.random()
        acts = next(acts for share, acts in SHARES if draw <= share)
        yield Life(version, f"history/{seed}/{index}", script(rng, rng.choice(places), begun, acts))
