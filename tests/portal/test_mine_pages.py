"""A resident's own pages: what is asked of them first, every act of theirs once, and nobody else's dossier."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers.permits import everything, set_watch
from files.paperwork import document
from motcua.accounts.models import ResidentAccount
from motcua.dossiers.asked_items import form_item
from motcua.dossiers.journal import history
from motcua.files import store as files
from motcua.filing.handing_in import delivery_of
from motcua.filing.models import HandedIn
from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.codes import reference
from motcua.law.dossier import PaperGiven
from portal.own_permits import OwnPermit
from residents import resident, signed_in

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"
QUERIES = 30


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


@pytest.fixture
def owner() -> ResidentAccount:
    """Somebody proven."""
    return resident(number="000187000001")


def upload(name: str = "ban-ve.pdf", body: bytes = b"", pages: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body or document(pages), content_type="application/pdf")


def test_who_has_nothing_is_shown_how_to_begin(owner: ResidentAccount) -> None:
    page = signed_in(owner).get(reverse("portal:mine"))
    assert page.status_code == 200
    body = page.content.decode()
    assert "Bạn chưa nộp hồ sơ nào ở đây" in body
    assert reverse("portal:search") in body


def test_what_is_asked_stands_before_the_lists_and_counts_are_exact(
    owner: ResidentAccount, django_assert_max_num_queries: Any
) -> None:
    shown = OwnPermit(owner).filed().accepted().drafted().shown()
    for _ in range(21):
        OwnPermit(owner).filed()
    OwnPermit(owner).filed().accepted().drafted().shown().ended()
    client = signed_in(owner)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("portal:mine"))
    assert page.context["counts"] == {"open": 22, "done": 1}
    assert [row["ask"].kind for row in page.context["asks"]] == ["draft", "rate"]
    assert page.context["open"][0]["href"] == reverse("portal:my_dossier", args=[shown.id])
    assert len(page.context["open"]) == 20
    rest = client.get(page.context["open_pages"]["next"])
    seen = {row["href"] for row in [*page.context["open"], *rest.context["open"]]}
    assert len(seen) == 22
    for wrong in ("?mo=x", "?xong=x", "?xong=-1", "?mo=9e99~1", "?mo=nan~1"):
        assert client.get(reverse("portal:mine") + wrong).status_code == 404


def test_before_acceptance_the_reference_stands_for_the_code(owner: ResidentAccount) -> None:
    permit = OwnPermit(owner).filed()
    page = permit.client.get(reverse("portal:my_dossier", args=[permit.id]))
    assert page.status_code == 200
    assert reference(permit.id) in page.content.decode()
    assert page.context["next"] is None
    permit.accepted()
    page = permit.client.get(reverse("portal:my_dossier", args=[permit.id]))
    assert permit.state.code in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_papers_stand_with_the_hash_of_what_was_handed_in(owner: ResidentAccount) -> None:
    digest = files.put(PDF, name="ban-ve.pdf").digest
    known = PaperGiven(id="land_right", source="register:residence@2018-12-03T02:00:00+00:00")
    permit = OwnPermit(owner)
    papers = tuple(
        PaperGiven(id=each.id, copy=1, files=(digest,)) if each.id == "drawings" else each
        for each in permit.lodging().papers
        if each.id != "land_right"
    )
    permit.filed((*papers, known))
    page = permit.client.get(reverse("portal:my_dossier", args=[permit.id]))
    body = page.content.decode()
    assert digest in body
    assert "Lấy từ cơ sở dữ liệu dân cư 3/12/2018" in body
    answer = permit.client.get(reverse("portal:my_file", args=[permit.id, digest]))
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    other = files.put(PDF + b"\n", name="cua-nguoi-khac.pdf").digest
    assert permit.client.get(reverse("portal:my_file", args=[permit.id, other])).status_code == 404


def test_the_words_of_a_draft_are_shown_only_once_it_lies_with_its_owner(owner: ResidentAccount) -> None:
    permit = OwnPermit(owner).filed().accepted().drafted()
    address = reverse("portal:my_draft", args=[permit.id])
    assert permit.client.get(address).status_code == 302
    assert "cho phép ba tầng" not in permit.client.get(reverse("portal:my_dossier", args=[permit.id])).content.decode()
    permit.shown()
    page = permit.client.get(address)
    body = page.content.decode()
    assert "cho phép ba tầng" in body
    assert "coi như bạn đồng ý" in body
    assert permit.state.open_showing is not None
    assert page.context["until"] == permit.state.open_showing.until


def test_the_draft_is_answered_once_and_an_objection_needs_words(owner: ResidentAccount) -> None:
    permit = OwnPermit(owner).filed().accepted().drafted().shown()
    address, client = reverse("portal:my_draft", args=[permit.id]), permit.client
    before = everything()
    for answer, element in (({}, "agrees"), ({"agrees": "no"}, "words"), ({"agrees": "maybe"}, "agrees")):
        page = client.post(address, {"key": "k1", **answer})
        assert page.status_code == 422
        assert page.context["errors"][0][0] == element
    assert everything() == before
    wrong = {"key": "k1", "agrees": "no", "words": "Sai tên đường"}
    for _ in range(3):
        assert client.post(address, wrong).status_code == 302
    shown = permit.state.shown
    assert shown is not None
    assert (shown.agrees, shown.words, shown.silent) == (False, "Sai tên đường", False)
    assert permit.state.seq == before["event"].count("dossier_id") + 1
    page = client.post(address, {"key": "k2", "agrees": "yes"}, follow=True)
    assert "đã được trả lời" in page.content.decode()
    assert permit.state.shown == shown


def asked(owner: ResidentAccount, *items: str) -> OwnPermit:
    """Papers are asked for at intake."""
    permit = OwnPermit(owner).filed()
    permit.act(c.RequestSupplement(items=items, reason="Bản vẽ mờ"), permit.people.clerk)
    return permit


def test_a_supplement_brings_what_was_asked_once(owner: ResidentAccount) -> None:
    permit = asked(owner, "drawings")
    address, client = reverse("portal:my_supplement", args=[permit.id]), permit.client
    assert "Bản vẽ mờ" in client.get(address).content.decode()
    before = everything()
    page = client.post(address, {"key": "k1"})
    assert page.status_code == 422
    assert page.context["errors"][0][0] == "f-paper-drawings"
    page = client.post(address, {"key": "k1", "paper-drawings": upload("x.exe", b"MZ\x90")})
    assert page.status_code == 422
    assert everything() == before
    for _ in range(3):
        sent = client.post(address, {"key": "k1", "paper-drawings": [upload(), upload("hai.pdf", pages=2)]})
        assert sent.status_code == 302
    state = permit.state
    assert state.phase == "lodged"
    assert state.seq == 3
    assert len(next(each for each in state.papers if each.id == "drawings").files) == 2


def test_answers_that_were_asked_for_are_asked_again_and_nothing_else(owner: ResidentAccount) -> None:
    permit = asked(owner, form_item("height"), "*Ghi rõ màu mái")
    address, client = reverse("portal:my_supplement", args=[permit.id]), permit.client
    page = client.get(address)
    body = page.content.decode()
    assert 'name="form-height"' in body
    assert 'value="11"' in body
    assert 'name="form-floors"' not in body
    assert "Ghi rõ màu mái" in body
    page = client.post(address, {"key": "k", "form-height": "rất cao", "note": "Mái đỏ"})
    assert page.status_code == 422
    assert "rất cao" in page.content.decode()
    assert client.post(address, {"key": "k", "form-height": "12", "note": ""}).status_code == 422
    sent = client.post(address, {"key": "k", "form-height": "12", "form-floors": "99", "note": "Mái đỏ"})
    assert sent.status_code == 302
    assert permit.state.form["height"] == 12
    assert permit.state.form["floors"] == 3


def test_a_file_taken_in_is_kept_over_a_mistake_and_belongs_to_who_sent_it(owner: ResidentAccount) -> None:
    permit = asked(owner, "drawings", "application")
    address, client = reverse("portal:my_supplement", args=[permit.id]), permit.client
    page = client.post(address, {"key": "k", "paper-drawings": upload()})
    assert page.status_code == 422
    digest = next(each for each in page.context["papers"] if each["name"] == "paper-drawings")["items"][0]["digest"]
    assert digest
    stranger = resident("Trần Văn Khác", number="000187000009")
    other = asked(stranger, "drawings")
    # Naming the hash of somebody else's file brings nobody to it.
    theirs = signed_in(stranger).post(
        reverse("portal:my_supplement", args=[other.id]), {"key": "z", "paper-drawings": digest}
    )
    assert theirs.status_code == 422
    complete = {"paper-drawings": [digest], "paper-application": upload("don.pdf", pages=3)}
    sent = client.post(address, {"key": "k", **complete})
    assert sent.status_code == 302
    assert next(each for each in permit.state.papers if each.id == "drawings").files == (digest,)
    shown = client.get(reverse("portal:my_file", args=[permit.id, digest]))
    assert shown.status_code == 200


def test_a_dossier_is_taken_back_with_a_reason_and_not_twice(owner: ResidentAccount) -> None:
    permit = OwnPermit(owner).filed()
    address, client = reverse("portal:my_withdrawal", args=[permit.id]), permit.client
    assert client.get(address).status_code == 200
    assert client.post(address, {"key": "k", "reason": "  "}).status_code == 422
    for _ in range(2):
        assert client.post(address, {"key": "k", "reason": "Không xây nữa"}).status_code == 302
    assert permit.state.outcome == "withdrawn"
    assert permit.state.seq == 2
    page = client.get(reverse("portal:my_dossier", args=[permit.id]))
    assert not page.context["may_withdraw"]


def test_other_peoples_dossiers_do_not_exist_whatever_the_way_in(owner: ResidentAccount) -> None:
    digest = files.put(PDF, name="ban-ve.pdf").digest
    permit = OwnPermit(owner)
    papers = tuple(PaperGiven(id=each.id, copy=1, files=(digest,)) for each in permit.lodging().papers)
    permit.filed(papers).accepted().drafted().shown()
    before = everything()
    names = ("my_dossier", "my_supplement", "my_draft", "my_withdrawal", "my_rating")
    addresses = [reverse(f"portal:{name}", args=[permit.id]) for name in names]
    addresses.append(reverse("portal:my_file", args=[permit.id, digest]))
    answers = {"key": uuid4().hex, "agrees": "yes", "words": "x", "reason": "x", "c1": "2"}
    for client in (signed_in(resident("Trần Văn Khác", number="000187000009")), signed_in(resident("Vũ Thị Mới"))):
        for address in addresses:
            assert client.get(address).status_code == 404, address
            assert client.post(address, answers).status_code in (404, 405), address
    for address in addresses:
        for answer in (Client().get(address), Client().post(address, answers)):
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("portal:sign_in"))
    assert everything() == before
    assert signed_in(owner).get(reverse("portal:my_dossier", args=[2**60])).status_code == 404


def test_the_public_page_takes_the_reference_and_tells_no_name(owner: ResidentAccount) -> None:
    permit = OwnPermit(owner).filed()
    said = reference(permit.id)
    for typed in (said, said.lower(), said.replace("-", "")):
        page = Client().get(reverse("portal:find"), {"ma": typed})
        assert page.status_code == 200, typed
        assert owner.account.full_name not in page.content.decode()
    assert Client().get(reverse("portal:find"), {"ma": "T181203-00001-9999"}).status_code == 404


def test_how_the_result_is_received_is_changed_once_and_told_to_the_office(owner: ResidentAccount) -> None:
    permit = OwnPermit(owner).filed()
    HandedIn.objects.create(
        dossier=permit.id, account=owner.account_id, procedure=permit.procedure.code, likeness="x",
        at=permit.state.lodged_at, delivery={"way": "electronic"},
    )  # fmt: skip
    address, client = reverse("portal:my_delivery", args=[permit.id]), permit.client
    assert "Bản điện tử" in client.get(reverse("portal:my_dossier", args=[permit.id])).content.decode()
    before = everything()
    for wrong, element in (({"way": "x"}, "way"), ({"way": "post", "name": "A", "phone": "0912345678"}, "address")):
        page = client.post(address, {"key": "k", **wrong})
        assert page.status_code == 422
        assert page.context["errors"][0][0] == element
    assert everything() == before
    wish = {"way": "post", "name": "Nguyễn Thị Mẫu", "phone": "0912345678", "address": "Số 12", "key": "k"}
    for _ in range(3):
        assert client.post(address, wish).status_code == 302
    assert delivery_of(permit.id).way == "post"
    assert permit.state.seq == 2
    noted = history(permit.id)[-1].event
    assert isinstance(noted, e.Noted)
    assert "Số 12" in noted.words
    permit.act(c.Withdraw(reason="Thôi"), permit.actor)
    assert client.post(address, {"way": "person", "key": "z"}).status_code == 302
    assert delivery_of(permit.id).way == "post"
