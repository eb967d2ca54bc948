# ruff: noqa: F401, F811 - fixtures are imported by name
"""Drafts: saved step by step, never overwritten in silence, kept 90 days, gone only after a warning."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs

from filing.citizen import BIRTH, FakeRegister, mother, register
from filing.making import ANSWERS, answered, started, submit
from motcua.catalogue import publishing, versions
from motcua.dossiers import clock
from motcua.filing import drafts
from motcua.filing.drafts import Conflict
from motcua.filing.models import Draft, DraftWarning
from motcua.law.working_time import city_day
from residents import resident

pytestmark = pytest.mark.django_db
CHILD = ANSWERS["muc-1"]


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """Lets so many days pass."""
    now = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_two_pages_of_one_draft_do_not_overwrite_each_other(register: FakeRegister) -> None:
    who = mother()
    draft = started(who)
    phone = drafts.save(draft.uuid, who.account, "muc-1", CHILD, draft.revision)
    assert isinstance(phone, Draft)
    computer = drafts.save(draft.uuid, who.account, "muc-1", CHILD | {"child_name": "Trần Bé Khác"}, draft.revision)
    assert isinstance(computer, Conflict)
    assert (computer.step, computer.now["child_name"]) == ("muc-1", "Trần Thị Bé Mẫu")
    assert Draft.objects.get().answers["child_name"] == "Trần Thị Bé Mẫu"
    knowing = drafts.save(draft.uuid, who.account, "muc-1", CHILD | {"child_name": "Trần Bé Khác"}, phone.revision)
    assert isinstance(knowing, Draft)
    assert Draft.objects.get().answers["child_name"] == "Trần Bé Khác"


def test_another_page_changed_meanwhile_is_no_conflict_nor_is_the_same_twice(register: FakeRegister) -> None:
    who = mother()
    draft = started(who)
    seen = draft.revision
    assert isinstance(drafts.save(draft.uuid, who.account, "muc-1", CHILD, seen), Draft)
    assert isinstance(drafts.save(draft.uuid, who.account, "muc-3", ANSWERS["muc-3"], seen), Draft)
    again = drafts.save(draft.uuid, who.account, "muc-1", CHILD, seen)
    assert isinstance(again, Draft)
    assert again.revision == 2


def test_drafts_are_listed_by_their_owner_only(register: FakeRegister) -> None:
    who, other = mother(), resident("Người Khác")
    first, second = started(who), started(who)
    drafts.save(first.uuid, who.account, "muc-1", CHILD, 0)
    assert [each.uuid for each in drafts.open_drafts(who.account)] == [first.uuid, second.uuid]
    assert drafts.open_drafts(other.account) == []
    assert drafts.find(first.uuid, other.account) is None
    assert not drafts.discard(first.uuid, other.account)
    assert drafts.save(first.uuid, other.account, "muc-1", CHILD, 9) is None
    assert drafts.discard(second.uuid, who.account)


def test_a_draft_goes_after_90_days_and_says_so_a_week_before(
    register: FakeRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = mother()
    kept, left = started(who), started(who)
    later(monkeypatch, 82)
    drafts.run_due()
    assert not DraftWarning.objects.exists()
    later(monkeypatch, 2)
    drafts.run_due()
    drafts.run_due()
    assert {warning.draft_id for warning in DraftWarning.objects.all()} == {kept.uuid, left.uuid}
    assert isinstance(drafts.save(kept.uuid, who.account, "muc-1", CHILD, 0), Draft)
    assert DraftWarning.objects.get().draft_id == left.uuid
    later(monkeypatch, 7)
    drafts.run_due()
    assert [each.uuid for each in Draft.objects.all()] == [kept.uuid]
    assert not DraftWarning.objects.exists()


def test_nobody_loses_a_draft_unwarned(register: FakeRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that stood still for months warns first."""
    who = mother()
    started(who)
    later(monkeypatch, 200)
    drafts.run_due()
    (draft,) = Draft.objects.all()
    assert draft.goes_at == clock.now() + drafts.WARNED
    later(monkeypatch, 8)
    assert drafts.remove_old() == 1


def test_what_was_handed_in_is_never_removed(register: FakeRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    who = mother()
    draft = answered(who)
    submit(draft, who)
    later(monkeypatch, 400)
    drafts.run_due()
    assert Draft.objects.get().dossier


def published(**changes: Any) -> int:
    """The next version of birth registration, in force today."""
    _version, law = versions.current_version(BIRTH, city_day(clock.now()))
    newer = structs.replace(law, version=law.version + 1, valid_from=date(2026, 1, 1), **changes)
    publishing.publish([newer], "pack")
    return versions.current_version(BIRTH, city_day(clock.now()))[0]


def test_a_draft_stays_on_its_version_until_its_owner_carries_it_over(register: FakeRegister) -> None:
    who = mother()
    draft = answered(who)
    assert drafts.newer_version(draft) is None
    _old, law = versions.current_version(BIRTH, city_day(clock.now()))
    first = structs.replace(law.form[0], fields=law.form[0].fields[:4])
    newer = published(form=(first, *law.form[1:]))
    assert drafts.newer_version(draft) == newer
    assert Draft.objects.get().version == draft.version
    moved = drafts.carry_over(draft.uuid, who.account, newer)
    assert moved is not None
    assert (moved.version, moved.answers["child_name"]) == (newer, "Trần Thị Bé Mẫu")
    assert "birthplace" not in moved.answers
    assert "mother" in moved.sources
    assert "ethnicity" not in moved.sources


def test_the_register_is_asked_again_and_freed_answers_stay_free(register: FakeRegister) -> None:
    from filing.making import actor
    from motcua.filing.knowing import ask

    who = mother()
    draft = answered(who)
    drafts.free(draft.uuid, who.account, "father", "muc-2")
    drafts.save(draft.uuid, who.account, "muc-2", ANSWERS["muc-2"] | {"father": {"name": "Lê Văn Nháp"}}, 99)
    register.people[who.number].name = "Nguyễn Thị Mẫu Mới"
    law = versions.procedure_version(draft.version)
    again = drafts.fill_again(draft.uuid, who.account, ask(law, draft.case, who.number, actor(who)))
    assert again is not None
    assert again.answers["mother"]["name"] == "Nguyễn Thị Mẫu Mới"
    assert again.about["name"] == "Nguyễn Thị Mẫu Mới"
    assert again.answers["father"] == {"name": "Lê Văn Nháp"}
    assert "father" not in again.sources
