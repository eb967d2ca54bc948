"""The clock chip's words and shapes: what is shown of a clock that somebody else has reckoned.

No deadline is reckoned here. The clock comes as a dict or an object with `state`, `words` and what explains it.
"""

from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.site.templatetags.icons import inline_icon, state_icon
from motcua.site.templatetags.reading import part, spoken
from motcua.site.templatetags.spoken import city_day, date_in_words, day_box, instant_in_words, short_instant

STATES = {
    "on_time": gettext_lazy("đúng hạn"),
    "due_today": gettext_lazy("đến hạn hôm nay"),
    "late": gettext_lazy("trễ hạn"),
    "waiting": gettext_lazy("đang chờ"),
    "done": gettext_lazy("đã xong"),
}


def known_state(state: str) -> str:
    """The state itself. Raises ValueError for one that has no colour, word and shape."""
    if state not in STATES:
        raise ValueError(f"no state called {state!r}: one of {', '.join(STATES)}")
    return state


def tag_of(state: str, words: str = "") -> SafeString:
    """A state as a word, a shape and a colour."""
    known_state(state)
    return format_html(
        '<span class="tag tag--{}">{}<span>{}</span></span>', state, state_icon(state), words or STATES[state]
    )


def bar_of(share: float | None) -> SafeString:
    """How much of the limit is used, as a bar that stops at its end; beyond it the bar is full and notched."""
    if share is None:
        return format_html("{}", "")
    width = round(min(max(share, 0.0), 1.0) * 100, 1)
    return format_html(
        '<svg class="chip__bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="chip__used" width="{}" height="4"/></svg>',
        f"{width:g}",
    )


def chip_of(clock: Any, panel: bool = True) -> SafeString:
    """The whole chip; nothing where there is no clock."""
    if clock is None or clock == "":
        return SafeString("")
    face, state = face_of(clock), part(clock, "state", "waiting")
    opened = panel_of(clock) if panel else None
    if opened is None:
        return format_html('<span class="chip chip--{} chip--plain">{}</span>', state, face)
    inside = (
        render_to_string("motcua/components/clock_panel.html", {"panel": opened})
        if opened["long"]
        else short_panel(opened)
    )
    return format_html(
        '<details class="chip chip--{}"><summary class="chip__face">{}</summary>{}</details>', state, face, inside
    )


def short_panel(opened: dict[str, Any]) -> SafeString:
    """The panel of a clock that has a date and nothing more, as in lists."""
    return format_html(
        '<div class="chip__panel"><p class="chip__due">{} <time datetime="{}">{}</time>'
        '<span class="quiet">{}</span></p></div>',
        _("Hẹn trả"), opened["due"].isoformat(), said(opened["due"]), f" · {opened['used']}" if opened["used"] else "",
    )  # fmt: skip


def face_of(clock: Any) -> SafeString:
    """What the closed chip shows: shape, words and bar, and the pause where the clock is stopped."""
    state = known_state(part(clock, "state", "waiting"))
    paused = part(clock, "paused_since")
    share = part(clock, "share")
    pause_words = (
        format_html(
            '<span class="chip__since">{}</span>', _("dừng từ %(day)s") % {"day": short_instant(city_day(paused))}
        )
        if paused
        else ""
    )
    used = format_html('<span class="visually-hidden">, {}</span>', used_words(share)) if share is not None else ""
    shape = inline_icon("circle-pause", "small") if paused else state_icon(state)
    return format_html(
        '<span class="chip__line">{}<span class="chip__text"><span class="chip__words">{}</span> {}{}</span></span>{}',
        shape, spoken(part(clock, "words")) or STATES[state], pause_words, used, bar_of(share),
    )  # fmt: skip


def used_words(share: float) -> str:
    """`đã dùng 60% thời hạn`; beyond the limit, by how much."""
    if share > 1:
        return _("quá thời hạn %(over)s%%") % {"over": round((share - 1) * 100) or "<1"}
    return _("đã dùng %(used)s%% thời hạn") % {"used": int(share * 100)}


def panel_of(clock: Any) -> dict[str, Any] | None:
    """What opens under the chip: how the date was reached. None where there is nothing to explain."""
    days = [_day_view(each) for each in part(clock, "days", ())]
    view = {
        "name": spoken(part(clock, "name")),
        "due": part(clock, "due"),
        "used": used_words(part(clock, "share")) if part(clock, "share") is not None else "",
        "rows": [(spoken(label), said(value)) for label, value in map(_pair, part(clock, "explanation", ()))],
        "days": days,
        "counted": sum(each["counted"] for each in days),
        "skipped": skipped_by_reason(days),
        "pauses": list(part(clock, "pauses", ())),
        "held": list(part(clock, "held", ())),
        "own_words": spoken(part(clock, "own_words")),
    }
    view["long"] = any(view[each] for each in ("name", "rows", "days", "pauses", "held", "own_words"))
    return view if view["long"] or view["due"] else None


def said(value: Any) -> Any:
    """An instant or a day in words, a text in the reader's language, anything else as it is."""
    if isinstance(value, datetime):
        return instant_in_words(value)
    return date_in_words(value) if isinstance(value, date) else spoken(value)


def skipped_by_reason(days: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """`("ngày nghỉ hằng tuần", "29/12, 30/12")`: each reason once, with its days, in the order met."""
    by_reason: dict[str, list[str]] = {}
    for each in days:
        if not each["counted"] and each["reason"]:
            by_reason.setdefault(each["reason"], []).append(each["short"])
    return [(reason, ", ".join(short)) for reason, short in by_reason.items()]


def _pair(row: Any) -> tuple[Any, Any]:
    if isinstance(row, tuple | list):
        return row[0], row[1]
    return part(row, "label"), part(row, "value")


def _day_view(each: Any) -> dict[str, Any]:
    initial, short = day_box(part(each, "day"))
    return {
        "initial": initial,
        "short": short,
        "said": date_in_words(part(each, "day")),
        "counted": bool(part(each, "counted", False)),
        "reason": spoken(part(each, "reason")),
    }
