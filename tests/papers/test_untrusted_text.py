"""Whatever people write comes out as they wrote it: never run, never lost off the sheet, never stopping the press."""

import unicodedata

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.papers import forms
from motcua.papers.typeset import render
from motcua.tables.lettering import printable
from papers import reading
from papers.samples import (
    APOLOGY,
    BOOK,
    CHECKLIST,
    CONTROL,
    DECISION,
    FILER,
    HANDOVER_LIST,
    RECEIPT,
    REFUSAL,
    SUPPLEMENT,
)

MARKUP = (
    '#panic("x")',
    "*bold*",
    "$x$",
    "_i_ `raw` ```r```",
    '#import "head.typ": *',
    "#sys.inputs.data",
    "= Tên",
    "- một",
    "1. một",
    "// ghi chú /* hết */",
    "<nhãn> @nhãn",
    "\\u{41} \\",
    "a -- b --- c ... ~",
    '"; panic() ; "',
    "{{ data }} {% x %} ${x} %(x)s",
    "'đơn' \"kép\"",
    "]] )) }}",
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_and_never_run(text: str) -> None:
    filer = forms.Filer(name=text, address=text, phone="1", email="2", identity=text, brought_by=text)
    paper = forms.Paper(text, originals=1, note=text)
    form = msgspec.structs.replace(
        RECEIPT, filer=filer, subject=text, papers=(paper,), limit=text, officer=text, copies=("given",)
    )
    said = reading.words(render(form))
    shown = " ".join(text.split())
    assert said.count(shown) >= 8


@pytest.mark.parametrize(
    "form",
    [
        msgspec.structs.replace(SUPPLEMENT, reason='#panic("x")'),
        msgspec.structs.replace(REFUSAL, reasons=('#panic("x")',)),
        msgspec.structs.replace(APOLOGY, recipients=('#panic("x")',)),
        msgspec.structs.replace(CONTROL, handovers=(forms.Handover('#panic("x")', "b"),)),
        msgspec.structs.replace(BOOK, entries=(msgspec.structs.replace(BOOK.entries[0], note='#panic("x")'),)),
        msgspec.structs.replace(HANDOVER_LIST, note='#panic("x")'),
        msgspec.structs.replace(DECISION, about='#panic("x")'),
        msgspec.structs.replace(CHECKLIST, papers=(forms.ToBring('#panic("x")'),)),
    ],
    ids=lambda form: type(form).__name__,
)
def test_no_form_runs_what_it_is_given(form: forms.Form) -> None:
    assert '#panic("x")' in reading.words(render(form)).replace('#panic(" x")', '#panic("x")')


def test_letters_in_pieces_print_as_the_same_letters() -> None:
    pieces = unicodedata.normalize("NFD", "Đặng Thị Ngọc Ưởng")
    assert pieces != "Đặng Thị Ngọc Ưởng"
    whole = msgspec.structs.replace(RECEIPT, filer=msgspec.structs.replace(FILER, name="Đặng Thị Ngọc Ưởng"))
    apart = msgspec.structs.replace(RECEIPT, filer=msgspec.structs.replace(FILER, name=pieces))
    assert render(whole) == render(apart)


@pytest.mark.parametrize(
    ("declared", "printed"),
    [
        ("漢字 Hà", "□□ Hà"),
        ("An\u202enimaB", "AnnimaB"),
        ("Hà\u00ad Nội\u200b\u2060", "Hà Nội"),
        ("một\u2028hai\r\nba\n\n\n bốn", "một\nhai\nba\nbốn"),
        ("  hai \t chữ\u00a0 ", "hai chữ"),
        ("\x00\x07\ud800", "□□□"),
        ("a" + "\u0301" * 50, "á" + "\u0301" * 2),
        ("\ue000\ufffe", "□□"),
    ],
)
def test_what_cannot_be_printed_becomes_plain(declared: str, printed: str) -> None:
    assert printable(declared) == printed
    form = msgspec.structs.replace(RECEIPT, filer=msgspec.structs.replace(FILER, address=declared))
    assert reading.words(render(form))


@given(text=st.text(max_size=60))
@settings(max_examples=60)
def test_any_text_at_all_gets_printed(text: str) -> None:
    form = msgspec.structs.replace(
        RECEIPT, subject=text, copies=("given",), papers=(forms.Paper(text, originals=1, note=text),)
    )
    assert len(reading.pages(render(form))) >= 1


@given(text=st.text())
def test_text_made_printable_stays_as_it_is(text: str) -> None:
    once = printable(text)
    assert printable(once).replace("\u200b", "") == once.replace("\u200b", "")
    assert unicodedata.is_normalized("NFC", once)


def test_a_word_longer_than_the_line_breaks_instead_of_running_off_the_sheet() -> None:
    form = msgspec.structs.replace(RECEIPT, copies=("given",), filer=msgspec.structs.replace(FILER, name="X" * 300))
    first = render(form)
    assert "X" * 300 in reading.words(first).replace(" ", "")
    assert printable("X" * 30) == "X" * 30


@pytest.mark.parametrize(
    "form",
    [
        msgspec.structs.replace(RECEIPT, copies=("given",), papers=(forms.Paper("chữ " * 2000 + "HẾT"),)),
        msgspec.structs.replace(CONTROL, handovers=(forms.Handover("a", "b", note="chữ " * 500 + "HẾT"),)),
        msgspec.structs.replace(
            HANDOVER_LIST, rows=(forms.HandoverRow(code="x", name="y", subject="chữ " * 1500 + "HẾT"),)
        ),
        msgspec.structs.replace(BOOK, entries=(msgspec.structs.replace(BOOK.entries[0], note="chữ " * 600 + "HẾT"),)),
    ],
    ids=lambda form: type(form).__name__,
)
def test_a_row_taller_than_the_sheet_goes_on_over_the_page(form: forms.Form) -> None:
    assert "HẾT" in reading.words(render(form))
