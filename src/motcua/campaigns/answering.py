"""What is done with an answer: saved, submitted, signed, returned with a reason, accepted, corrected.

Each verb holds the campaign open and takes the row of the answer first, asks the law whether it may be done, and
writes the act down with it.
Nothing is overwritten silently: whoever saves says which revision they saw, and is told when another came before.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import msgspec
from django.db import transaction

from motcua.campaigns.forms import form_of
from motcua.campaigns.holding import hold_open
from motcua.campaigns.models import ActDone, Answer, Campaign, Version
from motcua.campaigns.reminding import tell_returned
from motcua.dossiers import clock
from motcua.law.actor import Actor
from motcua.law.campaign import Form
from motcua.law.campaign_check import Finding, Line, Typed, check, errors, lines_of, merged, warnings
from motcua.law.campaign_course import Act, Place, State, after, place_of, refusal
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory

Given = Mapping[str, Mapping[str, str | int | bool | Typed | None]]
LONGEST_WORDS = 1000
_CONFLICT = Text("Người khác vừa lưu phiếu này.", "Somebody else has just saved this answer.")


class Hand(msgspec.Struct, frozen=True):
    """Who wrote a cell, when, and whether in the browser or by a spreadsheet."""

    account: int
    name: str
    at: datetime
    source: str


class Saved(msgspec.Struct, frozen=True):
    """A version after an act, and what was found in it."""

    version: Version
    findings: tuple[Finding, ...] = ()


def place(answer: Answer, now: datetime | None = None) -> Place:
    """The way an answer takes, as the organisation stands."""
    return place_of(directory(), answer.agency, city_day(now or clock.now()))


def version_of(answer: Answer, no: int = 0) -> Version | None:
    """A version of an answer; the newest when none is named."""
    return Version.objects.filter(answer=answer, no=no or answer.current).first()


def lines_in(form: Form, version: Version | None) -> list[Line]:
    """The rows of a version, in the form's order; of a fixed form every row, though nothing was written yet."""
    stored = msgspec.convert(version.lines, list[Line]) if version is not None else []
    return lines_of(form, stored)


def hands_in(version: Version) -> list[Hand]:
    """Whose hands a version's cells are; `Line.by` points into it."""
    return msgspec.convert(version.hands, list[Hand])


def last_lines(answer: Answer) -> list[Line]:
    """The same agency's signed answer to the campaign before; empty when there is none."""
    previous = answer.campaign.previous_id
    if not previous:
        return []
    before = (
        Version.objects.filter(
            answer__campaign=previous, answer__agency=answer.agency, state__in=("signed", "district", "city")
        )
        .order_by("-no")
        .first()
    )
    return msgspec.convert(before.lines, list[Line]) if before is not None else []


def findings(answer: Answer, version: Version | None) -> list[Finding]:
    """What is found in a version as it stands."""
    form = form_of(answer.campaign.form)
    return check(form, lines_in(form, version), last_lines(answer))


class Seen(NamedTuple):
    """What a writer had before them: the number of the version, how often it was saved, how many hands were in it."""

    no: int = 0
    revision: int = 0
    hands: int = 0


def seen_now(version: Version | None) -> Seen:
    """What there is to be seen at present."""
    return Seen() if version is None else Seen(version.no, version.revision, len(version.hands))


def save(
    answer_id: int,
    given: Given,
    seen: tuple[int, ...],
    actor: Actor,
    source: str,
    now: datetime | None = None,
    drop: Collection[str] = (),
) -> Saved | Refusal:
    """Writes cells into the version being written. `seen` is its number and revision when the writer looked.

    A version that was returned is not written over: its rows go into a new one. `drop` names free rows to leave out.
    """
    now = now or clock.now()
    with transaction.atomic():
        answer, version = taken(answer_id)
        if (no := _refused(answer, version, "save", actor, now)) is not None:
            return no
        if seen_now(version)[:2] != seen[:2]:
            return Refusal("campaign_conflict", _CONFLICT, details=seen_now(version)._asdict())
        form = form_of(answer.campaign.form)
        before = msgspec.convert(version.lines, list[Line]) if version is not None else []
        hands = hands_in(version) if version is not None else []
        lines = merged(form, before, given, len(hands))
        if not form.rows:
            lines = [each for each in lines if each.key not in drop]
        version = _draft(answer, version, now)
        hand = Hand(actor.account, actor.name, now, source)
        version.lines, version.hands = msgspec.to_builtins(lines), msgspec.to_builtins([*hands, hand])
        version.revision += 1
        version.changed_at = now
        version.save(update_fields=["lines", "hands", "revision", "changed_at"])
        changed = sum(at == len(hands) for line in lines for at in line.by.values())
        _done(answer, version.no, "save", actor, now, details={"source": source, "cells": changed})
    return Saved(version, tuple(check(form, lines_of(form, lines), last_lines(answer))))


