"""Answers about days that are over, kept for the day on which they were found: what took seconds once takes them once.

Whoever asks says whether anything is missing yet; then nothing is kept. Nothing is kept beyond facts made anew, nor
into the next day, so that a journal that was mended says so by the next morning at the latest.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

import msgspec

from motcua.dossiers import clock, store
from motcua.law.working_time import city_day

T = TypeVar("T")

# Facts made anew are another table, and what was kept of the old one is no answer any more.
_FACTS = "SELECT 'reports_dossierfact'::regclass::oid::bigint"
_FIND = "SELECT body FROM reports_kept WHERE name = %s AND key = %s AND day = %s"
_KEEP = """
    INSERT INTO reports_kept (name, key, day, body) VALUES (%s, %s, %s, %s)
        ON CONFLICT (name, key) DO UPDATE SET day = excluded.day, body = excluded.body
"""


def answer(name: str, about: object, kind: type[T], make: Callable[[], T], complete: Callable[[], bool]) -> T:
    """What was kept of a question today, or what `make` finds; kept when `complete` says that nothing is missing.

    `name` is what is asked, `about` what it is asked of: anything that has one encoding as JSON.
    """
    day = city_day(clock.now())
    with store.cursor() as run:
        facts = run.execute(_FACTS).fetchone()
        key = sha256(msgspec.json.encode((about, facts))).hexdigest()
        row = run.execute(_FIND, (name, key, day)).fetchone()
    if row is not None:
        return msgspec.json.decode(bytes(row[0]), type=kind)
    made = make()
    if complete():
        with store.cursor() as run:
            run.execute(_KEEP, (name, key, day, msgspec.json.encode(made)))
    return made


def forget(name: str) -> None:
    """Forgets every answer to what is asked by this name."""
    with store.cursor() as run:
        run.execute("DELETE FROM reports_kept WHERE name = %s", (name,))


def by_the_clock() -> None:
    """Forgets the answers of the days before."""
    with store.cursor() as run:
        run.execute("DELETE FROM reports_kept WHERE day < %s", (city_day(clock.now()),))
