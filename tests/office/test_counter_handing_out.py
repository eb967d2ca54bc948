"""What leaves the counter: papers printed twice alike, results handed over, the book and the hand-over list."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from motcua.catalogue.versions import procedure_version
from motcua.dossiers import clock, store
from motcua.dossiers.handle import Done, handle
from motcua.dossiers.models import Dossier as Row
from motcua.files.models import StoredFile
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Dossier
from motcua.office.counter import book
from motcua.papers.from_dossier import NothingToPrintError, paper_of
from office.counter_city import HANG_BAC, HANG_BUOM, HOUSE, MORNING, clerk, house_form, next_command, press, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Monday morning of December 2018."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)


@pytest.fixture
def minh() -> Client:
    """The clerk at Hàng Bạc's counter, who also hands results over."""
    return clerk("minhtv", HANG_BAC, "reception", "results")


def taken_in(client: Client, number: int = 1, **more: str) -> Dossier:
    """A dossier received at the counter just now."""
    form = house_form(key=f"{number:032}", number=f"0011900001{number:02}", **more)
    answer = press(client, HOUSE, "accept", form)
    assert answer.status_code == 302, answer.content.decode()
    stored = store.read(int(answer.url.rstrip("/").rsplit("/", 1)[1]))
    assert stored is not None
    return stored[0]


