"""A connection that dies at any moment of an act: asked again with the same key, it is done exactly once."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from dossiers.permits import Permit, everything, rows_of, set_watch
from motcua.dossiers.handle import Done, handle, lodge_and_accept
from motcua.law import commands as c
from motcua.law.refusal import Refusal

pytestmark = pytest.mark.usefixtures("fresh_city", "watch")

MOST = 12


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


def dying(monkeypatch: pytest.MonkeyPatch, at: int, after: bool) -> None:
    """The server ends our connection at statement number `at`, before or after carrying it out."""
    sent = 0
    original = psycopg.Cursor.execute

    def execute(self: Any, *arguments: Any, **options: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == at and not after:
            connection.connection.close()
        done = original(self, *arguments, **options)
        if sent == at and after:
            connection.connection.close()
        return done

    monkeypatch.setattr(psycopg.Cursor, "execute", execute)


def losing_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The transaction is committed, and the line goes dead before that is heard."""
    original = psycopg.Connection.commit

    def commit(self: Any) -> None:
        original(self)
        self.close()
        raise psycopg.OperationalError("the line went dead")

    monkeypatch.setattr(psycopg.Connection, "commit", commit)


def asked(act: Callable[[], Done | Refusal]) -> Done | None:
    """What was answered, or None when no answer came."""
    try:
        answer = act()
    except (DatabaseError, psycopg.Error):
        connection.close()
        return None
    assert isinstance(answer, Done), answer
    return answer


@pytest.mark.parametrize("after", [False, True])
def test_a_line_that_dies_at_any_statement_makes_one_dossier(after: bool) -> None:
    permit = Permit().accept()
    died = 0
    for at in range(1, MOST):
        key = f"form-{at}-{after}"
        lodging = permit.lodging(name=f"Người {at}")

        def act(lodging: c.Lodge = lodging, key: str = key) -> Done | Refusal:
            return lodge_and_accept(permit.version, lodging, c.Accept(), permit.people.clerk, key)

        with pytest.MonkeyPatch.context() as patch:
            dying(patch, at, after)
            died += asked(act) is None
        assert rows_of("SELECT count(*) FROM dossiers_lookup WHERE key = %s", key)[0][0] <= 1
        again = asked(act)
        assert again is not None
        assert again.state.code
        assert rows_of("SELECT count(*) FROM dossiers_lookup WHERE key = %s", key) == [(1,)]
    assert died >= 4
    codes = [code for (code,) in rows_of("SELECT code FROM dossiers_dossier ORDER BY id")]
    assert [int(code.rpartition("-")[2]) for code in codes] == list(range(1, MOST + 1))


@pytest.mark.parametrize("after", [False, True])
def test_a_line_that_dies_at_any_statement_makes_one_act(after: bool) -> None:
    died = 0
    for at in range(1, MOST):
        permit = Permit().accept()
        command = c.Forward(task=permit.task())
        with pytest.MonkeyPatch.context() as patch:
            dying(patch, at, after)
            died += asked(lambda p=permit, do=command: handle(p.id, do, p.people.clerk, "k", seen=2)) is None  # type: ignore[misc]
        again = asked(lambda p=permit, do=command: handle(p.id, do, p.people.clerk, "k", seen=2))  # type: ignore[misc]
        assert again is not None
        assert (again.seq, permit.state.seq) == (3, 3)
        assert rows_of("SELECT count(*) FROM dossiers_event WHERE dossier_id = %s AND key = 'k'", permit.id) == [(1,)]
    assert died >= 2


def test_an_answer_lost_after_the_commit_is_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    permit = Permit()
    with pytest.MonkeyPatch.context() as patch:
        losing_the_answer(patch)
        lost = asked(
            lambda: lodge_and_accept(permit.version, permit.lodging(), c.Accept(), permit.people.clerk, "form-1")
        )
    assert lost is None
    before = everything()
    again = lodge_and_accept(permit.version, permit.lodging(), c.Accept(), permit.people.clerk, "form-1")
    assert isinstance(again, Done)
    assert again.repeated
    assert everything() == before
    assert rows_of("SELECT count(*) FROM dossiers_dossier") == [(1,)]
