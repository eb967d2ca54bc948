"""Rating the service: once, by whoever may, without signing in only by a link that was made for it."""

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.permits import everything, set_watch
from motcua.dossiers import rating_links
from motcua.law import commands as c
from motcua.notices import links
from motcua.reports.rating_words import questions
from portal.own_permits import OwnPermit

pytestmark = pytest.mark.django_db

ANSWERS = {f"c{number}": "2" for number in range(1, 10)} | {"c7": "1", "words": "Cô tiếp dân rất tận tình"}


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


def finished() -> OwnPermit:
    return OwnPermit().filed().accepted().drafted().shown().ended()


def test_the_owner_rates_once_and_sees_what_they_said() -> None:
    permit = finished()
    address, client = reverse("portal:my_rating", args=[permit.id]), permit.client
    page = client.get(address)
    assert page.content.decode().count("<fieldset") == 9
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"c1": "7", "words": "x"}).status_code == 422
    seq = permit.state.seq
    for _ in range(10):
        assert client.post(address, ANSWERS).status_code in (200, 302)
    state = permit.state
    assert state.seq == seq + 1
    assert state.rating is not None
    assert (state.rating.by, sum(state.rating.scores.values())) == ("account", 17)
    assert "Cô tiếp dân" in client.get(address).content.decode()


def test_nothing_is_rated_before_it_is_answered() -> None:
    permit = OwnPermit().filed().accepted()
    before = everything()
    assert permit.client.post(reverse("portal:my_rating", args=[permit.id]), ANSWERS).status_code == 302
    link = reverse("portal:rate_by_link", args=[rating_links.make(permit.id)])
    assert Client().get(link).status_code == 404
    assert Client().post(link, ANSWERS).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("by", ["link", "counter"])
def test_a_link_rates_its_dossier_and_shows_no_name(by: Any) -> None:
    permit = finished()
    address = reverse("portal:rate_by_link", args=[rating_links.make(permit.id, by)])
    anybody = Client()
    page = anybody.get(address)
    body = page.content.decode()
    assert permit.state.code in body
    for secret in (permit.owner.account.full_name, permit.owner.number, "ba tầng"):
        assert secret not in body
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert anybody.post(address, ANSWERS).status_code == 302
    rating = permit.state.rating
    assert rating is not None
    assert rating.by == by
    after = anybody.get(address).content.decode()
    assert "Cảm ơn" in after
    # Whoever the link was passed on to does not read what was said.
    assert "Cô tiếp dân" not in after


def test_a_link_that_was_altered_or_is_old_rates_nothing(watch: Any) -> None:
    permit = finished()
    token = rating_links.make(permit.id, "counter")
    assert rating_links.check(token) == (permit.id, "counter")
    altered = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(0, len(token) - 1, 3)]
    before = everything()
    for wrong in (*altered, token[:-2], token + "AAAA", "x", "A" * 500, "é", "", rating_links.make(1)):
        found = rating_links.check(wrong)
        assert found is None or found.dossier_id == 1, wrong
        if wrong:
            assert Client().post(f"/danh-gia/{quote(wrong)}/", ANSWERS).status_code == 404
    lasting = rating_links.make(permit.id)
    watch.later(minutes=21)
    assert rating_links.check(token) is None
    assert Client().post(f"/danh-gia/{token}/", ANSWERS).status_code == 404
    assert rating_links.check(lasting) == (permit.id, "link")
    watch.later(days=61)
    assert rating_links.check(lasting) is None
    assert everything() == before


def test_the_link_in_a_message_is_the_one_the_page_opens() -> None:
    permit = finished()
    address = links.rating_link(permit.id)
    assert len(address.rsplit("/", 2)[1]) < 40
    assert Client().get(urlsplit(address).path).status_code == 200


def test_what_the_agency_says_against_it_and_the_ruling_are_shown_to_the_owner() -> None:
    permit = finished()
    permit.act(c.Rate(scores={"1": 0}, words="Chậm"), permit.actor)
    permit.act(c.ContestRating(reason="Người nộp nhầm hồ sơ"), permit.people.leader)
    address = reverse("portal:my_dossier", args=[permit.id])
    body = permit.client.get(address).content.decode()
    assert "Người nộp nhầm hồ sơ" in body
    assert "vẫn được tính" in body


def test_every_question_has_three_answers_in_everyday_words() -> None:
    assert list(questions()) == [str(each) for each in range(1, 10)]
    for question, answers in questions().values():
        assert question.endswith("?")
        assert len(set(answers)) == 3
