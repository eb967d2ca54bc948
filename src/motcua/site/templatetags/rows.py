"""The rows of a table, drawn in Python: a desk shows fifty of them, and a template takes six times as long.

The head and the frame are in `components/data_table.html`; the kinds of cells are the table's own.
"""

from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import worked_words
from motcua.site.templatetags.clock import chip_of, tag_of
from motcua.site.templatetags.reading import part, spoken
from motcua.site.templatetags.spoken import grouped, short_instant

# Kinds whose value may be long: two lines of it are shown, the whole is in its title. Where the words are what the
# table is there for, the kind is "words": nothing of them is cut off.
CLAMPED = ("text",)


def drawn_value(kind: str, value: Any) -> SafeString | str:
    """What stands in a cell of this kind."""
    if value is None or value == "":
        return ""
    match kind:
        case "clock":
            return chip_of(value)
        case "number":
            return grouped(value)
        case "when":
            return short_instant(value)
        case "worked":
            return worked_words(value)
        case "tag":
            return tag_of(value[0], spoken(value[1]))
    words = spoken(value)
    if kind in CLAMPED:
        return format_html('<span class="cell__words" title="{0}">{0}</span>', words)
    return conditional_escape(words)


def drawn_row(row: Any, columns: list[tuple[str, str, str]], select: str, form: str) -> SafeString:
    """One row: `columns` are `(key, kind, label)`, `select` the name of its tick box (empty for none)."""
    href, cells = part(row, "href"), part(row, "cells", {})
    drawn: list[str] = []
    if select:
        drawn.append(_tick(row, select, form))
    opened = False
    for key, kind, label in columns:
        inside = drawn_value(kind, part(cells, key))
        if href and not opened and kind != "clock":
            inside, opened = format_html('<a href="{}" data-row-link>{}</a>', href, inside), True
        drawn.append(f'<td class="cell--{kind}" data-label="{label}">{conditional_escape(inside)}</td>')
    state = part(row, "state")
    look = f' class="row--{conditional_escape(state)}"' if state else ""
    return mark_safe(f"<tr data-row{look}>{''.join(drawn)}</tr>")  # noqa: S308  each part is escaped above


def _tick(row: Any, select: str, form: str) -> SafeString:
    return format_html(
        '<td class="table__tick"><label class="table__tick-label"><input class="row-tick" type="checkbox" '
        'name="{}" value="{}"{}{} data-row-tick><span class="visually-hidden">{} {}</span></label></td>',
        select,
        part(row, "id"),
        format_html(' form="{}"', form) if form else "",
        mark_safe(" checked") if part(row, "chosen") else "",
        _("Chọn"),
        spoken(part(row, "label")),
    )


def table_view(table: Any) -> dict[str, Any]:
    """What the frame of the table shows, with its rows drawn."""
    heads = [
        {
            "key": part(each, "key"),
            "kind": part(each, "kind", "text"),
            "label": spoken(part(each, "label")),
            "sort": part(each, "sort"),
            "sorted": part(each, "sorted"),
        }
        for each in part(table, "columns", ())
    ]
    columns = [
        (each["key"], str(conditional_escape(each["kind"])), str(conditional_escape(each["label"]))) for each in heads
    ]
    select = part(table, "name", "row") if part(table, "select", False) else ""
    form = part(table, "form", "")
    rows = [drawn_row(row, columns, select, form) for row in part(table, "rows", ())]
    return {"caption": spoken(part(table, "caption")), "heads": heads, "select": bool(select), "rows": rows}
