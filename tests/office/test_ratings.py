"""Ratings as the agencies read them: exact counts, too few is said, contested and ruled on, for their heads only."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.permits import set_watch
from motcua.law import commands as c
from motcua.reports import ratings
from motcua.reports.facts import follow as follow_facts
from motcua.reports.models import RatingFact
from motcua.reports.rebuilding import ratings_anew
from office.counter_city import clerk
from office.files_taken import cells, lines, offered, refuses_nonsense
from portal.own_permits import OwnPermit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


def rated(*scores: dict[str, int], words: str = "") -> list[OwnPermit]:
    """Finished dossiers of one owner, rated so; the followers have seen them."""
    found: list[OwnPermit] = []
    for each in scores:
        permit = OwnPermit(found[0].owner if found else None).filed().accepted().drafted().shown().ended()
        permit.act(c.Rate(scores=each, words=words), permit.actor)
        found.append(permit)
    follow([each.id for each in found])
    return found


def follow(ids: list[int]) -> None:
    follow_facts(ids)
    ratings.follow(ids)


def test_counts_are_exact_and_few_answers_are_no_average(watch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rated({"1": 2, "7": 0}, {"1": 1})
    client = clerk("head", "001/XD", "head")
    page = client.get(reverse("office:ratings"))
    assert page.context["summary"].rated == 2
    first = page.context["criteria"][0]
    assert (first["points"], first["most"], first["answers"], first["average"]) == (3, 4, 2, "")
    assert "dưới 10 trả lời" in page.content.decode()
    assert [chip["count"] for chip in page.context["chips"]] == [2, 1, 0, 0]
    assert len(client.get(reverse("office:ratings") + "?loc=co-diem-0").context["table"]["rows"]) == 1
    monkeypatch.setattr(ratings, "SMALLEST_SAMPLE", 2)
    assert client.get(reverse("office:ratings")).context["criteria"][0]["average"] == "1,5"
    for wrong in ("?loc=x", "?sau=x", "?sau=1~x"):
        assert client.get(reverse("office:ratings") + wrong).status_code == 404


def test_pages_go_by_key(watch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "PAGE", 1)
    permits = rated({"1": 2}, {"1": 1}, {"1": 0})
    client, seen = clerk("head", "001/XD", "head"), []
    address: str | None = reverse("office:ratings")
    while address:
        page = client.get(address)
        seen += [row["id"] for row in page.context["table"]["rows"]]
        address = page.context["next"]
    assert sorted(seen) == sorted(each.id for each in permits)


def test_only_those_who_answer_for_it_read_ratings(watch: Any) -> None:
    permit = rated({"1": 0}, words="Chờ lâu")[0]
    for name, agency, role, sees in (
        ("c", "HN", "control", True), ("l", "001", "leader", True), ("n", "002", "leader", False),
    ):  # fmt: skip
        body = clerk(name, agency, role).get(reverse("office:ratings")).content.decode()
        assert (permit.state.code in body) == sees
        assert ("Chờ lâu" in body) == sees
    assert clerk("r", "00001").get(reverse("office:ratings")).status_code == 403
    assert Client().get(reverse("office:ratings")).status_code == 302


def test_a_rating_is_contested_once_ruled_on_once_and_then_not_counted(watch: Any) -> None:
    permit = rated({"1": 0})[0]
    head, control = clerk("head", "001", "leader"), clerk("control", "HN", "control")
    contest = reverse("office:act", args=[permit.id, "contest_rating", 0])
    rule = reverse("office:act", args=[permit.id, "rule_on_rating", 0])
    assert control.post(rule, {"stands": "no", "words": "x", "key": "a"}).status_code == 422
    assert head.post(contest, {"words": " ", "key": "b"}).status_code == 422
    assert head.post(contest, {"words": "Hồ sơ khác", "key": "c"}).status_code == 302
    assert head.post(contest, {"words": "Lần nữa", "key": "d"}).status_code == 422
    assert head.post(rule, {"stands": "no", "words": "x", "key": "e"}).status_code == 422
    assert control.post(rule, {"words": "Chưa chọn", "key": "f"}).status_code == 422
    assert control.post(rule, {"stands": "no", "words": "Đánh nhầm hồ sơ", "key": "g"}).status_code == 302
    follow([permit.id])
    summary = head.get(reverse("office:ratings")).context["summary"]
    assert (summary.rated, summary.contested, summary.not_counted) == (1, 1, 1)
    assert summary.criteria[0].answers == 0
    assert "Đánh nhầm hồ sơ" in permit.client.get(reverse("portal:my_dossier", args=[permit.id])).content.decode()


def test_ratings_can_be_made_again_from_the_dossiers(watch: Any) -> None:
    rated({"1": 0}, {"1": 2})
    before = list(RatingFact.objects.order_by("pk").values())
    RatingFact.objects.update(words="bị sửa")
    ratings_anew([row["dossier_id"] for row in before])
    assert list(RatingFact.objects.order_by("pk").values()) == before


def test_the_counter_opens_a_page_for_one_dossier_and_nothing_else(watch: Any) -> None:
    permit = OwnPermit().filed().accepted().drafted().shown().ended()
    counter = clerk("counter", "00001")
    address = reverse("office:rating_kiosk", args=[permit.id])
    page = counter.get(address)
    assert "<svg" in page.content.decode()
    link = urlsplit(page.context["link"]).path
    assert re.fullmatch(r"/danh-gia/[\w:-]+/", link)
    tablet = Client()
    assert tablet.get(link).status_code == 200
    assert tablet.post(link, {"c1": "2"}).status_code == 302
    rating = permit.state.rating
    assert rating is not None
    assert rating.by == "counter"
    assert counter.get(address).status_code == 302
    assert clerk("next", "00004").get(address).status_code == 404


def test_ratings_are_taken_along(watch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "PAGE", 1)
    rated({"1": 2, "7": 0}, {"1": 1}, words="=Chờ lâu")
    here, head = reverse("office:ratings"), clerk("head", "001/XD", "head")
    assert offered(head, here) == {"tieu-chi", "danh-gia"}
    criteria = lines(head, here, "tieu-chi")
    assert (criteria[0]["Điểm"], criteria[0]["Tối đa"], criteria[0]["Số trả lời"]) == ("3", "4", "2")
    # Too few to say anything, in the file as on the page.
    assert {each["Điểm trung bình"] for each in criteria} == {""}
    told = lines(head, here, "danh-gia")
    assert sorted((each["Điểm"], each["Tối đa"]) for each in told) == [("1", "2"), ("2", "4")]
    assert all(each["Lời viết thêm"].startswith("'=") for each in told)
    assert len(lines(head, f"{here}?loc=co-diem-0", "danh-gia")) == 1
    assert any(row[4:6] == [2, 4] for row in cells(head, here, "danh-gia"))
    refuses_nonsense(head, here)
    assert lines(clerk("n", "002", "leader"), here, "danh-gia") == []
    assert clerk("r", "00001").get(f"{here}?dinh-dang=csv&bang=danh-gia").status_code == 403
