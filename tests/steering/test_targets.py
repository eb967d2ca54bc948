"""Targets: reported by their owner, signed by its leader, never changed; reckoned where measured; reminded once."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from motcua.law.refusal import Refusal
from motcua.notices.models import Notice
from motcua.reports import facts
from motcua.steering import targets
from motcua.steering.models import Target, TargetReminder, TargetSignature, TargetValue
from reports.town import CITY, DEPARTMENT, EAST, MARKET, WEST, Town
from steering.people import actor, client_of, official

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"


def goal(**more: Any) -> Target:
    values: dict[str, Any] = {
        "code": "nuoc-sach", "name_vi": "Tỷ lệ dân được cấp nước sạch", "unit_vi": "%", "owner": DEPARTMENT,
        "every": "quarter", "since": date(2017, 12, 31), "baseline": 50, "due": date(2019, 12, 31), "goal": 90,
    } | more  # fmt: skip
    return Target.objects.create(**values)


def test_a_value_holds_once_its_leader_signs_and_is_never_changed(town: Town, at_ten: datetime) -> None:
    target = goal()
    clerk, leader = actor(official("officer", DEPARTMENT)), actor(official("leader", DEPARTMENT))
    stranger = actor(official("leader", EAST))
    told: dict[str, Any] = {"now": at_ten, "file": "", "file_name": ""}
    end = date(2018, 12, 31)
    refused = [
        targets.report(target, stranger, end, Decimal(70), "theo báo cáo", **told),
        targets.report(target, clerk, end, Decimal(70), " ", **told),
        targets.report(target, clerk, date(2018, 12, 30), Decimal(70), "x", **told),
        targets.report(target, clerk, date(2019, 3, 31), Decimal(70), "x", **told),
        targets.report(target, clerk, end, Decimal(10) ** 15, "x", **told),
    ]
    assert [each.code for each in refused if isinstance(each, Refusal)] == [
        "not_yours", "no_evidence", "no_period", "no_period", "too_large",
    ]  # fmt: skip
    assert not target.values.exists()
    first = targets.report(target, clerk, end, Decimal(70), "theo báo cáo", **told)
    assert isinstance(first, TargetValue)
    standing = targets.standings([target], at_ten.date())[0]
    assert (standing.last, len(standing.unsigned), standing.light.reason) == (None, 1, "no_data")
    second = targets.report(target, clerk, end, Decimal("69.5"), "sửa lại", **told)
    assert isinstance(second, TargetValue)
    assert isinstance(targets.sign(first, leader, at_ten), Refusal)
    assert isinstance(targets.sign(second, clerk, at_ten), Refusal)
    assert isinstance(targets.sign(second, stranger, at_ten), Refusal)
    assert not TargetSignature.objects.exists()
    assert isinstance(targets.sign(second, leader, at_ten), TargetSignature)
    assert isinstance(targets.sign(second, leader, at_ten), Refusal)
    standing = targets.standings([target], at_ten.date())[0]
    assert standing.last == second
    assert (standing.light.colour, standing.light.expected) == ("green", 70)
    assert not standing.unsigned
    for statement in ("UPDATE steering_targetvalue SET value = 99", "DELETE FROM steering_targetsignature"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as run:
            run.execute(statement)
    assert target.values.count() == 2


@pytest.mark.usefixtures("complete")
def test_a_measured_target_takes_the_figure_of_each_period_once(town: Town, at_ten: datetime) -> None:
    states = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00"),
              town.answered(EAST, "2018-10-03 09:00", "2018-11-30 10:00"),
              town.answered(WEST, "2018-10-03 09:00", "2018-10-04 10:00")]  # fmt: skip
    facts.follow([state.id for state in states])
    late = goal(code="dung-han", owner=EAST, measure="share_on_time", group="programme", every="quarter", baseline=40)
    whole = goal(code="ca-thanh-pho", owner=CITY, measure="received", every="month")
    targets.reckon(at_ten)
    targets.reckon(at_ten)
    rows = {
        (each.target.code, each.day): (each.value, each.sample) for each in TargetValue.objects.filter(is_demo=False)
    }
    assert rows["dung-han", date(2018, 12, 31)] == (50, 2)
    assert ("dung-han", date(2018, 9, 30)) not in rows
    assert rows["ca-thanh-pho", date(2018, 10, 31)] == (2, 2)
    assert TargetValue.objects.filter(target=late).count() == 1
    assert targets.standings([late], at_ten.date())[0].last is not None
    assert isinstance(
        targets.report(whole, actor(official("control", CITY)), date(2018, 12, 31), Decimal(1), "x", at_ten,
                       file="", file_name=""), Refusal)  # fmt: skip


def test_an_owner_is_reminded_once_a_period(town: Town, at_ten: datetime) -> None:
    leader = official("leader", DEPARTMENT, email="so@x.example")
    goal()
    assert targets.remind(at_ten) == 1
    assert targets.remind(at_ten + timedelta(days=5)) == 0
    assert [each.account for each in Notice.objects.filter(kind="target_due")] == [leader.pk]
    assert TargetReminder.objects.get().day == date(2018, 12, 31)
    # Long after the period nobody is reminded of it any more.
    TargetReminder.objects.all().delete()
    assert targets.remind(at_ten + timedelta(days=64)) == 0


@pytest.mark.usefixtures("at_ten")
def test_the_pages_report_sign_show_and_set(town: Town) -> None:
    goal()
    clerk, leader = client_of(official("officer", DEPARTMENT)), client_of(official("leader", DEPARTMENT))
    city, stranger = client_of(official("control", CITY)), client_of(official("leader", EAST))
    report = "/can-bo/chi-tieu/nuoc-sach/bao-cao/"
    assert stranger.get(report).status_code == 404
    assert stranger.get("/can-bo/chi-tieu/").status_code == 200
    evidence = SimpleUploadedFile("bao-cao.pdf", PDF, "application/pdf")
    told = {"day": "2018-12-31", "value": "66.5", "note": "", "file": evidence}
    assert clerk.post(report, {**told, "file": SimpleUploadedFile("a.exe", b"MZ")}).status_code == 200
    assert clerk.post(report, told).status_code == 302
    value = TargetValue.objects.get(is_demo=False)
    page = stranger.get("/can-bo/chi-tieu/nuoc-sach/").content.decode()
    assert "chờ ký" in page
    assert "66,5" in page
    assert b"".join(stranger.get(f"/can-bo/chi-tieu/gia-tri/{value.pk}/tep/").streaming_content) == PDF  # type: ignore[attr-defined]
    clerk.post(f"/can-bo/chi-tieu/gia-tri/{value.pk}/ky/")
    assert not TargetSignature.objects.exists()
    leader.post(f"/can-bo/chi-tieu/gia-tri/{value.pk}/ky/")
    board = city.get("/can-bo/chi-tieu/").content.decode()
    assert "chậm hơn lộ trình" in board
    assert "chậm hơn lộ trình" not in city.get("/can-bo/chi-tieu/?mau=green").content.decode()
    assert city.get("/can-bo/chi-tieu/?mau=x").status_code == 404
    for who, status in ((clerk, 403), (stranger, 404), (leader, 404), (city, 200)):
        assert who.get("/can-bo/chi-tieu/nuoc-sach/giao/").status_code == status
    form = {
        "name_vi": "Đường được thắp sáng", "unit_vi": "%", "group": "city", "owner": str(DEPARTMENT), "measure": "",
        "every": "year", "more_is_better": "yes", "since": "31/12/2018", "baseline": "10", "due": "31/12/2020",
        "goal": "20", "source": "01/QĐ-UBND",
    }  # fmt: skip
    assert (
        "Hạn phải sau ngày bắt đầu" in city.post("/can-bo/chi-tieu/giao/", {**form, "due": "1/1/2018"}).content.decode()
    )
    assert city.post("/can-bo/chi-tieu/giao/", form).headers["Location"] == "/can-bo/chi-tieu/duong-duoc-thap-sang/"
    assert city.post("/can-bo/chi-tieu/giao/", form).headers["Location"] == "/can-bo/chi-tieu/duong-duoc-thap-sang-2/"
    made = Target.objects.get(code="duong-duoc-thap-sang")
    assert (made.owner, made.is_demo, made.goal) == (DEPARTMENT, False, 20)
    city.post("/can-bo/chi-tieu/duong-duoc-thap-sang/giao/", {**form, "goal": "30"})
    made.refresh_from_db()
    assert made.goal == 30


def test_the_pack_seeds_twenty_targets_as_demonstration_and_the_programmes_own(db: None) -> None:
    assert Target.objects.filter(group="city", is_demo=True).count() == 20
    own = Target.objects.filter(group="programme").values_list("measure", flat=True)
    assert set(own) == {"share_on_time", "share_online", "share_overdue"}
    assert not TargetValue.objects.filter(is_demo=False).exists()
