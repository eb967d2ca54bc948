"""Listens to statements and asks PostgreSQL for their plans: is a large table read from end to end?"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

LARGE = 20_000  # rows; what is smaller may be read whole
# Without a column and a condition it only asks whether there is any row: the first one ends it.
_READ_WHOLE = re.compile(r"Seq Scan on (\w+)[^\n]*width=(?:[1-9]\d*\)|0\)\n\s+Filter:)")

Statement = tuple[str, Any]


@contextmanager
def heard() -> Iterator[list[Statement]]:
    """The statements sent within, ours and Django's, with their parameters."""
    sent: list[Statement] = []
    original = psycopg.Cursor.execute

    def execute(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        sent.append((query if isinstance(query, str) else str(query), params))
        return original(self, query, params, **options)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        psycopg.Cursor.execute = original  # type: ignore[method-assign]


def large_tables() -> set[str]:
    """The tables that must not be read whole, by the planner's own count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s"
            " AND relnamespace = 'public'::regnamespace",
            [LARGE],
        )
        return {row[0] for row in cursor.fetchall()}


def read_whole(ask: Callable[[], object]) -> dict[str, str]:
    """The plans of the statements of a question that read a large table from end to end, by the statement."""
    with heard() as sent:
        ask()
    large, found = large_tables(), dict[str, str]()
    connection.ensure_connection()
    with psycopg.ClientCursor(connection.connection) as run:
        for query, params in sent:
            if not query.lstrip().upper().startswith(("SELECT", "WITH")) or "FOR UPDATE" in query:
                continue
            run.execute(f"EXPLAIN {query}", params)
            plan = "\n".join(str(row[0]) for row in run.fetchall())
            if large & set(_READ_WHOLE.findall(plan)):
                found[" ".join(query.split())] = plan
    return found
