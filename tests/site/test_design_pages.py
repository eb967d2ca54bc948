"""Every base and error page stands by itself, keeps to the content policy, and the portal stays light."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from motcua.law.texts import Text

SITE = Path(__file__).parents[2] / "src/motcua/site"
SOURCE = SITE.parent
STATIC = SITE / "static/motcua"
TEMPLATES = SITE / "templates"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DRAWN = {"path", "rect", "circle", "line", "ellipse", "polyline", "polygon"}
OPTIONAL = {"p", "li", "dt", "dd", "tr", "td", "th", "option"}
ERRORS = ("400", "403", "403_csrf", "404", "429", "500", "503")
ACCOUNT = (
    *(f"account/{each}.html" for each in ("login", "logout", "reauthenticate", "password_change", "password_reset")),
    *(f"account/{each}.html" for each in ("account_inactive", "signup_closed")),
    *(f"mfa/{each}.html" for each in ("authenticate", "reauthenticate", "index", "totp/activate_form")),
    *(f"mfa/{each}.html" for each in ("totp/deactivate_form", "recovery_codes/index", "recovery_codes/generate")),
)
# Anything the portal sends before a resident can act; one thousand bytes to the kilobyte.
PORTAL_WEIGHT = 100_000
OFFICE = {
    "posts": [{"value": "1", "label": Text("Quầy", "Counter"), "current": True}, {"value": "2", "label": "Phòng"}],
    "post_url": "/doi", "person": "Nguyễn Thị Ánh", "links": [{"href": "/tk", "label": "Tài khoản", "icon": "lock"}],
    "logout_url": "/ra", "search_url": "/tim", "search_value": '"><script>',
}  # fmt: skip
NAV = [{"href": "/", "label": Text("Thủ tục", "Procedures"), "current": True, "count": 1234, "icon": "inbox"}]


class Page(HTMLParser):
    """A page as a reader's programme takes it: its elements, ids, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the element."""
        self.elements.append((tag, dict(attrs)))
        if len(attrs) != len(dict(attrs)):
            self.faults.append(f"<{tag}> has an attribute twice: {attrs}")
        if tag not in VOID | DRAWN:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element closed at once."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """It must be the one opened last."""
        if tag in VOID | DRAWN:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes something else")

    def every(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a kind."""
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(autouse=True)
def only_the_language_switch(settings: Any) -> None:
    """The bases know no address but that of the language switch."""


def rendered(name: str, language: str = "vi", **context: Any) -> str:
    """A page as a visitor gets it."""
    with override(language):
        return render_to_string(name, context, request=RequestFactory().get("/trang?q=1"))


def everything() -> list[tuple[str, str]]:
    """Every page that stands without a view, in both languages."""
    names = ["motcua/style.html", *(f"{each}.html" for each in ERRORS)]
    names += [f"motcua/{face}_base.html" for face in ("portal", "office", "city")]
    return [(name, language) for name in names for language in ("vi", "en")]


@pytest.mark.parametrize(("name", "language"), everything())
def test_a_page_is_whole_and_keeps_to_the_policy(name: str, language: str) -> None:
    html = rendered(
        name, language, office=OFFICE, nav_items=NAV, house_name=Text("Hà Nội", "Hanoi"), portal={"contact": "1022"}
    )
    page = Page(html)
    assert page.faults == []
    assert page.every("html")[0]["lang"] == language
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert sorted(ids) == sorted(set(ids))
    for tag, attrs in page.elements:
        assert "style" not in attrs, (tag, attrs)
        assert not [each for each in attrs if each.startswith("on")], (tag, attrs)
        for address in ("href", "src", "action"):
            assert not (attrs.get(address) or "").startswith(("http:", "https:", "//", "javascript:")), (tag, attrs)
        for tie in ("for", "aria-describedby", "aria-labelledby"):
            assert set((attrs.get(tie) or "").split()) <= set(ids), (tag, attrs)
    assert all(script.get("src") for script in page.every("script"))
    assert page.every("style") == []


def account_form(template: str) -> forms.Form:
    """An unanswered form with the fields that a page about one's account asks for, labelled as the library does."""
    asked = set(re.findall(r"form\.(\w+)", (TEMPLATES / template).read_text(encoding="utf-8"))) - {"secret"}
    fields = {
        name: forms.CharField(label="Password", widget=forms.TextInput({"placeholder": "Code"})) for name in asked
    }
    return type("Account", (forms.Form,), {**fields, "secret": "JBSWY3DP"})({})


