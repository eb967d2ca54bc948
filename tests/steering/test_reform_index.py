"""The reform index: points computed or judged with evidence, submitted by a leader, reviewed with reasons."""

import io
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cities import PACK
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.reports import facts
from motcua.steering import content
from motcua.steering import reform_index as index
from motcua.steering.content_shapes import Criterion
from motcua.steering.models import Assessment, Evidence, IndexVersion
from reports.town import CITY, EAST, EAST_XD, MARKET, WEST, Town
from steering.people import actor, client_of, official

PAGE = "/can-bo/cai-cach/"
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2), st.sampled_from([(80.0, 98.0), (20.0, 0.0)]))
def test_points_grow_with_the_figure_and_stay_within_the_most(
    one: Decimal, two: Decimal, ends: tuple[float, float]
) -> None:
    rule = Criterion("x", Text("x"), 5.0, "share_on_time", zero_at=ends[0], full_at=ends[1])
    worse, better = sorted((one, two), reverse=ends[0] > ends[1])
    low, high = index.points_for(rule, worse), index.points_for(rule, better)
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 5
    assert index.points_for(rule, None) is None


def test_the_eight_areas_come_to_a_hundred_and_say_that_they_are_a_demonstration(db: None) -> None:
    found = index.read_index(IndexVersion.objects.get())
    assert [each.points for each in found.areas] == [9.5, 10, 13, 10.5, 15, 12, 13, 17]
    assert sum(each.points for each in found.areas) == 100
    assert found.is_demo


def test_a_pack_with_mistakes_is_told_by_line(tmp_path: Path) -> None:
    folder = tmp_path / "steering"
    folder.mkdir()
    text = (PACK / "steering" / "reform_index.yaml").read_text()
    (folder / "reform_index.yaml").write_text(
        text.replace("points: 9.5", "points: 9").replace("measure: share_online", "measure: nothing")
    )
    text = (PACK / "steering" / "targets.yaml").read_text()
    (folder / "targets.yaml").write_text(text.replace("code: grdp-dau-nguoi", "code: tang-truong-grdp"))
    said = "\n".join(each.reason for each in content.check(tmp_path))
    assert "is not the sum" in said
    assert "“nothing” is no figure" in said
    assert "stated twice" in said


def test_loading_again_changes_nothing_and_a_changed_index_is_a_new_version(db: None, tmp_path: Path) -> None:
    content.load(PACK, lambda _: None)
    assert IndexVersion.objects.count() == 1
    folder = tmp_path / "steering"
    folder.mkdir()
    text = (PACK / "steering" / "reform_index.yaml").read_text()
    (folder / "reform_index.yaml").write_text(text.replace("is_demo: true", "is_demo: false"))
    content.load(tmp_path, lambda _: None)
    assert [each.number for each in IndexVersion.objects.order_by("number")] == [1, 2]


def begun(town: Town, now: datetime) -> Assessment:
    states = [town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00"),
              town.answered(EAST, "2018-10-03 09:00", "2018-11-30 10:00")]  # fmt: skip
    facts.follow([state.id for state in states])
    made = index.begin(actor(official("leader", EAST)), EAST, 2018, now)
    assert isinstance(made, Assessment)
    return made


