# ruff: noqa: F401, F811 - fixtures are imported by name
"""What nobody may do with an application: change what the register said, read another's draft, take their papers."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from filing.citizen import BIRTH, CHILD, HUSBAND, MARITAL, PARENTS, Document, FakeRegister, register
from motcua.dossiers import store
from motcua.dossiers.models import Dossier as Row
from motcua.filing.models import Draft
from portal.test_filing_wizard import begin, filled, her, mistakes, not_online, scan, send
from residents import MOTHER, resident, signed_in

pytestmark = pytest.mark.django_db
OTHER = "000190000003"


def only_state() -> Any:
    """The one dossier there is."""
    (dossier_id,) = Row.objects.values_list("id", flat=True)
    return store.read(dossier_id)[0]  # type: ignore[index]


def test_a_number_changed_in_the_page_changes_nothing(her: Client) -> None:
    draft = filled(her)
    forged = {"form-mother.name": "Ai Khác", "form-mother.number": OTHER, "form-parents_married": "yes"}
    assert send(her, draft, "muc-2", forged).status_code == 302
    applicant = {"name": "Ai Khác", "number": OTHER, "birth": "1/1/2000", "address": "Nơi khác", "phone": "0912345678"}
    assert send(her, draft, "nguoi-nop", applicant).status_code == 302
    body = {"revision": 99, "steps": {"muc-2": {"mother": {"name": "Ai Khác", "number": OTHER}}}}
    saved = her.post(f"/nop-ho-so/to/{draft.pk}/luu.json", json.dumps(body), content_type="application/json")
    assert saved.status_code == 200
    assert send(her, draft, "xem-lai", {"declare": "yes"}, do="submit").status_code == 302
    state = only_state()
    assert state.form["mother"] == {"name": "Nguyễn Thị Mẫu", "number": MOTHER, "birth": "1987-03-08"}
    assert (state.applicant.name, state.applicant.number) == ("Nguyễn Thị Mẫu", MOTHER)
    assert state.applicant.address.text == "Số 12 ngõ Gạch"


def test_what_is_not_the_registers_any_more_says_so(her: Client) -> None:
    draft = filled(her)
    assert send(her, draft, "muc-2", {}, do="free:father").status_code == 302
    page = her.get(f"/nop-ho-so/to/{draft.pk}/muc-2/").content.decode()
    assert 'name="form-father.name"' in page
    typed = {"form-parents_married": "yes", "form-father.name": "Lê Văn Nháp"}
    assert send(her, draft, "muc-2", typed).status_code == 302
    send(her, draft, "xem-lai", {"declare": "yes"}, do="submit")
    state = only_state()
    assert state.form["father"] == {"name": "Lê Văn Nháp"}
    assert "father" not in state.sources
    assert "mother" in state.sources


def test_the_applicant_themselves_cannot_be_freed(her: Client) -> None:
    draft = begin(her)
    send(her, draft, "nguoi-nop", {}, do="free:applicant.number")
    assert Draft.objects.get(pk=draft.pk).sources["applicant.number"]


def test_a_draft_of_somebody_else_does_not_exist(her: Client) -> None:
    draft = filled(her)
    digest = draft.papers["birth_notice"]["files"][0]["digest"]
    assert her.get(f"/nop-ho-so/to/{draft.pk}/tep/{digest}/").status_code == 200
    stranger = signed_in(resident("Người Khác"))
    for path in ("", "muc-1/", "xem-lai/", "luu.json", "da-nop/", f"tep/{digest}/"):
        assert stranger.get(f"/nop-ho-so/to/{draft.pk}/{path}").status_code == 404, path
    assert stranger.post(f"/nop-ho-so/to/{draft.pk}/bo/", {"sure": "yes"}).status_code == 404
    assert send(stranger, draft, "xem-lai", {"declare": "yes"}, do="submit").status_code == 404
    begun = stranger.post(f"/nop-ho-so/{BIRTH}/", {"case": "on_time", "key": str(draft.pk), "whom": "0"})
    assert begun.status_code == 403
    assert Draft.objects.count() == 1
    assert not Row.objects.exists()
    assert Client().get(f"/nop-ho-so/to/{draft.pk}/").status_code == 302


def test_only_ones_own_results_can_be_handed_in_again(her: Client, register: FakeRegister) -> None:
    register.documents[MOTHER] = [Document(f"result:{MARITAL}", "a" * 64, "Giấy xác nhận tình trạng hôn nhân")]
    register.documents[HUSBAND] = [Document(f"result:{MARITAL}", "b" * 64, "Giấy của người khác")]
    draft = begin(her, MARITAL, case="again")
    page = her.get(f"/nop-ho-so/to/{draft.pk}/giay-to/").content.decode()
    assert "Dùng lại: Giấy xác nhận tình trạng hôn nhân" in page
    assert "b" * 64 not in page
    send(her, draft, "giay-to", {"how-old_certificate": f"issued:{'b' * 64}"})
    assert "digest" not in Draft.objects.get(pk=draft.pk).papers["old_certificate"]
    send(her, draft, "giay-to", {"how-old_certificate": f"issued:{'a' * 64}"})
    assert Draft.objects.get(pk=draft.pk).papers["old_certificate"]["digest"] == "a" * 64


def test_a_page_says_clearly_why_it_goes_no_further(her: Client) -> None:
    low = signed_in(resident("Người Chưa Xác Thực"))
    page = low.get(f"/nop-ho-so/{BIRTH}/")
    assert page.status_code == 403
    assert "mức 2" in page.content.decode()
    page = her.get(f"/nop-ho-so/{not_online()}/")
    assert page.status_code == 403
    assert "chưa nộp được qua mạng" in page.content.decode()
    assert her.get("/nop-ho-so/9.999999/").status_code == 404
    company = signed_in(resident("Công ty Thử", kind="business", tax_code="0100109106"))
    assert "không nộp được thủ tục này" in company.get(f"/nop-ho-so/{MARITAL}/").content.decode()


def test_garbage_is_answered_and_nothing_is_lost(her: Client) -> None:
    draft = begin(her)
    send(her, draft, "muc-1", CHILD)
    kept = Draft.objects.get(pk=draft.pk).answers
    for data in ({"revision": "x"}, {"do": "add:"}, {"do": "remove:child_name:x"}, {"do": "nothing"}):
        answer = her.post(f"/nop-ho-so/to/{draft.pk}/muc-1/", {**CHILD, **data})
        assert answer.status_code in (200, 302, 409, 422), data
    for body in (b"", b"[]", b"{", b'{"steps": 3}', b'{"revision": -1, "steps": {}}', b"[" * 90_000):
        answer = her.post(f"/nop-ho-so/to/{draft.pk}/luu.json", body, content_type="application/json")
        assert answer.status_code == 400, body[:20]
    strange = {"child_name": ["x"], "mother": 7, "birthplace": {"text": {"a": 1}}, "copies": None, "other": "x"}
    body = json.dumps({"revision": 99, "steps": {"muc-1": strange}}).encode()
    assert her.post(f"/nop-ho-so/to/{draft.pk}/luu.json", body, content_type="application/json").status_code == 200
    assert her.get(f"/nop-ho-so/to/{draft.pk}/muc-1/").status_code == 200
    assert Draft.objects.get(pk=draft.pk).answers["child_name"] == kept["child_name"]
    assert her.get(f"/nop-ho-so/to/{draft.pk}/muc-99/").status_code == 404
    assert her.get(f"/nop-ho-so/to/{uuid.uuid4()}/").status_code == 404


def test_an_upload_that_is_nothing_readable_is_told_at_its_paper(her: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    draft = begin(her)
    send(her, draft, "muc-1", CHILD)
    send(her, draft, "muc-2", PARENTS)
    empty = SimpleUploadedFile("rỗng.pdf", b"")
    answer = send(her, draft, "giay-to", {"paper-birth_notice": empty})
    assert answer.status_code == 422
    assert any("rỗng.pdf" in said for said in mistakes(answer))
    assert send(her, draft, "giay-to", {"paper-birth_notice": scan()}).status_code == 302
