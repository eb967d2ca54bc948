"""Recording indices 5, 6 and 8 on the page: who may, with what evidence, and how the grade comes of it."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from motcua.reports import facts
from motcua.reports.periods import parse
from motcua.statutory.models import ScoreRecord
from motcua.statutory.recording import offered
from office.town_posts import NOW, as_post, at_ten  # noqa: F401
from reports.conftest import nothing_remembered, town  # noqa: F401
from reports.town import CITY, EAST, EAST_XD, HILL, MARKET, Town

PARTS = "pham-vi=own:T11&ky=2018-Q4r"
SCORES, RECORD = f"/can-bo/diem/?{PARTS}", f"/can-bo/diem/ghi-nhan/?{PARTS}"
SEEN = {"i6-inspected_on": "3/12/2018", "i6-posted": "yes", "i6-correct": "yes", "i6-evidence": "Biên bản 12/BB"}
NONE_CAME = {"i8-received": "0", "i8-on_time": "0", "i8-prolonged": "0", "i8-evidence": "Sổ 2018, không có"}
NOT_KNOWN = '<span class="quiet">chưa có dữ liệu</span>'
LINK = "Ghi nhận chỉ số 5, 6, 8"


def answered(town: Town) -> None:  # noqa: F811
    """One dossier of the market's commune, early."""
    facts.follow([town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id])


def text(client: Client, address: str = SCORES) -> str:
    """The page."""
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_the_head_records_and_the_grade_appears_with_who_when_and_why(town: Town, as_post: Any) -> None:  # noqa: F811
    answered(town)
    client = as_post("one_stop_head", MARKET)
    page = text(client)
    assert "Chưa xếp loại" in page
    assert page.count(NOT_KNOWN) == 3
    assert LINK in page
    count = offered(MARKET, parse("2018-Q4r").last_day)
    assert f"Hệ thống đếm {count} thủ tục" in text(client, RECORD)
    given = {"i5-whole": str(count), "i5-evidence": "QĐ 5/QĐ-UBND", **SEEN, **NONE_CAME}
    done = client.post(RECORD, given, follow=True)
    assert done.redirect_chain == [(SCORES.replace(":", "%3A"), 302)]
    page = done.content.decode()
    assert "Đã ghi nhận." in page
    assert "Xếp loại: <strong>Tốt</strong>" in page
    for words in (NOT_KNOWN, "Chưa xếp loại"):
        assert words not in page
    for words in (
        f"{count} / {count} thủ tục làm trọn", "kiểm tra ngày 3/12/2018", "Không có phản ánh, kiến nghị nào.",
        "QĐ 5/QĐ-UBND", f"one_stop_head {MARKET}",
    ):  # fmt: skip
        assert words in page


