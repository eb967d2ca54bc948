"""What people said, as open data: counted as the journal has it, frozen with its quarter, and telling of nobody."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kpis.lively import Lively
from motcua.dossiers import clock, followers, store
from motcua.dossiers.rows import decode_state
from motcua.law import commands as c
from motcua.law.rating import CRITERIA
from motcua.law.texts import Text
from motcua.opendata import publishing
from motcua.opendata.definitions import datasets
from motcua.opendata.models import Release
from motcua.opendata.sources import opinions
from motcua.opendata.sources.opinions import CONTESTED, WHOLE, WORDS, ZERO, Said
from motcua.opendata.suppression import is_small
from motcua.organisation.directory import directory
from motcua.reports import facts
from motcua.reports import ratings as following
from motcua.reports.figures import Board, of_period
from motcua.reports.models import Cube
from motcua.reports.periods import Period, quarter
from opendata.rated import rated_by
from reports.town import EAST, FERRY, HILL, HOUSE, MARKET, SHOP, WEST, Town, hour

NOW = hour("2019-04-20 10:00")
FOURTH, FIRST = quarter(2018, 4), quarter(2019, 1)
CODES = {MARKET: "T11", FERRY: "T12", HILL: "T21", WEST: "T2", EAST: "T1"}
ALL = ("hai-long", "hai-long-theo-thu-tuc", "danh-gia-theo-co-quan", "danh-gia-theo-thu-tuc")

# What the source says from the facts, said once more from the journal alone.
ORACLE = """
    WITH told AS (
        SELECT d.{key} AS part, r.at, r.payload::jsonb AS rating, c.at AS contested, k.at AS ruled,
               (k.payload::jsonb ->> 'stands')::boolean AS stands
          FROM dossiers_event r JOIN dossiers_dossier d ON d.id = r.dossier_id
          LEFT JOIN dossiers_event c ON c.dossier_id = r.dossier_id AND c.type = 'rating_contested'
          LEFT JOIN dossiers_event k ON k.dossier_id = r.dossier_id AND k.type = 'rating_ruled'
         WHERE r.type = 'rated'),
    valid AS (SELECT part, rating FROM told WHERE at >= %(begin)s AND at < %(end)s
                 AND NOT (coalesce(ruled < %(end)s, false) AND stands IS NOT TRUE))
    SELECT part,
           (SELECT count(*) FROM valid v WHERE v.part = p.part),
           (SELECT count(*) FROM valid v WHERE v.part = p.part
               AND EXISTS (SELECT FROM jsonb_each_text(v.rating -> 'scores') s WHERE s.value = '0')),
           (SELECT count(*) FROM valid v WHERE v.part = p.part AND coalesce(v.rating ->> 'words', '') <> ''),
           (SELECT count(*) FROM told t WHERE t.part = p.part AND contested >= %(begin)s AND contested < %(end)s),
           (SELECT count(*) FROM told t WHERE t.part = p.part AND ruled >= %(begin)s AND ruled < %(end)s AND stands),
           (SELECT count(*) FROM told t WHERE t.part = p.part AND ruled >= %(begin)s AND ruled < %(end)s
               AND NOT coalesce(stands, false)),
           (SELECT count(*) FROM told t WHERE t.part = p.part AND contested < %(end)s
               AND NOT coalesce(ruled < %(end)s, false))
      FROM (SELECT DISTINCT part FROM told) p
