"""Made-up families: a head, perhaps a spouse, children, parents; ages that can be, and an address they share.

Pure: everything follows from the generator of chances and the serial. Nobody's number can be a real one, since no
province has the number 000.
"""

import random
from datetime import date, timedelta
from typing import NamedTuple

from motcua.registry.synthetic.naming import Names, Word

PREFIX = "000"
SIZES = (1, 2, 3, 4, 5, 6)
SIZE_WEIGHTS = (10, 18, 24, 28, 13, 7)
ETHNICITIES = ("Kinh", "Mường", "Tày", "Thái", "Nùng", "Dao")
ETHNIC_WEIGHTS = (987, 6, 3, 2, 1, 1)
MOVED = 0.05
UNKNOWN_DAY = 0.004


class Person(NamedTuple):
    """One member of a family: `relation` to the head; parents and spouse are places in the family."""

    relation: str
    female: bool
    born: date
    birth: str
    name: str
    key: str
    number: str
    father: int | None
    mother: int | None
    spouse: int | None


class Family(NamedTuple):
    """People who live together, where, since when, and where they lived before if they moved."""

    people: list[Person]
    commune: str
    address: str
    since: date
    before: tuple[str, str] | None
    ethnicity: str


class Numbers:
    """Draws personal numbers: one serial for each sex and year, in a lane of its own so that two never collide."""

    def __init__(self, lane: int, lanes: int) -> None:
        self._next: dict[tuple[int, int], int] = {}
        self._lane, self._lanes = lane, lanes

    def draw(self, female: bool, year: int) -> str:
        """The next number for somebody of this sex born in this year."""
        digit = 2 * (year // 100 - 19) + female
        serial = self._next.get((digit, year % 100), 0)
        self._next[digit, year % 100] = serial + 1
        return f"{PREFIX}{digit}{year % 100:02d}{serial * self._lanes + self._lane:06d}"


class Places(NamedTuple):
    """Communes with their weight, and street names of each (none: numbered lanes)."""

    communes: list[str]
    sums: list[int]
    streets: dict[str, list[str]]

    def draw(self, rng: random.Random) -> tuple[str, str]:
        """A commune and an address in it."""
        commune = rng.choices(self.communes, cum_weights=self.sums)[0]
        streets = self.streets.get(commune)
        number = rng.randrange(1, 400)
        if streets:
            return commune, f"Số {number} phố {rng.choice(streets)}"
        return commune, f"Số {number} ngõ {rng.randrange(1, 200)}, tổ {rng.randrange(1, 40)}"


def family(rng: random.Random, names: Names, places: Places, numbers: Numbers, today: date) -> Family:
    """One family."""
    size = rng.choices(SIZES, SIZE_WEIGHTS)[0]
    people: list[Person] = []
    head_female = rng.random() < 0.3
    head_age = rng.randrange(22, 78)
    family_name = _head(rng, names, numbers, today, people, head_female, head_age)
    if size >= 2 and rng.random() < 0.85:
        _spouse(rng, names, numbers, today, people, head_female, head_age)
    mother_age = head_age if head_female else today.year - people[-1].born.year
    children_possible = max(0, min(size - len(people), (mother_age - 18) // 2))
    surname = family_name if not head_female or len(people) == 1 else _surname_of(people[1], names)
    for at in range(children_possible):
        _child(rng, names, numbers, today, people, surname, mother_age, at, head_female)
    while len(people) < size and head_age < 62:
        _elder(rng, names, numbers, today, people, head_age)
    commune, address = places.draw(rng)
    youngest = max(each.born for each in people[:1])
    first = max(date(1990, 1, 1), youngest + timedelta(days=18 * 365))
    since = first + timedelta(days=rng.randrange(max(1, (today - first).days)))
    before = places.draw(rng) if rng.random() < MOVED else None
    return Family(people, commune, address, since, before, rng.choices(ETHNICITIES, ETHNIC_WEIGHTS)[0])


def _day(rng: random.Random, year: int, today: date) -> tuple[date, str]:
    born = date(year, 1, 1) + timedelta(days=rng.randrange(365))
    if born > today:
        born = today - timedelta(days=rng.randrange(1, 60))
    chance = rng.random()
    if chance < UNKNOWN_DAY and year < 1975:
        return date(born.year, 1, 1), str(born.year)
    if chance < 2 * UNKNOWN_DAY and year < 1975:
        return date(born.year, born.month, 1), f"{born.year}-{born.month:02d}"
    return born, born.isoformat()


def _person(
    rng: random.Random, names: Names, numbers: Numbers, today: date, relation: str, female: bool, year: int,
    surname: Word | None = None, father: int | None = None, mother: int | None = None, spouse: int | None = None,
) -> tuple[Word, Person]:  # fmt: skip
    born, birth = _day(rng, year, today)
    family_name, name, key = names.draw(rng, female, surname)
    number = numbers.draw(female, born.year)
    return family_name, Person(relation, female, born, birth, name, key, number, father, mother, spouse)


def _head(
    rng: random.Random, names: Names, numbers: Numbers, today: date, people: list[Person], female: bool, age: int
) -> Word:
    surname, person = _person(rng, names, numbers, today, "head", female, today.year - age)
    people.append(person)
    return surname


def _spouse(
    rng: random.Random, names: Names, numbers: Numbers, today: date, people: list[Person], head_female: bool, age: int
) -> None:
    years = today.year - max(20, age + rng.randrange(-6, 4) * (-1 if head_female else 1))
    _surname, person = _person(rng, names, numbers, today, "spouse", not head_female, years, spouse=0)
    people.append(person)
    people[0] = people[0]._replace(spouse=1)


def _child(
    rng: random.Random, names: Names, numbers: Numbers, today: date, people: list[Person], surname: Word | None,
    mother_age: int, at: int, head_female: bool,
) -> None:  # fmt: skip
    oldest = min(mother_age - 18, 40)
    age = max(0, min(oldest - 2 * at, mother_age - rng.randrange(20, 39)))
    couple = len(people) > 1 and people[1].relation == "spouse"
    father = (1 if couple else None) if head_female else 0
    mother = 0 if head_female else (1 if couple else None)
    _surname, person = _person(
        rng, names, numbers, today, "child", rng.random() < 0.47, today.year - age, surname, father, mother
    )
    people.append(person)


def _elder(
    rng: random.Random, names: Names, numbers: Numbers, today: date, people: list[Person], head_age: int
) -> None:
    female = not any(each.relation == "parent" and each.female for each in people)
    age = min(100, head_age + rng.randrange(20, 36))
    _surname, person = _person(rng, names, numbers, today, "parent", female, today.year - age)
    people.append(person)


def _surname_of(person: Person, names: Names) -> Word | None:
    first = person.name.split()[0]
    return next((word for word in names.surnames.words if word.plain == first), None)
