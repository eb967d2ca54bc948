"""A table as CSV: UTF-8 with its mark, RFC 4180, a row at a time, for machines and for whoever opens it in Excel.

Days and instants are ISO 8601, numbers plain, shares between 0 and 1. What stands above and below the table on
paper (head of groups, notes, sums) is left out, so that each line is one row.
"""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, TextIO

from motcua.tables.table import NUMBERS, Column, Table, as_day, as_number, as_text, checked

MEDIA_TYPE = "text/csv; charset=utf-8"
# A spreadsheet takes a text that begins so for a formula. The apostrophe itself is among them, so that taking
# one away always gives back what was written.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """`text` as no spreadsheet takes it for a formula: with an apostrophe before it where that is needed."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def write_csv(table: Table, to: Path | IO[bytes]) -> int:
    """Writes the table; returns how many rows it had. Raises WrongRowError for a row that does not fit."""
    count = 0
    with _text(to) as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([harmless(column.title) for column in table.columns])
        tellers = [_teller(column, table) for column in table.columns]
        for row in checked(table):
            cells = [tell(value) for tell, value in zip(tellers, row, strict=True)]
            if len(cells) == 1 and not cells[0]:
                stream.write('""\r\n')
            else:
                writer.writerow(cells)
            count += 1
    return count


class _Utf8:
    """Text into a stream of bytes that stays its owner's to close."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        stream.write(b"\xef\xbb\xbf")

    def write(self, text: str) -> int:
        return self._stream.write(text.encode("utf-8"))


@contextmanager
def _text(to: Path | IO[bytes]) -> Iterator[_Utf8 | TextIO]:
    if isinstance(to, Path):
        with to.open("w", encoding="utf-8-sig", newline="") as stream:
            yield stream
    else:
        yield _Utf8(to)


def _teller(column: Column, table: Table) -> Callable[[object], str]:
    if column.kind in NUMBERS:
        return lambda value: _number(value, column)
    if column.kind in ("date", "instant"):
        return lambda value: _day(value, column)
    return lambda value: harmless(value if isinstance(value, str) else as_text(value, table))


def _number(value: object, column: Column) -> str:
    number = as_number(value, column)
    if isinstance(number, Decimal):
        return format(number, "f")
    return "" if number is None else str(number)


def _day(value: object, column: Column) -> str:
    day = as_day(value, column)
    return "" if day is None else day.isoformat()