"""


@pytest.fixture(autouse=True)
def in_april(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is April, and the figures are complete."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(publishing, "complete_until", lambda: NOW)
    monkeypatch.setattr(opinions, "is_complete", lambda _period: True)
    return


def counts(said: Said) -> tuple[int, ...]:
    return said.rated, said.with_zero, said.with_words, *said.contests[:4]


def told_by_the_journal(key: str, period: Period) -> dict[Any, tuple[int, ...]]:
    with store.cursor() as run:
        found = run.execute(ORACLE.format(key=key), {"begin": period.begins, "end": period.ends}).fetchall()
    return {row[0]: row[1:] for row in found if any(row[1:])}


def lives(town: Lively) -> list[int]:
    """Rated dossiers of two quarters, with words, noughts, contests, and rulings in the quarter and after it."""
    ids = []
    plan = (
        (MARKET, HOUSE, "2018-12-20", "", "2018-12-22", "2018-12-24", False),
        (MARKET, HOUSE, "2018-12-20", "Chậm", "2018-12-22", "2019-01-24", False),
        (MARKET, SHOP, "2018-12-21", "", "2018-12-26", "2018-12-31", True),
        (FERRY, SHOP, "2019-01-02", "Tốt", "2019-01-05", "2019-01-06", True),
        (FERRY, HOUSE, "2018-12-31", "", "2019-02-01", "", False),
        (HILL, HOUSE, "2018-12-21", "", "", "", False),
    )
    for at, (agency, code, rated, words, contested, ruled, stands) in enumerate(plan):
        state = town.answered(agency, "2018-12-03 09:00", "2018-12-12 10:00", code=code)
        scores = {each: (at + int(each)) % 3 for each in CRITERIA}
        state = town.do(state, "system", c.Rate(scores=scores, words=words, by="link"), f"{rated} 23:30")
        if contested:
            state = town.do(state, "leader", c.ContestRating(reason="Nhầm hồ sơ"), f"{contested} 09:00")
        if ruled:
            town.west["control"] = town.east["control"] = town.control
            state = town.do(state, "control", c.RuleOnRating(stands=stands, words="Đã xem"), f"{ruled} 09:00")
        ids.append(state.id)
    facts.follow(ids)
    following.follow(ids)
    return ids


@pytest.mark.parametrize("seed", [None, 3, 11])
def test_it_counts_what_the_journal_says(db: None, taken_online: None, seed: int | None) -> None:
    town = Lively()
    if seed is None:
        lives(town)
    else:
        town.at_random(seed, dossiers=14, acts=60)
    for period in (FOURTH, FIRST):
        places = {code: counts(each) for code, each in opinions.by_place(period).items() if any(counts(each))}
        journal = told_by_the_journal("receiving", period)
        assert places == {directory()[number].code: each for number, each in journal.items()}
        affairs = {code: counts(each) for code, each in opinions.by_affair(period).items() if any(counts(each))}
        assert affairs == told_by_the_journal("procedure", period)
        board = Board(of_period(period), NOW)
        for number, figures in board.by_agency.items():
            assert opinions.by_place(period).get(directory()[number].code, Said()).answered == figures.answered
    assert told_by_the_journal("receiving", FOURTH)


def test_what_happens_after_a_quarter_belongs_to_the_next(db: None, taken_online: None) -> None:
    town = Lively()
    ids = lives(town)
    market, again = opinions.by_place(FOURTH)["T11"], opinions.by_place(FIRST)["T11"]
    # Of three ratings one was struck in time; another one a month later, which the old quarter does not know of.
    assert (market.rated, market.struck, market.stands, market.undecided) == (2, 1, 1, 1)
    assert (again.rated, again.contested, again.struck, again.undecided_before, again.undecided) == (0, 0, 1, 1, 0)
    for said in (market, again):
        contested, stands, struck, undecided, before = said.contests
        assert before + contested == stands + struck + undecided
    before_ = {code: counts(each) for code, each in opinions.by_place(FOURTH).items()}
    state = town.do(_state(ids[5]), "leader", c.ContestRating(reason="Nhầm"), "2019-04-01 09:00")
    town.do(state, "control", c.RuleOnRating(stands=False, words="Đã xem"), "2019-04-02 09:00")
    following.follow(ids)
    assert {code: counts(each) for code, each in opinions.by_place(FOURTH).items()} == before_


def _state(number: int) -> Any:
    with store.cursor() as run:
        row = run.execute("SELECT state FROM dossiers_dossier WHERE id = %s", (number,)).fetchone()
    return decode_state(row[0])


def a_quarter(town: Town) -> None:
    """Four agencies, of which two are rated by few and one by many, and a procedure in which most are discontent."""
    for agency, code in ((MARKET, HOUSE), (MARKET, SHOP), (FERRY, HOUSE), (HILL, SHOP), (WEST, HOUSE)):
        facts.follow([town.answered(agency, "2018-12-03 09:00", "2018-12-12 10:00", code=code).id])
    Cube.objects.filter(before_date=1).update(before_date=200)
    rated_by(MARKET, HOUSE, 60, zero=30, words=8, contested=7)
    rated_by(MARKET, SHOP, 20, words=6)
    rated_by(FERRY, HOUSE, 30, zero=2, words=12)
    rated_by(HILL, SHOP, 4, zero=4, words=1)
    rated_by(WEST, HOUSE, 12, zero=6)


def published(code: str, period: Period = FOURTH, note: Text | None = None) -> Release:
    release = publishing.publish(datasets()[code], period, note)
    assert release is not None
    return release


def test_few_ratings_are_not_told_nor_can_be_had_by_taking_away(town: Town) -> None:
    a_quarter(town)
    rows = {row["agency"]: row for row in publishing.rows_of(published("danh-gia-theo-co-quan"))}
    assert {key: row["rated"] for key, row in rows.items()} == {"T11": 80, "T12": 30, "T2": None, "T21": None}
    assert all(row["answered"] in (200, 400) for row in rows.values())
    # The hill has four ratings; the west is hidden with it, since four is what is left of a total somebody may know.
    for code in ("T2", "T21"):
        assert rows[code]["hidden"] is True
        assert not [key for key in (WHOLE, ZERO, WORDS, CONTESTED, "undecided") if rows[code][key] is not None]
    assert (rows["T11"]["with_zero"], rows["T11"]["with_words"], rows["T11"]["contested"]) == (30, 14, 7)
    assert (rows["T11"]["undecided"], rows["T11"]["struck"], rows["T11"]["hidden"]) == (7, 0, False)
    assert rows["T12"]["with_zero"] is None
    assert (rows["T12"]["with_words"], rows["T12"]["hidden"]) == (12, True)
    points = publishing.rows_of(published("hai-long"))
    assert {row["agency"] for row in points} == {"T11", "T12"}
    assert next(row for row in points if row["agency"] == "T11" and row["criterion"] == "7")["points"] == 100


def test_procedures_are_told_over_the_whole_city(town: Town) -> None:
    a_quarter(town)
    rows = {row["procedure"]: row for row in publishing.rows_of(published("danh-gia-theo-thu-tuc"))}
    assert {key: row["rated"] for key, row in rows.items()} == {HOUSE: 102, SHOP: 24}
    # Four noughts in one procedure: hidden, and the other's with them, or the total would tell.
    assert {key: row["with_zero"] for key, row in rows.items()} == {HOUSE: None, SHOP: None}
    assert {row["procedure"] for row in publishing.rows_of(published("hai-long-theo-thu-tuc"))} == {HOUSE, SHOP}


def test_what_one_version_hid_the_next_one_hides(town: Town) -> None:
    a_quarter(town)
    first = {code: published(code) for code in ALL}
    assert all(publishing.publish(datasets()[code], FOURTH) is None for code in ALL)
    assert list(publishing.outdated()) == []
    rated_by(HILL, SHOP, 40, zero=20, words=20)
    rated_by(FERRY, HOUSE, 40, zero=20)
    for code in ALL:
        second = published(code, note=Text("Đếm lại.", "Counted again."))
        assert {tuple(each) for each in first[code].hidden} <= {tuple(each) for each in second.hidden}
    row = {row["agency"]: row for row in publishing.rows_of(Release.objects.get(dataset=ALL[2], version=2))}
    assert (row["T21"]["rated"], row["T12"]["with_zero"], row["T12"]["rated"]) == (None, None, 70)


def test_it_waits_until_the_ratings_are_complete(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ratings are kept by a follower of their own, which may be behind that of the figures."""
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(publishing, "complete_until", lambda: NOW)
    a_quarter(town)
    for until in (None, FOURTH.ends - timedelta(seconds=1)):
        monkeypatch.setattr(followers, "complete_until", lambda _name, until=until: until)
        assert not {each.code for each, _ in publishing.due(NOW)} & set(ALL)
        with pytest.raises(publishing.NotPublishedError, match="waits"):
            publishing.publish(datasets()[ALL[0]], FOURTH)
    monkeypatch.setattr(followers, "complete_until", lambda _name: FOURTH.ends)
    assert {each.code for each, period in publishing.due(NOW) if period == FOURTH} >= set(ALL)


