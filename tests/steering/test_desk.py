"""The dashboard: its numbers are the figures', each opens exactly what it counts, and nobody looks beyond their own."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import msgspec
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.dossiers import clock
from motcua.law.working_time import city_day
from motcua.organisation.models import Account
from motcua.reports import facts
from motcua.reports.figures import Filter, in_period, months_to
from motcua.reports.models import DossierFact
from motcua.steering import desk, spending, views
from motcua.steering.models import SavedView
from motcua.steering.scope import may_look, roots
from reports.test_figures import slow_count
from reports.town import CITY, DEPARTMENT, EAST, EAST_XD, HILL, HOUSE, MARKET, SHOP, WEST, Town, hour
from steering.people import actor, client_of, official

DESK = "/can-bo/ban-dieu-hanh/"
COUNT = re.compile(r'<a class="(?:big__link|figures[^"]*)" href="([^"]+)">([\d.]+)</a>')
TOTAL = re.compile(r'<h1>[^<]*<span class="figures">([\d.]+)</span>')


def busy(town: Town) -> list[int]:
    """Answers in time and late in this month, the last and a year ago; open ones that are late, due and waiting."""
    states = [
        town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00"),
        town.answered(EAST, "2018-12-04 09:00", "2018-12-14 10:00", code=SHOP),
        town.answered(MARKET, "2018-12-18 09:00", "2018-12-24 10:00"),
        town.answered(WEST, "2019-01-02 09:00", "2019-01-02 11:00", code=SHOP),
        town.answered(EAST, "2018-11-20 09:00", "2019-01-15 09:30"),
        town.at_officer(town.accepted(EAST, "2018-12-20 09:00"), "2018-12-20 10:00"),
        town.at_officer(town.accepted(HILL, "2019-01-15 08:00", code=SHOP), "2019-01-15 09:00"),
        town.accepted(HILL, "2019-01-14 16:00"),
        town.lodged(MARKET, "2019-01-15 08:30"),
    ]
    facts.follow([state.id for state in states])
    return [state.id for state in states]


def listed(client: Client, href: str) -> tuple[int, int]:
    """The total a list states, and how many rows its pages really have."""
    rows, first = 0, None
    while href:
        answer = client.get(href)
        assert answer.status_code == 200, href
        page = answer.content.decode()
        stated = TOTAL.search(page)
        assert stated, page
        first = first if first is not None else int(stated[1].replace(".", ""))
        rows += page.count("<tr data-row")
        following = re.search(r'href="([^"]+)" rel="next"', page)
        href = unescape(following[1]) if following else ""
    assert first is not None
    return first, rows


@pytest.mark.usefixtures("at_ten")
def test_every_count_opens_a_list_of_exactly_what_it_counts(town: Town) -> None:
    busy(town)
    client = client_of(official("control", CITY))
    seen = posts = 0
    for part in (
        "",
        "?co-quan=T1",
        "?thang=2018-12",
        "?nam=2018",
        f"?thu-tuc={HOUSE}",
        "?linh-vuc=T-CT&ngay=2019-01-15",
    ):
        text = client.get(f"{DESK}{part}").content.decode()
        found = dict(COUNT.findall(text))
        assert len(found) > 40
        for href, value in found.items():
            if not ("/ho-so/" in href and "loai=" in href) and "khau=" not in href:
                continue
            number = int(value.replace(".", ""))
            assert listed(client, unescape(href)) == (number, number), (part, href)
            seen += number > 0
            posts += "khau=" in href
    assert seen > 80
    assert posts > 6


@pytest.mark.parametrize("agency", [0, EAST])
def test_the_work_of_a_post_comes_page_by_page_the_longest_first(town: Town, agency: int) -> None:
    night = hour("2018-12-14 23:59")
    facts.follow(town.at_random(7, dossiers=30))
    which = msgspec.structs.replace(months_to(city_day(night), 1), agency=agency)
    posts = spending.by_post(which, night)
    assert posts
    for each in posts:
        for late, counted in ((False, each.pieces), (True, each.late)):
            after, found = "", []
            while True:
                page, after = spending.longest(which, night, each.role, late=late, after=after, limit=3)
                found += page
                if not after:
                    break
            assert len({(piece.dossier_id, piece.no) for piece in found}) == len(found) == counted
            assert [piece.spent for piece in found] == sorted((piece.spent for piece in found), reverse=True)
            if not late:
                assert sum(piece.spent for piece in found) == each.worked + each.waited + each.in_transit


@pytest.mark.usefixtures("at_ten")
def test_a_list_goes_on_to_the_dossiers_own_timeline(town: Town) -> None:
    ids = busy(town)
    client = client_of(official("leader", EAST))
    page = client.get(f"{DESK}ho-so/?loai=qua-han").content.decode()
    assert f"/can-bo/ho-so/{ids[5]}/" in page
    assert client.get(f"/can-bo/ho-so/{ids[5]}/").status_code == 200


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9), day=st.integers(0, 60))
def test_like_is_compared_with_like_on_random_lives(town: Town, seed: int, day: int) -> None:
    """The same days of each month are counted as the slow oracle counts that span, whatever the day of the month."""
    facts.follow(town.at_random(seed, dossiers=8))
    ids = list(DossierFact.objects.values_list("dossier_id", flat=True))
    now = hour("2018-11-28 15:00") + timedelta(days=day)
    for agency in (0, EAST):
        which = msgspec.structs.replace(months_to(city_day(now), 1), agency=agency)
        for stretch in desk.same_days(which, now):
            expected = slow_count(ids, _spanning(which, stretch.month, stretch.until), now)
            got = {name: getattr(stretch.figures, name) for name in ("received", "before_date", "on_time", "late")}
            assert got == {name: expected[name] for name in got}, (now, stretch)


class _Spanning(Filter, frozen=True):  # type: ignore[misc]
    """A filter that ends at an instant, for the oracle."""

    begin: datetime | None = None
    end: datetime | None = None

    def span(self) -> tuple[datetime, datetime]:
        assert self.begin is not None
        assert self.end is not None
        return self.begin, self.end


def _spanning(which: Filter, month: Any, until: datetime) -> Filter:
    begin = hour(f"{month.isoformat()} 00:00")
    return _Spanning(which.first, which.last, agency=which.agency, begin=begin, end=until)


def test_the_thirty_first_is_compared_with_whole_shorter_months() -> None:
    now = hour("2019-03-31 09:00")
    assert [desk.same_instant(month, now) for month in desk.compared_months(now)] == [
        now, hour("2019-03-01 00:00"), hour("2018-03-31 09:00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "agency", "place", "beyond"),
    [
        ("control", CITY, "Toàn thành phố", ()),
        ("leader", CITY, "Toàn thành phố", ()),
        ("leader", EAST, "Quận Đông", ("T2", "T21", "T")),
        ("control", WEST, "Huyện Tây", ("T1", "T11", "T")),
        ("one_stop_head", HILL, "Xã Đồi", ("T2", "T1", "T")),
        ("leader", DEPARTMENT, "Sở Quy hoạch", ("T1", "T")),
    ],
)
@pytest.mark.usefixtures("at_ten")
def test_each_post_sees_its_own_part_of_the_city(
    town: Town, role: str, agency: int, place: str, beyond: tuple[str, ...]
) -> None:
    busy(town)
    client = client_of(official(role, agency))
    assert f"<h1>{place}" in client.get(DESK).content.decode()
    for code in beyond:
        assert client.get(f"{DESK}?co-quan={code}").status_code == 404
        assert client.get(f"{DESK}ho-so/?loai=tiep-nhan&co-quan={code}").status_code == 404
        assert client.get(f"{DESK}ban-tin/xem/?co-quan={code}").status_code == 404


@pytest.mark.parametrize(("role", "agency", "status"), [
    ("officer", EAST_XD, 403), ("reception", MARKET, 403), ("head", EAST_XD, 403), ("one_stop_head", EAST, 404),
])  # fmt: skip
@pytest.mark.usefixtures("at_ten")
def test_whoever_leads_nothing_has_no_desk(town: Town, role: str, agency: int, status: int) -> None:
    client = client_of(official(role, agency))
    for page in ("", "ho-so/?loai=tiep-nhan", "canh-bao/", "ban-tin/", "ban-tin/xem/"):
        assert client.get(f"{DESK}{page}").status_code == status, page
    assert Client().get(DESK).status_code == 302


def test_the_roots_of_several_posts_are_the_widest_ones(town: Town) -> None:
    account = official("leader", EAST)
    for agency in (MARKET, WEST):
        other = official("control", agency).appointments.get()
        other.account = account
        other.save()
    held = actor(Account.objects.get(pk=account.pk))
    assert roots(held) == [EAST, WEST]
    assert may_look(held, MARKET)
    assert may_look(held, HILL)
    assert not may_look(held, 0)
    assert not may_look(held, DEPARTMENT)


@pytest.mark.parametrize("address", [
    "?thang=x", "?ngay=2019-13-01", "?nam=x", "?nam=99999", "?co-quan=nowhere", "?linh-vuc=%00", "ho-so/?loai=x",
    "ho-so/", "ho-so/?loai=tre-han&sau=x", "ho-so/?loai=tre-han&tu=x&den=y", "ho-so/?loai=tre-han&tu=2019-01-01",
    "ho-so/?loai=qua-han&tu=2019-01-01T00:00%2B07:00&den=2019-01-02T00:00%2B07:00", "canh-bao/99/", "ban-tin/99/",
    "ban-tin/xem/?ky=x", "thoi-gian/", "thoi-gian/?khau=%20", "thoi-gian/?khau=officer&sau=x",
    "thoi-gian/?khau=officer&sau=1~2~99999999999",
])  # fmt: skip
@pytest.mark.usefixtures("at_ten")
def test_what_names_nothing_is_not_found(town: Town, address: str) -> None:
    assert client_of(official("control", CITY)).get(f"{DESK}{address}").status_code == 404


@pytest.mark.usefixtures("at_ten")
def test_the_figures_take_twelve_statements(town: Town, django_assert_max_num_queries: Any) -> None:
    busy(town)
    client = client_of(official("control", CITY))
    client.get(DESK)
    with django_assert_max_num_queries(17) as asked:
        assert client.get(DESK).status_code == 200
    of_the_door = ("django_session", "organisation_", "SAVEPOINT")
    figures = [each["sql"] for each in asked.captured_queries if not any(name in each["sql"] for name in of_the_door)]
    assert len(figures) <= 12, "\n".join(each[:150] for each in figures)


@pytest.mark.usefixtures("at_ten")
def test_nothing_is_said_of_nothing(town: Town) -> None:
    text = client_of(official("control", CITY)).get(DESK).content.decode()
    assert "Không hồ sơ nào đang quá hạn" in text
    assert "Chưa có việc nào xong" in text
    assert not re.search(r"\d%</", re.sub(r"<svg.*?</svg>|<ul class=\"tiles-key.*?</ul>", "", text, flags=re.S))


@pytest.mark.usefixtures("at_ten")
def test_facts_that_cannot_be_trusted_are_said_before_any_figure(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.reports.templatetags import figures

    monkeypatch.setattr(figures, "trouble", lambda: "rows_lost")
    text = client_of(official("control", CITY)).get(DESK).content.decode()
    assert text.index("Đừng dùng các con số") < text.index('class="numbers')


@pytest.mark.usefixtures("at_ten")
def test_the_wall_renews_itself_without_a_script_too(town: Town) -> None:
    client = client_of(official("leader", EAST))
    wall, page = client.get(f"{DESK}?tuong=1").content.decode(), client.get(DESK).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in wall
    assert 'data-theme="dark"' in wall
    assert "http-equiv" not in page
    for text in (wall, page):
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)


@pytest.mark.usefixtures("at_ten")
def test_a_view_is_kept_opened_first_shared_and_dropped(town: Town) -> None:
    mine, colleague, stranger = official("leader", EAST), official("control", EAST), official("leader", WEST)
    client = client_of(mine)
    told = {"query": "thang=2018-12&co-quan=T11&x=1", "name": "Chợ, tháng 12", "shared": "yes", "default": "yes"}
    client.post(f"{DESK}khung-nhin/", told)
    view = SavedView.objects.get()
    assert (view.query, view.agency, view.shared) == ("thang=2018-12&co-quan=T11", EAST, True)
    assert client.get(DESK).headers["Location"] == f"{DESK}?thang=2018-12&co-quan=T11"
    assert client.get(f"{DESK}?goc=1").status_code == 200
    assert "Chợ, tháng 12" in client_of(colleague).get(DESK).content.decode()
    assert "Chợ, tháng 12" not in client_of(stranger).get(DESK).content.decode()
    assert client_of(colleague).post(f"{DESK}khung-nhin/", {"drop": view.pk}).status_code == 404
    beyond = {"query": "co-quan=T2", "name": "Bên kia"}
    assert client.post(f"{DESK}khung-nhin/", beyond).status_code == 404
    client.post(f"{DESK}khung-nhin/", {"drop": view.pk})
    assert not SavedView.objects.exists()


def test_views_nobody_opens_are_removed_after_two_years(town: Town) -> None:
    account, now = official("leader", EAST), clock.now()
    for name, age in (("cũ", 731), ("mới", 700)):
        views.save(account.pk, EAST, name, "", now - timedelta(days=age), shared=False, default=False)
    assert views.clear(now) == 1
    assert [each.name for each in SavedView.objects.all()] == ["mới"]


def test_a_day_of_the_desk_is_the_day_of_the_figures(town: Town, at_ten: datetime) -> None:
    busy(town)
    today = msgspec.structs.replace(months_to(city_day(at_ten), 1), day=city_day(at_ten))
    numbers = in_period(today)
    assert (numbers.received, numbers.answered, numbers.late) == (1, 1, 1)
