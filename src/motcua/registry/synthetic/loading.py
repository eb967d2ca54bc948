"""Loads a made-up population with COPY, in several processes, each with its own lane of serials and ids.

What a family looks like is in `families`. With `rebuild` the indexes and checks between tables are dropped first and
made again afterwards, which only the tables' owner may do. What was dropped is written down in the same transaction,
so that `mend` can make it again after a load that was killed.
"""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from django.db import connection, transaction
from django.db.models import Max

from motcua.registry.facts import FACTS
from motcua.registry.models import Household, ParkedIndex, Resident
from motcua.registry.synthetic.families import Family, Numbers, Person, Places, family
from motcua.registry.synthetic.naming import read_names

BATCH = 2_000
TABLES = ("registry_resident", "registry_household", "registry_member", "registry_statement")
SOURCE = "synthetic"
_ENCODER = msgspec.json.Encoder()
PERMANENT = FACTS["permanent"][0]

_RESIDENT = (
    "id, number, name, name_key, sex, birth, birth_year, ethnicity, birthplace, origin, permanent, temporary, present,"
    " father, mother, spouse, since, known_at, source, merged_into_id"
)
_HOUSEHOLD = "id, code, address, commune, catalogue"
_MEMBER = "household_id, resident_id, relation, valid_from, valid_to, source"
_STATEMENT = "resident_id, fact, value, valid_from, valid_to, known_from, known_to, source, dossier, by"


class Plan(NamedTuple):
    """What is made: how many people, from which names and places, on which day, in how many processes."""

    residents: int
    names: Path
    places: Places
    today: date
    seed: int = 2018
    processes: int = 1
    catalogue: str = "2018"


class Made(NamedTuple):
    """What was made, and how many seconds writing and then indexing took."""

    residents: int
    households: int
    writing: float
    indexing: float


def synthesize(plan: Plan, rebuild: bool, progress: Callable[[int], None] = lambda _n: None) -> Made:
    """Makes the population, once in a city: the same seed and size are the same people.

    Raises ValueError when there is one already.
    """
    if Resident.objects.filter(source=SOURCE).exists():
        raise ValueError("there is a made-up population already")
    begun = time.monotonic()
    first_resident, first_household = _next_ids()
    if rebuild:
        _park()
    try:
        counts = _in_processes(plan, first_resident, first_household, progress)
        written = time.monotonic()
    finally:
        mend()
    # Until autovacuum comes by, the planner would take the tables for empty.
    _run(f"ANALYZE {', '.join(TABLES)}")
    return Made(sum(n for n, _ in counts), sum(n for _, n in counts), written - begun, time.monotonic() - written)


def mend() -> int:
    """Makes again what was dropped for a load, and lets new ids follow the last; how many statements that took.

    Safe to repeat, and after a load that was killed.
    """
    _run("SET maintenance_work_mem = '512MB'")
    parked = list(ParkedIndex.objects.order_by("pk"))
    for row in parked:
        with transaction.atomic():
            _run(row.statement)
            row.delete()
    for table in (Resident, Household):
        with connection.cursor() as cursor:
            last = table._default_manager.aggregate(last=Max("pk"))["last"] or 1
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table._meta.db_table, last])
    return len(parked)


def _next_ids() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM registry_resident")
        resident = int(cursor.fetchone()[0])
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM registry_household")
        return resident, int(cursor.fetchone()[0])


def _in_processes(plan: Plan, resident: int, household: int, progress: Callable[[int], None]) -> list[tuple[int, int]]:
    if plan.processes == 1:
        return [_fill(plan, 0, resident, household, progress)]
    connection.close()
    context = multiprocessing.get_context("fork")
    with context.Pool(plan.processes) as pool:
        share = plan.residents // plan.processes + 10
        asked = [
            pool.apply_async(_fill, (plan, lane, resident + lane * share, household + lane * share))
            for lane in range(plan.processes)
        ]
        return [each.get() for each in asked]


