"""What a resident may see of their dossier's journal: a decision for every kind of event, and nothing that leaks."""

import typing
from datetime import UTC, datetime
from typing import Any

import pytest

from dossiers.permits import Permit, set_watch
from motcua.dossiers.journal import Entry, history
from motcua.law import commands as c
from motcua.law import events as e
from motcua.law.dossier import Applicant, Task
from motcua.portal.mine import seeing
from motcua.portal.mine.seeing import SIGHTS, may_tell, story
from portal.own_permits import OwnPermit

AT = datetime(2018, 12, 3, 9, tzinfo=UTC)
SECRET = "MẬT"
KINDS = typing.get_args(e.AnyEvent)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


def filled(kind: type) -> Any:
    """An event of this kind in which every text says that it is secret."""
    values: dict[str, Any] = {}
    for name, hint in typing.get_type_hints(kind).items():
        values[name] = _value(hint)
    return kind(**values)


def _value(hint: Any) -> Any:
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if hint is str:
        return SECRET
    if hint is int:
        return 7
    if hint is bool:
        return False
    if hint is datetime or datetime in inside:
        return AT
    if origin is typing.Literal:
        return inside[0]
    if origin is tuple:
        return (_value(inside[0]),) if inside and inside[0] in (str, int) else ()
    if origin is dict:
        return {SECRET: (SECRET, SECRET)} if inside[1:] and typing.get_origin(inside[1]) is tuple else {"1": 1}
    if hint is Applicant or Applicant in inside:
        return Applicant(kind="person", name=SECRET, number=SECRET, phone=SECRET, email=SECRET)
    if hint is Task:
        return Task(no=1, step="x", stage="x", agency=1, role="x", opened_at=AT, due_at=AT)
    return None


# What an event says to its owner of what stands in it; every other text in it stays inside.
ADDRESSED: dict[type, set[str]] = {
    e.Accepted: {"code"},
    e.Declined: {"words"},
    e.SupplementRequested: {"items", "reason"},
    e.Forwarded: {"step", "to"},
    e.SentBack: {"to"},
    e.PaymentRecorded: {"receipt"},
    e.PaymentRefunded: {"reason"},
    e.DraftShown: {"note"},
    e.DraftAnswered: {"words"},
    e.ResultNumbered: {"number"},
    e.Extended: {"apology", "reason"},
    e.HandedOver: {"to_name"},
    e.Withdrawn: {"reason"},
    e.Stopped: {"reason", "ground"},
    e.Corrected: {"changes"},
    e.CorrectionOpened: {"reason"},
    e.RatingContested: {"reason"},
    e.RatingRuled: {"words"},
    e.StepRecorded: {"activity"},
    e.Lodged: {"channel"},
    e.NoticeRecorded: {"channel"},
}


def test_every_kind_of_event_has_a_decision() -> None:
    assert set(SIGHTS) == set(KINDS)
    assert set(ADDRESSED) <= set(KINDS)


def test_an_event_nobody_decided_on_is_not_shown() -> None:
    class Unknown(e.Event, frozen=True, tag="unknown"):
        words: str = SECRET

    assert may_tell(Unknown(), Permit.__new__(Permit)) == ""  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_only_what_is_addressed_to_the_owner_is_told(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text of the event is filled in turn: where it shows, it is one that the owner is meant to read."""
    monkeypatch.setattr("motcua.law.rights.GROUNDS", {SECRET: ("chờ", "waiting"), "supplement": ("chờ", "waiting")})
    procedure = Permit().procedure
    event = filled(kind)
    texts = {name for name, hint in typing.get_type_hints(kind).items() if SECRET in repr(getattr(event, name))}
    for name in sorted(texts - ADDRESSED.get(kind, set())):
        blanked = {other: _blank(getattr(event, other)) for other in texts - {name}}
        told = may_tell(
            type(event)(**{field: getattr(event, field) for field in event.__struct_fields__} | blanked), procedure
        )
        assert SECRET not in told, name
    if kind in (e.Noted,):
        assert may_tell(event, procedure) == ""


def _blank(value: Any) -> Any:
    return (
        "" if isinstance(value, str) else () if isinstance(value, tuple) else {} if isinstance(value, dict) else value
    )


@pytest.mark.django_db
def test_the_story_names_offices_and_posts_and_never_an_official(watch: Any) -> None:
    permit = OwnPermit().filed().accepted().drafted()
    permit.act(c.Note(words="Người này hay hỏi nhiều"), permit.people.officer)
    permit.shown().ended()
    told = story(history(permit.id), permit.procedure, permit.owner.account_id)
    said = "\n".join(f"{each.who} {each.what}" for each in told)
    for official in permit.people:
        assert official.name not in said
    for inside in ("hay hỏi nhiều", "cho phép ba tầng"):
        assert inside not in said
    assert told[0].who == "Bạn"
    assert any("Phòng" in each.who and "," in each.who for each in told)
    assert [each.what for each in told if "dự thảo" in each.what.lower()]
    assert told == sorted(told, key=lambda each: each.at)


@pytest.mark.django_db
def test_a_proposal_to_refuse_is_told_like_any_other_draft(watch: Any) -> None:
    permit = OwnPermit().filed().accepted()
    permit.to("appraise")
    refusal = c.Refuse(task=permit.task(), reason="not_eligible", words="Đất không phải đất ở")
    permit.act(refusal, permit.people.officer)
    told = story(history(permit.id), permit.procedure, permit.owner.account_id)
    assert told[-1].what == seeing.w.drafted(refusal, permit.procedure)  # type: ignore[arg-type]
    assert "Đất không phải" not in "".join(each.what for each in told)


def test_who_filed_for_whom_is_called_the_filer() -> None:
    lodged = e.Lodged(
        procedure="x", version=1, case="x", channel="online", agency=1,
        applicant=Applicant(kind="person", name="A", account=5), regime="x",
    )  # fmt: skip
    entry = Entry(seq=1, at=AT, type="lodged", actor="6 Trần B", agency=1, event=lodged, hash=b"")
    assert seeing._who(entry, None, Permit.__new__(Permit), 5) == "Người nộp"  # type: ignore[arg-type]
    assert seeing._who(entry, None, Permit.__new__(Permit), 6) == "Bạn"  # type: ignore[arg-type]
