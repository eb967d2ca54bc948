"""A campaign's spreadsheet, as it comes back from real offices: what is good is taken, what is not is named."""

import io
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.reporting import COMMUNES, COMPUTERS, NOW, OFFICES, City, edited, plain, whole
from motcua.campaigns import answering, excel_reading, forms, uploading
from motcua.campaigns.excel_reading import NoWorkbookError
from motcua.campaigns.models import Upload
from motcua.law.refusal import Refusal

pytestmark = pytest.mark.django_db
# Columns of the computers' sheet: code, name, then the form's own.
FIRST, TONG, TOT, HONG, GIA, MUA, MANG, GHI = 6, 3, 4, 5, 6, 7, 8, 9


def take(city: City, data: bytes, at: int = 0) -> tuple[Upload, uploading.Verdict]:
    found = uploading.take(city.answer(at).pk, data, "phieu.xlsx", city.clerk(at), NOW)
    assert isinstance(found, Upload), found
    return found, uploading.verdict_of(found)


def bad(verdict: uploading.Verdict) -> dict[tuple[int, str], str]:
    return {(each.row, each.column): each.value for each in verdict.bad}


def fill(values: dict[tuple[int, int], Any]) -> Any:
    def change(sheet: Any, _book: Any) -> None:
        for (row, at), value in values.items():
            sheet.cell(row, at).value = value

    return change


def test_a_filled_template_comes_back_whole() -> None:
    city = City()
    data = edited(
        city.template(),
        fill(
            {
                (6, TONG): 12, (6, TOT): 10, (6, HONG): 2, (6, GIA): 7.5, (6, MUA): datetime(2018, 3, 1),
                (6, MANG): "có", (6, GHI): "tốt", (7, TONG): 3.0, (7, TOT): "3", (7, HONG): 0,
            }
        ),
    )  # fmt: skip
    _upload, verdict = take(city, data)
    assert (verdict.rows, verdict.cells, verdict.bad_count, verdict.notes) == (2, 10, 0, [])
    assert plain(city.lines()) == {
        "ban": {"tong": 12, "tot": 10, "hong": 2, "gia": "7.5", "mua": "2018-03-01", "mang": True, "ghi": "tốt"},
        "xach": {"tong": 3, "tot": 3, "hong": 0},
    }
    version = answering.version_of(city.answer())
    assert version is not None
    assert {hand.source for hand in answering.hands_in(version)} == {"excel"}
    # What stands is in the next template, and changes nothing when it comes back as it is.
    _upload, again = take(city, city.template())
    assert (again.bad_count, again.replaced) == (0, [])
    assert plain(city.lines())["ban"]["gia"] == "7.5"


def test_letters_formulas_dates_and_numbers_as_text_stop_nothing_else() -> None:
    city = City()

    def as_number(sheet: Any, _book: Any) -> None:
        sheet["G7"].number_format = "General"

    data = edited(
        edited(city.template(), as_number),
        fill(
            {
                (6, TONG): "12 máy", (6, TOT): "1.234", (6, HONG): "'=1+1", (6, GIA): "1.234,5", (6, MUA): "15/3/2018",
                (6, MANG): "tùy", (7, TONG): "=D7+E7", (7, TOT): 5, (7, HONG): "#DIV/0!", (7, GIA): "1.5",
                (7, MUA): 43174,
            }
        ),
    )  # fmt: skip
    _upload, verdict = take(city, data)
    assert bad(verdict) == {
        (6, "C"): "12 máy", (6, "E"): "'=1+1", (6, "H"): "tùy", (7, "C"): "=D7+E7", (7, "E"): "#DIV/0!",
        (7, "F"): "1.5", (7, "G"): "43174",
    }  # fmt: skip
    assert plain(city.lines()) == {"ban": {"tot": 1234, "gia": "1234.5", "mua": "2018-03-15"}, "xach": {"tot": 5}}
    # What was not taken lies in the draft as the words it was, each with its reason, and stops the submission.
    assert city.lines()[0].typed == {"tong": "12 máy", "hong": "'=1+1", "mang": "tùy"}
    refused = city.submit()
    assert isinstance(refused, Refusal)
    assert refused.code == "campaign_errors"


