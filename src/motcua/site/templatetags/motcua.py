"""The design system's tags and filters: `{% load motcua %}`.

Each tag turns plain data into one component; which data a page shows, and whether its reader may see them, is
decided before. Markup is in `templates/motcua/components/`, colours and sizes in `static/motcua/css/`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django import template
from django.forms import BoundField
from django.template import TemplateSyntaxError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import worked_words
from motcua.site.templatetags import clock as clocks
from motcua.site.templatetags import spoken as words
from motcua.site.templatetags.fields import errors_of, field_view
from motcua.site.templatetags.geometry import bar_row_view, gantt_view, tile_view
from motcua.site.templatetags.icons import SIZES, inline_icon, state_icon
from motcua.site.templatetags.reading import part, spoken
from motcua.site.templatetags.rows import table_view

register = template.Library()
View = TypeVar("View", bound=Callable[..., dict[str, Any]])
THEMES = ("light", "dark")
NOTICES = {"success": "circle-check", "info": "info", "warning": "triangle-alert", "danger": "circle-x"}


def component(name: str) -> Callable[[View], View]:
    """Registers a tag drawn by `motcua/components/<name>.html`."""
    return register.inclusion_tag(f"motcua/components/{name}.html", name=name)


# Words


@register.filter
def dong(amount: int | float | Decimal | None) -> str:
    """Money: `1.500.000 đồng`."""
    return "" if amount is None else words.money_in_words(amount)


@register.filter(name="count")
def count_filter(number: int | Decimal | None) -> str:
    """A count with its thousands apart: `12.345`."""
    return "" if number is None else words.grouped(number)


@register.filter
def percent(share: float | Decimal | None) -> str:
    """A share between 0 and 1: `98,2%`."""
    return "" if share is None else words.percent_in_words(share)


@register.filter
def say_date(when: date | datetime | None) -> str:
    """`thứ Hai 7/1/2019`."""
    return "" if when is None else words.date_in_words(when)


@register.filter
def say_instant(when: datetime | None) -> str:
    """`thứ Hai 7/1/2019, 17:00`; a plain date without an hour is said as a date."""
    if when is None:
        return ""
    return words.instant_in_words(when) if isinstance(when, datetime) else words.date_in_words(when)


@register.filter
def say_short(when: date | datetime | None) -> str:
    """`7/1, 17:00`, with the year when it is not this one."""
    return "" if when is None else words.short_instant(when)


@register.filter
def say_time(when: datetime | None) -> str:
    """`17:00`."""
    return "" if when is None else words.time_in_words(when)


@register.filter
def say_span(minutes: float | None) -> str:
    """Minutes as `2 giờ 15 phút`."""
    return "" if minutes is None else words.span_in_words(minutes)


@register.filter
def worked(minutes: float | None) -> str:
    """Minutes of working time as `1 ngày làm việc 2 giờ`, a day being eight hours."""
    return "" if minutes is None else worked_words(round(minutes))


@register.filter
def in_language(text: Any) -> Any:
    """A text of two languages in the reader's."""
    return spoken(text)


@register.filter
def iso(when: date | datetime | None) -> str:
    """For `<time datetime>`."""
    return "" if when is None else when.isoformat()


# Small things


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon as inline SVG; `size` is small, big or huge; with a label it is an image of its own."""
    if size not in SIZES:
        raise TemplateSyntaxError(f"no icon size {size!r}")
    return inline_icon(name, size, label)


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The theme the reader has switched to, from a cookie: light, dark, or auto (what the system says)."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme") if request is not None else None
    return chosen if chosen in THEMES else "auto"


@register.simple_tag
def state_tag(state: str, text: Any = "") -> SafeString:
    """A state's word and shape on its colour."""
    return clocks.tag_of(state, spoken(text))


@register.simple_tag
def key_hint(*keys: str) -> SafeString:
    """Keys of the keyboard."""
    return format_html(
        '<span class="keys">{}</span>', format_html_join(" ", '<kbd class="key">{}</kbd>', ((key,) for key in keys))
    )