def taken(answer_id: int) -> tuple[Answer, Version | None]:
    """The answer and its version, held until the transaction ends; its campaign is neither closed nor moved before."""
    hold_open(Campaign.objects.filter(answers=answer_id).values_list("pk", flat=True).get())
    answer = Answer.objects.select_for_update(of=("self",)).select_related("campaign__form").get(pk=answer_id)
    return answer, version_of(answer) if answer.current else None


def _refused(answer: Answer, version: Version | None, act: Act, actor: Actor, now: datetime) -> Refusal | None:
    state = cast("State | None", version.state if version is not None else None)
    closed = answer.campaign.closed_at is not None
    return refusal(actor, act, place(answer, now), state, directory(), closed)


def _draft(answer: Answer, version: Version | None, now: datetime) -> Version:
    """The version that may be written: the present one while it is a draft, otherwise a new one."""
    if version is not None and version.state == "draft":
        return version
    lines, hands = (version.lines, version.hands) if version is not None else ([], [])
    fresh = Version.objects.create(answer=answer, no=answer.current + 1, lines=lines, hands=hands, changed_at=now)
    answer.current, answer.state = fresh.no, "draft"
    answer.save(update_fields=["current", "state"])
    return fresh


def _done(
    answer: Answer, no: int, kind: str, actor: Actor, now: datetime, words: str = "",
    details: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    ActDone.objects.create(
        campaign_id=answer.campaign_id,
        answer=answer,
        no=no,
        kind=kind,
        at=now,
        account=actor.account,
        name=actor.name,
        words=words,
        details=details or {},
    )


def submit(
    answer_id: int, seen: tuple[int, ...], actor: Actor, words: str = "", now: datetime | None = None
) -> Saved | Refusal:
    """Hands the version to the agency's leader. Errors stop it; what only looks odd needs a word of explanation."""
    now = now or clock.now()
    with transaction.atomic():
        answer, version = taken(answer_id)
        if (no := _refused(answer, version, "submit", actor, now)) is not None or version is None:
            return no or Refusal("campaign_state", Text("Phiếu chưa có gì.", "There is nothing yet."))
        if (version.no, version.revision) != seen[:2]:
            return Refusal(
                "campaign_conflict", Text("Người khác vừa lưu phiếu này.", "Somebody else has just saved it.")
            )
        found = findings(answer, version)
        if errors(found):
            n = len(errors(found))
            return Refusal("campaign_errors", Text(f"Còn {n} chỗ cần sửa.", f"{n} places must be mended first."))
        if warnings(found) and not words.strip():
            return Refusal(
                "campaign_explain",
                Text("Hãy giải thích các số chênh lệch nhiều.", "Explain the figures that moved a lot."),
            )
        _move(answer, version, "submit", actor, now, words)
    return Saved(version, tuple(found))


def act(
    answer_id: int, kind: Act, actor: Actor, words: str = "", now: datetime | None = None, no: int = 0
) -> Saved | Refusal:
    """Signs, accepts, returns (with a reason) or opens for correction. `no` is the version the actor looked at."""
    now = now or clock.now()
    if kind in ("return", "correct") and not words.strip():
        return Refusal("campaign_words", Text("Hãy ghi lý do.", "Say why."))
    with transaction.atomic():
        answer, version = taken(answer_id)
        if (refused := _refused(answer, version, kind, actor, now)) is not None or version is None:
            return refused or Refusal("campaign_state", Text("Phiếu chưa có gì.", "There is nothing yet."))
        if no and no != version.no:
            return Refusal("campaign_conflict", Text("Phiếu đã có bản mới.", "There is a newer version."))
        if kind == "correct":
            fresh = _draft(answer, version, now)
            _done(answer, fresh.no, kind, actor, now, words)
            return Saved(fresh)
        _move(answer, version, kind, actor, now, words)
        if kind == "return":
            writers = sorted({hand.account for hand in hands_in(version) if hand.account})
            tell_returned(answer.campaign, answer, version.no, writers, now)
    return Saved(version)


def _move(answer: Answer, version: Version, kind: Act, actor: Actor, now: datetime, words: str) -> None:
    words = words.strip()[:LONGEST_WORDS]
    version.state = answer.state = after(kind)
    version.changed_at = now
    if kind == "submit":
        version.words = words
    if kind == "sign" and answer.signed_at is None:
        answer.signed_at = now
    version.save(update_fields=["state", "changed_at", "words"])
    answer.save(update_fields=["state", "signed_at"])
    _done(answer, version.no, kind, actor, now, words)


def history(answer: Answer) -> Sequence[ActDone]:
    """Everything done with an answer, the newest first."""
    return list(answer.acts.order_by("-id")[:200])


def campaign_or_none(number: int) -> Campaign | None:
    """A campaign with its form."""
    return Campaign.objects.select_related("form", "previous").filter(pk=number).first()
