"""Taking dossiers in at the counter, as a clerk of Hàng Bạc ward does it."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.dossiers import clock, store
from motcua.dossiers.journal import history
from motcua.dossiers.models import Dossier as Row
from motcua.law import events as e
from motcua.law.dossier import Dossier
from motcua.law.working_time import CITY_ZONE
from motcua.registry.models import Party
from office.counter_city import BIRTH, COPIES, HANG_BAC, HANG_BUOM, HOUSE, MORNING, clerk, house_form, person, press

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 a scan"


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Monday morning of December 2018."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)


@pytest.fixture
def minh() -> Client:
    """The clerk at Hàng Bạc's counter."""
    return clerk("minhtv", HANG_BAC)


def only() -> Dossier:
    """The one dossier there is."""
    (row,) = Row.objects.values_list("id", flat=True)
    stored = store.read(row)
    assert stored is not None
    return stored[0]


def mistakes(answer: Any) -> list[str]:
    """What the summary at the top says, one line each."""
    summary = re.search(r"error-summary__list.*?</ul>", answer.content.decode(), re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", summary[0]) if summary else []


def test_a_complete_application_is_accepted_with_a_code_and_a_date(minh: Client) -> None:
    answer = press(minh, HOUSE, "accept", house_form())
    assert answer.status_code == 302, mistakes(answer)
    state = only()
    assert answer.url == f"/can-bo/tiep-nhan/xong/{state.id}/"
    assert state.code.endswith("181217-0001")
    assert (state.phase, state.applicant.name, state.applicant.phone, state.applicant.birth) == (
        "working", "Nguyễn Thị Ánh Tuyết", "0912345678", "1990-01-07",
    )  # fmt: skip
    assert state.applicant.address.commune == HANG_BAC
    assert state.form["total_area"] == "120.5"
    assert [(paper.id, paper.original, paper.certified) for paper in state.papers] == [
        ("application", 1, 0), ("land_right", 0, 1), ("drawings", 2, 0),
    ]  # fmt: skip
    assert [(each.id, each.amount) for each in state.money] == [("permit", 75_000)]
    page = minh.get(answer.url).content.decode()
    assert state.code in page
    assert "8/1/2019, 17:00" in page
    assert "75.000" in page


def test_ten_mistakes_are_told_at_once_and_nothing_typed_is_lost(minh: Client) -> None:
    wrong = {
        "name": "",
        "number": "00119000000",
        "birth": "31/02/1990",
        "phone": "12",
        "email": "không phải thư",
        "sets": "0",
        "form-plot_area": "mười",
        "form-floors": "12",
        "form-land_paper": "",
        "form-storeys[1].area": "",
    }
    answer = press(minh, HOUSE, "accept", house_form(**wrong))
    assert answer.status_code == 422
    said = mistakes(answer)
    assert len(said) == 10, said
    page = answer.content.decode()
    assert page.count('aria-invalid="true"') == 10
    assert "Các tầng, dòng 2, Diện tích sàn (m²): Cần trả lời mục này." in said
    for kept in ("00119000000", "31/02/1990", "không phải thư", "mười", "Phòng ngủ", "BA 123456"):
        assert f'value="{kept}"' in page, kept
    for element in re.findall(r'<a href="#([^"]+)">', page):
        assert f'id="{element}"' in page, element
    assert not Row.objects.exists()
    assert not Party.objects.exists()


def test_a_double_press_gives_one_dossier(minh: Client) -> None:
    first, second = (press(minh, HOUSE, "accept", house_form()) for _ in range(2))
    assert first.url == second.url
    assert [type(entry.event).__name__ for entry in history(only().id)] == ["Lodged", "Accepted"]


def test_missing_papers_stop_acceptance_and_name_themselves(minh: Client) -> None:
    form = house_form(**{"form-adjoining": "yes"})
    del form["paper-drawings"]
    answer = press(minh, HOUSE, "accept", form)
    assert answer.status_code == 422
    assert len([said for said in mistakes(answer) if said.endswith("còn thiếu giấy tờ này.")]) == 2
    assert not Row.objects.exists()


def test_everything_missing_is_asked_for_once_and_brought_later(minh: Client) -> None:
    form = house_form()
    del form["paper-drawings"], form["form-plot_number"]
    opened = press(minh, HOUSE, "supplement", form)
    page = opened.content.decode()
    assert re.search(r'name="items" value="drawings" checked', page)
    assert "Thửa đất số: Cần trả lời mục này." in page
    bare = press(minh, HOUSE, "supplement-now", {**form, "items": ["drawings"], "supplement-words": ""})
    assert (bare.status_code, Row.objects.count()) == (422, 0)
    asked = {**form, "items": ["drawings"], "other": "Ghi số thửa đất", "supplement-words": "Chưa có bản vẽ."}
    answer = press(minh, HOUSE, "supplement-now", asked)
    assert answer.status_code == 302, mistakes(answer)
    state = only()
    assert (state.phase, state.code, state.supplements[0].items) == ("returned", "", ("drawings", "*Ghi số thửa đất"))
    slip = minh.get(f"/can-bo/ho-so/{state.id}/in/supplement/")
    assert b"".join(slip).startswith(b"%PDF")
    minh.post(f"/can-bo/ho-so/{state.id}/supplement/0/", {"papers": ["drawings"], "key": "s"})
    waiting = minh.get(f"/can-bo/tiep-nhan/cho/{state.id}/")
    assert "75.000" in waiting.content.decode()
    done = minh.post(f"/can-bo/tiep-nhan/cho/{state.id}/", {"do": "accept", "key": "a"})
    assert done.url == f"/can-bo/tiep-nhan/xong/{state.id}/"
    assert (only().phase, only().owed) == ("working", 75_000)


def test_a_refusal_needs_the_laws_reason_and_words_and_prints_form_03(minh: Client) -> None:
    form = person(case="new")
    assert press(minh, HOUSE, "decline", form).status_code == 200
    without = press(minh, HOUSE, "decline-now", {**form, "reason": "made_up", "decline-words": ""})
    assert len(mistakes(without)) == 2
    given = {**form, "reason": "not_competent", "decline-words": "Thửa đất thuộc phường Hàng Buồm."}
    answer = press(minh, HOUSE, "decline-now", given)
    assert answer.status_code == 302, mistakes(answer)
    state = only()
    assert (state.outcome, state.code) == ("declined", "")
    assert b"".join(minh.get(f"/can-bo/ho-so/{state.id}/in/refusal/")).startswith(b"%PDF")
    assert minh.get(f"/can-bo/ho-so/{state.id}/in/receipt/").status_code == 404


def test_a_wrong_file_is_told_and_the_good_one_stays(minh: Client) -> None:
    form = {**house_form(), "scan-land_right": [
        SimpleUploadedFile("so-do.pdf", PDF), SimpleUploadedFile("virus.exe", b"MZ not a scan"),
    ]}  # fmt: skip
    answer = press(minh, HOUSE, "accept", form)
    assert answer.status_code == 422
    (said,) = mistakes(answer)
    assert "virus.exe" in said
    assert "PDF hoặc ảnh" in said
    page = answer.content.decode()
    assert "so-do.pdf" in page
    (token,) = re.findall(r'name="kept-scan-land_right" value="([^"]+)"', page)
    again = press(minh, HOUSE, "accept", {**house_form(), "kept-scan-land_right": token})
    assert again.status_code == 302, mistakes(again)
    assert [len(paper.files) for paper in only().papers] == [0, 1, 0]


def test_a_file_nobody_sent_cannot_be_named(minh: Client) -> None:
    answer = press(minh, HOUSE, "accept", {**house_form(), "kept-scan-land_right": "f" * 64})
    assert answer.status_code == 302
    assert [paper.files for paper in only().papers] == [(), (), ()]


def test_the_next_visit_is_filled_from_the_last(minh: Client) -> None:
    press(minh, HOUSE, "accept", house_form())
    assert only().applicant.party == 0, "a party's number must never be taken for an account's"
    for query in ("001190000001", "nguyen thi anh"):
        page = press(minh, BIRTH, "go", {"kind": "person", "find": query, "key": "2"}).content.decode()
        assert 'value="Nguyễn Thị Ánh Tuyết"' in page
        assert 'value="07/01/1990"' in page
        assert 'value="Phường Hàng Bạc, Quận Hoàn Kiếm"' in page
    page = press(minh, BIRTH, "go", {"kind": "person", "find": "Lò Văn Páo", "key": "3"}).content.decode()
    assert 'name="name" value="Lò Văn Páo"' in page


def test_two_people_of_one_name_are_told_apart_and_chosen(minh: Client) -> None:
    for number in ("001190000001", "001190000002"):
        press(minh, HOUSE, "accept", house_form(number=number, key=number))
    page = press(minh, BIRTH, "find", {"find": "nguyen thi anh tuyet", "key": "3"}).content.decode()
    picks = re.findall(r'value="(pick:\d+)"', page)
    assert len(picks) == 2
    page = press(minh, BIRTH, picks[1], {"find": "nguyen thi anh tuyet", "key": "3"}).content.decode()
    assert 'name="number" value="001190000002"' in page


def test_the_same_case_handed_in_twice_is_pointed_out(minh: Client) -> None:
    press(minh, HOUSE, "accept", house_form())
    page = press(minh, HOUSE, "preview", house_form(key="other")).content.decode()
    assert "Có thể hồ sơ này đã được nộp" in page
    assert only().code in page


def test_oddities_are_told_and_stop_nothing(minh: Client) -> None:
    odd = house_form(birth="07/01/1985", phone="0162 345 6789")
    page = press(minh, HOUSE, "preview", odd).content.decode()
    assert "Số định danh ghi năm sinh 1990" in page
    assert "0323456789" in page
    assert press(minh, HOUSE, "accept", odd).status_code == 302
    assert only().applicant.phone == "0323456789"


def test_rows_are_added_without_scripts(minh: Client) -> None:
    page = press(minh, HOUSE, "add:storeys", house_form()).content.decode()
    assert 'name="rows-form-storeys" value="3"' in page
    assert 'name="form-storeys[2].area"' in page
    assert 'value="Phòng ngủ"' in page


def test_the_owner_is_copied_from_the_applicant(minh: Client) -> None:
    page = press(minh, HOUSE, "same:owner", {**person(), "case": "new"}).content.decode()
    assert 'name="form-owner.name" value="Nguyễn Thị Ánh Tuyết"' in page
    assert 'name="form-owner.number" value="001190000001"' in page


def test_a_fee_by_the_page_is_reckoned_and_owed(minh: Client) -> None:
    form = {
        **person(), "case": "ordinary", "paper-original": "yes", "form-document": "Bằng tốt nghiệp",
        "form-pages": "5", "form-copies": "2", "form-foreign": "no", "form-delivery": "counter",
    }  # fmt: skip
    unknown = press(minh, COPIES, "refresh", {**form, "form-copies": ""}).content.decode()
    assert "tính khi ghi đủ tờ khai" in unknown
    page = press(minh, COPIES, "preview", form)
    case = re.search(r'<option value="(\w+)" selected', page.content.decode())
    assert case is not None
    answer = press(minh, COPIES, "accept", {**form, "case": case[1]})
    assert answer.status_code == 302, mistakes(answer)
    assert only().owed == 2 * (2 * 2000 + 3 * 1000)


def test_an_exemption_counts_once_its_proof_was_seen(minh: Client) -> None:
    form = {**person(), "case": "late", "exempt-registration": "poor"}
    fee = re.search(r'name="exempt-(\w+)"', press(minh, BIRTH, "preview", form).content.decode())
    assert fee is not None
    claimed = {**person(), "case": "late", f"exempt-{fee[1]}": "poor"}
    page = press(minh, BIRTH, "preview", claimed).content.decode()
    assert "Chưa đánh dấu đã xem giấy chứng minh" in page
    seen = press(minh, BIRTH, "preview", {**claimed, f"proven-{fee[1]}": "poor"}).content.decode()
    assert "đã áp dụng" in seen
    assert "Chưa đánh dấu đã xem giấy chứng minh" not in seen


def test_what_was_taken_in_on_paper_keeps_both_times(minh: Client) -> None:
    late = {"late": "yes", "late-day": "14/12/2018", "late-time": "16:20", "late-reason": "Mất mạng từ chiều thứ Sáu"}
    wrong = press(minh, HOUSE, "accept", house_form(**{**late, "late-reason": "", "late-day": "18/12/2018"}))
    assert len(mistakes(wrong)) == 2
    assert press(minh, HOUSE, "accept", house_form(**late)).status_code == 302
    accepted = history(only().id)[1]
    assert isinstance(accepted.event, e.Accepted)
    assert accepted.event.occurred_at == datetime(2018, 12, 14, 16, 20, tzinfo=CITY_ZONE)
    assert accepted.at == MORNING


def test_somebody_else_hands_it_in(minh: Client) -> None:
    for_her = {"behalf": "yes", "submitter-name": "Lê Văn Tám", "submitter-number": "001085000003"}
    assert press(minh, HOUSE, "accept", house_form(**for_her)).status_code == 302
    submitter = only().submitter
    assert submitter is not None
    assert submitter.name == "Lê Văn Tám"


def test_the_counter_finds_procedures_by_words_without_marks(minh: Client) -> None:
    page = minh.get("/can-bo/tiep-nhan/", {"tim": "xay nha"}).content.decode()
    assert "/can-bo/tiep-nhan/1.009994/" in page
    assert minh.get("/can-bo/tiep-nhan/", {"tim": HOUSE}).url == f"/can-bo/tiep-nhan/{HOUSE}/"
    assert (
        "Quầy này không nhận thủ tục nào khớp" in minh.get("/can-bo/tiep-nhan/", {"tim": "zzzz qqqq"}).content.decode()
    )


def test_a_procedure_not_received_here_does_not_exist_here(minh: Client) -> None:
    assert minh.get("/can-bo/tiep-nhan/1.001612/").status_code == 404
    assert minh.get("/can-bo/tiep-nhan/9.999999/").status_code == 404


def test_another_wards_clerk_sees_nothing_of_it(minh: Client) -> None:
    press(minh, HOUSE, "accept", house_form())
    state = only()
    neighbour = clerk("nhungvh", HANG_BUOM, name="Vũ Hồng Nhung")
    for path in (f"tiep-nhan/xong/{state.id}/", f"tiep-nhan/cho/{state.id}/", f"ho-so/{state.id}/in/receipt/"):
        assert minh.get(f"/can-bo/{path}").status_code in (200, 302), path
        assert neighbour.get(f"/can-bo/{path}").status_code == 404, path
    assert Client().get(f"/can-bo/ho-so/{state.id}/in/receipt/").status_code == 302
    officer = clerk("huydq", HANG_BAC, "officer", name="Đỗ Quang Huy")
    assert officer.get("/can-bo/tiep-nhan/").status_code == 403


def test_pages_ask_the_database_little(minh: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        key = f"{number:012}"
        press(minh, HOUSE, "accept", house_form(key=key, number=f"0011900001{number:02}"))
    form = house_form(key="last")
    with django_assert_max_num_queries(30):
        assert minh.get("/can-bo/tiep-nhan/").status_code == 200
    with django_assert_max_num_queries(30):
        assert press(minh, HOUSE, "preview", form).status_code == 200
    with django_assert_max_num_queries(30):
        assert press(minh, HOUSE, "accept", form).status_code == 302


def test_what_was_lodged_online_waits_in_the_queue(minh: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {**house_form(), "items": ["drawings"], "supplement-words": "Chưa có bản vẽ."}
    press(minh, HOUSE, "supplement-now", asked)
    page = minh.get("/can-bo/tiep-nhan/").content.decode()
    assert "Nguyễn Thị Ánh Tuyết" in page
    assert "chờ bổ sung" in page
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(hours=1))
    minh.post(f"/can-bo/ho-so/{only().id}/supplement/0/", {"papers": ["drawings"], "key": "s"})
    assert f"/can-bo/tiep-nhan/cho/{only().id}/" in minh.get("/can-bo/tiep-nhan/").content.decode()


def test_a_row_taken_out_moves_the_others_up(minh: Client) -> None:
    page = press(minh, HOUSE, "remove:storeys:0", house_form()).content.decode()
    assert 'name="rows-form-storeys" value="1"' in page
    assert re.search(r'name="form-storeys\[0\]\.use"[^>]*value="Phòng ngủ"', page)
    assert "Phòng khách" not in page
    assert 'name="form-storeys[1].use"' not in page
    assert not Row.objects.exists()