@pytest.mark.parametrize("name", ACCOUNT)
def test_a_page_about_one_s_account_is_in_our_clothes_and_words(name: str, settings: Any) -> None:
    context = {"form": account_form(name), "unused_codes": ["a1b2"], "total_count": 10, "totp_svg_data_uri": "data:,"}
    html = rendered(name, authenticators={"totp": True}, **context)
    page = Page(html)
    assert page.faults == []
    assert 'class="brand"' in html
    assert not re.search(r"\b(Sign|Password|Username|Code|Two-Factor)\b", re.sub(r"<[^>]+>", " ", html))
    assert [form for form in page.every("form") if form["method"] != "post"] == []
    assert "placeholder" not in html


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_nothing_but_itself(name: str) -> None:
    html = get_template(f"{name}.html").render({})
    assert "Điều gì vẫn an toàn" in html
    assert "Bạn có thể làm gì" in html


def test_a_failure_gives_its_number_and_says_what_happened() -> None:
    html = get_template("503.html").render({"sentence": "Máy chủ đã hết chỗ ghi.", "seconds": 10, "reference": "ab12"})
    assert "Máy chủ đã hết chỗ ghi." in html
    assert "10 giây" in html
    assert "ab12" in html
    assert "ab12" in get_template("500.html").render({"reference": "ab12"})
    assert "15 phút" in get_template("429.html").render({"minutes": 15})


def test_the_language_is_switched_by_a_form_that_comes_back_here() -> None:
    html = rendered("motcua/portal_base.html")
    assert re.search(r'name="next" value="/trang\?q=1"', html)
    assert 'name="language" value="en" lang="en"' in html
    assert 'name="language" value="vi" lang="vi"' in rendered("motcua/portal_base.html", "en")


def test_the_way_past_the_head_comes_first_and_leads_to_the_content() -> None:
    page = Page(rendered("motcua/office_base.html", office=OFFICE))
    assert page.every("a")[0] == {"class": "skip", "href": "#main"}
    assert page.every("main")[0]["id"] == "main"


def test_what_was_searched_for_is_not_markup() -> None:
    assert "<script>" not in rendered("motcua/office_base.html", office=OFFICE)


def test_every_static_file_named_is_there() -> None:
    for template in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"{% static '([^']+)' %}", template.read_text(encoding="utf-8")):
            assert finders.find(name), (template.name, name)
    for sheet in (STATIC / "css").glob("*.css"):
        for name in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / name).resolve().is_file(), name


def test_every_icon_named_is_kept_with_its_licence() -> None:
    kept = {path.stem for path in (TEMPLATES / "motcua/icons").glob("*.svg")}
    for template in SOURCE.rglob("templates/**/*.html"):
        assert set(re.findall(r'{% icon "([^"]+)"', template.read_text(encoding="utf-8"))) <= kept, template
    assert "ISC License" in (TEMPLATES / "motcua/icons/LICENSE").read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in [*(STATIC / "css").iterdir(), *(STATIC / "js").iterdir()]:
        text = path.read_text(encoding="utf-8")
        assert "http:" not in text, path.name
        assert "https:" not in text, path.name
        assert "@import" not in text, path.name


def test_the_scripts_are_small() -> None:
    assert sum(path.stat().st_size for path in (STATIC / "js").iterdir()) < 10_000


def test_the_portal_s_first_page_is_light() -> None:
    # The style page has every component on it, so no page of the portal has more markup.
    weight = len(gzip.compress(rendered("motcua/style.html").encode(), 6))
    page = Page(rendered("motcua/portal_base.html"))
    sheets = [each["href"] or "" for each in page.every("link") if each["rel"] == "stylesheet"]
    scripts = [each["src"] or "" for each in page.every("script")]
    for address in [*sheets, *scripts]:
        found = finders.find(address.removeprefix("/static/"))
        assert found, address
        weight += len(gzip.compress(Path(found).read_bytes(), 6))
    weight += (STATIC / "img/icon.svg").stat().st_size
    for part in ("be-vietnam-pro-latin-{}-normal", "be-vietnam-pro-vietnamese-{}-normal", "figures-{}"):
        weight += sum((STATIC / "fonts" / f"{part.format(each)}.woff2").stat().st_size for each in (400, 700))
    assert len(sheets) == 4  # tokens, base, portal, print
    assert weight < PORTAL_WEIGHT


def test_the_portal_needs_two_weights_of_letters() -> None:
    assert ".portal { --strong: 700;" in (STATIC / "css/portal.css").read_text(encoding="utf-8")
    for sheet in ("base", "portal"):
        weights = re.findall(
            r"(?:font-weight:|font:)\s*(\d{3})", (STATIC / f"css/{sheet}.css").read_text(encoding="utf-8")
        )
        assert set(weights) <= {"400", "700"}
