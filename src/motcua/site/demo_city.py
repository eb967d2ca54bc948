# ruff: noqa: S311 - plausible lives, not secrets
"""The demonstration city: who works there, and three months of dossiers played through the law up to now.

Everybody in it is made up and says so. What a life looks like is in `dossiers/lives`, how many are stored at
once in `dossiers/bulk`.
"""

import random
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import QueryDict

from motcua.accounts import signing_in
from motcua.accounts.opening import Proof, open_account
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.bulk import Act, Life, RefusedError
from motcua.dossiers.clock_face import calendar_of
from motcua.dossiers.lives import budget_minutes, lodging, made_up_name, next_act
from motcua.law import commands as c
from motcua.law.actor import SYSTEM, Actor, Grant
from motcua.law.dossier import Dossier
from motcua.law.procedure import Procedure
from motcua.law.process import resolve_step
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.office.counter.fees_due import FeesDue
from motcua.organisation.appointments import Post, appoint_all
from motcua.organisation.directory import directory
from motcua.organisation.models import Account
from motcua.registry.lookups import by_number
from motcua.registry.models import Household, Member
from motcua.registry.record import Source, first_record

PASSWORD = "Mot-Cua-2018"  # noqa: S105 - printed on the screen, of a city where nothing is real
MAIN_DISTRICT = "002"
OTHER_DISTRICTS = ("001", "005", "268", "017")
COMMUNES_EACH = 3
SEED = 20181008


class Person(NamedTuple):
    """A demonstration account: its name for signing in, what it is, and its posts (agency code, role)."""

    username: str
    who: str
    posts: tuple[tuple[str, str], ...]


def cast() -> tuple[Person, ...]:
    """The accounts a visitor can sign in with."""
    commune = communes(MAIN_DISTRICT)[0]
    agencies = directory()
    place, district = agencies[commune], agencies.by_code[MAIN_DISTRICT]
    at, over = place.code, district.code
    return (
        Person("tiepnhan", f"Tiếp nhận, {place.name.vi}", ((at, "reception"), (at, "results"))),
        Person("motcua.quan", f"Tiếp nhận, {district.name.vi}", ((over, "reception"), (over, "results"))),
        Person("truongphong", f"Trưởng phòng xây dựng, {district.name.vi}", ((f"{over}/XD", "head"),)),
        Person("chuyenvien", f"Chuyên viên xây dựng, {district.name.vi}", ((f"{over}/XD", "officer"),)),
        Person("lanhdao", f"Lãnh đạo, {district.name.vi}", ((over, "leader"),)),
        Person("vanthu", f"Văn thư, {district.name.vi}", ((over, "registrar"),)),
        Person("chuyenvien.xa", f"Chuyên viên, {place.name.vi}", ((at, "officer"),)),
        Person("lanhdao.xa", f"Lãnh đạo, {place.name.vi}", ((at, "leader"), (at, "registrar"))),
        Person("quyhoach", "Chuyên viên, Sở Quy hoạch - Kiến trúc", (("QHKT", "officer"),)),
        Person("kiemsoat", "Kiểm soát thủ tục hành chính thành phố", (("HN", "control"),)),
        Person("quantri", "Quản trị vị trí, toàn thành phố", (("HN", "admin"), (over, "admin"))),
    )


class Resident(NamedTuple):
    """A demonstration resident: what to sign in by, what they are, their number when it is proven."""

    signs_in_by: str
    who: str
    name: str
    number: str


def residents() -> tuple[Resident, ...]:
    """Two residents: a mother whose identity is proven, and somebody who only signed up. No province has number 000."""
    return (
        Resident("nguyen.an@example.com", "Người dân, mức 2 (một người mẹ)", "Nguyễn Thị An", "000187000001"),
        Resident("le.mau@example.com", "Người dân, mức 1", "Lê Văn Mẫu", ""),
    )


def house_residents() -> None:
    """Opens their accounts, and has the mother and her child in the register, where they are not there yet."""
    phones = ("0900000001", "0900000002")
    for each, phone in zip(residents(), phones, strict=True):
        if signing_in.find(each.signs_in_by) is None:
            proof = Proof(how="counter", document="thẻ mẫu") if each.number else None
            open_account(
                each.name, phone=phone, email=each.signs_in_by, password=PASSWORD, number=each.number, proof=proof
            )
    mother = next(each for each in residents() if each.number)
    if by_number(mother.number) is None:
        _house_family(mother)


