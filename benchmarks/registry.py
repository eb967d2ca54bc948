"""The population register: people made up and stored a second, and look-ups by number, and by name and year.

Look-ups are those of the pages: for a purpose, written down and on the disk, told as the purpose allows; beside them
the finding alone, without the record. Names are asked as they come among people, so that common ones are asked often.
`load` is how much the machine had to do besides, over the last minute.
"""

import os
import random
from argparse import Namespace
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from benchmarks.timing import milliseconds, percentiles
from django.db import connection
from django.utils import timezone

from motcua.law.actor import Actor, Grant
from motcua.law.working_time import city_day
from motcua.organisation.models import Agency
from motcua.registry.lookups import by_number, look_for, look_up
from motcua.registry.models import Resident
from motcua.registry.synthetic.families import Places
from motcua.registry.synthetic.loading import Plan, synthesize
from motcua.site.databases import as_owner

RESIDENTS = 200_000
FULL_CITY, WITHIN = 8_000_000, 15 * 60
TARGETS = {"by_number": 5.0, "found_by_number": 5.0, "by_name_and_year": 50.0}  # ms, p95
TIMES = 400
NAMES = Path(__file__).resolve().parents[1] / "content" / "hanoi-2018" / "registry" / "names.yaml"
CLERK = Actor(account=1, name="Phép đo", grants=(Grant(agency=1, role="reception"),))


def run(options: Namespace) -> dict[str, Any]:
    """With `--size` people (200,000 unless told), in two processes."""
    people = options.dossiers or RESIDENTS
    communes = Agency.objects.filter(tier="commune", valid_to=None).order_by("number")
    codes = list(communes.values_list("code", flat=True))
    places = Places(codes, list(accumulate([1] * len(codes))), {})
    with as_owner():
        made = synthesize(Plan(people, NAMES, places, city_day(timezone.now()), processes=2), rebuild=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE registry_resident, registry_member, registry_household, registry_statement")
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0]
    spent = made.writing + made.indexing
    found = _looked_up(made.residents)
    rate = made.residents / spent
    return {
        "rate": round(rate),
        "unit": "people stored a second, indexes included",
        "ratio": round(rate * WITHIN / FULL_CITY, 2),
        "against": "8,000,000 in 15 minutes",
        "people": made.residents,
        "households": made.households,
        "writing_seconds": round(made.writing, 1),
        "indexing_seconds": round(made.indexing, 1),
        "megabytes": size // 1_000_000,
        "load": round(os.getloadavg()[0] / (os.cpu_count() or 1), 1),
        "questions": found,
    }


def _looked_up(people: int) -> dict[str, dict[str, float]]:
    rng = random.Random(8)
    first = Resident.objects.order_by("pk").values_list("pk", flat=True)[0]
    keys = [rng.randrange(first, first + people) for _ in range(2 * TIMES)]
    known = list(Resident.objects.filter(pk__in=keys).values_list("number", "name", "birth_year"))
    questions: dict[str, Callable[[str, str, int], object]] = {
        "by_number": lambda number, _name, _year: look_up(number, purpose="counter_intake", who=CLERK),
        "found_by_number": lambda number, _name, _year: by_number(number),
        "by_name_and_year": lambda _number, name, year: look_for(name, year, purpose="counter_intake", who=CLERK),
    }
    found = {}
    for name, ask in questions.items():
        asked = iter(rng.choices(known, k=TIMES + 3))

        def once(asked: Iterator[Any] = asked, ask: Callable[..., object] = ask) -> None:
            assert ask(*next(asked))

        p50, p95 = percentiles(milliseconds(TIMES, once))
        found[name] = {"p50": p50, "p95": p95, "target": TARGETS[name]}
    return found
