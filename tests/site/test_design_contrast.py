"""Every pair of colours that stands on a page can be read, in light and in dark; the colours are the house's own."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "src/motcua/site/static/motcua/css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")

HOUSE = {
    "ink": "#1b1b1b", "quiet": "#505a5f", "line": "#c9ced1", "page": "#ffffff", "paper": "#f7f5f0",
    "lacquer": "#9e1b1e", "gold": "#c8961e", "link": "#1d4f91", "link-hover": "#163c6e", "focus": "#c8961e",
    "on-time": "#1e6b34", "on-time-ground": "#e6f2e9", "due-today": "#7a4e00", "due-today-ground": "#fff3d6",
    "late": "#a3211c", "late-ground": "#fdeceb", "waiting": "#2f4f6b", "waiting-ground": "#e8eef4",
    "done": "#505a5f", "done-ground": "#f0f0ee",
}  # fmt: skip
STATES = ("on-time", "due-today", "late", "waiting", "done")
GROUNDS = ("page", "paper", "sheet", "chosen")
WORDS = [
    *((words, ground) for words in ("ink", "quiet", "link", "link-hover") for ground in GROUNDS),
    *((state, f"{state}-ground") for state in STATES),
    *((state, ground) for state in STATES for ground in GROUNDS),
    *(("ink", f"{state}-ground") for state in STATES),
    *((f"on-level-{n}", f"level-{n}") for n in range(1, 6)),
    ("on-lacquer", "lacquer"), ("on-lacquer", "lacquer-deep"), ("on-button", "button"), ("on-button", "button-hover"),
]  # fmt: skip
# What is not text but must be seen: edges of inputs, bars, the dot of a stage, the ring of the focus.
SHAPES = [
    *(("edge", ground) for ground in GROUNDS),
    *((state, ground) for state in STATES for ground in ("page", "sheet")),
    *(("button", ground) for ground in GROUNDS),
]


def colours(theme: str) -> dict[str, str]:
    """The colour of each token in a theme."""
    light, system, switched = re.split(r"@media \(prefers-color-scheme: dark\)|:root\[data-theme=\"dark\"\]", TOKENS)
    found = dict(TOKEN.findall(light))
    return found if theme == "light" else found | dict(TOKEN.findall(system if theme == "system" else switched))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Between 1 and 21, WCAG 2.2."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_the_contrast_of_black_on_white_is_the_greatest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_on_their_ground(theme: str) -> None:
    found = colours(theme)
    weak = {pair: round(contrast(found[pair[0]], found[pair[1]]), 2) for pair in WORDS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shapes_can_be_seen_on_their_ground(theme: str) -> None:
    found = colours(theme)
    weak = {pair: round(contrast(found[pair[0]], found[pair[1]]), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", [*GROUNDS, "lacquer"])
def test_the_focus_is_seen_on_every_ground(theme: str, ground: str) -> None:
    found = colours(theme)
    ink = "#ffffff" if ground == "lacquer" else found["focus-ink"]
    assert max(contrast(found["focus"], found[ground]), contrast(ink, found[ground])) >= 3


def test_the_colours_are_those_of_the_house() -> None:
    found = colours("light")
    assert {name: found.get(name) for name in HOUSE} == HOUSE


def test_the_system_s_dark_and_the_switched_dark_are_one() -> None:
    assert colours("system") == colours("dark")
    assert colours("dark") != colours("light")


def test_every_token_used_is_defined() -> None:
    defined = set(re.findall(r"--([\w-]+):", TOKENS))
    for sheet in CSS.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert set(re.findall(r"var\(--([\w-]+)", text)) <= defined, sheet.name


def test_colours_are_written_in_one_place() -> None:
    # Only white may stand elsewhere: what stays white on every ground, as a QR code or the focus on the band.
    for sheet in ("base", "portal", "city"):
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", (CSS / f"{sheet}.css").read_text(encoding="utf-8"))) <= {
            "#ffffff"
        }


def test_gold_is_never_text_and_lacquer_only_the_band() -> None:
    for sheet in CSS.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(
            r"(?<![\w-])color:\s*var\(--gold\)", text.replace(".state-page > .icon { color: var(--gold); }", "")
        )
        users = re.findall(r"([^{}]+)\{[^{}]*var\(--lacquer", text)
        assert all(".band" in user or ".post__select" in user for user in users)
