"""Long answers of the database a few thousand rows at a time, all of them as the city stood at one instant.

A server-side cursor in a transaction of its own, on a connection of its own, which sees one snapshot: what the
follower writes meanwhile is not in it, and whoever reads can tell of their progress on the usual connection.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection
from psycopg.rows import tuple_row

from motcua.dossiers import store

BATCH = 2_000


def counted(query: str, parameters: Mapping[str, Any]) -> int:
    """How many rows a query has just now."""
    with store.cursor() as run:
        row = run.execute(f"SELECT count(*) FROM ({query}) AS counted", parameters).fetchone()
    return 0 if row is None else int(row[0])


def batches(query: str, parameters: Mapping[str, Any], size: int = BATCH) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query, some thousand at a time. Close it when you stop before the end.

    Within a transaction of the caller's it reads in that one: it is then the caller's snapshot.
    """
    if connection.in_atomic_block:
        yield from _fetched(connection.connection, query, parameters, size)
        return
    own = connection.copy()
    own.connect()
    with closing(own):
        link: psycopg.Connection[Any] = own.connection
        link.autocommit = False
        link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        link.read_only = True
        try:
            yield from _fetched(link, query, parameters, size)
        finally:
            link.rollback()


def _fetched(
    link: "psycopg.Connection[Any]", query: str, parameters: Mapping[str, Any], size: int
) -> Iterator[list[tuple[Any, ...]]]:
    with psycopg.ServerCursor(link, f"stream_{uuid4().hex}", row_factory=tuple_row) as run:
        run.execute(query, parameters)
        while rows := run.fetchmany(size):
            yield rows