def test_a_formula_with_its_value_is_taken_and_told() -> None:
    city = City()
    book = openpyxl.load_workbook(io.BytesIO(city.template()))
    book["Tra loi"]["C6"] = "=10+2"
    out = io.BytesIO()
    book.save(out)
    # openpyxl writes no values of formulas; a spreadsheet does.
    packed, made = zipfile.ZipFile(io.BytesIO(out.getvalue())), io.BytesIO()
    with zipfile.ZipFile(made, "w") as again:
        for each in packed.infolist():
            text = packed.read(each)
            if each.filename.endswith("sheet1.xml"):
                assert b"<f>10+2</f>" in text
                text = text.replace(b"<f>10+2</f><v></v>", b"<f>10+2</f><v>12</v>")
                text = text.replace(b"<f>10+2</f><v />", b"<f>10+2</f><v>12</v>")
            again.writestr(each, text)
    _upload, verdict = take(city, made.getvalue())
    assert plain(city.lines())["ban"] == {"tong": 12}
    assert [(each.row, each.column, each.value) for each in verdict.notes] == [(6, "C", "12")]


def test_merged_cells_belong_to_nobody() -> None:
    city = City()

    def change(sheet: Any, _book: Any) -> None:
        sheet["C6"], sheet["D6"], sheet["E6"] = 9, 9, 0
        sheet.merge_cells("C7:D7")
        sheet["C7"] = 4

    _upload, verdict = take(city, edited(city.template(), change))
    assert bad(verdict) == {(7, "C"): "4", (7, "D"): "4"}
    assert plain(city.lines())["ban"] == {"tong": 9, "tot": 9, "hong": 0}
    assert plain(city.lines())["xach"] == {}


def test_rows_and_columns_the_form_does_not_have_are_said() -> None:
    city = City()

    def change(sheet: Any, _book: Any) -> None:
        sheet["C6"], sheet["A8"], sheet["C8"] = 1, "may_fax", 7
        sheet["A9"], sheet["C9"] = "ban", 8
        sheet["J5"], sheet["J6"], sheet["J7"] = "Thêm", "gì đó", "nữa"
        sheet.row_dimensions[6].hidden = True

    _upload, verdict = take(city, edited(city.template(), change))
    assert bad(verdict) == {(8, "C"): "7", (9, "C"): "8", (0, "J"): "Thêm"}
    assert [each.row for each in verdict.notes] == [6]
    assert plain(city.lines())["ban"] == {"tong": 1}


def test_an_empty_cell_takes_nothing_away_and_a_replaced_one_is_told() -> None:
    city = City()
    city.save({"ban": {"tong": 4, "ghi": "cũ"}})
    blank = City.template(city)
    city.save({"ban": {"tong": 6, "tot": 6}})
    data = edited(blank, fill({(6, TONG): 5, (6, GHI): None}))
    _upload, verdict = take(city, data)
    assert plain(city.lines())["ban"] == {"tong": 5, "tot": 6, "ghi": "cũ"}
    assert [(each.value, "“6”" in each.reason.vi) for each in verdict.replaced] == [("5", True)]


def test_another_agencys_another_campaigns_and_an_old_template_are_refused_whole() -> None:
    city = City()
    with pytest.raises(NoWorkbookError, match="another agency"):
        take(city, city.template(1))

    def keys(name: str, value: str) -> bytes:
        def change(_sheet: Any, book: Any) -> None:
            for row in book["motcua"].iter_rows(max_col=2):
                if row[0].value == name:
                    row[1].value = value

        return edited(city.template(), change)

    with pytest.raises(NoWorkbookError, match="another version"):
        take(city, keys("version", "0"))
    with pytest.raises(NoWorkbookError, match="another campaign"):
        take(city, keys("campaign", "999999"))

    def without(name: str) -> bytes:
        def change(_sheet: Any, book: Any) -> None:
            book["motcua"].sheet_state = "visible"
            book.remove(book[name])

        return edited(city.template(), change)

    for name in ("Tra loi", "motcua"):
        with pytest.raises(NoWorkbookError):
            take(city, without(name))
    with pytest.raises(NoWorkbookError, match="codes"):
        take(city, edited(city.template(), lambda sheet, _book: sheet.delete_rows(4)))
    assert city.answer().current == 0


