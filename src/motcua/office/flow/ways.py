"""The ways really taken: variants against the process, rework, hand-overs to and fro and too late, the stamp's batches.

Every figure opens the list of exactly the dossiers it counts.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers.clock_face import worked_words
from motcua.exports.answers import asked_format
from motcua.flow.losses import (
    BATCH,
    LAIN_MINUTES,
    WITHIN_MINUTES,
    Crossing,
    Lain,
    crossing_list,
    stamped_list,
)
from motcua.flow.overview import Overview, overview
from motcua.flow.slices import FEWEST
from motcua.flow.variants import Kind, Leaving, Row, Tally, VariantRow, listing
from motcua.law.process import Process
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address, dossier_row, dossier_table, turned
from motcua.office.flow.asking import Asked, looked_at, narrowed, procedure_or_404, tabs
from motcua.office.flow.taking_along import notes_of, ways_tables
from motcua.office.list_files import list_file, parts_file
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name, kind_name, place_name, procedure_name, said, step_name
from motcua.tables import page_keys

SLUGS: dict[str, Kind] = {
    "tat-ca": "all", "tre-han": "late", "dung-quy-trinh": "fitting", "khac-quy-trinh": "unfitting",
    "bi-tra-lai": "returned", "lam-lai": "repeated", "qua-lai": "to_and_fro", "chuyen-cham": "late_crossing",
}  # fmt: skip
_SLUG_OF = {kind: slug for slug, kind in SLUGS.items()}
STAMPED, CROSSED = "ky-don", "giao-cham"
_NAMES = {
    "all": gettext_lazy("Hồ sơ đã kết thúc"),
    "late": gettext_lazy("Trễ hạn"),
    "fitting": gettext_lazy("Đi đúng quy trình"),
    "unfitting": gettext_lazy("Đi khác quy trình"),
    "returned": gettext_lazy("Bị trả lại bước trước"),
    "repeated": gettext_lazy("Có bước phải làm lại"),
    "to_and_fro": gettext_lazy("Qua lại giữa hai cơ quan"),
    "late_crossing": gettext_lazy("Giao nhận chậm giữa các cơ quan"),
}
_MEANINGS = {
    "unfitting": gettext_lazy("thứ tự các bước không có trong quy trình của phiên bản đó"),
    "returned": gettext_lazy("ít nhất một lần có người trả về bước trước"),
    "repeated": gettext_lazy("một bước mở lại từ lần thứ hai"),
    "to_and_fro": gettext_lazy("chuyển cùng một chiều giữa hai cơ quan hơn một lần"),
    "late_crossing": gettext_lazy(
        "nơi nhận xác nhận sau ngày làm việc; gửi sau 15 giờ thì sau đầu giờ ngày làm việc tiếp theo "
        "(NĐ 61/2018, Điều 18), cho phép chậm một giờ"
    ),
}


@official(*sorted(CONTROL_ROLES))
def flow_ways(request: HttpRequest) -> HttpResponseBase:
    """The ways of one procedure, or its tables as a file; without one, the way to choose it."""
    found = looked_at(request)
    if not found.slice.procedure:
        if asked_format(request):
            raise Http404
        return render(request, "office/flow/ways.html", {"choose": address("control_process", found.parts)})
    procedure = procedure_or_404(found.slice.procedure)
    seen = overview(found.slice)
    shown = _shown(found, seen, procedure.process)
    if (
        file := parts_file(request, lambda: ways_tables(found, shown) if shown["total"] else {}, "duong-di")
    ) is not None:
        return file
    stamped = seen.stamping
    context = {
        **shown,
        "name": said(procedure.name),
        "crumbs": _crumbs(found, None),
        "tabs": tabs("flow_ways", found),
        "removable": narrowed("flow_ways", found),
        "period": found.period,
        "fewest": FEWEST,
        "stamped_href": address("flow_ways_list", found.parts_with(loai=STAMPED)),
        "stamped_lain": worked_words(round(stamped.lain_median)) if stamped.lain_median else "",
        "logs": {kind: address(f"flow_log_{kind}", found.parts) for kind in ("xes", "ocel")},
    }
    return render(request, "office/flow/ways.html", context)


def _shown(found: Asked, seen: Overview, process: Process) -> dict[str, Any]:
    """The figures of the page, on paper as in a file."""
    counted = seen.tally
    return {
        "total": counted.total,
        "figures": _figures(found, counted),
        "variants": [_variant(each, found, counted.total, process) for each in seen.variants],
        "variant_count": counted.variants,
        "leavings": [_leaving(each, found, process) for each in seen.leavings],
        "crossings": [_crossing(each, found) for each in seen.crossings],
        "stamping": seen.stamping,
        "batch_how": _(
            "Một đợt: từ %(size)s lượt ký hoặc cho số của cùng một người, mỗi lượt cách lượt trước không quá"
            " %(minutes)s phút, và mỗi hồ sơ đã nằm ở bước đó ít nhất %(lain)s trước khi ký. Chỉ đếm trong thủ tục"
            " này, nên đây là mức thấp nhất."
        )
        % {"size": BATCH, "minutes": WITHIN_MINUTES, "lain": worked_words(LAIN_MINUTES)},
    }


def _crumbs(found: Asked, last: str | None) -> list[tuple[str, str | None]]:
    name = procedure_name(found.slice.procedure)
    crumbs: list[tuple[str, str | None]] = [(_("Số liệu"), reverse("office:figures"))]
    crumbs.append((name, address("flow_ways", found.parts) if last else None))
    return [*crumbs, (last, None)] if last else crumbs


def _figures(found: Asked, counted: Tally) -> list[dict[str, Any]]:
    return [
        {
            "label": _NAMES[kind],
            "meaning": _MEANINGS.get(kind, ""),
            "n": number,
            "share": number / counted.total if counted.total >= FEWEST and kind != "all" else None,
            "href": address("flow_ways_list", found.parts_with(loai=_SLUG_OF[kind])),
            "bad": kind in ("late", "unfitting") and number > 0,
        }
        for kind in SLUGS.values()
        if (number := counted.counts[kind]) is not None
    ]


def _variant(row: VariantRow, found: Asked, total: int, process: Process) -> dict[str, Any]:
    seen: set[str] = set()
    steps = []
    for step in row.steps:
        steps.append({"name": _step_name(step, row.version, process), "again": step in seen})
        seen.add(step)
    return {
        "steps": steps,
        "n": row.n,
        "share": row.n / total if total else None,
        "late": row.late,
        "share_late": row.late / row.n if row.n >= FEWEST else None,
        "median": row.median,
        "fits": row.fits,
        "answered": row.answered,
        "leaves": _leaves(row.left_after, row.left_to, row.version, process) if not row.fits else "",
        "href": address("flow_ways_list", found.parts_with(loai="tat-ca", kieu=str(row.id))),
    }


def _step_name(step: str, version: int, process: Process) -> str:
    known = next((each for each in process.steps if each.id == step), None)
    return said(known.name) if known else step_name(version, step)


def _leaves(after: str, to: str, version: int, process: Process) -> str:
    names = {"after": _step_name(after, version, process), "to": _step_name(to, version, process)}
    if not after:
        return _("bắt đầu từ bước “%(to)s”") % names
    if not to:
        return _("kết thúc ngay sau bước “%(after)s”") % names
    return _("sau bước “%(after)s” đi thẳng đến “%(to)s”") % names


def _leaving(row: Leaving, found: Asked, process: Process) -> dict[str, Any]:
    parts = found.parts_with(loai="khac-quy-trinh", roi=row.after, den=row.to)
    return {
        "words": _leaves(row.after, row.to, 0, process),
        "n": row.n,
        "late": row.late,
        "href": address("flow_ways_list", parts),
    }


def _crossing(row: Crossing, found: Asked) -> dict[str, Any]:
    known = directory()
    pair = {"gui": known[row.sender].code, "nhan": known[row.receiver].code}
    parts = found.parts_with(loai=CROSSED, **pair)
    return {
        "sender": place_name(row.sender),
        "receiver": place_name(row.receiver),
        "n": row.n,
        "late": row.late,
        "share": row.late / row.n if row.n >= FEWEST else None,
        "median": row.median,
        "p90": row.p90,
        "href": address("flow_ways_list", {**parts, "tat-ca": "1"}),
        "late_href": address("flow_ways_list", parts),
    }


@official(*sorted(CONTROL_ROLES))
def flow_ways_list(request: HttpRequest) -> HttpResponseBase:
    """The dossiers behind a figure, a page at a time, or all of them as a file."""
    found = looked_at(request)
    procedure_or_404(found.slice.procedure)
    asked_kind = request.GET.get("loai", "tat-ca")
    behind = (_pieces if asked_kind in (STAMPED, CROSSED) else _dossiers)(request.GET, found, asked_kind)
    parts = found.parts_with(loai=asked_kind, **behind.parts)
    table = partial(behind.table, caption=behind.title)
    notes = notes_of(found, *_narrower(behind, found))
    if (file := list_file(request, behind.title, behind.page, table, notes)) is not None:
        return file
    rows, pages = turned(request, behind.page, lambda **more: address("flow_ways_list", parts | more))
    context = {
        "title": behind.title,
        "total": None,
        "period": found.period,
        "crumbs": _crumbs(found, behind.title),
        "table": table(rows),
        **pages,
        # How many there are is not counted here: on paper goes what is known to be one page.
        "formats": "xlsx,csv" if pages["first"] or pages["next"] else "xlsx,csv,pdf",
        "back": address("flow_ways", found.parts),
    }
    return render(request, "office/flow/list.html", context)


class _Behind(NamedTuple):
    """The list behind a figure: its title, its rows after a key, its table, and what its address says of it."""

    title: str
    page: Callable[..., tuple[list[Any], str]]
    table: Callable[..., dict[str, Any]]
    parts: dict[str, str]


def _narrower(behind: _Behind, found: Asked) -> list[str]:
    """To which place or which two agencies a list is narrowed, in words; a way stands in each of its rows."""
    parts, known = behind.parts, directory().by_code
    said = []
    if "roi" in parts or "den" in parts:
        process = procedure_or_404(found.slice.procedure).process
        said.append(_leaves(parts.get("roi", ""), parts.get("den", ""), 0, process))
    pair = [place_name(known[parts[each]].number) for each in ("gui", "nhan") if parts.get(each)]
    return [*said, *([" → ".join(pair)] if pair else [])]


def _dossiers(query: QueryDict, found: Asked, slug: str) -> _Behind:
    kind = SLUGS.get(slug)
    if kind is None:
        raise Http404
    extra = {name: query[name][:80] for name in ("kieu", "roi", "den") if name in query}
    leaving = (extra.get("roi", ""), extra.get("den", "")) if "roi" in extra or "den" in extra else None
    try:
        variant = page_keys.number(extra.get("kieu", "0"))
    except page_keys.WrongKeyError:
        raise Http404 from None
    return _Behind(
        str(_NAMES[kind]),
        lambda after, **more: listing(found.slice, kind, variant=variant, leaving=leaving, after=after, **more),
        _dossier_table,
        extra,
    )


def _dossier_table(rows: list[Row], caption: str) -> dict[str, Any]:
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        ("receiving", _("Nơi nhận"), "text"),
        ("accepted", _("Tiếp nhận"), "when"),
        ("finished", _("Kết thúc"), "when"),
        ("how", _("Kết quả"), "text"),
        ("minutes", _("Thời gian giải quyết"), "worked"),
        ("way", _("Các bước đã qua"), "words"),
    ]
    found = []
    for row in rows:
        cells = {
            "code": row.code,
            "receiving": agency_name(row.receiving),
            "accepted": row.accepted_at,
            "finished": row.finished_at,
            "how": kind_name(row.timeliness or row.outcome),
            "minutes": row.minutes,
            "way": " → ".join(step_name(row.version, step) for step in row.steps),
        }
        found.append(dossier_row(row.dossier_id, row.code, cells, late=row.timeliness == "late"))
    return dossier_table(caption, columns, found)


def _pieces(query: QueryDict, found: Asked, slug: str) -> _Behind:
    if slug == STAMPED:
        table = partial(_piece_table, minutes=_("Nằm chờ"))
        return _Behind(_("Ký, cho số dồn một lúc"), partial(stamped_list, found.slice), table, {})
    pair, known = {}, directory()
    for name in ("gui", "nhan"):
        code = query.get(name, "")
        if code and code not in known.by_code:
            raise Http404
        pair[name] = known.by_code[code].number if code else 0
    every = query.get("tat-ca") == "1"
    page = partial(crossing_list, found.slice, pair["gui"], pair["nhan"], late=not every)
    title = _("Giao nhận giữa các cơ quan") if every else _("Giao nhận chậm giữa các cơ quan")
    extra = {name: query[name] for name in ("gui", "nhan") if query.get(name)} | ({"tat-ca": "1"} if every else {})
    return _Behind(title, page, partial(_piece_table, minutes=_("Trên đường")), extra)


def _piece_table(rows: list[Lain], caption: str, minutes: str) -> dict[str, Any]:
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        ("step", _("Bước"), "text"),
        ("sender", _("Nơi gửi"), "text"),
        ("agency", _("Cơ quan"), "text"),
        ("opened", _("Từ lúc"), "when"),
        ("at", _("Xong lúc"), "when"),
        ("minutes", minutes, "worked"),
    ]
    found = []
    for row in rows:
        cells = {
            "code": row.code,
            "step": step_name(row.version, row.step),
            "sender": place_name(row.sent_by) if row.sent_by else "",
            "agency": place_name(row.agency),
            "opened": row.opened,
            "at": row.at,
            "minutes": row.minutes,
        }
        found.append(dossier_row(row.dossier_id, row.code, cells, no=row.no))
    return dossier_table(caption, columns, found)
