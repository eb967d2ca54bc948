"""`motcua translations`: what a page says is found, and what English lacks is named."""

from pathlib import Path

import pytest

from motcua.site import translating
from motcua.site.translating import Said, said_in_module, said_in_template

TEMPLATE = """<p title="{% translate "Xin 'chào'" %}">{{ name|default:_("Chưa đặt tên") }}</p>
{% blocktranslate count n=found trimmed %}
  {{ n }} hồ sơ
{% plural %}
  {{ n }} hồ sơ
{% endblocktranslate %}
{% translate "Nộp" context "tiền" %}{# {% translate "không nói" %} #}"""


def test_a_template_says_its_tags_its_blocks_and_its_marked_constants() -> None:
    assert list(said_in_template(TEMPLATE, "p.html")) == [
        Said(("Xin 'chào'",), None, "p.html", 1),
        Said(("Chưa đặt tên",), None, "p.html", 1),
        Said(("%(n)s hồ sơ", "%(n)s hồ sơ"), None, "p.html", 2),
        Said(("Nộp",), "tiền", "p.html", 7),
    ]


def test_a_module_says_what_it_passes_to_gettext_and_nothing_else() -> None:
    text = (
        'a = _("Một " "câu")\n'
        'b = gettext_lazy("Hai")\n'
        'c = ngettext("%(n)s việc", "%(n)s việc", n)\n'
        'd = pgettext("giấy", "Hẹn")\n'
        'e = print("không")\n'
        "f = _(variable)\n"
    )
    assert list(said_in_module(text, "m.py")) == [
        Said(("Một câu",), None, "m.py", 1),
        Said(("Hai",), None, "m.py", 2),
        Said(("%(n)s việc", "%(n)s việc"), None, "m.py", 3),
        Said(("Hẹn",), "giấy", "m.py", 4),
    ]


@pytest.fixture
def one_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with one page and no English yet."""
    source = tmp_path / "motcua"
    page = source / "portal" / "templates" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text('{% blocktranslate %}Chào {{ name }}{% endblocktranslate %}{% translate "Nộp" %}')
    monkeypatch.setattr(translating, "SOURCE", source)
    monkeypatch.setattr(translating, "CATALOGUE", source / "en" / "django.po")
    monkeypatch.setattr(translating, "COMPILED", source / "en" / "django.mo")
    return page


def write(**english: str) -> None:
    catalogue = translating.updated()
    for message in catalogue:
        if message.id and message.id in english:
            message.string = english[message.id]
    translating.write_catalogue(catalogue)
    translating.COMPILED.write_bytes(translating.compiled(translating.read_catalogue()))


def test_every_missing_text_is_named_with_its_place(one_page: Path) -> None:
    write(**{"Chào %(name)s": "Hello %(name)s"})
    assert translating.faults() == ["motcua/portal/templates/page.html:1: “Nộp”: chưa có tiếng Anh / no English"]


def test_a_placeholder_lost_in_english_is_named(one_page: Path) -> None:
    write(**{"Chào %(name)s": "Hello", "Nộp": "Submit"})
    found = translating.faults()
    assert len(found) == 1
    assert "the placeholders differ" in found[0]


def test_a_complete_catalogue_is_written_the_same_every_time_and_read_by_gettext(one_page: Path) -> None:
    import gettext

    write(**{"Chào %(name)s": "Hello %(name)s", "Nộp": "Submit"})
    assert translating.faults() == []
    first = translating.CATALOGUE.read_bytes(), translating.COMPILED.read_bytes()
    write()
    assert (translating.CATALOGUE.read_bytes(), translating.COMPILED.read_bytes()) == first
    with translating.COMPILED.open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Nộp") == "Submit"


def test_a_text_no_longer_said_leaves_the_catalogue_and_a_stale_compilation_is_named(one_page: Path) -> None:
    write(**{"Chào %(name)s": "Hello %(name)s", "Nộp": "Submit"})
    one_page.write_text('{% translate "Nộp" %}')
    translating.write_catalogue(translating.updated())
    assert "Hello" not in translating.CATALOGUE.read_text()
    assert [fault for fault in translating.faults() if "out of date" in fault] != []


def test_what_the_libraries_say_at_the_sign_in_is_said_in_vietnamese() -> None:
    from django.utils.translation import gettext, ngettext, override

    with override("vi"):
        said = gettext("The username and/or password you specified are not correct.")
        assert said == "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy nhập lại."
        short = "This password is too short. It must contain at least %d character"
        assert ngettext(f"{short}.", f"{short}s.", 10) % 10 == "Mật khẩu quá ngắn: cần ít nhất 10 ký tự."
        assert gettext("This field is required.") == "Hãy điền mục này."


def test_the_libraries_compiled_texts_are_those_of_their_catalogue() -> None:
    assert translating.LIBRARIES.with_suffix(".mo").read_bytes() == translating.compiled_libraries()