def _house_family(mother: Resident) -> None:
    today, commune = city_day(clock.now()), directory()[communes(MAIN_DISTRICT)[0]].code
    source, wed = Source("dữ liệu mẫu"), today.replace(year=today.year - 9, day=1)
    home = Household.objects.create(code="MAU-000001", commune=commune, address="Số 1, phố Mẫu", catalogue="2018")
    facts = {"name": mother.name, "sex": "female", "birth": "1987-05-04", "ethnicity": "Kinh"}
    born = today.replace(year=today.year - 8, day=15).isoformat()
    child = {
        "name": "Trần Minh Mẫu", "sex": "male", "birth": born, "ethnicity": "Kinh",
        "mother": {"name": mother.name, "number": mother.number},
    }  # fmt: skip
    place = {"text": home.address, "commune": commune, "catalogue": "2018"}
    for number, said, relation in ((mother.number, facts, "head"), ("000218000009", child, "child")):
        person = first_record(number, said | {"permanent": place}, source)
        Member.objects.create(household=home, resident=person, relation=relation, valid_from=wed, source=source.words)


def communes(district: str) -> list[int]:
    """The first communes of a district that takes part."""
    agencies = directory()
    below = [agencies[number] for number in agencies.children[agencies.by_code[district].number]]
    found = sorted((each for each in below if each.tier == "commune"), key=lambda each: each.code)
    return [each.number for each in found[:COMMUNES_EACH]]


