"""The list behind a figure as a file: every page of it, in the columns the page shows, typed, or a word why not."""

import csv
import io
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from openpyxl import load_workbook

from motcua.exports import answers, figures
from motcua.office import list_files
from motcua.office.figure_lists import dossier_row, dossier_table
from motcua.office.list_files import downloads_of, figure_table, list_file
from motcua.tables.table import Column

pytestmark = pytest.mark.django_db

AT = datetime(2019, 1, 15, 3, 7, tzinfo=UTC)
COLUMNS = [
    ("clock", "Hạn", "clock"), ("code", "Mã hồ sơ", "code"), ("state", "Thời hạn", "tag"),
    ("days", "Số ngày", "number"), ("at", "Tiếp nhận", "when"), ("why", "Vì sao", "words"),
]  # fmt: skip


def asked(query: str) -> HttpRequest:
    """A reader's question, with a place for what is told them."""
    request = RequestFactory().get(f"/danh-sach/?{query}")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def pages_of(items: list[int], size: int) -> Callable[[str], tuple[list[int], str]]:
    """Pages by key, as the lists have them; a file asks for many rows at once."""

    def page(after: str, limit: int = 0) -> tuple[list[int], str]:
        assert limit == list_files.AT_A_TIME
        rest = [each for each in items if not after or each > int(after)]
        return rest[:size], str(rest[size - 1]) if len(rest) > size else ""

    return page


def table(items: list[int]) -> dict[str, Any]:
    """What the page shows of them."""
    cells = [
        {
            "clock": {"state": "late", "words": f"trễ {each} giờ", "share": None}, "code": f"=HN-{each}",
            "state": ("late", "Quá hạn"), "days": each, "at": AT, "why": "" if each % 2 else None,
        }
        for each in items
    ]  # fmt: skip
    return dossier_table("Trễ", COLUMNS, [dossier_row(each, str(each), cells[at]) for at, each in enumerate(items)])


def content(query: str, items: int, size: int = 3) -> bytes:
    """The file that is answered."""
    answer: Any = list_file(asked(query), "Quá hạn", pages_of(list(range(1, items + 1)), size), table, ("Tháng 12", ""))
    assert answer.status_code == 200
    assert 'filename="qua-han.' in answer["Content-Disposition"]
    with closing(answer):
        return b"".join(answer)


@pytest.mark.parametrize("items", [0, 1, 3, 7])
def test_all_pages_stand_in_the_file(items: int) -> None:
    head, *rows = csv.reader(io.StringIO(content("dinh-dang=csv", items).decode("utf-8-sig")))
    assert head == [label for _, label, _ in COLUMNS]
    assert [row[3] for row in rows] == [str(each) for each in range(1, items + 1)]


def test_cells_are_numbers_and_instants_and_never_formulas() -> None:
    sheet: Any = load_workbook(io.BytesIO(content("dinh-dang=xlsx", 2))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["trễ 2 giờ", "=HN-2", "Quá hạn", 2, datetime(2019, 1, 15, 10, 7), None] in rows
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert any("Tháng 12" in str(value) for row in rows for value in row)


def test_the_page_itself_is_no_file_and_what_is_no_format_does_not_exist() -> None:
    assert list_file(asked(""), "Trễ", pages_of([1], 3), table) is None
    with pytest.raises(Http404):
        list_file(asked("dinh-dang=exe"), "Trễ", pages_of([1], 3), table)


def test_too_long_a_list_leads_back_to_its_page_as_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LONGEST", 4)
    request = asked("ky=2018&dinh-dang=csv")
    answer: Any = list_file(request, "Trễ", pages_of(list(range(1, 9)), 3), table)
    assert (answer.status_code, answer["Location"]) == (302, "/danh-sach/?ky=2018")
    assert "dài quá" in str(next(iter(request._messages)))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("total", "formats", "long"), [(0, "csv,pdf,xlsx", False), (1001, "csv,xlsx", False), (5001, "", True)]
)
def test_what_is_offered_is_what_is_answered(total: int, formats: str, long: bool) -> None:
    offered = downloads_of(total)
    assert (",".join(sorted(filter(None, offered["formats"].split(",")))), offered["is_long"]) == (formats, long)


def test_figures_that_are_known_to_be_wrong_leave_in_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "trouble", lambda: "lost")
    request = asked("ky=2018&dinh-dang=xlsx")
    answer: Any = list_file(request, "Trễ", pages_of([1], 3), table)
    assert (answer.status_code, answer["Location"]) == (302, "/danh-sach/?ky=2018")
    assert "chưa tải về được" in str(next(iter(request._messages)))  # type: ignore[attr-defined]
    told = figure_table("Sổ", (Column("a", "A"),), [("1",)], from_journal=False)
    assert list(told.rows) == [("1",)], "what people recorded is no figure of the journal"
