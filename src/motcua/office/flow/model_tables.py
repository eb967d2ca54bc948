"""How good the chances of lateness are, as tables to take along: the scores, the reliability curve, the history."""

from typing import Any

from django.utils.translation import gettext as _

from motcua.flow.learning import Bin, Model, Quality
from motcua.flow.models import RiskModel
from motcua.flow.slices import FEWEST
from motcua.kpis.wording import number
from motcua.law.margins import of_share
from motcua.law.working_time import city_day
from motcua.office.flow.reasons import feature_name
from motcua.office.flow.taking_along import ends, margin_columns
from motcua.office.list_files import figure_table
from motcua.tables.table import Column, Table


def model_tables(
    quality: Quality | None, model: Model | None, history: list[dict[str, Any]], notes: tuple[str, ...]
) -> dict[str, Table]:
    """What the page of the model shows, by the names its parts have in an address."""
    tables = {}
    if quality:
        tables["diem"] = _scores(quality, notes)
        tables["tin-cay"] = _curve(quality, notes)
    if model:
        tables["dau-hieu"] = _signs(model, notes)
    if history:
        tables["lich-su"] = _history(history, notes)
    return tables


def weights(model: Model) -> list[tuple[str, float]]:
    """The signs of a model with what they weigh, the heaviest first."""
    found = zip(model.features, model.coefficients, strict=True)
    return [(name, weight * model.slope) for name, weight in sorted(found, key=lambda each: -abs(each[1]))]


def _thousandfold(title: str) -> str:
    """The title of a score whose differences lie behind the second place."""
    return f"{title} × {number(1000)}"


def _times(score: float | None) -> float | None:
    return None if score is None else round(score * 1000, 6)


def _scores(quality: Quality, notes: tuple[str, ...]) -> Table:
    columns = (
        Column("n", _("Hồ sơ để kiểm tra"), "int"),
        Column("late", _("Trễ hạn"), "int"),
        Column("share", _("Tỷ lệ trễ hạn"), "percent"),
        Column("brier", _thousandfold("Brier"), "decimal"),
        Column("base", _thousandfold(_("Brier nền")), "decimal"),
        Column("skill", _("Hơn"), "percent"),
        Column("sure", _("Chắc chắn"), width=20),
    )
    row = (
        quality.n, quality.late, quality.late / quality.n if quality.n else None, _times(quality.brier),
        _times(quality.brier_base), quality.skill, _("chắc chắn hơn") if quality.sure else _("không chắc hơn"),
    )  # fmt: skip
    return figure_table(_("Trên những hồ sơ để riêng"), columns, [row], notes)


def _curve(quality: Quality, notes: tuple[str, ...]) -> Table:
    columns = (
        Column("said", _("Nguy cơ đã báo"), "percent"),
        Column("came", _("Trễ thật"), "percent"),
        *margin_columns(),
        Column("n", _("Số hồ sơ"), "int", total=True),
    )
    few = _("Dưới %(n)s hồ sơ thì không ghi tỷ lệ.") % {"n": FEWEST}
    return figure_table(_("Nói và xảy ra"), columns, [_point(each) for each in quality.reliability], (*notes, few))


def _point(each: Bin) -> tuple[object, ...]:
    if each.n < FEWEST:
        return each.said, None, None, None, each.n
    return each.said, each.came, *ends(of_share(round(each.came * each.n), each.n)), each.n


def _signs(model: Model, notes: tuple[str, ...]) -> Table:
    columns = (Column("name", _("Dấu hiệu"), width=50), Column("weight", _("Sức nặng"), "decimal"))
    rows = [(feature_name(name), weight) for name, weight in weights(model)]
    return figure_table(_("Dấu hiệu, nặng nhất đứng đầu"), columns, rows, notes)


def _history(history: list[dict[str, Any]], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("at", _("Lúc"), "instant"),
        Column("n", _("Hồ sơ"), "int"),
        Column("late", _("Trễ hạn"), "int"),
        Column("brier", _thousandfold("Brier"), "decimal"),
        Column("base", _thousandfold(_("Brier nền")), "decimal"),
        Column("skill", _("Hơn"), "percent"),
        Column("use", _("Dùng được"), width=60),
    )
    rows = [
        (each["at"], each["n"], each["late"], _times(each["brier"]), _times(each["base"]), each["skill"],
         each["why"] or _("dùng được"))
        for each in history
    ]  # fmt: skip
    return figure_table(_("Các lần học"), columns, rows, notes)


def learned(kept: RiskModel | None) -> tuple[str, ...]:
    """When the model that is shown was learned, and from how much."""
    if kept is None:
        return ()
    parts = {"at": f"{city_day(kept.trained_at):%d/%m/%Y}", "n": number(kept.n), "late": number(kept.late)}
    return (_("Học ngày %(at)s từ %(n)s hồ sơ của thành phố, %(late)s trễ.") % parts,)