@register.simple_tag
def clock_chip(clock: Any, panel: bool = True) -> SafeString:
    """The clock chip; with `panel` it opens how its date was reached."""
    return clocks.chip_of(clock, panel)


# Components


@component("field")
def field(of: Any, label: Any = "", hint: Any = "") -> dict[str, Any]:
    """A question with its label, hint, error and input; `label` and `hint` replace the field's own."""
    return {"field": field_view(of, spoken(label), spoken(hint))}


@register.simple_tag
def relabel(bound: Any, label: Any) -> str:
    """Give a form's field our own label, in the summary of errors too; nothing is shown here."""
    if isinstance(bound, BoundField):
        bound.label = spoken(label)
    return ""


@component("error_summary")
def error_summary(*sources: Any) -> dict[str, Any]:
    """Everything to mend, at the top of the page, each a link to its place."""
    return {"errors": [each for source in sources for each in errors_of(source)]}


@register.inclusion_tag("motcua/components/downloads.html", takes_context=True)
def downloads(context: template.Context, formats: str = "xlsx,csv,pdf", part: str = "", of: Any = "") -> dict[str, Any]:
    """The table of this page as a file: the page's own address, asked as Excel, CSV or PDF."""
    query = context["request"].GET.copy()
    for name in ("sau", "dinh-dang", "bang"):
        query.pop(name, None)
    if part:
        query["bang"] = part
    shown = []
    for each in formats.split(","):
        if each:
            query["dinh-dang"] = each
            shown.append({"label": {"xlsx": "Excel"}.get(each, each.upper()), "href": f"?{query.urlencode()}"})
    return {"formats": shown, "of": spoken(of)}


@component("tick_row")
def tick_row(paper: Any, readonly: bool = False) -> dict[str, Any]:
    """One paper of a dossier: a big tick, and how many originals, certified copies and copies."""
    asked = [
        {"kind": kind, "label": label, "asked": part(paper, kind, 0), "has": part(part(paper, "has", {}), kind, "")}
        for kind, label in (
            ("original", _("bản chính")),
            ("certified", _("bản sao chứng thực")),
            ("copy", _("bản chụp")),
        )
    ]
    return {"paper": paper, "asked": [each for each in asked if each["asked"] or each["has"]], "readonly": readonly}


@component("stage_line")
def stage_line(stages: Iterable[Any], across: bool = False) -> dict[str, Any]:
    """The line of stages, with a dot where the dossier is; `across` lays it from left to right on wide screens."""
    shown = [
        {
            "name": spoken(part(each, "name")), "agency": spoken(part(each, "agency")),
            "state": part(each, "state", "next"),
            "when": spoken(part(each, "when")), "note": spoken(part(each, "note")),
        }
        for each in stages
    ]  # fmt: skip
    return {"stages": shown, "across": across}


@component("summary_list")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Keys and values, each with an action of its own where there is one."""
    shown = []
    for row in rows:
        if isinstance(row, tuple | list):
            row = dict(zip(("key", "value", "href", "action"), row, strict=False))
        shown.append({"key": spoken(part(row, "key")), "value": spoken(part(row, "value")),
                      "href": part(row, "href"), "action": spoken(part(row, "action"))})  # fmt: skip
    return {"rows": shown}


@component("data_table")
def data_table(table: Any) -> dict[str, Any]:
    """A table of rows: sticky head, figures of one width, a tick box per row where rows can be chosen."""
    return table_view(table)


@component("filter_chips")
def filter_chips(chips: Iterable[Any], label: Any = "") -> dict[str, Any]:
    """Filters as links, each with its exact count."""
    return {"chips": list(chips), "label": spoken(label) or _("Lọc")}


@component("empty_state")
def empty_state(title: Any, text: Any = "", icon: str = "inbox", href: str = "", action: Any = "") -> dict[str, Any]:
    """What stands where there is nothing, and what to do next."""
    return {"title": spoken(title), "text": spoken(text), "icon": icon, "href": href, "action": spoken(action)}


@component("action_bar")
def action_bar(actions: Iterable[Any], form: str = "", count: int = 0) -> dict[str, Any]:
    """What can be done with the chosen rows, saying what will happen to how many."""
    shown = [
        {
            "value": part(each, "value"), "label": spoken(part(each, "label")), "icon": part(each, "icon"),
            "kind": part(each, "kind", ""), "confirm": part(each, "confirm", ""), "says": spoken(part(each, "says")),
            "said": str(spoken(part(each, "says"))).replace("{n}", words.grouped(count)),
        }
        for each in actions
    ]  # fmt: skip
    return {"actions": shown, "form": form, "count": count}


@component("timeline")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, in order: when, who, what."""
    return {"entries": list(entries)}


