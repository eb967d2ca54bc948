"""The inbox against a plain count over random dossiers, its pages by key, and the search that sees only one's own."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.permits import Permit, hanoi, official, rows_of, set_watch
from motcua.dossiers import search
from motcua.dossiers.handle import handle
from motcua.dossiers.inbox import FILTERS, Inbox, Row
from motcua.law import commands as c
from motcua.law.actor import Actor, Grant
from motcua.law.names import search_key
from motcua.organisation.directory import directory

pytestmark = pytest.mark.django_db

NOW = datetime(2018, 12, 12, 3, tzinfo=UTC)
TOMORROW = hanoi("2018-12-13 00:00")
ROLES = ("reception", "results", "head", "officer", "leader", "registrar")


def fill(rng: random.Random, count: int, agencies: list[int]) -> None:
    """Tasks of every kind, many due at the same instant, with dossiers to match."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO dossiers_dossier (id, seq, head, state, last_at, procedure, version, channel, receiving,
                   phase, status, waiting, applicant_name, applicant_key, lodged_at, code, token, outcome,
                   applicant_number)
               SELECT n, 1, '', '{}', now(), 'p' || n %% 3, 1, 'counter', %s, 'working', 4, false, 'Trần Thị Bưởi',
                   'tran thi buoi', now(), 'CODE-' || n, '', '', '' FROM generate_series(1, %s) n""",
            [agencies[0], count],
        )
        for dossier in range(1, count + 1):
            for no in range(1, rng.randint(1, 3)):
                cursor.execute(
                    """INSERT INTO dossiers_task (dossier_id, no, agency, role, assignee, procedure, step, stage, kind,
                           sent_by, opened_at, due_at, received, waiting)
                       VALUES (%s, %s, %s, %s, %s, %s, %s, 's', %s, 0, %s, %s, %s, %s)""",
                    [
                        dossier, no, rng.choice(agencies), rng.choice(ROLES), rng.choice((0, 7, 8)),
                        f"p{dossier % 3}", rng.choice(("a", "b")), rng.choice(("step", "opinion", "correction")),
                        NOW,
                        NOW + timedelta(hours=rng.randint(-30, 60)), rng.random() < 0.7, rng.random() < 0.2,
                    ],
                )  # fmt: skip


def expected(actor: Actor, which: str, procedure: str, step: str) -> list[tuple[int, int]]:
    """The same by plain reading of every row."""
    posts = {(grant.agency, grant.role) for grant in actor.grants}
    counter = {"reception", "results", "one_stop_head"}
    for grant in actor.grants:
        if grant.role in counter:
            posts |= {(grant.agency, role) for role in counter}
        if grant.role in ("head", "leader"):
            posts.add((grant.agency, "officer"))
    sees_all = any(grant.role in ("head", "leader", "one_stop_head") for grant in actor.grants)
    own = {0, actor.account} | {grant.by_delegation_of for grant in actor.grants if grant.by_delegation_of}
    found = []
    for dossier, no, agency, role, assignee, what, at, kind, due, received, waiting in rows_of(
        "SELECT dossier_id, no, agency, role, assignee, procedure, step, kind, due_at, received, waiting"
        " FROM dossiers_task"
    ):
        holds = {
            "all": True,
            "mine": assignee == actor.account,
            "unassigned": assignee == 0,
            "late": due < NOW and not waiting,
            "today": NOW <= due < TOMORROW and not waiting,
            "waiting": waiting,
            "arriving": not received,
            "opinion": kind == "opinion",
        }[which]
        asked = procedure in ("", what) and step in ("", at)
        if (agency, role) in posts and (sees_all or assignee in own) and holds and asked:
            found.append((due, dossier, no))
    return [(dossier, no) for _due, dossier, no in sorted(found)]


@settings(max_examples=12)
@given(st.integers(0, 2**32), st.sampled_from(["", "p1"]), st.sampled_from(["", "a"]))
def test_counts_and_pages_are_those_of_a_plain_count(seed: int, procedure: str, step: str) -> None:
    rng = random.Random(seed)
    agencies = rng.sample(range(10001, 10040), 3)
    for table in ("task", "dossier"):
        rows_of(f"WITH gone AS (DELETE FROM dossiers_{table} RETURNING 1) SELECT count(*) FROM gone")
    fill(rng, rng.randint(0, 80), agencies)
    grants = tuple(
        Grant(rng.choice(agencies), rng.choice(ROLES), by_delegation_of=rng.choice((None, None, 8)))
        for _ in range(rng.randint(1, 3))
    )
    actor = Actor(account=7, name="Người thử", grants=grants)
    inbox = Inbox(actor, NOW, TOMORROW, procedure=procedure, step=step)
    counts = inbox.counts()
    for which in FILTERS:
        wanted = expected(actor, which, procedure, step)
        assert counts[which] == len(wanted)
        seen: list[Row] = []
        after, limit = "", rng.randint(1, 7)
        while True:
            rows, after = inbox.page(which, after, limit)
            assert len(rows) <= limit
            seen += rows
            if not after:
                break
            assert len(rows) == limit
        assert [(row.dossier_id, row.no) for row in seen] == wanted
        assert all((one.due_at, one.dossier_id) <= (two.due_at, two.dossier_id) for one, two in pairwise(seen))


def test_a_page_is_not_upset_by_what_was_done_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    permits = [Permit().accept() for _ in range(9)]
    clerk = permits[0].people.clerk
    inbox = Inbox(clerk, NOW, TOMORROW)
    first, after = inbox.page("all", "", 3)
    done = next(permit for permit in permits if permit.id == first[0].dossier_id)
    handle(done.id, c.Forward(task=done.task()), clerk, uuid4().hex)
    rest = []
    while after:
        rows, after = inbox.page("all", after, 3)
        rest += rows
    assert {row.dossier_id for row in [*first, *rest]} == {permit.id for permit in permits}
    assert len(first) + len(rest) == 9
    assert inbox.counts()["all"] == 8


@pytest.mark.parametrize(
    "key", ["x", "1~2", "a~b~c", "nan~1~1", "inf~1~1", "1e400~1~1", "0~99999999999999999999~1", "0~1~99999999999", "~~"]
)
def test_a_key_that_is_none_begins_at_the_beginning(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    permit = Permit().accept()
    inbox = Inbox(permit.people.clerk, NOW, TOMORROW)
    assert inbox.page("all", key) == inbox.page("all")
    assert [row.dossier_id for row in inbox.page("all", key)[0]] == [permit.id]


def test_search_finds_ones_own_and_nothing_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    mine = Permit().accept(name="Đặng Thị Ước")
    theirs = Permit("00004").accept(name="Đặng Thị Ước")
    clerk, stranger = mine.people.clerk, mine.people.stranger
    for query in ("dang thi", "ĐẶNG THỊ Ư", "001180000001", "001 180 000 001"):
        assert [found.id for found in search.search(clerk, query)] == [mine.id]
        assert [found.id for found in search.search(stranger, query)] == [theirs.id]
    assert [found.id for found in search.search(clerk, mine.state.code.lower())] == [mine.id]
    assert search.search(clerk, theirs.state.code) == []
    assert search.search(mine.people.planner, "dang thi") == []
    hints = search.earlier(clerk, mine.state.procedure, "001180000001", "")
    assert [found.id for found in hints] == [mine.id]


@pytest.mark.parametrize("many", [0, 1, 3, 5000])
def test_a_name_of_many_is_found_like_a_name_of_few(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    monkeypatch.setattr(search, "MANY", many)
    ours = [Permit().accept(name=f"Đặng Thị Ước {letter}") for letter in "ABCD"]
    theirs = [Permit("00004").accept(name=f"Đặng Thị Ước {letter}") for letter in "ABC"]
    Permit().accept(name="Đặng Văn Lê")
    passed_on = [ours[0].at_officer(), theirs[1].at_officer()]
    people = ours[0].people
    for actor, seen in ((people.clerk, ours), (people.stranger, theirs), (people.officer, passed_on)):
        newest = sorted((each.id for each in seen), reverse=True)
        for limit in (20, 2, 1):
            assert [each.id for each in search.search(actor, "dang thi uoc", limit)] == newest[:limit], actor.name
    assert [each.id for each in search.search(people.clerk, "đặng thị ước b")] == [ours[1].id]
    assert search.search(people.clerk, "dang thi uom") == []


def test_of_a_name_of_many_only_the_newest_of_others_are_looked_at_and_all_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_watch(monkeypatch)
    older, newer = (Permit().accept(name="Đặng Thị Ước").at_officer() for _ in range(2))
    people = older.people
    for many, gone_through, namesakes, seen in ((0, 2, 1, [newer]), (0, 1, 9, [newer]), (0, 2, 9, [newer, older])):
        monkeypatch.setattr(search, "MANY", many)
        monkeypatch.setattr(search, "GONE_THROUGH", gone_through)
        monkeypatch.setattr(search, "NAMESAKES", namesakes)
        assert [each.id for each in search.search(people.officer, "dang thi")] == [each.id for each in seen]
        assert [each.id for each in search.search(people.clerk, "dang thi")] == [newer.id, older.id]
        hints = search.earlier(people.officer, older.state.procedure, "", "ĐẶNG THỊ ƯỚC")
        assert [each.id for each in hints] == [newer.id, older.id][:namesakes]


def test_a_name_put_right_is_found_and_the_wrong_one_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    permit = Permit().accept(name="Đặng Thị Ước")
    clerk = permit.people.clerk
    permit.act(c.Correct({"applicant.name": "Đặng Thị Ướt"}, "Gõ nhầm"), clerk)
    assert [each.id for each in search.search(clerk, "dang thi uot")] == [permit.id]
    assert search.search(clerk, "dang thi uoc") == []
    assert rows_of("SELECT dossier_id, receiving, key FROM dossiers_name") == [
        (permit.id, permit.place.commune, "dang thi uot")
    ]


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE dossiers_dossier; --",
        "%",
        "_" * 9,
        "\\",
        "' OR 1=1 --",
        "a\x00b",
        "\ud800",
        "1" * 5000,
        "ệ" * 3000,
    ],
)
def test_no_query_breaks_the_search_or_widens_it(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    permit = Permit().accept()
    clerk = permit.people.clerk
    assert search.search(clerk, query) == []
    inbox = Inbox(clerk, NOW, TOMORROW, search=query.upper(), search_key=search_key(query), procedure=query, step=query)
    assert inbox.counts()["all"] == 0
    assert search.by_code(query) is None
    assert search.by_token(query) is None
    assert search.earlier(clerk, query, query, query) == []


def test_leaders_and_control_search_everything_below(monkeypatch: pytest.MonkeyPatch) -> None:
    set_watch(monkeypatch)
    permit = Permit().accept(name="Vũ Thị Ếch")
    city = directory().by_code["HN"].number
    for actor, sees in (
        (official(31, "Kiểm soát", (city, "control")), True),
        (official(32, "Lãnh đạo quận", (permit.place.district, "leader")), True),
        (official(33, "Quản trị", (city, "admin")), False),
        (official(34, "Cán bộ thành phố", (city, "officer")), False),
        (Actor(account=35, name="Người dân", kind="resident"), False),
    ):
        assert bool(search.search(actor, "vu thi ech")) == sees, actor.name


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_may_be_searched_for(query: str) -> None:
    actor = official(7, "A", (10001, "reception"))
    assert search.search(actor, query) == []
