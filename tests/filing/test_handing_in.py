# ruff: noqa: F401, F811 - fixtures are imported by name
"""Handing in: once, whatever happens to the line; by the law's rules; and told when it was done before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from filing.citizen import FakeRegister, mother, register
from filing.making import answered, started, submit
from motcua.dossiers import clock, store
from motcua.dossiers.handle import Done
from motcua.dossiers.journal import history
from motcua.dossiers.models import Dossier as Row
from motcua.filing import handing_in
from motcua.filing import register as seam
from motcua.filing.models import Draft, HandedIn
from motcua.filing.reading import Read
from motcua.law import events as e
from motcua.law.refusal import Refusal
from residents import resident

# Savepoints counted, and the three questions asked every two seconds whether catalogue and houses have changed.
STATEMENTS = 18


@pytest.mark.django_db
def test_an_application_that_is_not_right_is_read_and_nothing_is_written(register: FakeRegister) -> None:
    who = mother()
    draft = started(who)
    found = submit(draft, who)
    assert isinstance(found, Read)
    assert {"muc-1", "muc-2", "muc-3", "nhan-ket-qua"} <= set(found.pages)
    assert not Row.objects.exists()
    assert Draft.objects.get().dossier is None


@pytest.mark.django_db
def test_the_law_refuses_who_is_not_known_well_enough(register: FakeRegister) -> None:
    low = resident("Người Chưa Xác Thực")
    draft = answered(
        low,
        nguoi_nop={"name": "Người Chưa Xác Thực", "number": "000190000003", "address": "Số 1"},
        muc_1={"ethnicity": "Kinh"},
        muc_2={"mother": {"name": "Bà Mẫu"}, "father": {"name": "Ông Mẫu"}},
        giay_to={name: {"how": "bring"} for name in ("identity", "residence", "marriage_certificate")},
    )
    refused = submit(draft, low)
    assert isinstance(refused, Refusal)
    assert refused.code == "assurance_needed"
    assert not Row.objects.exists()
    assert not HandedIn.objects.exists()
    assert Draft.objects.get().dossier is None


@pytest.mark.django_db
def test_the_same_application_twice_is_told_and_the_clerk_sees_it(
    register: FakeRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = mother()
    first = submit(answered(who), who)
    assert isinstance(first, Done)
    again = answered(who, muc_1={"child_name": "TRẦN THỊ BÉ MẪU", "birth_time": "14:35"})
    from motcua.catalogue import versions
    from motcua.filing.reading import read_draft
    from motcua.law.working_time import city_day

    law = versions.procedure_version(again.version)
    twin = handing_in.twin_of_draft(again, law, read_draft(again, law, city_day(clock.now())))
    assert twin is not None
    assert twin.dossier == first.dossier_id
    second = submit(again, who)
    earlier = handing_in.twin_of(second.dossier_id)
    assert earlier is not None
    assert earlier.id == first.dossier_id
    assert handing_in.twin_of(first.dossier_id) is None
    sister = submit(answered(who, muc_1={"child_name": "Trần Thị Chị Mẫu"}), who)
    assert handing_in.twin_of(sister.dossier_id) is None
    monkeypatch.setattr(clock, "now", lambda now=clock.now(): now + timedelta(days=31))
    much_later = submit(answered(who), who)
    assert handing_in.twin_of(much_later.dossier_id) is None


@pytest.mark.django_db
def test_how_many_statements_a_submit_takes(register: FakeRegister) -> None:
    """One more is a question put to the database for every application of the city."""
    who = mother()
    submit(answered(who, muc_1={"child_name": "Trần Đầu Tiên"}), who)
    draft = answered(who)
    with CaptureQueriesContext(connection) as run:
        assert isinstance(submit(draft, who), Done)
    assert len(run) <= STATEMENTS, [each["sql"][:90] for each in run]


@pytest.mark.django_db
def test_the_clock_of_the_client_is_not_read(register: FakeRegister) -> None:
    who = mother()
    done = submit(answered(who), who)
    (entry,) = history(done.dossier_id)
    assert isinstance(entry.event, e.Lodged)
    assert abs((entry.at - clock.now()).total_seconds()) < 120
    assert entry.event.occurred_at is None


@pytest.fixture
def committed(fresh_city: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A resident and a ready draft in a database where things really commit."""
    monkeypatch.setattr(seam, "_present", FakeRegister())
    who = mother()
    return who, answered(who)


def test_ten_presses_at_once_give_one_dossier(committed: Any) -> None:
    who, draft = committed

    def press(_turn: int) -> int:
        try:
            done = submit(draft, who)
            assert isinstance(done, Done), done
            return done.dossier_id
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        found = set(pool.map(press, range(10)))
    assert len(found) == 1
    assert Row.objects.count() == 1
    assert [type(each.event).__name__ for each in history(found.pop())] == ["Lodged"]
    assert HandedIn.objects.count() == 1


class CutError(Exception):
    """The line is cut here."""


@pytest.mark.parametrize("statement", range(1, STATEMENTS + 2))
def test_a_line_cut_at_any_statement_leaves_one_dossier_after_trying_again(committed: Any, statement: int) -> None:
    """Before each statement in turn the connection dies; whoever tries again gets exactly one dossier."""
    who, draft = committed
    asked = 0

    def cut(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == statement:
            connection.connection.close()
            raise CutError
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(cut):
            first = submit(draft, who)
    except (CutError, psycopg.Error, Exception) as broken:
        first = broken
    connection.close()
    again = submit(draft, who)
    assert isinstance(again, Done), (first, again)
    assert Row.objects.count() == 1
    assert Draft.objects.get().dossier == again.dossier_id
    assert HandedIn.objects.count() == 1
    if isinstance(first, Done):
        assert (first.dossier_id, again.repeated) == (again.dossier_id, True)


def test_an_answer_that_was_lost_is_given_again(committed: Any) -> None:
    who, draft = committed
    first = submit(draft, who)
    assert store.read(first.dossier_id) is not None
    with transaction.atomic():
        assert submit(draft, who).dossier_id == first.dossier_id
    assert Row.objects.count() == 1
