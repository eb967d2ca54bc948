"""The residents' pages: found by any spelling, telling how far a dossier is and nothing about whose it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from motcua.catalogue import versions
from motcua.dossiers import clock, worker
from motcua.dossiers.handle import Done, handle, lodge_and_accept
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Applicant, Dossier, PaperGiven
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.site.home import Home, create
from staffing import actor, hire

VERIFIER = Path(__file__).resolve().parents[2] / "verifier" / "verify_motcua.py"


def permit(name: str = "Nguyễn Văn Bí Mật") -> Dossier:
    """A house permit received at a commune."""
    agencies = directory()
    below = agencies.children[agencies.by_code["002"].number]
    commune = next(agencies[each] for each in below if agencies[each].tier == "commune")
    clerk = hire("portal", (commune.code, "reception"))
    version, law = versions.current_version("1.009994", city_day(clock.now()))
    papers = tuple(PaperGiven(id=paper.id, original=1, certified=1, copy=1) for paper in law.papers)
    command = c.Lodge(
        case=law.cases[0].id, channel="counter", agency=commune.number, papers=papers,
        applicant=Applicant(kind="person", name=name, number="001080000001", phone="0912345678"),
    )  # fmt: skip
    done = lodge_and_accept(version, command, c.Accept(), actor(clerk), "portal/1")
    assert isinstance(done, Done), done
    return done.state


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["giay phep xay dung", "GPXD", "giay phep xay dugn nha o", "1.009994"])
def test_a_procedure_is_found_by_any_spelling(words: str) -> None:
    page = Client().get(reverse("portal:search"), {"q": words}, follow=True)
    assert page.status_code == 200
    assert "nhà ở riêng lẻ" in page.content.decode()


@pytest.mark.django_db
def test_every_procedure_and_life_event_has_its_page_in_both_languages() -> None:
    client = Client()
    paths = [
        *(reverse("portal:procedure", args=[card.code]) for card in versions.cards_on(city_day(clock.now()))),
        *(reverse("portal:life_event", args=[event.code]) for event in versions.life_events()),
        *(reverse(f"portal:{name}") for name in ("home", "search", "find", "seals")),
    ]
    for language in ("vi", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for path in paths:
            page = client.get(path)
            assert page.status_code == 200, path
            assert f'lang="{language}"' in page.content.decode()[:300]


@pytest.mark.django_db
def test_a_later_code_leads_to_the_procedure_and_an_unknown_one_to_a_sentence() -> None:
    assert Client().get(reverse("portal:procedure", args=["1.013225"])).status_code in (200, 302)
    assert Client().get(reverse("portal:procedure", args=["9.999999"])).status_code == 404


@pytest.mark.django_db
def test_following_shows_how_far_and_not_whose() -> None:
    state = permit()
    client = Client()
    for page in (
        client.get(reverse("portal:follow", args=[state.token])),
        client.get(reverse("portal:find"), {"ma": state.code}),
        client.get(reverse("portal:find"), {"ma": f" {state.code.lower()} "}),
    ):
        assert page.status_code == 200
        body = page.content.decode()
        assert state.code in body
        for secret in ("Bí Mật", "001080000001", "0912345678", "Giấy tờ chứng minh quyền sử dụng đất"):
            assert secret not in body
        assert page["Cache-Control"] == "no-store"
        assert [each["state"] for each in page.context["stages"]] == ["now", "next", "next"]
    assert client.get(reverse("portal:find"), {"ma": "000.00.01.H26-181203-9999"}).status_code == 404
    assert client.get(reverse("portal:follow", args=["khong-co"])).status_code == 404


@pytest.mark.django_db
def test_a_code_that_may_be_guessed_tells_neither_the_procedure_nor_its_steps() -> None:
    state = permit()
    procedure = versions.procedure_version(state.version)
    names = [procedure.name.vi, *(stage.name.vi for stage in procedure.process.stages)]
    by_token = Client().get(reverse("portal:follow", args=[state.token])).content.decode()
    by_code = Client().get(reverse("portal:find"), {"ma": state.code}).content.decode()
    assert all(name in by_token for name in names)
    assert not any(name in by_code for name in [*names, state.procedure, state.token])


@pytest.mark.django_db
def test_a_dossier_taken_back_is_not_shown_as_having_come_to_the_end() -> None:
    state = permit()
    address = reverse("portal:follow", args=[state.token])
    assert [each["state"] for each in Client().get(address).context["stages"]] == ["now", "next", "next"]
    handle(state.id, c.Withdraw(reason="Không làm nữa"), SYSTEM, "back")
    page = Client().get(address)
    assert page.context["stages"] == []
    assert "rút hồ sơ" in page.content.decode()


def test_a_receipt_is_proven_by_the_standalone_verifier(fresh_city: object, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    settings.MOTCUA_HOME, settings.MOTCUA_SIGNING_KEY = home.path, home.signing_key_file
    state = permit()
    client = Client()
    assert client.get(reverse("portal:proof", args=[state.token])).status_code == 202
    assert worker.seal_now() == 1
    proof = client.get(reverse("portal:proof", args=[state.token]))
    assert "Bí Mật" not in proof.content.decode()
    (tmp_path / "proof.json").write_bytes(proof.content)
    published = b"".join(client.get(reverse("portal:published")).streaming_content)  # type: ignore[attr-defined]
    (tmp_path / "seals.jsonl").write_bytes(published)
    key = client.get(reverse("portal:public_key")).json()["public_key"]
    command = [
        sys.executable, str(VERIFIER), "proof", str(tmp_path / "proof.json"), "--key", key,
        "--checkpoints", str(tmp_path / "seals.jsonl"), "--json",
    ]  # fmt: skip
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    forged = json.loads(proof.content)
    forged["head"] = "00" * 32
    (tmp_path / "proof.json").write_text(json.dumps(forged))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