@component("mini_gantt")
def mini_gantt(gantt: Any) -> dict[str, Any]:
    """The clocks of the stages along one line of time."""
    return {"gantt": gantt_view(gantt)}


@component("big_number")
def big_number(
    value: Any, label: Any = "", of: int | None = None, href: str = "", note: Any = "", state: str = ""
) -> dict[str, Any]:
    """A figure with its denominator, and the list it counts behind it."""
    said = words.grouped(value) if isinstance(value, int | Decimal) else value
    return {"value": said, "label": spoken(label), "of": of, "href": href, "note": spoken(note), "state": state}


@component("bar_row")
def bar_row(row: Any) -> dict[str, Any]:
    """One row of a bar chart, its figure and denominator in words beside it."""
    return {"row": bar_row_view(row)}


@component("unit_tiles")
def unit_tiles(units: Iterable[Any], placed: bool = False) -> dict[str, Any]:
    """Units as tiles coloured by share on time; `placed` puts them at their `column` and `row` (from 1)."""
    return {"tiles": [tile_view(each) for each in units], "placed": placed}


@component("pager")
def pager(
    previous: str | None = None, next: str | None = None, shown: Any = "", total: int | None = None
) -> dict[str, Any]:
    """The page before and the page after, by key; the total is exact or not shown."""
    return {"previous": previous, "next": next, "shown": spoken(shown), "total": total}


@component("notice")
def notice(kind: str, title: Any = "", text: Any = "") -> dict[str, Any]:
    """A notice: what happened, what is safe, what to do."""
    return {"kind": kind, "icon": NOTICES[kind], "title": spoken(title), "text": spoken(text)}


@component("person_card")
def person_card(person: Any) -> dict[str, Any]:
    """A person or a business, with what the reader may see of them."""
    return {"person": person, "icon": "building-2" if part(person, "kind") == "business" else "users"}


@register.inclusion_tag("motcua/components/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: template.Context, crumbs: Sequence[Any]) -> dict[str, Any]:
    """The way back; the last one is this page."""
    return {"office": context.get("office"), "crumbs": [(spoken(label), href) for label, href in crumbs]}


@component("tabs")
def tabs(items: Iterable[Any], label: Any = "") -> dict[str, Any]:
    """Views of one thing, each a page of its own."""
    return {"items": list(items), "label": spoken(label) or _("Phần của trang")}


@component("confirm_dialog")
def confirm_dialog(id: str, title: Any, text: Any, action: Any, kind: str = "") -> dict[str, Any]:
    """A question before an act; without JavaScript the server asks it on a page of its own."""
    return {"id": id, "title": spoken(title), "text": spoken(text), "action": spoken(action), "kind": kind}


@component("search_box")
def search_box(
    action: str, value: str = "", label: Any = "", name: str = "q", suggestions: Iterable[Any] = ()
) -> dict[str, Any]:
    """One question, and under it what people really ask."""
    return {"action": action, "value": value, "label": spoken(label) or _("Bạn cần làm việc gì?"), "name": name,
            "suggestions": [(spoken(said), href) for said, href in suggestions]}  # fmt: skip


@component("answer_box")
def answer_box(rows: Iterable[Any], action: Any = None) -> dict[str, Any]:
    """A procedure answered first: who, how long, how much, where, online or not, and one button."""
    return {"rows": list(rows), "action": action}


@register.simple_tag
def shape_of(state: str) -> SafeString:
    """The shape that stands beside a state's colour."""
    return state_icon(state)
