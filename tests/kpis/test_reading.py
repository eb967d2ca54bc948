"""Values of KPIs: parts sum to the whole, empty periods, midnight, dissolved agencies, lists, the published history."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import msgspec
import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.lively import Lively
from motcua.kpis import definitions, listing, publishing, reading
from motcua.kpis.models import Value
from motcua.kpis.shapes import Kpi
from motcua.reports import facts
from motcua.reports.figures import Filter, of_period
from motcua.reports.models import DossierFact
from motcua.reports.periods import parse
from reports.town import EAST, HILL, HOUSE, MARKET, OLD_HILL, WEST, hour

MONTH, NOW = of_period(parse("2018-12")), hour("2019-06-01 08:00")
RANDOM = settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
BY_PLACE = ("receiving", "agency", "district", "tier", "field", "procedure", "channel", "resolving", "ground", "step",
            "officer")  # fmt: skip


@pytest.fixture(autouse=True)
def whole_and_true(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within a test's transaction no follower comes to the end of the outbox; what is played is taken in."""
    monkeypatch.setattr(publishing, "complete", lambda _: NOW)
    return


def sums(kpi: Kpi) -> bool:
    return kpi.measure in ("count", "share", "mean") or (kpi.measure == "sums" and kpi.amount is not None
                                                         and kpi.amount.denominator != "days")  # fmt: skip


@RANDOM
@given(seed=st.integers(0, 10**9))
def test_the_parts_sum_to_the_whole_whatever_it_is_broken_down_by(town: Lively, seed: int) -> None:
    town.at_random(seed)
    year = of_period(parse("2018"))
    for kpi in filter(sums, definitions.all()):
        whole = reading.value(kpi.code, year, now=NOW)
        for by in (*kpi.by, *(() if kpi.is_stock else ("month", "half"))):
            parts = reading.value(kpi.code, year, by=by, now=NOW)
            assert sum(each.numerator for each in parts.values()) == pytest.approx(whole.numerator), (kpi.code, by)
            if whole.denominator is not None:
                below = sum(each.denominator or 0 for each in parts.values())
                assert below == pytest.approx(whole.denominator), (kpi.code, by)


@RANDOM
@given(seed=st.integers(0, 10**9))
def test_every_value_opens_exactly_the_cases_it_counts(town: Lively, seed: int) -> None:
    town.at_random(seed)
    for kpi in definitions.all():
        found = reading.value(kpi.code, MONTH, now=NOW)
        parts = {"numerator": found.numerator, "denominator": found.denominator}
        if kpi.measure == "count":
            parts = {"denominator": found.numerator}
        if kpi.measure in ("percentile", "mean") or (kpi.measure == "sums" and kpi.grain == "stage"):
            parts = {"denominator": found.cases}
        for part, number in parts.items():
            if number is None or not listing.opens(kpi, part):  # type: ignore[arg-type]
                continue
            assert reading.total(kpi.code, MONTH, part=part, now=NOW) == number, (kpi.code, part)  # type: ignore[arg-type]
            rows, after = [], ""
            while True:
                some, after = reading.page(kpi.code, MONTH, part=part, now=NOW, after=after, limit=2)  # type: ignore[arg-type]
                rows += some
                if not after:
                    break
            assert len({(each.dossier_id, each.no) for each in rows}) == len(rows) == number, (kpi.code, part)


@RANDOM
@given(seed=st.integers(0, 10**9))
def test_every_unit_of_a_breakdown_opens_its_own_cases(town: Lively, seed: int) -> None:
    town.at_random(seed)
    for code in ("on_time_share", "open", "step_late_share", "work_closed", "rating_mean", "declined_share"):
        kpi = definitions.get(code)
        for by in (*kpi.by, *(() if kpi.is_stock else ("month",))):
            for key, each in reading.value(code, MONTH, by=by, now=NOW).items():
                part = "numerator" if kpi.grain == "open_day" else "denominator"
                number = each.numerator if kpi.grain == "open_day" else each.cases
                assert reading.total(code, MONTH, part=part, now=NOW, only=(by, key)) == number, (code, by, key)  # type: ignore[arg-type]


@RANDOM
@given(seed=st.integers(0, 10**9))
def test_a_share_of_nothing_is_nothing_and_no_numerator_passes_its_denominator(town: Lively, seed: int) -> None:
    town.at_random(seed, dossiers=4)
    for kpi in definitions.all():
        for by in kpi.by:
            for each in reading.value(kpi.code, MONTH, by=by, now=NOW).values():
                if each.denominator == 0:
                    assert each.value is None
                elif kpi.measure == "share":
                    assert each.denominator is not None
                    assert 0 <= each.numerator <= each.denominator
                    assert each.low is not None
                    assert each.high is not None
                    assert each.low <= each.numerator / each.denominator <= each.high


