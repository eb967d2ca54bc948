"""Anybody checks a receipt against the sealed journal; what was altered, guessed or not sealed yet is said plainly."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from motcua.dossiers import checkpoints, worker
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.papers.from_dossier import tracking_url
from motcua.portal.results import limits
from portal.test_portal import permit

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


def test_a_receipt_and_what_does_not_fit(fresh_city: object, tmp_path: Path) -> None:
    state = permit()
    client, address = Client(), reverse("portal:check_receipt")

    def asked(**more: str) -> tuple[int, str]:
        given = {"ma": state.code, "qr": tracking_url(state)} | more
        answer = client.post(address, given)
        assert answer["Cache-Control"] == "no-store"
        text = answer.content.decode()
        for secret in (state.applicant.name, state.applicant.number, "nhà ở riêng lẻ"):
            assert secret not in text
        return answer.status_code, text

    status, text = asked()
    assert (status, "Chưa được niêm phong" in text) == (202, True)
    assert worker.seal_now() == 1
    status, text = asked()
    assert status == 200
    assert "Giấy này có trong nhật ký đã niêm phong" in text
    seal = checkpoints.last_checkpoint()
    assert seal is not None
    assert "mốc số 1" in text

    # What is printed is compared with what was sealed.
    accepted = state.accepted_at.astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
    due = state.due_at.astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
    assert "không khớp" not in asked(nhan=accepted, hen=due)[1]
    for wrong in ({"hen": "2030-01-01T08:00"}, {"nhan": "2018-01-01T08:00"}, {"hen": "mai"}):
        status, text = asked(**wrong)
        assert (status, "không khớp nhật ký đã niêm phong" in text) == (200, True)

    # Another code, other words, or none of either: one answer for all, so that nothing can be guessed from it.
    other = state.code[:-4] + "9999"
    altered = state.token[:-1] + ("A" if state.token[-1] != "A" else "B")
    refused = {re.sub(r'value="[^"]*"', "", asked(**wrong)[1].split("</h1>")[1]) for wrong in
               ({"ma": other}, {"qr": altered}, {"qr": "abc"}, {"ma": other, "qr": altered})}  # fmt: skip
    assert len(refused) == 1
    assert "không cùng một giấy tiếp nhận" in refused.pop()
    assert asked(qr="")[0] == asked(ma="")[0] == 400

    # The proof holds without this system.
    page = asked()[1]
    proof = client.get(re.search(r'href="([^"]+chung-cu\.json)"', page)[1])  # type: ignore[index]
    (tmp_path / "proof.json").write_bytes(proof.content)
    key = client.get(reverse("portal:public_key")).json()["public_key"]
    command = [sys.executable, str(ROOT / "verifier" / "verify_motcua.py"), "proof", str(tmp_path / "proof.json"),
               "--key", key]  # fmt: skip
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (tmp_path / "proof.json").write_bytes(proof.content.replace(b'"seq": 2', b'"seq": 3'))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1

    # The day's page shows the seal, the list of days its hash.
    day = client.get(reverse("portal:seal_day", args=[city_day(seal.at).isoformat()])).content.decode()
    assert re.findall(r'<code class="hashes">([0-9a-f]{64})', day)[0] in page
    assert checkpoints.closing([(seal.at, seal.at)]) == [None]
    assert client.get(reverse("portal:seal_days")).status_code == 200


@pytest.mark.django_db
def test_guessing_is_ended_and_a_right_question_costs_nothing() -> None:
    state = permit()
    client, address = Client(), reverse("portal:check_receipt")
    right = {"ma": state.code, "qr": state.token}
    for _ in range(limits.MISSES + 5):
        assert client.post(address, right).status_code == 202
    for number in range(limits.MISSES):
        assert client.post(address, {"ma": state.code, "qr": f"{number:020}"}).status_code == 404
    assert client.post(address, {"ma": state.code, "qr": "x" * 20}).status_code == 429
    assert client.post(address, right).status_code == 429
    assert Client(REMOTE_ADDR="10.1.2.3").post(address, right).status_code == 202


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["x", "2018-13-01", "0001-01-01", "9999-12-31", "2018-12-01T00:00"])
def test_a_day_that_is_none_is_not_found_or_empty(written: str) -> None:
    assert Client().get(reverse("portal:seal_day", args=[written])).status_code in (200, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "status"), [("x", 404), ("9" * 40, 200)])
def test_a_key_that_is_none_is_not_found_and_one_beyond_the_end_finds_nothing(after: str, status: int) -> None:
    answer = Client().get(reverse("portal:seal_day", args=["2018-12-03"]), {"sau": after})
    assert answer.status_code == status


@pytest.mark.django_db
def test_odd_words_do_no_harm() -> None:
    for odd in ("\x00" * 20, "' OR 1=1 --" * 3, "<script>", "A" * 10_000):
        page = Client().post(reverse("portal:check_receipt"), {"ma": odd, "qr": odd})
        assert page.status_code in (400, 404)
        assert "<script>" not in page.content.decode().replace('<script src="', "")
