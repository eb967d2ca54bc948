"""No leak from the future: what a feature says at a moment is unchanged by anything that happens later."""

from datetime import date, datetime, timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from law.office import HOUSE_PROCESS, calendar
from motcua.dossiers.journal import history
from motcua.flow.features import FEATURES, Around, Case, Span, Stretch, snapshot
from motcua.flow.lives import cases
from motcua.flow.record import Day, Record
from motcua.flow.surroundings import around, record_before, whole_record
from motcua.law.working_time import city_day
from motcua.reports import facts
from motcua.reports.reading import Facts, read
from reports.town import EAST_XD, HOUSE, MARKET, Town, hour

CALENDAR = calendar()
START = hour("2019-03-01 08:00")
STEPS = [step.id for step in HOUSE_PROCESS.steps]


def surroundings(record: Record) -> Around:
    return Around(lambda _: CALENDAR, lambda _: HOUSE_PROCESS, (date(2019, 2, 4), date(2019, 3, 20)), record)


instants = st.integers(0, 40_000).map(lambda minutes: START + timedelta(minutes=minutes))
stretches = st.builds(
    lambda step, agency, opened, way, took, ended: Stretch(
        step, agency, opened, opened + timedelta(minutes=way), opened + timedelta(minutes=way + took), ended
    ),
    st.sampled_from(STEPS), st.integers(1, 3), instants, st.integers(0, 3000), st.integers(1, 20_000),
    st.sampled_from(["forwarded", "sent_back"]),
)  # fmt: skip
days = st.builds(
    Day, st.sampled_from(["agency", "procedure"]), st.sampled_from([1, 2, "p"]),
    st.integers(-150, 40).map(lambda ahead: city_day(START) + timedelta(days=ahead)),
    st.integers(0, 9), st.integers(0, 9), st.integers(0, 9),
)  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> Case:
    """A dossier with all its life written down, to its end."""
    cuts = sorted(draw(st.lists(instants, min_size=2, max_size=7, unique=True)))
    n = len(cuts) - 1
    states = draw(st.lists(st.sampled_from(["open", "waiting"]), min_size=n, max_size=n))
    dues = draw(st.lists(st.integers(1, 60), min_size=n, max_size=n))
    spans = tuple(
        Span(since, until, state, "supplement" if state == "waiting" else "", START + timedelta(days=due))
        for since, until, state, due in zip(cuts[:-1], cuts[1:], states, dues, strict=True)
    )
    found = tuple(draw(st.lists(stretches, min_size=1, max_size=8)))
    return Case(1, "p", 1, 1, draw(st.sampled_from(["counter", "online"])), cuts[0], found, spans, cuts[-1], True)


def as_known(case: Case, at: datetime) -> Case:
    """The dossier as somebody could know it just before the moment."""
    known = tuple(
        replace(
            each,
            received=each.received if each.received and each.received < at else None,
            closed=each.closed if each.closed and each.closed < at else None,
            ended_by=each.ended_by if each.closed and each.closed < at else "",
        )
        for each in case.stretches
        if each.opened < at
    )
    spans = tuple(replace(each, until=each.until if each.until and each.until < at else None)
                  for each in case.spans if each.since < at)  # fmt: skip
    return replace(case, stretches=known, spans=spans, finished=None, late=False)


@given(lives(), st.lists(days, max_size=20), instants)
def test_a_snapshot_knows_nothing_of_what_comes_later(case: Case, found: list[Day], at: datetime) -> None:
    whole = snapshot(case, at, surroundings(Record(found)))
    before = [day for day in found if day.day < city_day(at)]
    assert snapshot(as_known(case, at), at, surroundings(Record(before))) == whole


@given(st.lists(days, max_size=25), st.integers(-100, 40))
def test_the_record_is_a_plain_count_of_the_days_before(found: list[Day], ahead: int) -> None:
    day = city_day(START) + timedelta(days=ahead)
    record = Record(found)
    mine = [each for each in found if (each.kind, each.key) == ("agency", 1) and each.day < day]
    recent = [each for each in mine if each.day >= day - timedelta(days=90)]
    all_recent = [each for each in found if each.kind == "agency" and day - timedelta(days=90) <= each.day < day]
    closed, late = sum(each.closed for each in recent), sum(each.late for each in recent)
    all_closed, all_late = sum(each.closed for each in all_recent), sum(each.late for each in all_recent)
    mean = all_late / all_closed if all_closed else 0.0
    share, of = record.late_share("agency", 1, day)
    assert of == closed
    assert abs(share - (late + 20 * mean) / (closed + 20)) < 1e-9
    assert record.backlog(1, day)[0] == max(sum(each.opened - each.closed for each in mine), 0)


