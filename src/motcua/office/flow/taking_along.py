"""The tables of the flow pages to take along: the same rows with their minutes and shares as numbers.

What the page does not say of too few dossiers is not in the file either.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from motcua.flow.slices import FEWEST
from motcua.flow.whatif import Outcome, Part
from motcua.kpis.wording import number
from motcua.law.margins import Margin
from motcua.law.process import Process
from motcua.office.flow.asking import Asked, scope_name
from motcua.office.list_files import figure_table, worked
from motcua.reports.naming import procedure_name, said
from motcua.tables.table import Column, Table


def notes_of(found: Asked, *more: str) -> tuple[str, ...]:
    """Which procedure, whose dossiers, which period, and what else is to be known."""
    return (procedure_name(found.slice.procedure), scope_name(found.agency, found.slice.scope), found.period, *more)


def ways_tables(found: Asked, shown: dict[str, Any]) -> dict[str, Table]:
    """What the page of the ways shows, by the names its parts have in an address."""
    tables = {"tong-quan": _tally(found, shown), "kieu": _variants(found, shown)}
    if shown["leavings"]:
        tables["roi"] = _leavings(found, shown["leavings"])
    if shown["crossings"]:
        tables["giao-nhan"] = _crossings(found, shown["crossings"])
    if shown["stamping"].n:
        tables["ky-don"] = _stamping(found, shown)
    return tables


def _too_few() -> str:
    return _("Dưới %(n)s hồ sơ thì không ghi tỷ lệ.") % {"n": FEWEST}


def _tally(found: Asked, shown: dict[str, Any]) -> Table:
    columns = (
        Column("label", _("Hồ sơ"), width=40),
        Column("n", _("Số hồ sơ"), "int"),
        Column("share", _("Tỷ lệ"), "percent"),
        Column("meaning", _("Cách đếm"), width=70),
    )
    rows = [(str(each["label"]), each["n"], each["share"], str(each["meaning"])) for each in shown["figures"]]
    return figure_table(_("Hồ sơ đã đi thế nào"), columns, rows, notes_of(found, _too_few()))


def _variants(found: Asked, shown: dict[str, Any]) -> Table:
    columns = (
        Column("steps", _("Các bước"), width=80),
        Column("n", _("Số hồ sơ"), "int"),
        Column("share", _("Tỷ lệ"), "percent"),
        Column("late", _("Trễ hạn"), "int"),
        Column("share_late", _("Tỷ lệ trễ hạn"), "percent"),
        Column("median", worked(_("Thời gian ở giữa")), "decimal"),
        Column("fits", _("So với quy trình")),
        Column("leaves", _("Chỗ khác"), width=50),
        Column("answered", _("Kết quả"), width=18),
    )
    rows = [
        (
            " → ".join(step["name"] for step in each["steps"]),
            each["n"],
            each["share"],
            each["late"],
            each["share_late"],
            each["median"],
            _("đúng") if each["fits"] else _("khác"),
            each["leaves"],
            "" if each["answered"] else _("không có kết quả"),
        )
        for each in shown["variants"]
    ]
    how_many = _("%(all)s kiểu; %(shown)s kiểu nhiều hồ sơ nhất ở đây.") % {
        "all": number(shown["variant_count"]), "shown": number(len(rows)),
    }  # fmt: skip
    return figure_table(_("Các kiểu đường đi"), columns, rows, notes_of(found, how_many, _too_few()))


def _leavings(found: Asked, leavings: list[dict[str, Any]]) -> Table:
    columns = (
        Column("words", _("Chỗ khác"), width=60),
        Column("n", _("Số hồ sơ"), "int"),
        Column("late", _("Trễ hạn"), "int"),
    )
    rows = [(each["words"], each["n"], each["late"]) for each in leavings]
    return figure_table(_("Đi khác quy trình ở đâu"), columns, rows, notes_of(found))


def _crossings(found: Asked, crossings: list[dict[str, Any]]) -> Table:
    columns = (
        Column("sender", _("Nơi gửi"), width=40),
        Column("receiver", _("Nơi nhận"), width=40),
        Column("n", _("Lượt"), "int"),
        Column("late", _("Chậm"), "int"),
        Column("share", _("Tỷ lệ chậm"), "percent"),
        Column("median", worked(_("Ở giữa")), "decimal"),
        Column("p90", worked("90%"), "decimal"),
    )
    rows = [[each[column.key] for column in columns] for each in crossings]
    return figure_table(_("Giao nhận giữa các cơ quan"), columns, rows, notes_of(found, _too_few()))


def _stamping(found: Asked, shown: dict[str, Any]) -> Table:
    columns = (
        Column("n", _("Lượt ký, cho số"), "int"),
        Column("batched", _("Dồn một lúc"), "int"),
        Column("batches", _("Số đợt"), "int"),
        Column("share", _("Tỷ lệ"), "percent"),
        Column("lain", worked(_("Nằm chờ, ở giữa")), "decimal"),
    )
    it = shown["stamping"]
    row = (it.n, it.batched, it.batches, it.index if it.n >= FEWEST else None, it.lain_median)
    return figure_table(_("Ký, cho số dồn một lúc"), columns, [row], notes_of(found, shown["batch_how"], _too_few()))


def whatif_tables(
    found: Asked, outcome: Outcome, process: Process, changes: Mapping[str, str], assumed: Sequence[str]
) -> dict[str, Table]:
    """What would have been, in all, by stage and by step; `changes` says what was done to a step."""
    notes = notes_of(found, *assumed)
    stages = [_part(said(process.stage(each.name).name), each) for each in outcome.stages]
    steps = [_part(said(process.step(each.name).name), each) for each in outcome.steps]
    changed = [(*row, changes.get(each.name, "")) for row, each in zip(steps, outcome.steps, strict=True)]
    columns = _part_columns()
    return {
        "ket-qua": _whole(outcome, notes),
        "giai-doan": figure_table(_("Từng giai đoạn"), columns, stages, notes),
        "buoc": figure_table(_("Từng bước"), (*columns, Column("change", _("Thay đổi"), width=34)), changed, notes),
    }


def _whole(outcome: Outcome, notes: tuple[str, ...]) -> Table:
    columns = (
        Column("what", _("Quy trình"), width=34),
        Column("n", _("Số hồ sơ"), "int"),
        Column("held", _("Giữ được"), "int"),
        Column("share", _("Tỷ lệ"), "percent"),
        *margin_columns(),
    )
    both = {_("Như đã xảy ra"): outcome.was, _("Nếu quy trình như thế này"): outcome.would}
    rows = [(words, each.n, each.held, each.share, *ends(each.interval)) for words, each in both.items()]
    few = _("Dưới %(fewest)s hồ sơ: tỷ lệ này không nói lên điều gì.") % {"fewest": FEWEST}
    more = (few,) if outcome.would.n < FEWEST else ()
    return figure_table(_("Thử thay đổi"), columns, rows, (*notes, *more))


def _part_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Phần"), width=40),
        Column("limit", worked(_("Thời hạn")), "minutes"),
        Column("new_limit", worked(_("Thời hạn, nếu đổi")), "minutes"),
        Column("n", _("Số hồ sơ"), "int"),
        Column("held", _("Giữ được, thực tế"), "int"),
        Column("share", _("Tỷ lệ, thực tế"), "percent"),
        Column("new_n", _("Số hồ sơ, nếu đổi"), "int"),
        Column("new_held", _("Giữ được, nếu đổi"), "int"),
        Column("new_share", _("Tỷ lệ, nếu đổi"), "percent"),
        Column("median", worked(_("Ở giữa")), "decimal"),
        Column("new_median", worked(_("Ở giữa, nếu đổi")), "decimal"),
    )


def _part(name: str, part: Part) -> tuple[object, ...]:
    held = [value for each in (part.was, part.would) for value in (each.n, each.held, each.share)]
    return (name, part.limit or None, part.new_limit, *held, part.median, part.new_median)


def margin_columns() -> tuple[Column, Column]:
    """From where to where a share lies with 95 per cent."""
    return Column("low", _("Khoảng tin cậy 95%, từ"), "percent"), Column(
        "high", _("Khoảng tin cậy 95%, đến"), "percent"
    )


def ends(margin: Margin | None) -> tuple[float | None, float | None]:
    """The two ends of a margin where there is one."""
    return (None, None) if margin is None else (margin.low, margin.high)
