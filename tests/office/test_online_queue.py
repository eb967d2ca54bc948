"""What comes in online: answered by the time left, seen by heads once it is late, shown with its sources."""

from typing import Any

import pytest
from django.urls import reverse

from dossiers.permits import everything, set_watch
from motcua.dossiers.asked_items import form_item
from motcua.files import store as files
from motcua.filing.models import HandedIn
from motcua.law import commands as c
from motcua.law.codes import reference
from motcua.law.dossier import PaperGiven
from office.counter_city import clerk
from portal.own_permits import OwnPermit
from residents import resident

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"
HERE = "00001"


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock: Monday 3 December 2018, 9:00."""
    return set_watch(monkeypatch)


def codes(page: Any) -> list[str]:
    return [row["label"] for row in page.context["table"]["rows"]]


def test_the_list_is_in_the_order_of_the_time_left_with_exact_counts(watch: Any) -> None:
    old = OwnPermit().filed()
    watch.to("2018-12-03 15:00")
    back = OwnPermit(old.owner).filed()
    back.act(c.RequestSupplement(items=("drawings",), reason="Mờ"), back.people.clerk)
    fresh = OwnPermit(old.owner).filed()
    at_counter = OwnPermit(old.owner).accept()
    watch.to("2018-12-03 16:00")
    client = clerk("online", HERE)
    page = client.get(reverse("office:online"))
    assert codes(page) == [reference(old.id), reference(fresh.id)]
    assert [chip["count"] for chip in page.context["chips"]] == [2, 1, 0]
    assert reference(at_counter.id) not in page.content.decode()
    watch.to("2018-12-04 10:00")
    back.act(c.GiveSupplement(papers=(PaperGiven(id="drawings", copy=1),)), back.actor)
    page = client.get(reverse("office:online"))
    assert codes(page) == [reference(each.id) for each in (old, fresh, back)]
    assert [chip["count"] for chip in page.context["chips"]] == [3, 2, 1]
    assert page.context["late"] == 1
    assert codes(client.get(reverse("office:online") + "?loc=qua-8-gio")) == [reference(old.id)]
    assert client.get(reverse("office:counter")).context["online"] == {"all": 3, "alert": 2, "late": 1}
    for wrong in ("?loc=x", "?sau=x", "?sau=1~x"):
        assert client.get(reverse("office:online") + wrong).status_code == 404


def test_pages_go_by_key(watch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.office.counter.online.PAGE", 2)
    owner = resident(number="000187000001")
    ids = [OwnPermit(owner).filed().id for _ in range(5)]
    client, seen = clerk("online", HERE), []
    address: str | None = reverse("office:online")
    while address:
        page = client.get(address)
        assert page.context["total"] == 5
        seen += codes(page)
        address = page.context["next"]
    assert seen == [reference(each) for each in ids]


def test_heads_see_what_is_late_below_them_and_neighbours_nothing(watch: Any) -> None:
    permit = OwnPermit().filed()
    watch.later(days=2)
    for name, agency, role, sees in (
        ("head", HERE, "one_stop_head", True),
        ("leader", "001", "leader", True),
        ("next", "00004", "reception", False),
        ("other", "002", "leader", False),
    ):
        page = clerk(name, agency, role).get(reverse("office:online"))
        assert page.context["late"] == int(sees), name
        # The way back leads only those to the counter who stand at one.
        assert (page.context["crumbs"][0][1] is None) == (role == "leader"), name
        assert (reference(permit.id) in page.content.decode()) == sees, name
    officer = clerk("officer", "001/XD", "officer")
    assert officer.get(reverse("office:online")).status_code == 403


def test_one_page_shows_form_papers_sources_and_the_viewer(watch: Any) -> None:
    digest = files.put(PDF, name="ban-ve.pdf").digest
    permit = OwnPermit()
    papers = tuple(
        PaperGiven(id=each.id, source="register:residence@2018-12-03T02:00:00+00:00")
        if each.id == "land_right"
        else PaperGiven(id=each.id, copy=1, files=(digest,))
        for each in permit.lodging().papers
    )
    permit.filed(papers, sources={"owner": "register@2018-12-03T02:00:00+00:00"})
    client = clerk("online", HERE)
    page = client.get(reverse("office:accept_waiting", args=[permit.id]))
    body = page.content.decode()
    assert body.count("Lấy từ cơ sở dữ liệu dân cư 3/12/2018") == 2
    assert reference(permit.id) in body
    assert page.context["answer"]["state"] == "on_time" or page.context["answer"]["state"] == "due_today"
    scan = reverse("office:scan", args=[permit.id, digest])
    assert f'<iframe class="viewer" name="viewer" src="{scan}"' in body
    shown = client.get(scan)
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert page.context["twin"] is None
    assert page.context["twins"] == []
    earlier = OwnPermit(permit.owner).filed()
    HandedIn.objects.create(
        dossier=permit.id, account=permit.owner.account_id, procedure=permit.procedure.code, likeness="x",
        twin=earlier.id, at=earlier.state.lodged_at,
    )  # fmt: skip
    assert reference(earlier.id) in client.get(reverse("office:accept_waiting", args=[permit.id])).content.decode()


def test_accepting_draws_the_code_once_and_the_next_one_waits(watch: Any) -> None:
    permit = OwnPermit().filed()
    client = clerk("online", HERE)
    address = reverse("office:accept_waiting", args=[permit.id])
    answers = {"do": "accept", "key": "k1", "seen": "1"}
    for _ in range(2):
        assert client.post(address, answers).status_code == 302
    state = permit.state
    assert state.code
    assert state.seq == 2
    assert codes(client.get(reverse("office:online"))) == []
    assert client.get(address)["Location"] == reverse("office:dossier", args=[permit.id])


def test_a_request_asks_for_papers_answers_and_words_at_once(watch: Any) -> None:
    permit = OwnPermit().filed()
    client = clerk("online", HERE)
    address = reverse("office:act", args=[permit.id, "request_supplement", 0])
    assert 'value="height"' in client.get(address).content.decode()
    answers = {"items": ["drawings"], "fields": ["height"], "other": "Ghi rõ màu mái", "words": "Bản vẽ mờ", "key": "k"}
    assert client.post(address, answers).status_code == 302
    asked = permit.state.open_supplement
    assert asked is not None
    assert asked.items == ("drawings", form_item("height"), "*Ghi rõ màu mái")
    body = client.get(reverse("office:dossier", args=[permit.id])).content.decode()
    assert "form:" not in body
    assert permit.client.get(reverse("portal:my_dossier", args=[permit.id])).status_code == 200


def test_the_draft_is_shown_from_the_desk_with_what_the_applicant_will_read(watch: Any) -> None:
    permit = OwnPermit().filed().accepted().drafted()
    client = clerk("officer", "001/XD", "officer")
    permit.act(
        c.Assign(task=permit.task(), to=client.account.pk, to_name="Trần Văn Minh", reason="Đổi việc"),  # type: ignore[attr-defined]
        permit.people.head,
    )
    page = client.get(reverse("office:dossier", args=[permit.id]))
    assert page.context["primary"]["action"] == "show_draft"
    address = reverse("office:act", args=[permit.id, "show_draft", permit.task()])
    form = client.get(address)
    assert "cho phép ba tầng" in form.context["will_see"]["text"]
    assert "không trả lời là đồng ý" in form.context["will_see"]["until"]
    assert client.post(address, {"key": "k", "note": "Xem kỹ tên đường"}).status_code == 302
    assert "Xem kỹ tên đường" in permit.client.get(reverse("portal:my_draft", args=[permit.id])).content.decode()
    assert "đang xem dự thảo" in client.get(reverse("office:dossier", args=[permit.id])).content.decode()
    permit.act(c.AnswerDraft(agrees=False, words="Sai tên đường"), permit.actor)
    body = client.get(reverse("office:dossier", args=[permit.id])).content.decode()
    assert "Người nộp báo dự thảo có chỗ sai" in body
    assert "Sai tên đường" in body


def test_an_answer_taken_by_telephone_is_one_of_two(watch: Any) -> None:
    permit = OwnPermit().filed().accepted().drafted().shown()
    client = clerk("counter", HERE)
    address = reverse("office:act", args=[permit.id, "answer_draft", 0])
    before = everything()
    assert client.post(address, {"key": "k", "words": "x"}).status_code == 422
    assert everything() == before
    assert client.post(address, {"key": "k", "agrees": "yes"}).status_code == 302
    shown = permit.state.shown
    assert shown is not None
    assert shown.agrees
    assert not shown.silent
