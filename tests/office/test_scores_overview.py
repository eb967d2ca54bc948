"""Who oversees several agencies sees which of them have recorded indices 5, 6 and 8, and which have not yet."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from law.office import person
from motcua.catalogue import versions
from motcua.law.recorded_scores import AtTheCounter, Feedback, Publication, Recorded
from motcua.office.statutory import scores_overview
from motcua.organisation.directory import directory
from motcua.organisation.models import Account, Appointment, Role
from motcua.reports import facts
from motcua.reports.periods import parse
from motcua.statutory.recording import Entry, offered, record, withdraw
from office.town_posts import NOW, as_post, at_ten  # noqa: F401
from reports.conftest import nothing_remembered, town  # noqa: F401
from reports.town import CITY, DEPARTMENT, EAST, EAST_XD, FERRY, HILL, MARKET, OLD_HILL, WEST, Town, hour

SCORES = "/can-bo/diem/"
QUARTER = parse("2018-Q4r")
CONTROL = person(702, "Trần Kiểm Soát", (CITY, "control"))
SEEN = Publication(posted=True, correct=True, inspected_on=date(2018, 12, 3))
NONE_CAME = Feedback(0, 0, 0)
NAMES = {
    EAST: "Quận Đông", MARKET: "Phường Chợ", FERRY: "Phường Bến Đò", WEST: "Huyện Tây", HILL: "Xã Đồi",
    OLD_HILL: "Xã Đồi Cũ", CITY: "Thành phố Thử", DEPARTMENT: "Sở Quy hoạch",
}  # fmt: skip


def put(agency: int, *values: Recorded, at: Any = NOW) -> None:
    """Records values of an agency."""
    assert isinstance(record(CONTROL, agency, QUARTER, [Entry(each, "Sổ") for each in values], at), list)


def whole(agency: int) -> None:
    """Records all three."""
    put(agency, AtTheCounter(offered(agency, QUARTER.last_day), 0), SEEN, NONE_CAME)


def page(client: Client, query: str = "ky=2018-Q4r") -> str:
    """The page of scores."""
    answer = client.get(f"{SCORES}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(text: str) -> dict[str, list[str]]:
    """What is said of the three indices in the row of each agency."""
    return {name: cells[2:] for name, cells in whole_rows(text).items()}


def whole_rows(text: str) -> dict[str, list[str]]:
    """What stands in the row of each agency: total, grade, the three indices."""
    found = re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a></th>(.*?)</tr>', text, re.DOTALL)
    plain = re.compile(r"<[^>]+>")
    return {
        name: [plain.sub("", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", cells, re.DOTALL)]
        for name, cells in found
    }


def done(text: str) -> tuple[str, str]:
    """How many of how many the page says are whole."""
    found = re.search(r'Đã ghi đủ <span class="figures">(\d+)</span> / (\d+)', text)
    assert found
    return found[1], found[2]


def test_control_sees_all_agencies_and_what_each_has_recorded(town: Town, as_post: Any) -> None:  # noqa: F811
    whole(MARKET)
    put(EAST, SEEN)
    put(HILL, NONE_CAME, at=hour("2018-12-03 10:00"))
    put(WEST, NONE_CAME)
    withdraw(CONTROL, WEST, QUARTER, "8", "Nhầm", 1, NOW)
    text = page(as_post("control", CITY))
    found = rows(text)
    receiving = versions.agencies_offering(QUARTER.last_day)
    assert list(found) == [
        NAMES[each] for each in (CITY, DEPARTMENT, EAST, MARKET, FERRY, WEST, HILL, OLD_HILL) if each in receiving
    ]
    assert found["Phường Chợ"] == ["2,0 điểm"] * 3
    assert found["Quận Đông"] == ["chưa ghi", "2,0 điểm", "chưa ghi"]
    assert found["Xã Đồi"] == ["chưa ghi", "chưa ghi", "cần ghi lại cho cả kỳ"]
    assert found["Huyện Tây"] == ["chưa ghi", "chưa ghi", "đã rút lại"]
    assert done(text) == ("1", str(len(found)))
    assert f"{SCORES}?pham-vi=own%3AT11&amp;ky=2018-Q4r" in text
    assert f"{SCORES}?pham-vi=own%3AT&amp;ky=2018-Q4r" in text, "their own agency stays one step away"
    assert re.findall(r'<th scope="rowgroup"[^>]*>([^<]+)<', text)[-2:] == ["Quận Đông", "Huyện Tây"]


def test_total_and_grade_are_those_of_each_agencys_own_page(town: Town, as_post: Any) -> None:  # noqa: F811
    facts.follow(
        [
            town.answered(MARKET, "2018-12-03 09:00", "2018-12-03 16:00").id,
            town.answered(WEST, "2018-11-16 09:00", "2018-12-13 10:00").id,
        ]
    )
    whole(MARKET)
    client = as_post("control", CITY)
    found = whole_rows(page(client))
    total, grade = found["Phường Chợ"][:2]
    own = page(client, "pham-vi=own:T11&ky=2018-Q4r")
    assert float(total.split(" / ")[0].replace(",", ".")) > 10
    assert total.endswith("/ 18")
    assert grade
    assert f"Xếp loại: <strong>{grade}</strong>" in own
    assert re.search(rf'<span class="figures">{total.split(" / ")[0]}</span>\s*/\s*18', own), own
    assert found["Huyện Tây"][1] == "chưa đủ tiêu chí"
    assert found["Xã Đồi"][0] == "không có hồ sơ"
    assert "Tổng điểm tính đến 15/1/2019, 00:00" in page(client, "ky=2019")


def test_what_is_missing_can_be_asked_for_alone(town: Town, as_post: Any) -> None:  # noqa: F811
    whole(MARKET)
    client = as_post("control", CITY)
    every = rows(page(client))
    text = page(client, "ky=2018-Q4r&loc=con-thieu")
    assert set(rows(text)) == set(every) - {"Phường Chợ"}
    assert done(text) == ("1", str(len(every)))
    for agency in NAMES:
        if NAMES[agency] in every and agency != MARKET:
            whole(agency)
    text = page(client, "ky=2018-Q4r&loc=con-thieu")
    assert rows(text) == {}
    assert "Không còn cơ quan nào thiếu" in text


def test_the_list_goes_on_by_key_and_shows_each_agency_once(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = as_post("control", CITY)
    every = list(rows(page(client)))
    monkeypatch.setattr(scores_overview, "PAGE", 2)
    seen: list[str] = []
    href: str | None = f"{SCORES}?ky=2018-Q4r&loc=con-thieu"
    while href:
        text = client.get(href).content.decode()
        assert 1 <= len(rows(text)) <= 2
        seen += rows(text)
        following = re.search(r'href="([^"]+)" rel="next"', text)
        href = unescape(following[1]) if following else None
    assert seen == every
    # Where the list went on is still a place when what stood there is recorded meanwhile.
    whole(MARKET)
    assert next(iter(rows(page(client, "ky=2018-Q4r&loc=con-thieu&sau=T11")))) == "Phường Bến Đò"
    for wrong in ("sau=nowhere", "sau=%00", "pham-vi=below:nowhere", "pham-vi=city", "ky=x"):
        assert client.get(f"{SCORES}?{wrong}").status_code == 404, wrong


@pytest.mark.parametrize(
    ("role", "agency", "names"),
    [
        ("leader", EAST, [EAST, MARKET, FERRY]), ("control", EAST, [EAST, MARKET, FERRY]),
        ("leader", MARKET, None), ("one_stop_head", HILL, None), ("head", EAST_XD, None), ("control", DEPARTMENT, None),
    ],
)  # fmt: skip
def test_who_oversees_one_agency_lands_on_its_score_and_nobody_sees_beyond(
    town: Town,  # noqa: F811
    as_post: Any,  # noqa: F811
    role: str,
    agency: int,
    names: list[int] | None,
) -> None:
    client = as_post(role, agency)
    text = page(client)
    if names is None:
        assert "Đã ghi đủ" not in text
        assert f"<h1>{directory()[agency].name.vi}" in text
        return
    assert list(rows(text)) == [NAMES[each] for each in names]
    assert client.get(f"{SCORES}?pham-vi=below:T2").status_code == 404
    assert f"<h1>{NAMES[agency]}" in page(client, "pham-vi=own:T1&ky=2018-Q4r")


def test_it_can_be_narrowed_to_a_district(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("control", CITY)
    assert '<option value="" selected>' in page(client)
    text = page(client, "pham-vi=below:T2&ky=2018-Q4r")
    assert list(rows(text)) == ["Huyện Tây", "Xã Đồi", "Xã Đồi Cũ"]
    assert '<option value="below:T2" selected>' in text
    # All that is below their one district: nothing to choose.
    assert 'name="pham-vi"' not in page(as_post("leader", EAST))


def test_an_agency_that_receives_nothing_is_counted_apart(town: Town, as_post: Any) -> None:  # noqa: F811
    text = page(as_post("control", CITY), "ky=2019-Q1r")
    assert "Xã Đồi Cũ" not in rows(text), "dissolved before the last day"
    assert "không có trong danh sách" in text


def test_the_overview_agrees_with_what_is_offered(town: Town) -> None:  # noqa: F811
    day = QUARTER.last_day
    assert versions.agencies_offering(day) == {each for each in directory().by_number if offered(each, day)}


def test_one_statement_asks_for_all_agencies(town: Town, as_post: Any, client: Client) -> None:  # noqa: F811
    """The control of the whole city: some seven hundred agencies."""
    for agency in (MARKET, EAST, HILL):
        whole(agency)
    of_one = as_post("leader", EAST)
    page(of_one)
    with CaptureQueriesContext(connection) as few:
        page(of_one)
    role = Role.objects.get_or_create(code="control", defaults={"number": 8, "name_vi": "x", "name_en": "x", "at": []})[
        0
    ]
    account = Account.objects.create_user("kiemsoat.hai", full_name="Kiểm Soát")
    for top in [each.number for each in directory().by_number.values() if each.parent is None]:
        Appointment.objects.create(account=account, agency_id=top, role=role, valid_from=date(2018, 1, 1))
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = page(client)
    assert int(done(text)[1]) > 100
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert sum("statutory_scorerecord" in each["sql"] for each in many) == 1
    assert len(many) <= len(few) + 2