def test_an_empty_period_has_counts_of_nought_and_nothing_else(town: Lively) -> None:
    town.at_random(3)
    empty = of_period(parse("2011-03"))
    for kpi in definitions.all():
        found = reading.value(kpi.code, empty, now=NOW)
        plain = kpi.measure == "count" or (kpi.amount is not None and kpi.amount.denominator in ("", "days"))
        assert found.value == (0 if plain else None), kpi.code
        assert reading.value(kpi.code, empty, by=kpi.by[0], now=NOW) == {}
        assert reading.say(kpi, found)


def test_midnight_in_the_city_parts_the_months(town: Lively) -> None:
    before = town.answered(EAST, "2018-12-03 09:00", "2018-12-31 23:59")
    after = town.answered(EAST, "2018-12-03 09:00", "2019-01-01 00:00")
    facts.follow([before.id, after.id])
    two = Filter(first=date(2018, 12, 1), last=date(2019, 1, 15))
    # One of the sums and one of the facts.
    for code in ("answered", "promise_kept_share"):
        found = reading.value(code, two, by="month", now=NOW)
        assert {key: each.cases for key, each in found.items()} == {date(2018, 12, 1): 1, date(2019, 1, 1): 1}
    assert reading.value("work_closed", MONTH, now=NOW).numerator + reading.value(
        "work_closed", of_period(parse("2019-01")), now=NOW).numerator == 12  # fmt: skip
    day = msgspec.structs.replace(MONTH, day=date(2018, 12, 31))
    assert reading.value("answered", day, now=NOW).value == 1


def test_a_dissolved_agency_keeps_its_values_and_they_are_those_of_its_district(town: Lively) -> None:
    state = town.accepted(OLD_HILL, "2018-12-28 09:00")
    other = town.accepted(HILL, "2018-12-28 09:00")
    facts.follow([state.id, other.id])
    for code in ("received", "online_share"):
        assert {key: each.cases for key, each in reading.value(code, MONTH, by="receiving", now=NOW).items()} == {
            OLD_HILL: 1, HILL: 1}  # fmt: skip
        assert {key: each.cases for key, each in reading.value(code, MONTH, by="district", now=NOW).items()} == {
            WEST: 2
        }
        assert reading.value(code, msgspec.structs.replace(MONTH, agency=WEST), now=NOW).cases == 2
    assert reading.value("received", msgspec.structs.replace(MONTH, agency=OLD_HILL), now=NOW).value == 1


def test_what_a_reader_may_not_see_is_in_no_value(town: Lively) -> None:
    town.at_random(11)
    for kpi in definitions.all():
        assert reading.value(kpi.code, MONTH, now=NOW, within=()).numerator == 0
    both = reading.value("received", MONTH, now=NOW, within=(MARKET, EAST))
    each = reading.value("received", MONTH, by="receiving", now=NOW)
    assert both.value == sum(each[key].cases for key in (MARKET, EAST) if key in each)


def test_what_a_kpi_does_not_know_it_refuses(town: Lively) -> None:
    with pytest.raises(reading.NotOfferedError):
        reading.value("late", MONTH, by="officer")
    with pytest.raises(reading.NotOfferedError):
        reading.value("open_work", msgspec.structs.replace(MONTH, procedure=HOUSE))
    with pytest.raises(reading.NotOfferedError):
        reading.value("open_work", MONTH, channel="online")
    with pytest.raises(definitions.UnknownKpiError):
        reading.value("nothing", MONTH)
    for key in ("x", "a~b~c", "2018-01-01~1~1", "2018-12-01T00:00:00+07:00~1"):
        with pytest.raises(ValueError, match=r"(key|unpack|isoformat|literal)"):
            reading.page("received", MONTH, after=key)


def test_the_sums_and_the_facts_answer_alike(town: Lively, monkeypatch: pytest.MonkeyPatch) -> None:
    town.at_random(21, dossiers=20)
    year = of_period(parse("2018"))
    answered = Counter[str]()
    for kpi in definitions.all():
        for by in (None, "receiving", "district", "tier", "field", "procedure", "month", "half"):
            if by is not None and by not in (*kpi.by, "month", "half"):
                continue
            asked = reading.Asked(year, NOW, by)
            if (statement := reading.sums.statement(kpi, asked)) is None:
                continue
            answered[kpi.code] += 1
            assert statement.sql
            fast = reading._read(kpi, asked)
            with monkeypatch.context() as patch:
                patch.setattr(reading.sums, "statement", lambda *_: None)
                assert reading._read(kpi, asked) == fast, (kpi.code, by)
    assert {"received", "late", "on_time_share", "open", "overdue_share", "ended_otherwise"} <= set(answered)


