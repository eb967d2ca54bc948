"""CSV as a stranger reads it: its mark, its line ends, its dates; and nothing a spreadsheet would run."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.working_time import CITY_ZONE
from motcua.tables.csv_text import harmless, write_csv
from motcua.tables.table import Column, Row
from tables.samples import AWKWARD, COLUMNS, ROW, paper, table, values

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def written(made: Any) -> bytes:
    kept = io.BytesIO()
    write_csv(made, kept)
    return kept.getvalue()


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_it_is_what_excel_and_the_standard_expect() -> None:
    content = written(table([ROW]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 2 == content.count(b"\n")
    assert read(content)[1] == [ROW[0], "1", "7.5", "0.982", "2018-12-17", "2018-12-17T09:30:00+07:00", "90"]


@pytest.mark.parametrize("words", AWKWARD)
def test_nothing_is_taken_for_a_formula_and_nothing_is_lost(words: str) -> None:
    cell = read(written(table([(words,)], (Column("x", words or "x"),))))[1][0]
    assert not cell.startswith(RUNS)
    assert (cell[1:] if cell.startswith("'") else cell) == words


def test_a_negative_number_stays_a_number() -> None:
    assert read(written(table([("x", -5, Decimal("-1E+2"), None, None, None, None)])))[1][1:3] == ["-5", "-100"]


@given(st.lists(values(), max_size=8))
def test_what_is_written_is_read_back(rows: list[Row]) -> None:
    lines = read(written(table(rows)))
    assert lines[0] == [column.title for column in COLUMNS]
    assert [_read_back(line) for line in lines[1:]] == [list(_whole(row)) for row in rows]


def _whole(row: Row) -> Row:
    at = row[5]
    return (*row[:5], at.replace(microsecond=0) if isinstance(at, datetime) else at, row[6])


def _read_back(line: list[str]) -> list[Any]:
    text, *rest = line
    kinds = (int, Decimal, float, date.fromisoformat, lambda at: datetime.fromisoformat(at).astimezone(UTC), int)
    return [
        text[1:] if text.startswith("'") else text,
        *(None if not cell else kind(cell) for kind, cell in zip(kinds, rest, strict=True)),  # type: ignore[operator]
    ]


def test_the_title_of_a_column_is_harmless_too() -> None:
    assert read(written(table([], (Column("x", "=cmd"), Column("y", "Tên")))))[0] == ["'=cmd", "Tên"]


def test_a_paper_of_the_state_is_one_row_of_titles_and_its_rows() -> None:
    assert [len(line) for line in read(written(paper()))] == [6, 6, 6]


def test_an_only_cell_that_is_empty_is_still_a_row() -> None:
    assert written(table([("",)], (Column("x", "X"),))).endswith(b'X\r\n""\r\n')


def test_an_instant_is_told_by_the_citys_clock() -> None:
    at = datetime(2018, 12, 31, 20, tzinfo=UTC)
    assert at.astimezone(CITY_ZONE).isoformat() in written(table([("x", 1, None, None, None, at, None)])).decode()


def test_harmless_texts_are_left_alone() -> None:
    assert harmless("Phường Hàng Mẫu") == "Phường Hàng Mẫu"
