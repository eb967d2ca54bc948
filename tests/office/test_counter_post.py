"""Sending a result by post from the counter: the tracking number is checked, and what became of it is written down."""

import pytest
from django.urls import reverse

from motcua.dossiers import clock
from motcua.law.dossier import Dossier
from motcua.papers.results import following
from motcua.papers.results.tables import Delivery
from office.counter_city import HANG_BAC, HANG_BUOM, MORNING, clerk, walk
from office.test_counter_handing_out import paid, taken_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Monday morning of December 2018."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)


def ready(client: object) -> Dossier:
    """A result at Hàng Bạc's counter, paid for."""
    state = walk(taken_in(client).id)  # type: ignore[arg-type]
    paid(state)
    return state


def test_a_wrong_tracking_number_hands_nothing_over() -> None:
    minh = clerk("minhtv", HANG_BAC, "reception", "results")
    state = ready(minh)
    chosen = {"dossier": [str(state.id)], "by_paper": "post", "paper_number": "RR473124828GB", "key": "k"}
    said = minh.post("/can-bo/tra-ket-qua/", chosen, follow=True).content.decode()
    assert "số cuối là số kiểm tra" in said
    task = state.tasks[0].no
    act = {"to_name": "Nguyễn Thị Tuyết", "by_paper": "post", "paper_number": "1", "key": "j", "seen": str(state.seq)}
    alone = minh.post(reverse("office:act", args=[state.id, "hand_over", task]), act)
    assert alone.status_code == 422
    assert "số cuối là số kiểm tra" in alone.content.decode()
    assert Delivery.objects.count() == 0


def test_what_became_of_a_parcel_is_written_down_once_and_by_its_own_counter() -> None:
    minh = clerk("minhtv", HANG_BAC, "reception", "results")
    other = clerk("laoth", HANG_BUOM, "reception", "results")
    state = ready(minh)
    chosen = {"dossier": [str(state.id)], "by_paper": "post", "paper_number": "rr 473124829 gb", "key": "k"}
    assert "Đã trả 1 kết quả." in minh.post("/can-bo/tra-ket-qua/", chosen, follow=True).content.decode()
    following.follow([state.id])
    sent = Delivery.objects.get()
    assert sent.tracking == "RR473124829GB"
    assert "RR473124829GB" in minh.get("/can-bo/buu-chinh/").content.decode()
    assert "RR473124829GB" not in other.get("/can-bo/buu-chinh/").content.decode()
    told = {"buu_gui": f"{sent.dossier_id}:{sent.seq}", "nay": "delivered"}
    other.post("/can-bo/buu-chinh/", told)
    assert Delivery.objects.get().state == "posted"
    minh.post("/can-bo/buu-chinh/", told)
    minh.post("/can-bo/buu-chinh/", {**told, "nay": "returned"})
    assert Delivery.objects.get().state == "delivered"
    assert "RR473124829GB" in minh.get("/can-bo/buu-chinh/", {"loai": "delivered"}).content.decode()
    for wrong in ({}, {"buu_gui": "x:y", "nay": "delivered"}, {"buu_gui": "1:1", "nay": "lost"}):
        assert minh.post("/can-bo/buu-chinh/", wrong).status_code == 302
