"""Lives and desk with many dossiers (a million unless told) against an empty city, in turns in the same run.

The dossiers are made through the law by the bulk loader. The empty city is a copy of the database from before;
both are served by the same PostgreSQL with the same memory. Tells how far it is on stderr.
"""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import inbox
from benchmarks.life import Office, for_seconds
from django.db import connection

from motcua.site.databases import as_owner

SIZE = 1_000_000
MOST = 10_000_000
TURN = 3.0
WARM = 1.0


@contextmanager
def _connected_to(database: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _as_owner_of_all(statement: str) -> None:
    with as_owner(), _connected_to("postgres"), connection.cursor() as cursor:
        cursor.execute(statement)


def _tell(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


class _Two:
    """The full city and the empty one, worked in turns."""

    def __init__(self, full: str, empty: str) -> None:
        self.names = (full, empty)
        self.counts = dict.fromkeys(self.names, 0)
        self.spent = dict.fromkeys(self.names, 0.0)

    def turn(self, seed: int) -> None:
        for name in self.names:
            with _connected_to(name):
                office = Office(seed)
                for_seconds(WARM, office.live)
                count, spent = for_seconds(TURN, office.live)
                self.counts[name] += count
                self.spent[name] += spent

    def rate(self, name: str) -> float:
        return self.counts[name] / self.spent[name]


def run(options: Namespace) -> dict[str, Any]:
    """Load, then take turns for `--seconds` in each."""
    size = min(options.dossiers or SIZE, MOST)
    full = connection.settings_dict["NAME"]
    without = f"{full}_empty"
    connection.close()
    _as_owner_of_all(f"DROP DATABASE IF EXISTS {without}")
    _as_owner_of_all(f"CREATE DATABASE {without} TEMPLATE {full}")
    try:
        loaded = inbox.fill(size)
        two = _Two(full, without)
        turns = max(2, round(options.seconds / TURN))
        for number in range(turns):
            two.turn(number)
            _tell(f"{number + 1} / {turns}: {two.rate(full):.1f} and {two.rate(without):.1f} lives/s")
        with _connected_to(without):
            inbox.settle()
            empty = inbox.figures()
        found = inbox.figures()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), pg_database_size(current_database()) FROM dossiers_dossier")
            count, size_on_disk = cursor.fetchone()
    finally:
        connection.close()
        _as_owner_of_all(f"DROP DATABASE IF EXISTS {without} WITH (FORCE)")
    return {
        "rate": round(two.rate(full), 1),
        "unit": "lives/s",
        "ratio": round(two.rate(full) / two.rate(without), 2),
        "against": "an empty city, in turns",
        "empty": round(two.rate(without), 1),
        "dossiers": count,
        "gigabytes": round(size_on_disk / 1e9, 2),
        "loaded_a_second": round(loaded),
        "questions": found,
        "questions_empty": empty,
    }