def test_the_page_tells_what_was_published_with_its_definitions(town: Town, client: Client) -> None:
    page = client.get("/so-lieu/hai-long-va-thoi-gian/").content.decode()
    assert page.count("Chưa có gì đủ 10 đánh giá") == 4
    a_quarter(town)
    for code in ALL:
        published(code)
    for language, words in (
        ("vi", ("Phường Chợ", "Mở cửa hàng", "chưa nhận phản ánh", "Trong số đánh giá, số có viết lời", "từ 1 đến 4")),
        ("en", ("does not take", "Of the ratings, those with something written", "1 to 4")),
    ):
        page = client.get("/so-lieu/hai-long-va-thoi-gian/", HTTP_ACCEPT_LANGUAGE=language).content.decode()
        for each in words:
            assert each in page, each
        assert "{most}" not in page
    page = client.get("/so-lieu/hai-long-va-thoi-gian/").content.decode()
    assert "2 dòng chỉ có số đã trả" in page
    assert "Xã Đồi" not in page
    assert '<td class="number" data-label="Có đánh giá">80</td>' in page
    for code in ALL:
        assert f'href="/du-lieu-mo/{code}/#tu-dien"' in page
    assert 'href="/so-lieu/hai-long-va-thoi-gian/"' in client.get("/so-lieu/").content.decode()