def _fill(
    plan: Plan, lane: int, resident: int, household: int, progress: Callable[[int], None] = lambda _n: None
) -> tuple[int, int]:
    """One process's share; commits each batch. How many people and households."""
    names = read_names(plan.names)
    numbers = Numbers(lane, plan.processes)
    rng = random.Random(f"{plan.seed}/{lane}")  # noqa: S311 - plausible families, not secrets
    wanted = plan.residents // plan.processes + (lane < plan.residents % plan.processes)
    made = homes = 0
    while made < wanted:
        rows = _Rows(plan)
        while len(rows.residents) < BATCH and made < wanted:
            one = family(rng, names, plan.places, numbers, plan.today)
            one = one._replace(people=one.people[: wanted - made])
            rows.take(one, resident + made, household + homes, rng)
            made, homes = made + len(one.people), homes + 1
        with transaction.atomic():
            rows.write()
        progress(made)
    if plan.processes > 1:
        connection.close()
    return made, homes


class _Rows:
    """Lines ready for COPY. Names and addresses are ours and hold no tab and no backslash."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.known = plan, datetime.combine(plan.today, datetime.min.time(), UTC).isoformat()
        self.residents: list[str] = []
        self.households: list[str] = []
        self.members: list[str] = []
        self.statements: list[str] = []

    def take(self, one: Family, first: int, household: int, rng: random.Random) -> None:
        place = _json({"text": one.address, "commune": one.commune, "catalogue": self.plan.catalogue})
        self.households.append(f"{household}\tTT{household:010d}\t{one.address}\t{one.commune}\t{self.plan.catalogue}")
        for at, person in enumerate(one.people):
            self._resident(one, person, first + at, place)
            since = max(one.since, person.born)
            self.members.append(f"{household}\t{first + at}\t{person.relation}\t{since}\t\\N\t{SOURCE}")
            if one.before is not None and person.born < one.since:
                self._moved(one, person, first + at, place)

    def _resident(self, one: Family, person: Person, key: int, place: str) -> None:
        birthplace = _json({"text": "Hà Nội"})
        sex = "female" if person.female else "male"
        related = "\t".join(_related(one, at) for at in (person.father, person.mother, person.spouse))
        self.residents.append(
            f"{key}\t{person.number}\t{person.name}\t{person.key}\t{sex}\t{person.birth}\t{person.born.year}\t"
            f"{one.ethnicity}\t{birthplace}\t{birthplace}\t{place}\t\\N\t\\N\t{related}\t{person.born}\t"
            f"{self.known}\t{SOURCE}\t\\N"
        )

    def _moved(self, one: Family, person: Person, key: int, place: str) -> None:
        """The residence changed: both addresses, each with its days."""
        assert one.before is not None
        commune, address = one.before
        old = _json({"text": address, "commune": commune, "catalogue": self.plan.catalogue})
        for value, begin, end in ((old, person.born, one.since), (place, one.since, "\\N")):
            self.statements.append(f"{key}\t{PERMANENT}\t{value}\t{begin}\t{end}\t{self.known}\t\\N\t{SOURCE}\t0\t")

    def write(self) -> None:
        for table, columns, lines in (
            ("registry_resident", _RESIDENT, self.residents),
            ("registry_household", _HOUSEHOLD, self.households),
            ("registry_member", _MEMBER, self.members),
            ("registry_statement", _STATEMENT, self.statements),
        ):
            if lines:
                _copy(f"COPY {table} ({columns}) FROM STDIN", lines)


def _related(one: Family, at: int | None) -> str:
    if at is None or at >= len(one.people):
        return "\\N"
    return _json({"name": one.people[at].name, "number": one.people[at].number})


def _json(value: dict[str, str]) -> str:
    return _ENCODER.encode(value).decode()


def _copy(statement: str, lines: list[str]) -> None:
    connection.ensure_connection()
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(statement) as copy:
        copy.write("\n".join(lines) + "\n")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _park() -> None:
    """Drops what slows writing down and writes down how to make it again: indexes first, then constraints."""
    with transaction.atomic():
        again = [*_dropped_constraints(), *_dropped_indexes()][::-1]
        ParkedIndex.objects.bulk_create(ParkedIndex(statement=statement) for statement in again)


def _dropped_constraints() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid::regclass::text = ANY (%s) AND contype IN ('f', 'u', 'x') ORDER BY contype DESC",
            [list(TABLES)],
        )
        rows = cursor.fetchall()
    for table, name, definition in rows:
        _run(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
        yield f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"


def _dropped_indexes() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(i.indexname), i.indexdef FROM pg_indexes i WHERE i.tablename = ANY (%s) AND NOT EXISTS"
            " (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)",
            [list(TABLES)],
        )
        rows = cursor.fetchall()
    for name, definition in rows:
        _run(f"DROP INDEX {name}")
        yield definition
