"""The morning's list: open dossiers by their chance of being late, with the reason; and how good those chances are."""

from functools import partial
from typing import Any

import msgspec
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from motcua.exports.answers import asked_format
from motcua.flow.learning import Quality
from motcua.flow.models import RiskModel
from motcua.flow.risk import HIGH, MIDDLE, AtRisk, at_risk, newest, outlook, usable
from motcua.flow.slices import FEWEST
from motcua.law.margins import of_share
from motcua.office.control.asking import asked
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address, dossier_row, dossier_table, turned
from motcua.office.flow.asking import scope_name, with_divisions
from motcua.office.flow.model_tables import learned, model_tables, weights
from motcua.office.flow.reasons import feature_name, reason_words
from motcua.office.list_files import downloads_of, list_file, parts_file
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name, place_name, procedure_name, step_name

_SIDE, _EDGE = 240, 34


@official(*sorted(CONTROL_ROLES))
def flow_risk(request: HttpRequest) -> HttpResponseBase:
    """Open dossiers of the agencies overseen, the likeliest to be late first; or all of them as a file."""
    part = asked(request)
    kept = newest()
    parts = {"co-quan": directory()[part.agency].code} if part.agency else {}
    context: dict[str, Any] = {
        "why": _why(kept),
        "model_href": reverse("office:flow_model"),
        "crumbs": [(_("Số liệu"), reverse("office:figures")), (_("Nguy cơ trễ hạn"), None)],
        "removable": [(agency_name(part.agency), reverse("office:flow_risk"))] if part.agency else [],
        "late_href": address("control_dossiers", {"loai": "tre-han", **parts}),
        "now": part.now,
    }
    if usable(kept) is None:
        if asked_format(request):
            raise Http404
        return render(request, "office/flow/risk.html", context)
    agencies = with_divisions(part.agency)
    page = partial(at_risk, part.scope, agencies, part.now)
    notes = (
        scope_name(part.agency, part.scope),
        _("Hồ sơ đang giải quyết, còn trong hạn; hồ sơ dễ trễ nhất đứng đầu."),
        *learned(kept),
    )
    if (file := list_file(request, _("Nguy cơ trễ hạn"), page, _table, notes)) is not None:
        return file
    rows, pages = turned(request, page, lambda **more: address("flow_risk", parts | more))
    found = outlook(part.scope, agencies, part.now)
    context |= {
        "outlook": found,
        "expected": round(found.expected),
        "rows": [_row(row) for row in rows],
        **pages,
        **downloads_of(found.n),
        "oldest": min((row.at for row in rows), default=None),
    }
    return render(request, "office/flow/risk.html", context)


def _table(rows: list[AtRisk]) -> dict[str, Any]:
    """The list as its file has it."""
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        ("procedure", _("Thủ tục"), "words"),
        ("chance", _("Nguy cơ"), "percent"),
        ("reasons", _("Vì sao"), "words"),
        ("step", _("Bước"), "text"),
        ("agency", _("Đang ở"), "text"),
        ("due", _("Hẹn trả"), "when"),
        ("at", _("Tính lúc"), "when"),
    ]
    found = []
    for row in rows:
        shown = _row(row)
        cells = {**shown, "reasons": "; ".join(shown["reasons"]), "at": row.at}
        found.append(dossier_row(row.dossier_id, row.code, cells))
    return dossier_table(_("Nguy cơ trễ hạn"), columns, found)


def _row(row: AtRisk) -> dict[str, Any]:
    return {
        "href": reverse("office:dossier", args=[row.dossier_id]),
        "code": row.code,
        "procedure": procedure_name(row.procedure),
        "step": step_name(row.version, row.step),
        "agency": place_name(row.agency),
        "due": row.due_at,
        "chance": row.chance,
        "wide": f"{row.chance:.0%}",
        "level": "high" if row.chance >= HIGH else "middle" if row.chance >= MIDDLE else "low",
        "reasons": [reason_words(each) for each in row.reasons],
    }


def _why(kept: RiskModel | None) -> str:
    """Why no chances are shown; '' when they are."""
    if kept is None:
        return _("Chưa học được từ lịch sử của thành phố: máy học vào ban đêm, khi đã có hồ sơ kết thúc.")
    if usable(kept) is not None:
        return ""
    return {
        "few": _("Lịch sử còn ít: %(n)s hồ sơ để học, %(late)s trễ. Chưa đủ để nói về nguy cơ."),
        "few_held": _(
            "Năm để kiểm tra còn ít hồ sơ (học từ %(n)s, %(late)s trễ). Chưa đủ để biết dự báo có đúng không."
        ),
        "no_better": _("Dự báo không hơn việc nói cùng một tỷ lệ cho mọi hồ sơ, nên không được dùng."),
    }.get(kept.why, _("Mô hình cũ không dùng được nữa; máy sẽ học lại đêm nay.")) % {"n": kept.n, "late": kept.late}


@official(*sorted(CONTROL_ROLES))
def flow_model(request: HttpRequest) -> HttpResponseBase:
    """How good the chances are: the reliability curve, the scores against the base rate, the history."""
    kept = newest()
    quality = msgspec.convert(kept.quality, Quality) if kept and kept.quality else None
    model = usable(kept)
    history = [_past(each) for each in RiskModel.objects.order_by("-trained_at", "-pk")[:12]]
    if (
        file := parts_file(request, lambda: model_tables(quality, model, history, learned(kept)), "du-bao")
    ) is not None:
        return file
    context = {
        "crumbs": [(_("Nguy cơ trễ hạn"), reverse("office:flow_risk")), (_("Dự báo đúng đến đâu"), None)],
        "kept": kept,
        "why": _why(kept),
        "quality": quality,
        "base": quality.late / quality.n if quality and quality.n else None,
        "curve": _curve(quality) if quality else None,
        "weights": [
            {"name": feature_name(name), "weight": _signed(weight)}
            for name, weight in (weights(model) if model else [])
        ],
        "history": history,
    }
    return render(request, "office/flow/model.html", context)


def _curve(quality: Quality) -> dict[str, Any]:
    """The reliability curve in a square of `_SIDE`, each point with its 95 % margin, and the bins for the table.

    A bin of too few dossiers is no point: what came of one or two of them says nothing.
    """
    most = max(each.n for each in quality.reliability)
    points = []
    for each in quality.reliability:
        margin = of_share(round(each.came * each.n), each.n)
        if each.n >= FEWEST and margin is not None:
            points.append(
                {
                    "x": round(_EDGE + each.said * _SIDE, 1),
                    "y": _high(each.came),
                    "low": _high(margin.low),
                    "high": _high(margin.high),
                    "r": round(2.5 + 4 * (each.n / most) ** 0.5, 1),
                }
            )
    return {
        "line": " ".join(f"{each['x']},{each['y']}" for each in points),
        "points": points,
        "bins": [{"bin": each, "enough": each.n >= FEWEST} for each in quality.reliability],
    }


def _high(share: float) -> float:
    return round(_SIDE + 8 - share * _SIDE, 1)


def _past(kept: RiskModel) -> dict[str, Any]:
    quality = kept.quality or {}
    return {
        "at": kept.trained_at,
        "split": kept.split_on,
        "n": kept.n,
        "late": kept.late,
        "brier": quality.get("brier"),
        "base": quality.get("brier_base"),
        "skill": quality.get("skill"),
        "why": _why(kept),
    }


def _signed(value: float) -> str:
    return ("-" if value < 0 else "+") + number_format(abs(value), 2)