def test_from_draft_to_reviewed(town: Town, at_ten: datetime) -> None:
    made = begun(town, at_ten)
    leader, clerk = actor(official("leader", EAST)), actor(official("officer", EAST_XD))
    city, stranger = actor(official("control", CITY)), actor(official("leader", WEST))
    assert not index.may_see(city, made)
    assert not index.may_see(stranger, made)
    assert index.may_see(clerk, made)
    computed = {each.criterion.code: each.score for lines in index.sheet(made).lines.values() for each in lines}
    # One of two answers in time: 50 % lies below the 80 % at which points begin.
    assert (computed["3.2"].figure, computed["3.2"].sample, computed["3.2"].points) == (50, 2, 0)
    judged = [code for code, each in computed.items() if each.figure is None and code not in ("3.3", "7.1")]
    points = dict.fromkeys(judged, (Decimal(1), "Theo báo cáo số 1"))
    assert isinstance(index.score(made, stranger, points), Refusal)
    too_much = index.score(made, clerk, {**points, "1.1": (Decimal(4), "x")})
    assert isinstance(too_much, Refusal)
    assert index.sheet(made).total() == index.sheet(made).total("3") + index.sheet(made).total("7")
    assert index.score(made, clerk, {**points, "3.2": (Decimal(5), "tôi thấy tốt")}) is None
    computed = {each.criterion.code: each.score for lines in index.sheet(made).lines.values() for each in lines}
    assert computed["3.2"].points == 0
    assert index.score(made, clerk, {"1.1": (None, "")}) is None
    assert isinstance(index.submit(made, clerk, at_ten), Refusal)
    missing = index.submit(made, leader, at_ten)
    assert isinstance(missing, Refusal)
    assert missing.details["criteria"] == ["1.1"]
    assert index.score(made, clerk, {"1.1": (Decimal(3), "")}) is None
    bare = index.submit(made, leader, at_ten)
    assert isinstance(bare, Refusal)
    assert bare.details["criteria"] == ["1.1"]
    assert isinstance(index.attach(made, clerk, "1.1", "0" * 64, "kh.pdf", at_ten), Evidence)
    assert index.submit(made, leader, at_ten) is None
    made.refresh_from_db()
    assert made.state == "submitted"
    assert isinstance(index.score(made, clerk, points), Refusal)
    assert isinstance(index.attach(made, clerk, "1.1", "1" * 64, "kh.pdf", at_ten), Refusal)
    assert index.may_see(city, made)
    lines = [each for some in index.sheet(made).lines.values() for each in some]
    # Nothing was open at the end of the year: where there is no figure the reviewer decides.
    same = {each.criterion.code: (each.score.points, "") for each in lines}
    same["3.3"] = (Decimal(2), "Không có hồ sơ nào quá hạn")
    assert isinstance(index.review(made, leader, same, at_ten, close=True), Refusal)
    unexplained = index.review(made, city, {**same, "1.1": (Decimal(2), " ")}, at_ten, close=True)
    assert isinstance(unexplained, Refusal)
    assert unexplained.details["criterion"] == "1.1"
    made.refresh_from_db()
    assert made.state == "submitted"
    assert index.sheet(made).total(reviewed=True) == 0
    assert index.review(made, city, {**same, "1.1": (Decimal(2), "Ban hành trễ")}, at_ten, close=True) is None
    made.refresh_from_db()
    assert made.state == "reviewed"
    sheet = index.sheet(made)
    assert sheet.total() - sheet.total(reviewed=True) == 1 - 2
    ((kept, own, reviewed),) = index.history(EAST)
    assert (kept, own, reviewed) == (made, sheet.total(), sheet.total(reviewed=True))


@pytest.mark.usefixtures("at_ten")
def test_the_pages_from_draft_to_excel(town: Town, at_ten: datetime) -> None:
    leader, stranger = client_of(official("leader", EAST)), client_of(official("leader", WEST))
    city = client_of(official("control", CITY))
    for year in ("2020", "1999"):
        leader.post(PAGE, {"agency": EAST, "year": year})
    assert not Assessment.objects.exists()
    assert leader.post(PAGE, {"agency": WEST, "year": "2018"}).status_code == 404
    page = leader.post(PAGE, {"agency": EAST, "year": "2018"}).headers["Location"]
    made = Assessment.objects.get()
    for other in (stranger, city):
        assert other.get(page).status_code == 404
        assert other.get(f"{page}bang.xlsx").status_code == 404
    assert "giá trị minh họa" in leader.get(page).content.decode()
    leader.post(
        page, {"what": "attach:1.1", "p-1.1": "2,5", "n-1.1": "=1+1", "f-1.1": SimpleUploadedFile("k.pdf", PDF)}
    )
    evidence = Evidence.objects.get()
    line = next(each for each in index.sheet(made).lines["1"] if each.criterion.code == "1.1")
    assert (line.score.points, line.score.note) == (Decimal("2.5"), "=1+1")
    assert stranger.get(f"{PAGE}tep/{evidence.pk}/").status_code == 404
    assert b"".join(leader.get(f"{PAGE}tep/{evidence.pk}/").streaming_content) == PDF  # type: ignore[attr-defined]
    assert "Điểm phải là số" in leader.post(page, {"what": "save", "p-1.1": "hai"}, follow=True).content.decode()
    assert leader.post(page, {"what": "x"}).status_code == 404
    csv = leader.get(f"{page}bang.csv").content.decode("utf-8-sig")
    assert "'=1+1" in csv
    book = load_workbook(io.BytesIO(leader.get(f"{page}bang.xlsx").content)).worksheets[0]
    row = next(each for each in book.iter_rows(values_only=True) if each[0] == "1.1")
    assert row[2:5] == (3, 2.5, "=1+1")
    assert leader.get(f"{page}bang.pdf").content.startswith(b"%PDF-")
    assert leader.get(f"{page}bang.exe").status_code == 404