class Staff:
    """Everybody who works in the part of the city that is played: one account for each post."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._actors: dict[tuple[int, str], Actor] = {}

    def __call__(self, agency: int, role: str) -> Actor:
        """Who holds `role` at `agency`. Raises KeyError when nobody was appointed."""
        return self._actors[agency, role]

    def hire(self, posts: set[tuple[int, str]]) -> None:
        """Makes the accounts of the cast and one for every other post, with their appointments."""
        agencies = directory()
        since = city_day(clock.now()) - timedelta(days=400)
        wanted: list[tuple[str, str, list[tuple[int, str]]]] = [
            (
                each.username,
                made_up_name(self._rng),
                [(agencies.by_code[code].number, role) for code, role in each.posts],
            )
            for each in cast()
        ]
        taken = {post for _username, _name, held in wanted for post in held}
        for number, post in enumerate(sorted(posts - taken), 1):
            wanted.append((f"mau{number:04d}", made_up_name(self._rng), [post]))
        signs_in = {each.username for each in cast()}
        accounts = []
        for username, name, _posts in wanted:
            account = Account(username=username, full_name=name)
            if username in signs_in:
                account.set_password(PASSWORD)
            else:
                account.set_unusable_password()
            accounts.append(account)
        stored = {each.username: each for each in Account.objects.bulk_create(accounts)}
        appointments = [
            Post(account=stored[username].pk, agency=agency, role=role, valid_from=since)
            for username, _name, held in wanted
            for agency, role in held
        ]
        for answer in appoint_all(SYSTEM, appointments):
            if isinstance(answer, Refusal):
                raise RuntimeError(answer.text.en)
        for username, name, held in wanted:
            grants = tuple(Grant(agency=agency, role=role) for agency, role in held)
            for post in held:
                self._actors[post] = Actor(account=stored[username].pk, name=name, grants=grants)


class Place(NamedTuple):
    """A procedure at an agency that receives it, with how often it comes."""

    version: int
    procedure: Procedure
    agency: int
    commune: str
    weight: float


def places(districts: tuple[str, ...]) -> list[Place]:
    """Every procedure at every agency of the played districts that receives it."""
    agencies, day = directory(), city_day(clock.now())
    numbers = [(number, 3.0 if code == MAIN_DISTRICT else 1.0) for code in districts for number in communes(code)]
    numbers += [(agencies.by_code[code].number, 6.0 if code == MAIN_DISTRICT else 3.0) for code in districts]
    found: list[Place] = []
    for number, weight in numbers:
        for card in versions.offered_at(number, day):
            if card.origin != "pack":
                continue
            procedure = versions.procedure_version(card.version_id)
            found.append(Place(card.version_id, procedure, number, agencies[number].code, weight))
    return found


def posts_of(found: list[Place]) -> set[tuple[int, str]]:
    """Every post that a step of these procedures can fall to, and the desks around them."""
    agencies = directory()
    posts: set[tuple[int, str]] = set()
    for place in found:
        posts |= {(place.agency, "reception"), (place.agency, "results")}
        for step in place.procedure.process.steps:
            chosen = chosen_agency(place)
            agency = resolve_step(place.procedure.process, step, place.agency, agencies, chosen)
            if agency is not None:
                posts.add((agency, step.role))
    return posts


def chosen_agency(place: Place) -> int:
    """Which agency is picked where a process lets somebody pick: a neighbouring commune of the same tier."""
    agencies = directory()
    for stage in place.procedure.process.stages:
        kind, _colon, tier = stage.place.partition(":")
        if kind == "chosen":
            near = [number for number in communes(MAIN_DISTRICT) if agencies[number].tier == tier]
            return next((number for number in near if number != place.agency), near[0])
    return 0


def lives(rng: random.Random, staff: Staff, found: list[Place], count: int, days: int) -> Iterator[Life]:
    """`count` lives that began within the last `days` days, in the order of their beginnings."""
    now = clock.now()
    weights = [place.weight for place in found]
    begun = sorted(_arrival(rng, now, days, rng.choices(found, weights)[0]) for _ in range(count))
    for number, (at, index) in enumerate(begun):
        place = found[index % len(found)]
        yield Life(place.version, f"demo/{number}", _script(random.Random(f"{SEED}/{number}"), staff, place, at, now))


def _arrival(rng: random.Random, now: datetime, days: int, place: Place) -> tuple[datetime, int]:
    calendar = calendar_of(place.agency)
    instant = now - timedelta(minutes=rng.randrange(30, days * 24 * 60))
    opened = calendar.next_open(instant)
    at = calendar.instant_after(opened, rng.randrange(0, 200)) + timedelta(seconds=rng.randrange(60))
    at = min(at, now - timedelta(minutes=20))
    return at, rng.randrange(1 << 30)


def _script(
    rng: random.Random,
    staff: Staff,
    place: Place,
    at: datetime,
    now: datetime,
    stop_before: str = "",
    pace: float = 1.0,
) -> Generator[Act, Dossier, None]:
    clerk = staff(place.agency, "reception")
    command = lodging(rng, place.procedure, place.agency, place.commune)
    yield Act(command, clerk, at)
    state = yield Act(c.Accept(money=_fees(place.procedure, command)), clerk, at)
    chosen = chosen_agency(place)
    while True:
        act = next_act(rng, state, place.procedure, staff, chosen)
        if act is None or (stop_before and type(act.command).__name__ == stop_before):
            return
        task = state.task(getattr(act.command, "task", 0))
        minutes = max(3, int(pace * act.share * budget_minutes(task, place.procedure)))
        agency = task.agency if task else place.agency
        at = calendar_of(agency).instant_after(at, minutes) + timedelta(seconds=rng.randrange(50))
        if at >= now:
            return
        try:
            state = yield Act(act.command, act.actor, at)
        except RefusedError:
            return


def to_sign(rng: random.Random, staff: Staff, found: list[Place], count: int) -> Iterator[Life]:
    """House permits from the visitor's commune that wait for the district leader's signature."""
    commune = communes(MAIN_DISTRICT)[0]
    place = next(each for each in found if each.agency == commune and each.procedure.code == "1.009994")
    now = clock.now()
    calendar = calendar_of(commune)
    for number in range(count):
        at = calendar.next_open(now - timedelta(days=16 - number % 6, minutes=rng.randrange(240)))
        yield Life(
            place.version,
            f"demo/sign/{number}",
            _script(random.Random(f"{SEED}/sign/{number}"), staff, place, at, now, stop_before="Sign", pace=0.5),
        )


def _fees(procedure: Procedure, command: c.Lodge) -> dict[str, int]:
    return FeesDue(procedure, command.case, command.channel, command.form, QueryDict()).owed()
