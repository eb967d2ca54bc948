"""Icons as inline SVG: the Lucide drawings kept beside the templates, and the mark of the house.

Which icon stands for what is left to the components.
"""

from functools import cache, lru_cache
from pathlib import Path

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).parent.parent / "templates" / "motcua" / "icons"
SIZES = {"small": 16, "": 20, "big": 28, "huge": 40}
STATE_ICONS = {
    "on_time": "clock",
    "due_today": "hourglass",
    "late": "triangle-alert",
    "waiting": "circle-pause",
    "done": "check",
    "now": "arrow-right",
    "next": "ellipsis",
}


@cache
def strokes(name: str) -> str:
    """The shapes of a kept icon, without the `<svg>` around them. Raises LookupError for a name not kept."""
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise LookupError(f"no icon called {name!r} in {FOLDER.name}/")
    text = path.read_text(encoding="utf-8")
    return text[text.index(">") + 1 : text.rindex("</svg>")]


@lru_cache(maxsize=512)
def inline_icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon as inline SVG: hidden from readers of the screen unless it has a label of its own."""
    pixels = SIZES[size]
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(  # noqa: S308  the shapes are files of this package, the label is escaped
        f'<svg class="icon" {said} width="{pixels}" height="{pixels}" viewBox="0 0 24 24" fill="none" '
        f'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{strokes(name)}</svg>'
    )


def state_icon(state: str, size: str = "small") -> SafeString:
    """The shape that always stands beside a state's colour."""
    return inline_icon(STATE_ICONS.get(state, "info"), size)
