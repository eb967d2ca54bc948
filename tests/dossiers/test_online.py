"""What is stored of a dossier filed online: whose it is, who is listened to, and what the clock says for the silent."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from msgspec import structs

from dossiers.permits import CODE, Permit, rows_of, set_watch, stored_state
from motcua.catalogue import versions
from motcua.catalogue.models import ProcedureVersion
from motcua.catalogue.publishing import RepublishedError, content_of, publish
from motcua.dossiers import search, timers
from motcua.dossiers.handle import Done, handle, lodge
from motcua.dossiers.policy import may_see
from motcua.dossiers.rows import dossier_columns
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.dossier import Applicant
from motcua.law.refusal import Refusal

pytestmark = pytest.mark.django_db

MOTHER = Actor(account=900, name="Nguyễn Thị Hoà", kind="resident", assurance=2)
DAUGHTER = Actor(account=901, name="Trần Thị Con", kind="resident", assurance=2)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


class OnlinePermit(Permit):
    """A house permit filed online under a version that lets the applicant see the draft."""

    def __init__(self) -> None:
        super().__init__()
        if self.procedure.version == 99:
            return
        steps = tuple(
            structs.replace(step, actions=(*step.actions, "show_draft")) if step.id == "appraise" else step
            for step in self.procedure.process.steps
        )
        self.procedure = structs.replace(
            self.procedure,
            version=99,
            process=structs.replace(self.procedure.process, steps=steps),
            confirm_draft="1 calendar_days",
        )
        publish([self.procedure], "pack")
        self.version, self.procedure = versions.current_version(CODE, date(2018, 12, 3))
        assert self.procedure.version == 99

    def filed(self, by: Actor = MOTHER, **more: Any) -> "OnlinePermit":
        owner = Applicant(kind="person", name="Nguyễn Thị Hoà", account=900)
        filer = None if by == MOTHER else Applicant(kind="person", name=by.name, account=by.account)
        command = self.lodging(channel="online", submitter=filer, **more)
        done = lodge(self.version, structs.replace(command, applicant=owner), by, uuid4().hex)
        assert isinstance(done, Done), done
        self.id = done.dossier_id
        return self


def test_owner_and_filer_find_the_dossier_and_nobody_else(watch: Any) -> None:
    own, for_her = OnlinePermit().filed(), OnlinePermit().filed(DAUGHTER)
    assert [each.id for each in search.mine(900)] == [for_her.id, own.id]
    assert [each.id for each in search.mine(901)] == [for_her.id]
    assert [each.id for each in search.mine(900, before=for_her.id)] == [own.id]
    assert search.mine(0) == []
    assert may_see(DAUGHTER, for_her.state)
    assert not may_see(DAUGHTER, own.state)


def test_the_silent_agree_when_their_time_has_passed_and_only_then(watch: Any) -> None:
    permit = OnlinePermit().filed()
    permit.act(c.Accept(), permit.people.clerk)
    permit.to("appraise")
    permit.act(c.DraftResult(task=permit.task(), result="permit", text="Đồng ý"), permit.people.officer)
    permit.act(c.ShowDraft(task=permit.task()), permit.people.officer)
    assert timers.speak_for_the_silent() == 0
    watch.later(days=2)
    assert timers.speak_for_the_silent() == 1
    assert timers.speak_for_the_silent() == 0
    shown_state = permit.state
    shown = shown_state.shown
    assert shown is not None
    assert shown.silent
    columns = dossier_columns(shown_state)
    stored = rows_of(f"SELECT {', '.join(columns)} FROM dossiers_dossier WHERE id = %s", permit.id)
    assert stored == [tuple(columns.values())]


def test_a_stranger_can_neither_answer_nor_rate(watch: Any) -> None:
    permit = OnlinePermit().filed()
    assert isinstance(handle(permit.id, c.Withdraw(reason="x"), DAUGHTER, uuid4().hex), Refusal)
    assert isinstance(handle(permit.id, c.Rate(scores={"1": 2}), DAUGHTER, uuid4().hex), Refusal)
    state = stored_state(permit.id)
    assert state is not None
    assert state.seq == 1


def test_a_version_published_before_procedures_learned_new_words_is_still_the_same(db: None) -> None:
    told = structs.replace(Permit().procedure, version=98)
    old = {key: value for key, value in json.loads(content_of(told)[0]).items() if key != "confirm_draft"}
    ProcedureVersion.objects.create(
        procedure_id=CODE, version=98, valid_from=told.valid_from, name_vi=told.name.vi, name_en=told.name.en,
        online_level=told.online_level, content=json.dumps(old), sha256="0" * 64, published_at=timezone.now(),
    )  # fmt: skip

    assert publish([told], "pack").unchanged == 1
    with pytest.raises(RepublishedError):
        publish([structs.replace(told, confirm_draft="1 calendar_days")], "pack")