def said() -> st.SearchStrategy[Said]:
    """What may be said of one place, of every size."""
    few = st.one_of(st.just(0), st.integers(0, 6), st.integers(0, 40))

    def made(rated: int, extra: int, parts: tuple[int, int], contests: tuple[int, int, int, int]) -> Said:
        answers = {"1": (rated, 0), "9": (min(rated, parts[0]), 0)}
        return Said(
            answered=rated + extra, scores={key: each for key, each in answers.items() if each[0]}, rated=rated,
            with_zero=min(rated, parts[0]), with_words=min(rated, parts[1]),
            contested=contests[0] + contests[1] + contests[2], stands=contests[0], struck=contests[1],
            undecided=contests[2] + contests[3], undecided_before=contests[3],
        )  # fmt: skip

    return st.builds(made, few, few, st.tuples(few, few), st.tuples(few, few, few, few))


@given(st.dictionaries(st.sampled_from("abcdefgh"), said(), min_size=1))
def test_nobody_reckons_what_is_hidden_even_with_the_totals(table: dict[str, Said]) -> None:
    whole = opinions.hidden_rows(table, [])
    for code, each in table.items():
        if code not in whole:
            assert each.rated >= 10
            assert each.answered - each.rated >= 5
            assert all(answers >= 10 for answers, _ in each.scores.values())
    if len(whole) < len(table):
        for criterion in ("", *CRITERIA):
            rest = sum(each.scores.get(criterion, (0,))[0] if criterion else each.rated
                       for code, each in table.items() if code in whole)  # fmt: skip
            assert rest == 0 or rest >= 10
        if any(table[code].rated for code in whole):
            assert len(whole) > 1
    cells = opinions._hidden_cells(table, whole, [])
    cover = {code for code in whole if table[code].rated}
    for name in (ZERO, WORDS, CONTESTED):
        hidden = {code for code, of in cells if of == name}
        shown = set(table) - whole - hidden
        for code in shown:
            each = table[code]
            part = {ZERO: each.with_zero, WORDS: each.with_words}.get(name)
            assert not is_small(each.contests if part is None else (part, each.rated - part), 5)
        if hidden and shown:
            assert len(hidden | cover) > 1
