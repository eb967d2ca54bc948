"""`motcua content preview`: an unpublished procedure as HTML, without a city."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from motcua.site.cli import needs_city

PROCEDURES = Path(__file__).resolve().parents[2] / "content" / "hanoi-2018" / "procedures"


def preview(path: Path, *more: str) -> str:
    out = StringIO()
    call_command("content", "preview", str(path), *more, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.parametrize("path", sorted(PROCEDURES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_form_of_the_pack_can_be_looked_at_without_a_database(path: Path) -> None:
    page = preview(path)
    assert page.startswith("<!doctype html>")
    assert "Chưa công bố được" not in page
    assert "<style>" in page
    assert 'src="/static' not in page


def test_it_needs_no_city_and_speaks_english() -> None:
    assert not needs_city(["content", "preview", "x.yaml"])
    assert "On the portal, one group a page" in preview(PROCEDURES / "house-permit-2.yaml", "--language", "en")


def test_what_stops_publishing_is_said_on_the_page_and_what_cannot_be_read_by_line(tmp_path: Path) -> None:
    text = (PROCEDURES / "birth-registration-2.yaml").read_text()
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("known: wife", "known: aunt"))
    page = preview(wrong, "--to", str(tmp_path / "form.html"))
    assert page.strip() == str(tmp_path / "form.html")
    assert "“aunt”" in (tmp_path / "form.html").read_text()
    wrong.write_text(text.replace("type: person", "type: persn"))
    with pytest.raises(CommandError):
        preview(wrong)
    with pytest.raises(CommandError):
        preview(tmp_path / "nothing.yaml")
