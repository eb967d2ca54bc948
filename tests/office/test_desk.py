"""The desk as its people use it: the list, the page of a dossier, acting alone and on twenty at once."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.handle import Done, lodge
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Applicant, PaperGiven
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory, forget_directory
from permit_office import Office

pytestmark = pytest.mark.django_db

QUERIES = 30


@pytest.fixture
def office() -> Iterator[Office]:
    forget_directory()
    yield Office()
    forget_directory()


def test_the_inbox_shows_what_is_mine_with_exact_counts(office: Office, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(3):
        office.with_officer(number)
    client = office.client(office.officer)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("office:desk"))
    assert page.status_code == 200
    assert page.context["total"] == 3
    assert len(page.context["table"]["rows"]) == 3
    assert client.get(reverse("office:desk") + "?loc=late").context["total"] == 0
    assert office.client(office.stranger).get(reverse("office:desk")).context["total"] == 0


def test_a_dossier_page_offers_the_next_lawful_act_first(office: Office, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    state = office.with_officer()
    client = office.client(office.officer)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("office:dossier", args=[state.id]))
    assert page.context["primary"]["action"] == "draft"
    assert state.code in page.content.decode()
    assert office.client(office.clerk).get(reverse("office:dossier", args=[state.id])).context["primary"] is None


def test_what_is_not_yours_does_not_exist(office: Office) -> None:
    state = office.with_officer()
    client = office.client(office.stranger)
    for name, args in (("office:dossier", [state.id]), ("office:act", [state.id, "draft", state.tasks[0].no])):
        assert client.get(reverse(name, args=args)).status_code == 404
    assert Client().get(reverse("office:dossier", args=[state.id])).status_code == 302


def test_drafting_previews_and_then_records(office: Office) -> None:
    state = office.with_officer()
    client = office.client(office.officer)
    url = reverse("office:act", args=[state.id, "draft", state.tasks[0].no])
    result = versions.procedure_version(state.version).results[0].id
    answers = {"result": result, "text": "Cho phép xây dựng", "key": "k1", "seen": state.seq}
    preview = client.post(url, answers | {"preview": "1"})
    assert preview.context["effects"]
    assert store.read(state.id)[0].seq == state.seq  # type: ignore[index]
    assert client.post(url, answers).status_code == 302
    assert client.post(url, answers).status_code == 302
    after = store.read(state.id)[0]  # type: ignore[index]
    assert after.draft is not None
    assert after.seq == state.seq + 1


def test_a_refused_act_says_why_and_keeps_what_was_typed(office: Office) -> None:
    state = office.with_officer()
    client = office.client(office.officer)
    url = reverse("office:act", args=[state.id, "refuse", state.tasks[0].no])
    page = client.post(url, {"reason": "", "words": "Trái quy hoạch chi tiết", "key": "k", "seen": state.seq})
    assert page.status_code == 422
    body = page.content.decode()
    assert "Cần nêu lý do cụ thể" in body
    assert "Trái quy hoạch chi tiết" in body
    assert store.read(state.id)[0].seq == state.seq  # type: ignore[index]


def test_a_stale_page_changes_nothing(office: Office) -> None:
    state = office.with_officer()
    client = office.client(office.officer)
    office.do(state, c.Note(words="Đồng nghiệp vừa ghi"), office.officer, "note")
    url = reverse("office:act", args=[state.id, "note", 0])
    page = client.post(url, {"words": "Ghi chú của tôi", "key": "k", "seen": state.seq})
    assert page.status_code == 422
    assert "đã thay đổi" in page.content.decode()
    assert client.post(url, {"words": "Ghi chú của tôi", "key": "k2", "seen": state.seq + 1}).status_code == 302


def test_a_leader_signs_twenty_at_once(office: Office) -> None:
    states = [office.to_sign(number) for number in range(20)]
    client = office.client(office.leader)
    page = client.get(reverse("office:signing"))
    assert page.context["plain"] == 20
    values = [card["value"] for card in page.context["cards"]]
    post = {"action": "sign", "confirmed": "yes", "key": "bulk", "task": values}
    done = client.post(reverse("office:bulk"), post)
    assert len(done.context["done"]) == 20
    assert not done.context["refused"]
    assert all(store.read(state.id)[0].signed_by for state in states)  # type: ignore[index]
    again = client.post(reverse("office:bulk"), post)
    assert len(again.context["done"]) == 20
    assert {store.read(state.id)[0].seq for state in states} == {done.context["done"][0].seq}  # type: ignore[index]


def test_bulk_without_script_asks_first(office: Office) -> None:
    state = office.accepted()
    client = office.client(office.clerk)
    ask = client.post(reverse("office:bulk"), {"action": "forward", "task": [f"{state.id}:{state.tasks[0].no}"]})
    assert ask.templates[0].name == "office/bulk_ask.html"
    assert store.read(state.id)[0].seq == state.seq  # type: ignore[index]


def test_handovers_are_confirmed_by_who_receives(office: Office) -> None:
    state = office.accepted()
    state = office.do(state, c.Forward(task=state.tasks[0].no), office.clerk, "f")
    sent = office.client(office.clerk).get(reverse("office:handovers"))
    assert [row["code"] for row in sent.context["sent"]] == [state.code]
    client = office.client(office.desk_clerk)
    assert client.get(reverse("office:handovers")).context["total"] == 1
    post = {"action": "receive", "confirmed": "yes", "key": "r", "task": [f"{state.id}:{state.tasks[0].no}"]}
    assert len(client.post(reverse("office:bulk"), post).context["done"]) == 1
    assert client.get(reverse("office:handovers")).context["total"] == 0


def test_search_finds_by_code_and_by_unaccented_name_and_only_ones_own(office: Office) -> None:
    state = office.accepted()
    client = office.client(office.clerk)
    assert client.get(reverse("office:search"), {"q": state.code}).status_code == 302
    assert client.get(reverse("office:search"), {"q": "nguyen van an"}).status_code == 302
    page = office.client(office.stranger).get(reverse("office:search"), {"q": state.code})
    assert page.context["found"] == []


def test_the_list_is_narrowed_by_words_and_by_procedure(office: Office) -> None:
    states = [office.with_officer(number) for number in (1, 2, 12)]
    client = office.client(office.officer)
    page = client.get(reverse("office:desk"))
    assert [choice[0] for choice in page.context["narrowing"][1]["choices"]] == ["", "1.009994"]
    assert "(3)" in page.context["narrowing"][1]["choices"][1][1]
    assert client.get(reverse("office:desk"), {"q": states[0].code}).context["total"] == 1
    assert client.get(reverse("office:desk"), {"q": "nguyen van an 1"}).context["total"] == 2
    assert client.get(reverse("office:desk"), {"thu-tuc": "1.009994"}).context["total"] == 3
    nothing = client.get(reverse("office:desk"), {"thu-tuc": "1.001193"})
    assert nothing.context["total"] == 0
    assert "Bỏ lọc" in nothing.content.decode()


def test_a_dossier_accepted_at_the_desk_owes_its_fees_all_the_same(office: Office) -> None:
    version, law = versions.current_version("1.009994", city_day(clock.now()))
    papers = tuple(PaperGiven(id=paper.id, original=1, certified=1, copy=1) for paper in law.papers)
    command = c.Lodge(
        case=law.cases[0].id,
        channel="online",
        agency=directory().by_code[office.commune].number,
        applicant=Applicant(kind="person", name="Nguyễn Văn An"),
        papers=papers,
    )
    lodged = lodge(version, command, SYSTEM, "online/1")
    assert isinstance(lodged, Done)
    client = office.client(office.clerk)
    url = reverse("office:act", args=[lodged.dossier_id, "accept", 0])
    assert client.post(url, {"key": "k", "seen": lodged.seq}).status_code == 302
    accepted = store.read(lodged.dossier_id)[0]  # type: ignore[index]
    assert accepted.owed == 75_000