@RANDOM
@given(seed=st.integers(0, 10**9), period=st.sampled_from(("2018-12", "2019-01r", "2018")))
def test_asked_together_the_kpis_say_what_each_says_alone(town: Lively, seed: int, period: str) -> None:
    town.at_random(seed)
    which, midway = of_period(parse(period)), hour("2018-12-11 14:30")
    for now, part, within in (
        (NOW, which, None), (midway, which, None), (NOW, msgspec.structs.replace(which, agency=EAST), (EAST, MARKET)),
        (NOW, msgspec.structs.replace(which, procedure="1.004650"), None),
    ):  # fmt: skip
        together = reading.values(definitions.all(), part, now=now, within=within)
        for kpi in definitions.all():
            try:
                alone = reading.value(kpi.code, part, now=now, within=within)
            except reading.NotOfferedError:
                assert kpi.code not in together
                continue
            same = pytest.approx(msgspec.structs.asdict(alone))
            assert msgspec.structs.asdict(together[kpi.code]) == same, (kpi.code, now)


class TestPublishing:
    """What is published stays, and a correction is another version."""

    def test_a_period_is_published_once_for_every_unit(self, town: Lively) -> None:
        town.at_random(31)
        kpi, december = definitions.get("received"), parse("2018-12")
        assert publishing.publish(kpi, december, NOW) > 0
        assert publishing.publish(kpi, december, NOW) == 0
        (whole,) = reading.history("received")
        assert whole.reading == reading.value("received", MONTH, now=NOW)
        assert not whole.corrected
        places = reading.value("received", MONTH, by="receiving", now=NOW)
        for key, each in places.items():
            assert [one.reading for one in reading.history("received", "agency", str(key))] == [each]

    def test_a_difference_is_a_new_version_and_the_old_one_stays(self, town: Lively) -> None:
        facts.follow([town.answered(EAST, "2018-12-03 09:00", "2018-12-10 10:00").id])
        kpi, december = definitions.get("corrected_share"), parse("2018-12")
        publishing.publish(kpi, december, NOW)
        DossierFact.objects.update(corrected_at=NOW)
        assert publishing.publish(kpi, december, NOW) > 0
        old, new = reading.history("corrected_share", versions=True)
        assert (old.version, new.version, new.corrected) == (1, 2, True)
        assert old.reading.numerator < new.reading.numerator
        assert reading.history("corrected_share") == [new]

    def test_a_period_that_goes_on_or_is_not_complete_is_not_published(
        self, town: Lively, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kpi = definitions.get("received")
        with pytest.raises(publishing.NotCompleteError):
            publishing.publish(kpi, parse("2019-06"), NOW)
        for until in (None, hour("2018-12-31 23:59")):
            monkeypatch.setattr(publishing, "complete", lambda _, until=until: until)
            with pytest.raises(publishing.NotCompleteError):
                publishing.publish(kpi, parse("2018-12"), NOW)
        assert not Value.objects.exists()

    def test_the_clock_publishes_the_last_month_and_report_quarter_then_the_months_before(
        self, town: Lively, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        town.at_random(31, dossiers=3)
        assert DossierFact.objects.order_by("lodged_at")[0].lodged_at < hour("2018-12-01 00:00")
        monkeypatch.setattr(publishing.clock, "now", lambda: hour("2019-02-01 00:10"))
        monkeypatch.setattr(publishing, "SECONDS_AT_ONCE", 600.0)
        publishing.by_the_clock()
        told = list(dict.fromkeys(Value.objects.order_by("id").values_list("period", flat=True)))
        assert told == ["2019-01", "2018-Q4r", "2018-12", "2018-11"]
        assert Value.objects.values("code").distinct().count() == len(definitions.all())
        before = Value.objects.count()
        publishing.by_the_clock()
        assert Value.objects.count() == before

    def test_the_database_itself_refuses_to_change_what_was_said(self, town: Lively) -> None:
        town.at_random(31, dossiers=3)
        publishing.publish(definitions.get("received"), parse("2018-12"), NOW)
        for change in ("UPDATE kpis_value SET numerator = 1", "DELETE FROM kpis_value"):
            with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as run:
                run.execute(change)
