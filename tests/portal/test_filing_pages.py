# ruff: noqa: F401, F811 - fixtures are imported by name
"""The pages of every procedure that can be filed online, and the turns an application may take on them."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from filing.citizen import BIRTH, CHILD, EXTRACT, HOUSE, MARITAL, FakeRegister, Person, hang_bac, mother, register
from motcua.accounts import authorising
from motcua.accounts.identity import actor_of
from motcua.catalogue import versions
from motcua.catalogue.models import OnlineOffering
from motcua.catalogue.publishing import mark_changed
from motcua.dossiers import clock, store
from motcua.dossiers.models import Dossier as Row
from motcua.filing import drafts
from motcua.filing.models import Draft
from motcua.filing.offices import anywhere, office_label, taking
from motcua.law.codes import reference
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.organisation.directory import actor_for, directory
from office.counter_city import HANG_BAC, clerk, number_of
from portal.test_filing_wizard import begin, filled, her, mistakes, not_online, scan, send
from residents import CHILD as CHILD_NUMBER
from residents import MOTHER, resident, signed_in
from staffing import hire

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_every_online_procedure_opens_and_tells_what_is_missing(her: Client, language: str) -> None:
    her.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    day = city_day(clock.now())
    seen = 0
    for card in versions.cards_on(day):
        law = versions.procedure_version(card.version_id)
        if not law.form or not anywhere(card.code, day) or "person" not in law.applicants:
            continue
        office = taking(card.code, day)[0]
        started = her.post(
            f"/nop-ho-so/{card.code}/", {"case": law.cases[-1].id, "whom": "0", "office": str(office.number),
                                         "office-other": office_label(office)},
        )  # fmt: skip
        assert started.status_code == 302, (card.code, mistakes(started))
        draft = Draft.objects.order_by("-begun_at").first()
        assert draft is not None
        page = her.get(started.url, follow=True)
        steps = dict.fromkeys(re.findall(rf'href="/nop-ho-so/to/{draft.pk}/([\w-]+)/"', page.content.decode()))
        assert len(steps) >= 5, card.code
        for step in steps:
            shown = her.get(f"/nop-ho-so/to/{draft.pk}/{step}/")
            assert shown.status_code == 200, (card.code, step)
            wrong = send(her, draft, step, {"declare": "yes"}, do="submit" if step == "xem-lai" else "next")
            assert wrong.status_code in (302, 422), (card.code, step)
            body = wrong.content.decode()
            if wrong.status_code == 422 and step != "xem-lai":
                anchors = re.findall(r'<li><a href="#([^"]+)">', body)
                assert [each for each in anchors if f'id="{each}"' not in body] == [], (card.code, step)
        drafts.discard(draft.pk, draft.account)
        seen += 1
    assert seen >= 5
    assert not Row.objects.exists()


def test_the_one_button_stands_where_it_can_be_filed_and_nowhere_else() -> None:
    assert f'href="/nop-ho-so/{BIRTH}/"' in Client().get(f"/thu-tuc/{BIRTH}/").content.decode()
    assert f"/nop-ho-so/{not_online()}/" not in Client().get(f"/thu-tuc/{not_online()}/").content.decode()


def test_a_conflict_shows_what_stands_there_and_what_was_typed(her: Client) -> None:
    draft = begin(her)
    seen = draft.revision
    assert send(her, draft, "muc-1", CHILD).status_code == 302
    other = {**CHILD, "form-child_name": "Trần Bé Khác", "revision": seen, "do": "next"}
    answer = her.post(f"/nop-ho-so/to/{draft.pk}/muc-1/", other)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "đã được sửa ở nơi khác" in page
    assert "Trần Thị Bé Mẫu" in page
    assert 'value="Trần Bé Khác"' in page
    assert Draft.objects.get(pk=draft.pk).answers["child_name"] == "Trần Thị Bé Mẫu"
    again = send(her, draft, "muc-1", {**CHILD, "form-child_name": "Trần Bé Khác"})
    assert again.status_code == 302
    assert Draft.objects.get(pk=draft.pk).answers["child_name"] == "Trần Bé Khác"


def test_a_device_without_a_line_is_told_what_changed_meanwhile(her: Client) -> None:
    draft = begin(her)
    address = f"/nop-ho-so/to/{draft.pk}/luu.json"
    before = her.get(address).json()
    assert before["steps"]["muc-2"]["mother"]["number"] == MOTHER
    assert "mother" in before["known"]
    steps = {"muc-1": {"child_name": "Trần Ngoại Tuyến"}, "nguoi-nop": {"email": "me@example.com"}}
    body = {"revision": before["revision"], "steps": steps}
    saved = her.post(address, json.dumps(body), content_type="application/json")
    assert saved.status_code == 200
    assert saved.json()["steps"]["muc-1"]["child_name"] == "Trần Ngoại Tuyến"
    assert send(her, draft, "muc-1", CHILD).status_code == 302
    late = {"revision": saved.json()["revision"], "steps": {"muc-3": {"copies": "3"}, "muc-1": {"child_name": "Trễ"}}}
    refused = her.post(address, json.dumps(late), content_type="application/json")
    assert refused.status_code == 409
    assert (refused.json()["step"], refused.json()["steps"]["muc-1"]["child_name"]) == ("muc-1", "Trần Thị Bé Mẫu")
    assert "copies" not in Draft.objects.get(pk=draft.pk).answers


def test_a_page_saves_by_itself_and_says_when_it_was_overtaken(her: Client) -> None:
    draft = begin(her)
    page = f"/nop-ho-so/to/{draft.pk}/muc-1/"
    typed = {**CHILD, "form-child_name": "Trần Đang Gõ", "revision": "0", "do": "by-itself"}
    saved = her.post(page, typed)
    assert saved.json() == {"revision": 1}
    assert Draft.objects.get(pk=draft.pk).answers["child_name"] == "Trần Đang Gõ"
    assert send(her, draft, "muc-1", CHILD).status_code == 302
    overtaken = her.post(page, {**typed, "revision": "1"})
    assert (overtaken.status_code, overtaken.json()) == (409, {"error": "conflict"})
    assert Draft.objects.get(pk=draft.pk).answers["child_name"] == "Trần Thị Bé Mẫu"


def test_what_the_register_said_is_asked_again_after_a_day(
    her: Client, register: FakeRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = filled(her)
    register.people[MOTHER].residence = {"text": "Số 99 phố Mới", "commune": "00061"}
    asked = len(register.asked)
    assert "Số 99 phố Mới" not in her.get(f"/nop-ho-so/to/{draft.pk}/xem-lai/").content.decode()
    assert len(register.asked) == asked
    now = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert "Số 99 phố Mới" in her.get(f"/nop-ho-so/to/{draft.pk}/xem-lai/").content.decode()
    assert len(register.asked) == asked + 1


def test_an_office_that_stopped_taking_it_online_gets_nothing(her: Client) -> None:
    draft = filled(her)
    OnlineOffering.objects.filter(tier="commune", what="takes").delete()
    mark_changed()
    refused = send(her, draft, "xem-lai", {"declare": "yes"}, do="submit")
    assert refused.status_code == 422
    assert "chưa nhận thủ tục này qua mạng" in mistakes(refused)[0]
    assert not Row.objects.exists()
    assert her.get(f"/nop-ho-so/{BIRTH}/").status_code == 403


def test_rows_come_and_go_without_scripts(her: Client) -> None:
    draft = begin(her, HOUSE, case="new")
    rows = {"rows-form-storeys": "1", "form-storeys[0].level": "ground", "form-storeys[0].area": "60"}
    assert send(her, draft, "muc-3", rows, do="add:storeys").status_code == 302
    page = her.get(f"/nop-ho-so/to/{draft.pk}/muc-3/").content.decode()
    assert 'name="form-storeys[1].level"' in page
    rows |= {"rows-form-storeys": "2", "form-storeys[1].level": "upper", "form-storeys[1].area": "40,5"}
    assert send(her, draft, "muc-3", rows, do="add:storeys").status_code == 302
    shown = her.get(f"/nop-ho-so/to/{draft.pk}/muc-3/").content.decode()
    assert "100.5" in shown or "100,5" in shown
    assert send(her, draft, "muc-3", rows | {"rows-form-storeys": "3"}, do="remove:storeys:0").status_code == 302
    assert [row["level"] for row in Draft.objects.get(pk=draft.pk).answers["storeys"]] == ["upper", ""]


def test_a_result_goes_by_post_with_an_address_and_an_exemption_with_its_proof(her: Client) -> None:
    draft = begin(her, EXTRACT, case="any")
    form = {"form-kind": "birth", "form-purpose": "Nhập học", "form-filed_by": "self", "form-copies": "3"}
    assert send(her, draft, "muc-1", form).status_code == 302
    assert send(her, draft, "muc-2", form).status_code == 302
    assert send(her, draft, "nguoi-nop", {"phone": "0912345678"}).status_code == 302
    assert send(her, draft, "giay-to", {"how-identity": "known"}).status_code == 302
    bare = send(her, draft, "phi", {"claim-extracts.poor": "yes"})
    assert bare.status_code == 422
    assert any("cần tải giấy chứng minh" in said for said in mistakes(bare))
    proven = {"claim-extracts.poor": "yes", "proof-extracts.poor": scan()}
    assert send(her, draft, "phi", proven).status_code == 302
    assert len(mistakes(send(her, draft, "nhan-ket-qua", {"way": "post"}))) == 3
    to = {"way": "post", "name": "Nguyễn Thị Mẫu", "phone": "0912345678", "address": "Số 12 ngõ Gạch"}
    assert send(her, draft, "nhan-ket-qua", to).status_code == 302
    assert send(her, draft, "xem-lai", {"declare": "yes"}, do="submit").status_code == 302
    (dossier_id,) = Row.objects.values_list("id", flat=True)
    state = store.read(dossier_id)[0]  # type: ignore[index]
    assert [paper.id for paper in state.papers if paper.files] == ["exemption.extracts.poor"]
    minh = clerk("minhtv", HANG_BAC)
    page = minh.get(f"/can-bo/tiep-nhan/cho/{dossier_id}/").content.decode()
    assert re.search(r'name="exempt-extracts" value="poor" checked', page)
    assert "Giấy chứng nhận hộ nghèo" in page
    assert "Lấy từ cơ sở dữ liệu dân cư" in page
    assert "Tờ khai" in page


def test_the_clerk_is_told_of_a_twin_and_the_applicant_before(her: Client) -> None:
    first = filled(her)
    send(her, first, "xem-lai", {"declare": "yes"}, do="submit")
    (before,) = Row.objects.values_list("id", flat=True)
    again = filled(her)
    review = her.get(f"/nop-ho-so/to/{again.pk}/xem-lai/").content.decode()
    assert "Có thể bạn đã nộp hồ sơ này rồi" in review
    assert reference(before) in review
    send(her, again, "xem-lai", {"declare": "yes"}, do="submit")
    second = Row.objects.exclude(pk=before).get().pk
    minh = clerk("minhtv", HANG_BAC)
    for path in (f"/can-bo/tiep-nhan/cho/{second}/", f"/can-bo/ho-so/{second}/"):
        page = minh.get(path).content.decode()
        assert "Có thể trùng với một hồ sơ đã nộp" in page, path
        assert reference(before) in page, path
    assert "Có thể trùng" not in minh.get(f"/can-bo/ho-so/{before}/").content.decode()


def test_a_draft_left_alone_is_listed_and_can_be_dropped(her: Client) -> None:
    draft = begin(her)
    assert send(her, draft, "muc-1", {"form-child_name": "Dở"}, do="later").url == "/nop-ho-so/"
    page = her.get("/nop-ho-so/").content.decode()
    assert f"/nop-ho-so/to/{draft.pk}/" in page
    assert "Bạn đang khai dở thủ tục này" in her.get(f"/nop-ho-so/{BIRTH}/").content.decode()
    assert her.post(f"/nop-ho-so/to/{draft.pk}/bo/").status_code == 200
    assert Draft.objects.exists()
    assert her.post(f"/nop-ho-so/to/{draft.pk}/bo/", {"sure": "yes"}).status_code == 302
    assert not Draft.objects.exists()
    assert "Không có hồ sơ nào đang khai dở" in her.get("/nop-ho-so/").content.decode()


def test_pressing_begin_twice_begins_one_draft_and_after_90_days_it_says_so(
    her: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"key": "6b7f2c9e-31d0-4b47-9c83-8a1d7a3f2f10"}
    first, second = begin(her, **key), begin(her, **key)
    assert first.pk == second.pk
    Draft.objects.update(goes_at=clock.now())
    page = her.get(f"/nop-ho-so/to/{first.pk}/muc-1/")
    assert page.status_code == 410
    assert "đã hết hạn giữ" in page.content.decode()


def test_where_it_goes_is_suggested_from_the_residence_and_can_be_named(her: Client) -> None:
    page = her.get(f"/nop-ho-so/{BIRTH}/").content.decode()
    assert re.search(rf'name="office" value="{hang_bac()}" checked', page)
    elsewhere = begin(her, office="other", **{"office-other": "phuong hang buom"})
    assert directory()[elsewhere.agency].name.vi == "Phường Hàng Buồm"
    unclear = her.post(
        f"/nop-ho-so/{BIRTH}/", {"case": "on_time", "whom": "0", "office": "other", "office-other": "Phúc"}
    )
    assert unclear.status_code == 422
    assert len(mistakes(unclear)) == 1


def test_authors_see_a_form_as_both_faces_show_it() -> None:
    control = clerk("kiemtra", "TP", "control") if "TP" in directory().by_code else clerk("kiemtra", "HN", "control")
    for query in ("", "?mat=quay", "?ban=1&mat=quay&truong-hop=abandoned", "?ban=99&mat=x&truong-hop=x"):
        page = control.get(f"/can-bo/bieu-mau/{BIRTH}/{query}")
        assert page.status_code == 200, query
        assert "Đăng ký khai sinh" in page.content.decode()
    portal = control.get(f"/can-bo/bieu-mau/{BIRTH}/").content.decode()
    assert "<code>wife</code>" in portal
    assert control.get("/can-bo/bieu-mau/9.999999/").status_code == 404
    assert clerk("minhtv", HANG_BAC).get(f"/can-bo/bieu-mau/{BIRTH}/").status_code == 403
    assert number_of(HANG_BAC)


def test_without_a_register_everything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(resident("Nguyễn Thị Mẫu", number=MOTHER, phone="0912345678"))
    page = client.get(f"/nop-ho-so/{MARITAL}/").content.decode()
    assert 'name="office-other"' in page
    draft = begin(client, MARITAL, case="first", office="", **{"office-other": "Phường Hàng Bạc, Quận Hoàn Kiếm"})
    shown = client.get(f"/nop-ho-so/to/{draft.pk}/muc-1/").content.decode()
    assert 'name="form-subject.name"' in shown
    assert "dân cư, lúc" not in shown
    about = client.get(f"/nop-ho-so/to/{draft.pk}/nguoi-nop/").content.decode()
    assert 'value="Nguyễn Thị Mẫu"' in about
    assert f'value="{MOTHER}"' in about
    papers = client.get(f"/nop-ho-so/to/{draft.pk}/giay-to/").content.decode()
    assert "Không cần nộp" not in papers


def child_of_hers(by: str) -> Any:
    """Her authority over a child, entered at a counter after the birth certificate."""
    counter = actor_for(hire(by, (HANG_BAC, "reception")))
    wish = authorising.Grantee("child", MOTHER, CHILD_NUMBER, "Trần Văn Con", date(2018, 12, 1), None, (), "GKS 12")
    made = authorising.record_at_counter(counter, wish)
    assert not isinstance(made, Refusal), made
    return made


def test_a_mother_files_for_her_child_as_long_as_she_may(her: Client, register: FakeRegister) -> None:
    home = {"text": "Số 12 ngõ Gạch", "commune": HANG_BAC}
    register.people[CHILD_NUMBER] = Person("Trần Văn Con", CHILD_NUMBER, "male", "2018-11-01", residence=home)
    held = child_of_hers("lan")
    assert "Trần Văn Con" in her.get(f"/nop-ho-so/{EXTRACT}/").content.decode()
    draft = begin(her, EXTRACT, case="any", whom=str(held.pk))
    assert (draft.about["number"], draft.answers["subject"]["name"]) == (CHILD_NUMBER, "Trần Văn Con")
    form = {"form-kind": "birth", "form-filed_by": "self", "form-copies": "1"}
    pages: list[tuple[str, dict[str, Any]]] = [
        ("muc-1", form), ("muc-2", form), ("nguoi-nop", {"phone": "0912345678"}), ("giay-to", {}), ("phi", {}),
        ("nhan-ket-qua", {"way": "electronic"}),
    ]  # fmt: skip
    for step, data in pages:
        assert send(her, draft, step, data).status_code == 302, step
    authorising.revoke(actor_of(draft.account), MOTHER, held.pk)
    stopped = send(her, draft, "xem-lai", {"declare": "yes"}, do="submit")
    assert stopped.status_code == 422
    assert "không còn được nộp thay" in mistakes(stopped)[0]
    assert not Row.objects.exists()
    again = child_of_hers("minh")
    Draft.objects.update(principal=Draft.objects.get().principal | {"authority": again.pk})
    assert send(her, draft, "xem-lai", {"declare": "yes"}, do="submit").status_code == 302
    (dossier_id,) = Row.objects.values_list("id", flat=True)
    state = store.read(dossier_id)[0]  # type: ignore[index]
    assert (state.applicant.name, state.applicant.number) == ("Trần Văn Con", CHILD_NUMBER)
    assert state.submitter is not None
    assert (state.submitter.name, state.submitter.account) == ("Nguyễn Thị Mẫu", draft.account_id)
