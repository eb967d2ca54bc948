"""The tables of the index, of scores and of issued reports as files: the numbers of their pages, typed.

What a page does not state (an index nobody recorded, a criterion with nothing to measure) is an empty cell here, with
the page's reason beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from motcua.law.scoring import Points
from motcua.law.working_time import CITY_ZONE
from motcua.office.list_files import figure_table
from motcua.reports.naming import said
from motcua.statutory.index766 import Index
from motcua.statutory.scores import OnlineUse
from motcua.tables.table import Column, Table

# From the most to none, as the pages have them.
POINTS: tuple[Points, ...] = (2, 1, 0)


def running_words(now: datetime) -> str:
    """That a period goes on, and up to when it was counted."""
    until = _("Tính đến %(at)s; các con số còn thay đổi.") % {"at": f"{now.astimezone(CITY_ZONE):%H:%M %d/%m/%Y}"}
    return f"{_('Kỳ báo cáo chưa kết thúc')}. {until}"


def index_tables(found: Index, notes: tuple[str, ...]) -> dict[str, Table]:
    """Decision 766: the two ways of counting, and every criterion with what it measures."""
    counted = found.verdicts
    ways = (
        (_("Chỉ số 766"), counted.whole, counted.late),
        (_("Nghị định 61/2018"), counted.legally_measured, counted.legally_late),
    )
    beside = (
        Column("way", _("Cách tính"), width=28),
        Column("measured", _("Hồ sơ đo"), "int"),
        Column("late", _("Trễ"), "int"),
        Column("not_late", _("Không trễ"), "percent"),
    )
    return {
        "hai-cach": figure_table(
            _("Đúng hạn theo hai cách tính"),
            beside,
            [(name, whole, late, (whole - late) / whole if whole else None) for name, whole, late in ways],
            notes,
        ),
        "tieu-chi": _criteria(found, notes),
    }


def _criteria(found: Index, notes: tuple[str, ...]) -> Table:
    reached = _("Đạt %(points)s trên %(most)s điểm của phần đo được.") % {
        "points": localize(found.points), "most": localize(found.most),
    }  # fmt: skip
    columns = (
        Column("group", _("Nhóm"), width=34),
        Column("code", _("Mã")),
        Column("criterion", _("Tiêu chí"), width=46),
        Column("points", _("Điểm"), "decimal"),
        Column("most", _("Tối đa"), "decimal"),
        Column("part", _("Số đạt"), "int"),
        Column("whole", _("Số đo"), "int"),
        Column("reached", _("Đạt"), "percent"),
        Column("target", _("Mục tiêu"), "percent"),
        Column("note", _("Ghi chú"), width=50),
    )
    rows = []
    for group, scores in found.groups:
        for each in scores:
            what, share = each.criterion, each.share if each.points is not None else None
            remark = _("điểm, mục tiêu là giá trị minh họa") if what.demonstration else ""
            if each.points is None:
                remark = said(what.why_not) if what.why_not else _("Không có hồ sơ nào để đo.")
            rows.append((
                f"{group.code}. {said(group.name)}", what.code, said(what.name), each.points, what.most,
                share.part if share else None, share.whole if share else None,
                share.part / share.whole if share and share.whole else None,
                what.target if share else None, remark,
            ))  # fmt: skip
    return figure_table(_("Các tiêu chí"), columns, rows, (*notes, reached))


def score_tables(page: Mapping[str, Any], notes: tuple[str, ...]) -> dict[str, Table]:
    """Circular 01/2018: the indices with how many dossiers got how many points, what was recorded, the officials.

    `page` is what the page shows.
    """
    score, grade = page["score"], page["grade"]
    reached = _("Đạt %(points)s trên %(most)s điểm của phần đã biết.") % {
        "points": localize(score["total"]), "most": score["most"],
    }  # fmt: skip
    graded = f"{_('Xếp loại')}: {grade}" if grade else _("Chưa xếp loại: còn tiêu chí chưa có dữ liệu.")
    columns = (
        Column("number", _("Mã")),
        Column("index", _("Tiêu chí"), width=46),
        Column("score", _("Điểm"), "decimal"),
        Column("points", _("Tổng điểm"), "int"),
        Column("of", _("Số hồ sơ"), "int"),
        *(Column(f"got_{each}", _("%(n)s điểm") % {"n": each}, "int") for each in POINTS),
        Column("note", _("Ghi chú"), width=60),
    )
    rows = [_index(each, page.get("online")) for each in score["indices"]]
    found = {"tieu-chi": figure_table(_("Các tiêu chí"), columns, rows, (*notes, reached, graded))}
    if page.get("recorded"):
        found["ghi-nhan"] = _recorded(page["recorded"], notes)
    if page.get("officers"):
        found["can-bo"] = figure_table(
            _("Cán bộ đã làm xong việc trong kỳ"),
            (Column("name", _("Cán bộ"), width=34), Column("count", _("Số hồ sơ"), "int")),
            [(each["name"], each["count"]) for each in page["officers"]],
            notes,
        )
    return found


def _index(each: Mapping[str, Any], use: OnlineUse | None) -> tuple[Any, ...]:
    head = (each["number"], each["name"], each["score"])
    if each["score"] is None:
        return (*head, *(None,) * 5, each["why_not"] or _("Không có hồ sơ nào trong kỳ."))
    if each["by_points"]:
        got = {some["points"]: some["count"] for some in each["by_points"]}
        return (*head, each["points"], each["of"], *(got[points] for points in POINTS), None)
    if each["said"] or use is None:
        return (*head, *(None,) * 5, each["said"])
    words = _(
        "%(a)s / %(b)s thủ tục mức độ 3, 4; %(c)s / %(d)s hồ sơ nộp trực tuyến; %(e)s hồ sơ trực tuyến trễ."
    ) % {"a": use.services, "b": use.procedures, "c": use.online, "d": use.received, "e": use.late}  # fmt: skip
    return (*head, *(None,) * 5, words)


def _recorded(recorded: Iterable[Mapping[str, Any]], notes: tuple[str, ...]) -> Table:
    """Every version, the newest of each index first; one that withdraws says so and why."""
    columns = (
        Column("number", _("Mã")),
        Column("index", _("Tiêu chí"), width=46),
        Column("version", _("Bản"), "int"),
        Column("value", _("Giá trị"), width=50),
        Column("evidence", _("Minh chứng"), width=50),
        Column("by", _("Ai ghi nhận"), width=28),
        Column("place", _("Cơ quan"), width=34),
        Column("at", _("Lúc"), "instant"),
    )
    rows = [
        (
            each["number"], each["name"], one["version"], _("Đã rút lại") if one["withdrawn"] else one["value"],
            one["evidence"], one["by"], one["place"], one["at"],
        )
        for each in recorded
        for one in each["versions"]
    ]  # fmt: skip
    return figure_table(_("Chỉ số do người ghi nhận"), columns, rows, notes)


def overview_table(
    title: str, names: Sequence[tuple[str, str]], rows: Iterable[tuple[Any, ...]], notes: tuple[str, ...]
) -> Table:
    """The agencies, each with its total and grade and its three recorded indices: the score, or what is wanted yet."""
    columns = (
        Column("group", _("Nhóm"), width=30),
        Column("code", _("Mã")),
        Column("agency", _("Cơ quan"), width=40),
        Column("total", _("Tổng điểm"), "decimal"),
        Column("most", _("Tối đa"), "int"),
        Column("grade", _("Xếp loại"), width=16),
        *(
            column
            for number, name in names
            for column in (
                Column(f"score_{number}", f"{number}. {name}", "decimal"),
                Column(f"missing_{number}", _("Tiêu chí %(n)s còn thiếu") % {"n": number}, width=26),
            )
        ),
    )
    return figure_table(title, columns, rows, notes)


def issued_table(rows: Iterable[tuple[Any, ...]]) -> Table:
    """Issued reports: which form, scope, period and version, when and by whom."""
    columns = (
        Column("form", _("Biểu")),
        Column("scope", _("Phạm vi"), width=40),
        Column("period", _("Kỳ"), width=34),
        Column("version", _("Bản"), "int"),
        Column("issued", _("Phát hành"), "instant"),
        Column("by", _("Người phát hành"), width=28),
        Column("digest", "SHA-256", width=66),
    )
    return figure_table(_("Báo cáo đã phát hành"), columns, rows, from_journal=False)


def differences_table(title: str, rows: Iterable[Mapping[str, Any]], notes: tuple[str, ...]) -> Table:
    """Every cell of an issued report that the journal counts otherwise today."""
    columns = (
        Column("row", _("Dòng"), width=46),
        Column("column", _("Cột")),
        Column("issued", _("Đã phát hành"), "int"),
        Column("now", _("Tính lại"), "int"),
    )
    return figure_table(
        title, columns, [(each["label"], each["column"], each["issued"], each["now"]) for each in rows], notes
    )