def test_a_column_that_was_deleted_is_missed() -> None:
    city = City()
    _upload, verdict = take(city, edited(city.template(), lambda sheet, _book: sheet.delete_cols(GIA)))
    assert [(each.row, each.value) for each in verdict.bad] == [(0, "Giá")]


def test_what_is_no_workbook_is_refused_before_it_is_opened() -> None:
    city = City()
    bomb, entity = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<c " * 20_000_000)
    assert len(bomb.getvalue()) < 300_000
    with zipfile.ZipFile(entity, "w") as packed:
        packed.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>')
    for data in (b"", b"PK\x03\x04", b"%PDF-1.4", b"x" * 6_000_000, bomb.getvalue(), entity.getvalue(),
                 city.template()[:2000]):  # fmt: skip
        with pytest.raises(NoWorkbookError):
            take(city, data)
    assert not Upload.objects.exists()


def test_ten_thousand_rows_are_read_or_said_to_be_too_many() -> None:
    city = City(OFFICES)

    def change(sheet: Any, _book: Any) -> None:
        for at in range(10_000):
            sheet.cell(6 + at, 2).value = f"Nhà {at}"
            sheet.cell(6 + at, 3).value = "mười" if at == 1 else at

    _upload, verdict = take(city, edited(city.template(), change))
    assert verdict.rows == 300
    assert verdict.bad_count == 10_000 - 300 + 1
    assert len(city.lines()) == 300
    assert city.lines()[1].typed == {"dien_tich": "mười"}


def test_a_big_form_takes_ten_thousand_rows() -> None:
    from msgspec.structs import replace

    big = replace(OFFICES, code="to-khai-lon", most_rows=10_000)
    city = City(big)

    def change(sheet: Any, _book: Any) -> None:
        for at in range(10_000):
            sheet.cell(6 + at, 2).value = f"Nhà {at}"
            sheet.cell(6 + at, 3).value = at

    _upload, verdict = take(city, edited(city.template(), change))
    assert (verdict.rows, verdict.bad_count) == (10_000, 0)


cells = st.one_of(
    st.none(), st.integers(-(10**6), 10**6), st.floats(allow_nan=False, allow_infinity=False), st.booleans(),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co")), max_size=20).filter(
        lambda words: not words.startswith("=") and "\ufffe" not in words and "\uffff" not in words
    ),
)  # fmt: skip


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.tuples(st.integers(6, 7), st.integers(TONG, GHI)), cells, max_size=14))
def test_no_cell_is_ever_dropped(values: dict[tuple[int, int], Any]) -> None:
    data = edited(_template(), fill(values))
    expected = excel_reading.Expected(1, COMPUTERS.code, 1, COMMUNES[0])
    found = excel_reading.read(data, COMPUTERS, expected)
    held = {at: value for at, value in values.items() if value is not None and str(value).strip()}
    taken = sum(len(row) for row in found.given.values())
    assert taken == len(held)
    assert found.cells + len(found.bad) == len(held)


def _template() -> bytes:
    global _kept
    if not _kept:
        from types import SimpleNamespace

        from motcua.campaigns.excel_template import template
        from motcua.organisation.directory import directory

        version, _faults = forms.keep(COMPUTERS, "browser")
        assert version is not None
        campaign = SimpleNamespace(
            form=SimpleNamespace(content=version.content, code=COMPUTERS.code, number=1),
            due_at=NOW, title_vi="Đợt thử",
        )  # fmt: skip
        answer = SimpleNamespace(campaign=campaign, campaign_id=1, agency=directory().by_code[COMMUNES[0]].number)
        _kept = template(answer, None, [])  # type: ignore[arg-type]
    return _kept


_kept = b""


def test_an_upload_is_for_those_who_may_fill_in() -> None:
    city = City()
    data = edited(city.template(), fill({(6, TONG): 1}))
    refused = uploading.take(city.answer().pk, data, "x.xlsx", city.clerk(1), NOW)
    assert isinstance(refused, Refusal)
    city.signed(0, whole(3))
    refused = uploading.take(city.answer().pk, data, "x.xlsx", city.clerk(), NOW)
    assert isinstance(refused, Refusal)
    assert plain(city.lines())["ban"]["tong"] == 3
    assert not Upload.objects.exists()