def case_of(found: Facts) -> Case:
    """The facts of a journal as a case, without the database between."""
    fact = found.dossier
    assert fact.accepted_at is not None
    return Case(
        fact.dossier_id, fact.procedure, fact.version, fact.receiving, fact.channel, fact.accepted_at,
        tuple(Stretch(each.step, each.agency, each.opened, each.received, each.closed, each.ended_by)
              for each in found.stages if each.kind == "step"),
        tuple(Span(each.since, each.until, each.state, each.ground, each.due) for each in found.spans),
        fact.finished_at, fact.timeliness == "late",
    )  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 10**9))
def test_later_lines_of_a_journal_change_no_feature_of_before(town: Town, seed: int) -> None:
    ids = town.at_random(seed, acts=40)
    facts.follow(ids)
    known = around(whole_record())
    dice, seen = Random(seed), 0
    stored = {case.dossier_id: case for case in cases(ids)}
    for dossier_id in ids:
        entries = history(dossier_id)
        whole = read(dossier_id, entries, facts.surroundings())
        if whole.dossier.accepted_at is None:
            continue
        case = case_of(whole)
        assert stored[dossier_id] == case
        for _ in range(4):
            last = entries[-1].at + timedelta(days=2)
            at = case.accepted + (last - case.accepted) * dice.random()
            cut = [entry for entry in entries if entry.at < at]
            # The law's answer is frozen at the first; what was closed after it is not asked.
            then = snapshot(case_of(read(dossier_id, cut, facts.surroundings())), at, known)
            assert snapshot(case, at, known) == then
            seen += then is not None
    assert seen or not stored or all(case.finished for case in stored.values())


def test_the_record_of_one_day_is_that_of_all_days_asked_for_it(town: Town) -> None:
    for at in range(6):
        town_id = town.answered(MARKET, f"2018-12-0{3 + at % 5} 09:00", f"2018-12-{10 + at} 10:00").id
        facts.follow([town_id, town.at_officer(town.accepted(MARKET, "2018-12-11 09:00"), "2018-12-12 10:00").id])
    whole = whole_record()
    for day in (date(2018, 12, 10), date(2018, 12, 13), date(2019, 1, 7), date(2019, 2, 20)):
        today = record_before(day)
        for kind, keys in (("agency", (EAST_XD, MARKET)), ("procedure", (HOUSE,))):
            for key in keys:
                assert today.late_share(kind, key, day) == whole.late_share(kind, key, day)  # type: ignore[arg-type]
        if day > date(2018, 12, 20):
            assert today.backlog(EAST_XD, day) == whole.backlog(EAST_XD, day)
            assert today.backlog(EAST_XD, day)[0] == 6


def test_the_features_of_a_known_dossier_by_hand(town: Town) -> None:
    state = town.at_officer(town.accepted(MARKET, "2018-12-03 09:00"), "2018-12-03 10:00")
    facts.follow([state.id])
    (case,) = cases([state.id])
    found = snapshot(case, hour("2018-12-13 09:00"), around(whole_record()))
    assert found is not None
    values = dict(zip(FEATURES, found.values, strict=True))
    # Fifteen working days from the third: due on the 24th at five; eight days are used, eight hours of them left off.
    assert round(values["used"], 3) == round(8 * 480 / (8 * 480 + 7 * 480 + 7 * 60), 3)
    assert (values["waiting"], values["supplements"], values["returns"], values["online"]) == (0, 0, 0, 0)
    assert values["in_transit"] == 0 if case.stretches[-1].received else 1
    needed, left = found.plain["pressure"]
    # A step of eight days with a day and an hour left of it, then three steps of four hours.
    assert (needed, left) == (8 * 480 - (8 * 480 - 60) + 3 * 240, 7 * 480 + 7 * 60)
    assert found.holder == EAST_XD
