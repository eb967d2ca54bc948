"""Who is late, what a cell is made of and an answer as files: what their pages show, typed.

A file says what is missing as its page does: an agency that has not answered has a row and no number.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from motcua.campaigns.models import Campaign, Version
from motcua.campaigns.rolling import RollUp
from motcua.law import campaign as law
from motcua.law.campaign_cells import value_of
from motcua.law.campaign_check import Line
from motcua.law.working_time import CITY_ZONE
from motcua.office.campaigns import asking, term_words
from motcua.office.list_files import figure_table
from motcua.tables.table import Column, Kind, Table

_TYPED: dict[str, Kind] = {"int": "int", "money": "int", "decimal": "decimal", "date": "date"}


def rolled_kind(column: law.Column) -> Kind:
    """As what a rolled-up column is written."""
    if column.rollup == "count":
        return "int"
    if column.rollup == "average" or column.kind == "decimal":
        return "decimal"
    return "date" if column.kind == "date" else "int"


def complete_notes(campaign: Campaign, found: RollUp, complete: Mapping[str, Any]) -> tuple[str, ...]:
    """How many answers a roll-up counts, that it is not whole when it is not, and how its date came to be."""
    said = _("%(answered)d trên %(asked)d phiếu %(level)s") % {
        "answered": complete["answered"], "asked": complete["asked"], "level": complete["level"],
    }  # fmt: skip
    if not complete["whole"]:
        said = f"{said}. {_('CHƯA ĐẦY ĐỦ')}"
    if not found.balanced:
        said = f"{said}. {_('Các phần KHÔNG cộng thành tổng: đừng dùng số liệu này.')}"
    return said, *term_words.said_in_file(campaign, found)


def cell_table(page: Mapping[str, Any], column: law.Column) -> Table:
    """The parts of a rolled-up cell: district by district, or each agency's own with whose hand it is."""
    head, title = page["column"]["title"], ": ".join(filter(None, (page["row_title"], page["column"]["title"])))
    notes = (page["title"], page["place"], page["column"]["rule"])
    notes += complete_notes(page["campaign"], page["found"], page["complete"])
    if page["groups"]:
        columns = (
            Column("place", _("Nơi"), width=34),
            Column("answered", _("Số phiếu"), "int"),
            Column("asked", _("Phải trả lời"), "int"),
            Column("value", head, rolled_kind(column), 18),
        )
        rows = [(each["title"], each["answered"], each["asked"], each["number"]) for each in page["groups"]]
        return figure_table(title, columns, rows, notes, from_journal=False)
    kind = _TYPED.get(column.kind, "text")
    columns = (
        Column("agency", _("Cơ quan"), width=34),
        Column("value", head, kind, 18),
        *((Column("weight", page["weight"], "decimal"),) if page["weight"] else ()),
        Column("who", _("Ai ghi"), width=28),
        Column("at", _("Lúc"), "instant"),
        Column("source", _("Bằng")),
        Column("state", _("Phiếu"), width=22),
        Column("no", _("Bản"), "int"),
    )
    rows = [
        tuple(
            {
                **each,
                "value": each["number"] if kind != "text" else each["value"],
                "state": _("chưa có phiếu") if each["missing"] else each["state"][1],
                "no": each["no"] or None,
            }[one.key]
            for one in columns
        )
        for each in page["cells"]
    ]
    return figure_table(title, columns, rows, notes, from_journal=False)


def late_tables(page: Mapping[str, Any]) -> dict[str, Table]:
    """How each district stands, and by name who has not signed, or signed late."""
    closed = page["term"]["closed"] is not None
    notes = (
        page["title"],
        f"{_('hạn')} {page['campaign'].due_at.astimezone(CITY_ZONE):%H:%M %d/%m/%Y}",
        f"{_('tính lúc')} {page['now'].astimezone(CITY_ZONE):%H:%M %d/%m/%Y}",
    )
    counts = {
        "asked": _("Phải trả lời"), "begun": _("Đã bắt đầu"), "submitted": _("Chờ ký"), "signed": _("Đã ký"),
        "accepted": _("Đã duyệt"), "late": _("Trễ"), **({"unanswered": _("Không trả lời")} if closed else {}),
    }  # fmt: skip
    by_district = (
        Column("place", _("Nơi"), width=34),
        *(Column(key, title, "int", total=True) for key, title in counts.items()),
    )
    standings = [(row["title"], *(getattr(row["standing"], key) for key in counts)) for row in page["rows"]]
    owing = (
        Column("agency", _("Cơ quan"), width=34),
        Column("district", _("Quận, huyện"), width=30),
        Column("words", _("Phiếu"), width=22),
        Column("clock", _("Còn lại"), width=26),
        Column("signed_at", _("Ký lúc"), "instant"),
    )
    rows = [
        (
            each["agency"], each["district"], each["words"], each["clock"]["words"] if each["clock"] else None,
            None if each["clock"] else each["signed_at"],
        )
        for each in page["owing"]
    ]  # fmt: skip
    title = _("Không trả lời, hoặc ký trễ") if closed else _("Chưa ký, hoặc ký trễ")
    return {
        "theo-huyen": figure_table(_("Theo quận, huyện"), by_district, standings, notes, from_journal=False),
        "con-no": figure_table(title, owing, rows, notes, from_journal=False),
    }


def answer_table(page: Mapping[str, Any], form: law.Form, lines: Sequence[Line], version: Version) -> Table:
    """A version of an answer, all of its rows. What could not be read is told in words beside them."""
    kinds = [_TYPED.get(column.kind, "text") for column in form.columns]
    columns = (
        Column("row", _("Nội dung"), width=34),
        *(
            Column(column.key, column.title.within(asking.language()), kind)
            for column, kind in zip(form.columns, kinds, strict=True)
        ),
        Column("unread", _("Ô không đọc được"), width=30),
    )
    rows = []
    for at, line in enumerate(lines):
        named = form.row(line.key)
        told: list[Any] = [named.title.within(asking.language()) if named else str(at + 1)]
        for column, kind in zip(form.columns, kinds, strict=True):
            stored = line.cells.get(column.key)
            if kind == "text":
                told.append(asking.said_stored(column, stored))
            else:
                told.append(None if stored is None else value_of(column, stored))
        unread = [
            f"{column.title.within(asking.language())}: {line.typed[column.key]}"
            for column in form.columns
            if line.typed.get(column.key)
        ]
        rows.append((*told, "; ".join(unread)))
    state = f"{_('Bản')} {version.no}: {page['state_words']}"
    return figure_table(page["title"], columns, rows, (page["agency"], state), from_journal=False)