def printed(client: Client, state: Dossier, form: str) -> bytes:
    """The paper as the browser gets it."""
    answer = client.get(f"/can-bo/ho-so/{state.id}/in/{form}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def paid(state: Dossier) -> None:
    """The fee is taken."""
    command = c.RecordPayment(amounts={"permit": 75_000}, method="cash", receipt="BL 01")
    assert isinstance(handle(state.id, command, SYSTEM, "paid"), Done)


def test_a_receipt_printed_again_is_the_first_one_byte_for_byte(minh: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    state = taken_in(minh)
    first = printed(minh, state, "receipt")
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(days=3))
    fixed = c.Correct(changes={"applicant.name": "Nguyễn Thị Tuyết"}, reason="gõ thừa chữ")
    assert isinstance(handle(state.id, fixed, SYSTEM, "fix"), Done)
    paid(state)
    assert printed(minh, state, "receipt") == first
    assert StoredFile.objects.filter(name__startswith="giay-tiep-nhan").count() == 1


def test_the_receipt_says_who_what_and_until_when(minh: Client) -> None:
    receipt: Any = paper_of(taken_in(minh).id, "receipt")
    assert receipt.head.superior == "Ủy ban nhân dân phường Hàng Bạc"
    assert receipt.head.place == "Hàng Bạc"
    assert receipt.filer.address == "Số 12 ngõ Gạch, phường Hàng Bạc, quận Hoàn Kiếm"
    assert receipt.limit == "15 ngày làm việc"
    assert f"{receipt.due_at:%d/%m/%Y}" == "08/01/2019"
    assert [(fee.amount, fee.is_demo) for fee in receipt.fees] == [(75_000, True)]
    assert re.fullmatch(r".*/theo-doi/[\w-]{20}/", receipt.tracking_url)
    assert receipt.officer == "Trần Văn Minh"


def test_a_paper_of_what_did_not_happen_is_not_printed(minh: Client) -> None:
    state = taken_in(minh)
    for form in ("supplement", "refusal", "apology", "result"):
        with pytest.raises(NothingToPrintError):
            paper_of(state.id, form)
    assert minh.get(f"/can-bo/ho-so/{state.id}/in/anything/").status_code == 404


def test_the_control_slip_grows_with_every_passage(minh: Client) -> None:
    state = taken_in(minh)
    before: Any = paper_of(state.id, "control")
    assert before.handovers == ()
    walk(state.id)
    slip: Any = paper_of(state.id, "control")
    passages = [(each.giver_agency, each.receiver_agency) for each in slip.handovers]
    assert passages[0] == ("Phường Hàng Bạc", "Quận Hoàn Kiếm")
    assert passages[1] == ("Quận Hoàn Kiếm", "Phòng Quản lý đô thị, quận Hoàn Kiếm")
    assert passages[-1] == ("Quận Hoàn Kiếm", "Phường Hàng Bạc")
    assert {each.outcome for each in slip.handovers} == {"before", "on_time"}
    assert printed(minh, state, "control").startswith(b"%PDF")


def test_the_result_is_headed_by_who_signed_it(minh: Client) -> None:
    state = walk(taken_in(minh).id)
    result: Any = paper_of(state.id, "result")
    assert (result.head.agency, result.head.number) == ("Ủy ban nhân dân quận Hoàn Kiếm", state.number)
    assert result.signature.lines == ("TM. Ủy ban nhân dân", "Chủ tịch")
    assert [clause.text for clause in result.clauses] == ["Được phép xây dựng nhà ở bốn tầng.", "Cao 13,2 m."]
    assert result.is_demo
    assert printed(minh, state, "result") == printed(minh, state, "result")


def test_an_apology_prints_both_dates(minh: Client) -> None:
    state = taken_in(minh)
    while "extend" not in _actions(state):
        state = _step(state)
    task = state.tasks[0].no
    assert state.due_at is not None
    later = c.RequestExtension(
        task=task, due=state.due_at + timedelta(days=7), reason="mưa lớn", apology="Xin lỗi ông bà."
    )
    assert isinstance(handle(state.id, later, SYSTEM, "later"), Done)
    slip: Any = paper_of(state.id, "apology")
    assert (slip.promised_at, slip.due_at) == (state.due_at, later.due)
    assert printed(minh, state, "apology").startswith(b"%PDF")


def _actions(state: Dossier) -> tuple[str, ...]:
    return procedure_version(state.version).process.step(state.tasks[0].step).actions


def _step(state: Dossier) -> Dossier:
    done = handle(state.id, next_command(state), SYSTEM, f"step {state.seq}")
    assert isinstance(done, Done)
    return done.state


def test_results_are_found_and_handed_over_together_once_paid(minh: Client) -> None:
    states = [walk(taken_in(minh, number).id) for number in (1, 2, 3)]
    for state in states[:2]:
        paid(state)
    page = minh.get("/can-bo/tra-ket-qua/").content.decode()
    assert "Chờ người dân đến nhận (3)" in re.sub(r"\s+", " ", page)
    assert page.count("data-row-tick") == 2, "what is still owed is not handed over"
    for query in (states[0].code, f"http://127.0.0.1/theo-doi/{states[0].token}/", "001190000101"):
        found = minh.get("/can-bo/tra-ket-qua/", {"tim": query}).content.decode()
        assert states[0].code in found, query
        assert states[1].code not in found, query
    chosen = {"dossier": [str(state.id) for state in states], "by_paper": "receipt", "key": "k"}
    said = minh.post("/can-bo/tra-ket-qua/", chosen, follow=True).content.decode()
    assert "Đã trả 2 kết quả." in said
    assert states[2].code in said
    assert list(Row.objects.order_by("id").values_list("status", flat=True)) == [10, 10, 9]
    assert "Đã trả 2 kết quả." in minh.post("/can-bo/tra-ket-qua/", chosen, follow=True).content.decode()


def test_what_is_on_its_way_back_is_listed(minh: Client) -> None:
    state = walk(taken_in(minh).id, until="number")
    page = minh.get("/can-bo/tra-ket-qua/").content.decode()
    assert state.code in page
    assert "Xác nhận đã nhận" in page


def test_nobody_hands_over_anothers_results(minh: Client) -> None:
    state = walk(taken_in(minh).id)
    paid(state)
    neighbour = clerk("nhungvh", HANG_BUOM, "results", name="Vũ Hồng Nhung")
    assert state.code not in neighbour.get("/can-bo/tra-ket-qua/").content.decode()
    answer = neighbour.post("/can-bo/tra-ket-qua/", {"dossier": [str(state.id)], "key": "k"})
    assert answer.status_code == 404
    assert Row.objects.get(pk=state.id).status == 9


def test_the_book_counts_exactly_and_turns_its_pages_by_key(minh: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "PAGE", 2)
    for number in range(1, 6):
        monkeypatch.setattr(clock, "now", lambda minutes=number: MORNING + timedelta(minutes=minutes, microseconds=7))
        taken_in(minh, number)
    seen: list[str] = []
    link = "/can-bo/so-theo-doi/"
    while link:
        page = minh.get(link).content.decode()
        assert re.search(r'figures">5</span>', page)
        seen += re.findall(r"181217-\d{4}", page)
        following = re.search(r'href="(\?[^"]*sau=[^"]*)"', page)
        link = f"/can-bo/so-theo-doi/{following[1].replace('&amp;', '&')}" if following else ""
    assert seen == [f"181217-{number:04}" for number in range(1, 6)]
    other = minh.get("/can-bo/so-theo-doi/", {"tu": "18/12/2018", "den": "19/12/2018"}).content.decode()
    assert "Không có hồ sơ nào trong những ngày này" in other
    assert minh.get("/can-bo/so-theo-doi/in/").content.startswith(b"%PDF")
    monkeypatch.setattr(book, "MOST_PRINTED", 4)
    assert minh.get("/can-bo/so-theo-doi/in/").status_code == 422


def test_the_hand_over_list_names_what_was_sent(minh: Client) -> None:
    assert "Chưa có gì để bàn giao" in minh.get("/can-bo/ban-giao/in/").content.decode()
    for number in (1, 2):
        state = taken_in(minh, number)
        assert isinstance(handle(state.id, c.Forward(task=1), SYSTEM, "go"), Done)
    answer = minh.get("/can-bo/ban-giao/in/")
    assert answer["Content-Type"] == "application/pdf"
    neighbour = clerk("nhungvh", HANG_BUOM, name="Vũ Hồng Nhung")
    assert "Chưa có gì để bàn giao" in neighbour.get("/can-bo/ban-giao/in/").content.decode()


def test_these_pages_ask_the_database_little(minh: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(1, 9):
        walk(taken_in(minh, number).id)
    for path in ("tra-ket-qua/", "so-theo-doi/", "so-theo-doi/in/", "ban-giao/in/"):
        with django_assert_max_num_queries(30):
            assert minh.get(f"/can-bo/{path}").status_code == 200, path