def test_a_second_version_stands_before_the_first_and_both_are_shown(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("control", CITY)
    client.post(RECORD, NONE_CAME)
    assert "Các bản trước" not in text(client)
    client.post(RECORD, {**NONE_CAME, "i8-received": "4", "i8-on_time": "3", "i8-evidence": "Sổ đã tìm lại"})
    page = text(client)
    newest, _, earlier = page.partition("Các bản trước")
    assert "Nhận 4, trả lời đúng hạn 3, kéo dài 0." in newest
    assert "Sổ 2018, không có" in earlier
    assert "Nhận 4" in text(client, RECORD)


def test_the_evidence_of_a_file_is_for_those_who_oversee_the_agency(town: Town, as_post: Any) -> None:  # noqa: F811
    proof = BytesIO(b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF")
    proof.name = "Biên bản.pdf"
    client = as_post("leader", MARKET)
    client.post(RECORD, {**SEEN, "i6-file": proof})
    row = ScoreRecord.objects.get()
    address = f"/can-bo/diem/minh-chung/{row.pk}/"
    assert address in text(client)
    assert client.get(address)["Content-Type"] == "application/pdf"
    assert as_post("leader", EAST).get(address).status_code == 200
    assert as_post("one_stop_head", HILL).get(address).status_code == 404
    assert as_post("reception", MARKET).get(address).status_code == 403
    assert as_post("control", CITY).get("/can-bo/diem/minh-chung/0/").status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("role", "agency", "status"),
    [
        ("control", CITY, 200), ("one_stop_head", MARKET, 200), ("leader", MARKET, 200), ("leader", EAST, 404),
        ("control", EAST, 404), ("leader", CITY, 404), ("one_stop_head", HILL, 404), ("head", EAST_XD, 404),
        ("officer", EAST_XD, 403), ("reception", MARKET, 403), ("results", MARKET, 403), ("admin", CITY, 403),
    ],
)  # fmt: skip
def test_who_may_record_and_who_may_not(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    role: str,
    agency: int,
    status: int,
) -> None:
    monkeypatch.setattr("office.town_posts.ROLES", {"results": 2, "admin": 9, **_roles()})
    client = as_post(role, agency)
    assert client.get(RECORD).status_code == status
    assert client.post(RECORD, NONE_CAME).status_code == (302 if status == 200 else status)
    assert ScoreRecord.objects.exists() == (status == 200)
    if status == 404 and agency in (EAST, CITY):
        assert LINK not in text(client), "who looks but may not is not offered it"


def _roles() -> dict[str, int]:
    from office.town_posts import ROLES

    return dict(ROLES)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Hãy ghi nhận ít nhất một tiêu chí."),
        ({**SEEN, "i6-evidence": ""}, "Minh chứng, tiêu chí 6:"),
        ({**SEEN, "i6-posted": ""}, "Niêm yết tại trụ sở:"),
        ({**SEEN, "i6-inspected_on": "15/12/2018"}, "Ngày kiểm tra phải nằm trong kỳ"),
        ({**SEEN, "i6-inspected_on": "x"}, "hãy ghi ngày"),
        ({**SEEN, **NONE_CAME, "i8-on_time": "1"}, "Không nhiều hơn số đã tiếp nhận."),
        ({**NONE_CAME, "i8-received": "-1"}, "i8-received"),
        ({"i5-whole": "100000", "i5-evidence": "x"}, "thủ tục."),
        ({"i5-whole": "ba", "i5-evidence": "x"}, "i5-whole"),
        ({"i5-whole": "1", "i5-evidence": "a\x00b"}, "i5-evidence"),
    ],
)
def test_what_cannot_be_is_said_at_its_place_and_nothing_typed_is_lost(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    given: dict[str, str],
    words: str,
) -> None:
    answer = as_post("control", CITY).post(RECORD, given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "chỗ cần sửa" in page
    assert all(value in page for value in given.values() if "\x00" not in value)
    assert not ScoreRecord.objects.exists()


def test_a_file_that_is_none_is_refused(town: Town, as_post: Any) -> None:  # noqa: F811
    wrong = BytesIO(b"MZ not a paper")
    wrong.name = "x.exe"
    answer = as_post("control", CITY).post(RECORD, {**SEEN, "i6-file": wrong})
    assert "Chỉ nhận tệp PDF hoặc ảnh" in answer.content.decode()
    assert not ScoreRecord.objects.exists()


def test_a_running_period_says_so_and_one_ahead_does_not_exist(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("control", CITY)
    running = RECORD.replace("2018-Q4r", "2019-Q1r")
    assert "Kỳ chưa kết thúc" in text(client, running)
    client.post(running, NONE_CAME)
    assert "khi kỳ chưa kết thúc" in text(client, SCORES.replace("2018-Q4r", "2019-Q1r"))
    for wrong in (
        RECORD.replace("2018-Q4r", "2019-Q2r"), RECORD.replace("own:T11", "below:T1"), RECORD.replace("own:T11", "x"),
        RECORD.replace("own:T11", "own:T1/XD"), "/can-bo/diem/ghi-nhan/", RECORD.replace("2018-Q4r", "x"),
    ):  # fmt: skip
        assert client.get(wrong).status_code == 404, wrong


WITHDRAW = f"/can-bo/diem/rut-lai/?{PARTS}&tieu-chi=8"
MISTAKEN = {"version": "1", "reason": "Ghi nhầm phường"}


def test_the_head_withdraws_and_the_withdrawal_stands_before_what_it_takes_back(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("one_stop_head", MARKET)
    client.post(RECORD, NONE_CAME)
    link = WITHDRAW.replace(":", "%3A").replace("&", "&amp;")
    assert link in text(client)
    page = text(client, WITHDRAW)
    for words in ("Không có phản ánh, kiến nghị nào.", "Sổ 2018, không có", f"one_stop_head {MARKET}", "Lý do rút lại"):
        assert words in page
    done = client.post(WITHDRAW, MISTAKEN, follow=True)
    assert done.redirect_chain == [(SCORES.replace(":", "%3A"), 302)]
    page = done.content.decode()
    assert "Ghi nhận đã được rút lại, chưa ghi nhận lại." in page
    assert "Chưa xếp loại" in page
    newest, _, earlier = page.partition("Các bản trước")
    assert "<strong>Đã rút lại</strong>" in newest
    assert "Lý do: Ghi nhầm phường" in newest
    assert "Không có phản ánh, kiến nghị nào." in earlier
    assert link not in page, "there is nothing to withdraw now"
    assert "Đang ghi nhận" not in text(client, RECORD)
    assert "Không có ghi nhận nào để rút lại" in text(client, WITHDRAW)
    client.post(RECORD, NONE_CAME)
    assert link in text(client)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({**MISTAKEN, "reason": ""}, "Lý do rút lại:"), ({**MISTAKEN, "reason": "  "}, "Lý do rút lại:"),
        ({}, "Lý do rút lại:"),
        ({**MISTAKEN, "reason": "x" * 1001}, "1000"), ({**MISTAKEN, "reason": "a\x00b"}, "Lý do"),
        ({**MISTAKEN, "version": "2"}, "Vừa có bản ghi nhận khác."), ({"reason": "x"}, "Vừa có bản ghi nhận khác."),
        ({**MISTAKEN, "version": "9" * 30}, "Vừa có bản ghi nhận khác."), ({**MISTAKEN, "version": "x"}, "chỗ cần sửa"),
    ],
)  # fmt: skip
def test_a_withdrawal_without_its_reason_or_of_what_was_not_seen_withdraws_nothing(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    given: dict[str, str],
    words: str,
) -> None:
    client = as_post("control", CITY)
    client.post(RECORD, NONE_CAME)
    answer = client.post(WITHDRAW, given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "chỗ cần sửa" in page
    assert '<input type="hidden" name="version" value="1">' in page
    assert given.get("reason", "").strip() in page or "\x00" in given["reason"]
    assert ScoreRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "agency", "status"),
    [
        ("control", CITY, 200), ("leader", MARKET, 200), ("leader", EAST, 404), ("control", EAST, 404),
        ("leader", CITY, 404), ("one_stop_head", HILL, 404), ("officer", EAST_XD, 403), ("reception", MARKET, 403),
    ],
)  # fmt: skip
def test_who_may_withdraw_and_looking_changes_nothing(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    role: str,
    agency: int,
    status: int,
) -> None:
    ScoreRecord.objects.create(
        agency=MARKET, period="2018-Q4r", index="8", version=1, received=0, on_time=0, prolonged=0, evidence="Sổ",
        at=NOW, by=1, by_name="x", by_agency=MARKET,
    )  # fmt: skip
    client = as_post(role, agency)
    assert client.get(f"{WITHDRAW}&version=1&reason=x").status_code == status
    assert client.head(WITHDRAW).status_code == status
    assert ScoreRecord.objects.count() == 1
    if status == 404 and agency in (EAST, CITY):
        assert "rut-lai" not in text(client), "who looks but may not is not offered it"
    assert client.post(WITHDRAW, MISTAKEN).status_code == (302 if status == 200 else status)
    assert ScoreRecord.objects.count() == (2 if status == 200 else 1)


def test_a_withdrawal_names_an_index_an_agency_and_a_period_that_there_are(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("control", CITY)
    for wrong in (
        WITHDRAW.replace("=8", "=1"), WITHDRAW.replace("=8", "=x"), f"/can-bo/diem/rut-lai/?{PARTS}",
        WITHDRAW.replace("own:T11", "below:T1"), WITHDRAW.replace("own:T11", "x"),
        WITHDRAW.replace("2018-Q4r", "2019-Q2r"), WITHDRAW.replace("2018-Q4r", "x"), "/can-bo/diem/rut-lai/?tieu-chi=8",
    ):  # fmt: skip
        assert client.get(wrong).status_code == 404, wrong
        assert client.post(wrong, MISTAKEN).status_code == 404, wrong
