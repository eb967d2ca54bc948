"""The table on paper: read back by another library; the same bytes; the head on every page; heads that join."""

import io
import re
import unicodedata
from typing import Any

import pytest
from pypdf import PdfReader

from motcua.tables.pdf import LONGEST, TooLongError, write_pdf
from motcua.tables.table import Column
from tables.samples import AT, AWKWARD, COLUMNS, ROW, paper, table


def pressed(made: Any, **more: Any) -> bytes:
    kept = io.BytesIO()
    write_pdf(made, kept, **more)
    return kept.getvalue()


def pages(content: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(content))
    return [re.sub(r"[\s\u200b]+", " ", page.extract_text()) for page in reader.pages]


def test_numbers_and_days_are_written_as_people_write_them() -> None:
    said = " ".join(pages(pressed(table([(*ROW[:1], 12345, *ROW[2:])], notes=("Đầy đủ đến 10:00.",)))))
    for words in ("Danh sách hồ sơ", "12.345", "7,5", "98,2%", "17/12/2018", "09:30", "Đầy đủ đến 10:00.", "Trang 1/1"):
        assert words in said, words
    assert "12,345" in " ".join(pages(pressed(table([(*ROW[:1], 12345, *ROW[2:])], language="en"))))


def test_it_is_an_archives_pdf_and_the_same_table_is_the_same_file() -> None:
    content = pressed(table([ROW] * 3, made_at=AT))
    assert content == pressed(table([ROW] * 3, made_at=AT))
    metadata = PdfReader(io.BytesIO(content)).xmp_metadata
    assert metadata is not None
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert content != pressed(table([ROW] * 3))


def test_the_head_stands_on_every_page_and_pages_are_numbered() -> None:
    found = pages(pressed(table([ROW] * 80)))
    assert len(found) > 1
    for at, page in enumerate(found, 1):
        assert "Mã hồ sơ" in page
        assert f"Trang {at}/{len(found)}" in page
    assert "80" in found[-1]


def test_a_paper_of_the_state_has_its_form() -> None:
    said = " ".join(pages(pressed(paper())))
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Biểu số: II.06a", "Đơn vị tính: hồ sơ", "(6)", "Tổng cộng",
                  "Số hồ sơ nhận giải quyết", "THỦ TRƯỞNG", "Hà Nội, ngày 15 tháng 9 năm 2018", "Quý III"):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize("count", [0, 1])
def test_no_row_and_one_row(count: int) -> None:
    said = " ".join(pages(pressed(table([ROW] * count))))
    assert ("Không có dòng nào." in said) is (count == 0)


def test_a_paper_too_long_is_refused_before_the_rows_end() -> None:
    taken = 0

    def rows() -> Any:
        nonlocal taken
        while taken < 10 * LONGEST:
            taken += 1
            yield ROW

    with pytest.raises(TooLongError):
        pressed(table(rows()), longest=50)
    assert taken == 51


def test_no_text_is_taken_for_a_program() -> None:
    words = ("#panic()", '#import "x"', "$x$", "= Đầu", "*đậm*", "`mã`", "<nhãn>", "@nhãn", "\\u{0}", *AWKWARD)
    said = " ".join(pages(pressed(table([(each,) for each in words], (Column("x", "#panic()"),), notes=("#panic()",)))))
    for each in ("#panic()", "$x$", "= Đầu", "*đậm*", "=1+1"):
        assert each in said


def test_a_name_in_pieces_is_printed_as_one() -> None:
    name = unicodedata.normalize("NFD", "Nguyễn Thị Hoà")
    assert "Nguyễn Thị Hoà" in pages(pressed(table([(name, *[None] * (len(COLUMNS) - 1))])))[0]
