"""The ways really taken: variants against the process, rework, hand-overs to and fro and too late, the stamp's batches.

Every figure opens the list of exactly the dossiers it counts.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers.clock_face import worked_words
from motcua.flow.losses import (
    BATCH,
    LAIN_MINUTES,
    WITHIN_MINUTES,
    Crossing,
    Lain,
    crossing_list,
    stamped_list,
)
from motcua.flow.overview import overview
from motcua.flow.slices import FEWEST
from motcua.flow.variants import Kind, Leaving, Row, Tally, VariantRow, listing
from motcua.law.process import Process
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.flow.asking import Asked, address, looked_at, narrowed, procedure_or_404, tabs
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name, kind_name, place_name, procedure_name, said, step_name

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
def flow_ways(request: HttpRequest) -> HttpResponse:
    """The ways of one procedure; without one, the way to choose it."""
    found = looked_at(request)
    if not found.slice.procedure:
        return render(request, "office/flow/ways.html", {"choose": address("control_process", found.parts)})
    procedure = procedure_or_404(found.slice.procedure)
    seen = overview(found.slice)
    counted, stamped = seen.tally, seen.stamping
    context = {
        "name": said(procedure.name),
        "crumbs": _crumbs(found, None),
        "tabs": tabs("flow_ways", found),
        "removable": narrowed("flow_ways", found),
        "period": found.period,
        "total": counted.total,
        "fewest": FEWEST,
        "figures": _figures(found, counted),
        "variants": [_variant(each, found, counted.total, procedure.process) for each in seen.variants],
        "variant_count": counted.variants,
        "leavings": [_leaving(each, found, procedure.process) for each in seen.leavings],
        "crossings": [_crossing(each, found) for each in seen.crossings],
        "stamping": stamped,
        "stamped_href": address("flow_ways_list", found.parts_with(loai=STAMPED)),
        "stamped_lain": worked_words(round(stamped.lain_median)) if stamped.lain_median else "",
        "batch": {"size": BATCH, "minutes": WITHIN_MINUTES, "lain": worked_words(LAIN_MINUTES)},
        "logs": {kind: address(f"flow_log_{kind}", found.parts) for kind in ("xes", "ocel")},
    }
    return render(request, "office/flow/ways.html", context)


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
        "median": worked_words(round(row.median)),
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
        "median": worked_words(round(row.median)),
        "p90": worked_words(round(row.p90)),
        "href": address("flow_ways_list", {**parts, "tat-ca": "1"}),
        "late_href": address("flow_ways_list", parts),
    }


@official(*sorted(CONTROL_ROLES))
def flow_ways_list(request: HttpRequest) -> HttpResponse:
    """The dossiers behind a figure, a page at a time."""
    found = looked_at(request)
    procedure_or_404(found.slice.procedure)
    asked_kind = request.GET.get("loai", "tat-ca")
    try:
        if asked_kind in (STAMPED, CROSSED):
            table, title, following, extra = _pieces(request, found, asked_kind)
        else:
            table, title, following, extra = _dossiers(request, found, asked_kind)
    except (ValueError, OverflowError):
        raise Http404 from None
    parts = found.parts_with(loai=asked_kind, **extra)
    context = {
        "title": title,
        "total": None,
        "period": found.period,
        "crumbs": _crumbs(found, title),
        "table": table,
        "first": address("flow_ways_list", parts) if request.GET.get("sau") else None,
        "next": address("flow_ways_list", {**parts, "sau": following}) if following else None,
        "back": address("flow_ways", found.parts),
    }
    return render(request, "office/flow/list.html", context)


Page = tuple[dict[str, Any], str, str, dict[str, str]]


def _dossiers(request: HttpRequest, found: Asked, slug: str) -> Page:
    kind = SLUGS.get(slug)
    if kind is None:
        raise Http404
    query = request.GET
    extra = {name: query[name][:80] for name in ("kieu", "roi", "den") if name in query}
    leaving = (extra.get("roi", ""), extra.get("den", "")) if "roi" in extra or "den" in extra else None
    variant = int(extra.get("kieu", "0")[:20])
    if abs(variant) >= 2**63:
        raise Http404
    rows, following = listing(found.slice, kind, variant=variant, leaving=leaving, after=query.get("sau", ""))
    return _dossier_table(rows, str(_NAMES[kind])), str(_NAMES[kind]), following, extra


def _dossier_table(rows: list[Row], caption: str) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [
            {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
            {"key": "receiving", "label": _("Nơi nhận"), "kind": "text"},
            {"key": "accepted", "label": _("Tiếp nhận"), "kind": "when"},
            {"key": "finished", "label": _("Kết thúc"), "kind": "when"},
            {"key": "how", "label": _("Kết quả"), "kind": "text"},
            {"key": "minutes", "label": _("Thời gian giải quyết"), "kind": "text"},
            {"key": "way", "label": _("Các bước đã qua"), "kind": "words"},
        ],
        "rows": [
            {
                "id": str(row.dossier_id),
                "href": reverse("office:dossier", args=[row.dossier_id]),
                "label": row.code,
                "state": "late" if row.timeliness == "late" else None,
                "cells": {
                    "code": row.code,
                    "receiving": agency_name(row.receiving),
                    "accepted": row.accepted_at,
                    "finished": row.finished_at,
                    "how": kind_name(row.timeliness or row.outcome),
                    "minutes": worked_words(row.minutes),
                    "way": " → ".join(step_name(row.version, step) for step in row.steps),
                },
            }
            for row in rows
        ],
    }


def _pieces(request: HttpRequest, found: Asked, slug: str) -> Page:
    query, known = request.GET, directory()
    after = query.get("sau", "")
    if slug == STAMPED:
        rows, following = stamped_list(found.slice, after)
        title = _("Ký, cho số dồn một lúc")
        return _piece_table(rows, title, _("Nằm chờ")), title, following, {}
    pair = {}
    for name in ("gui", "nhan"):
        code = query.get(name, "")
        if code and code not in known.by_code:
            raise Http404
        pair[name] = known.by_code[code].number if code else 0
    every = query.get("tat-ca") == "1"
    rows, following = crossing_list(found.slice, pair["gui"], pair["nhan"], after, late=not every)
    title = _("Giao nhận giữa các cơ quan") if every else _("Giao nhận chậm giữa các cơ quan")
    extra = {name: query[name] for name in ("gui", "nhan") if query.get(name)} | ({"tat-ca": "1"} if every else {})
    return _piece_table(rows, title, _("Trên đường")), title, following, extra


def _piece_table(rows: list[Lain], caption: str, minutes: str) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [
            {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
            {"key": "step", "label": _("Bước"), "kind": "text"},
            {"key": "sender", "label": _("Nơi gửi"), "kind": "text"},
            {"key": "agency", "label": _("Cơ quan"), "kind": "text"},
            {"key": "opened", "label": _("Từ lúc"), "kind": "when"},
            {"key": "at", "label": _("Xong lúc"), "kind": "when"},
            {"key": "minutes", "label": minutes, "kind": "text"},
        ],
        "rows": [
            {
                "id": f"{row.dossier_id}:{row.no}",
                "href": reverse("office:dossier", args=[row.dossier_id]),
                "label": row.code,
                "state": None,
                "cells": {
                    "code": row.code,
                    "step": step_name(row.version, row.step),
                    "sender": place_name(row.sent_by) if row.sent_by else "",
                    "agency": place_name(row.agency),
                    "opened": row.opened,
                    "at": row.at,
                    "minutes": worked_words(row.minutes),
                },
            }
            for row in rows
        ],
    }
