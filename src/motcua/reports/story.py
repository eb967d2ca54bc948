"""A dossier's history told once: its state, its answer, its tasks with their dates, and its spans.

A span is a stretch of time in which the dossier counts as one thing: lodged, returned to the applicant, open, or
waiting lawfully. A wait that begins after the date has passed is none: it can hide nothing that was late already.
Pure; what the figures make of it is left to `reading` and `counting`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from motcua.dossiers.journal import Entry
from motcua.law import events as e
from motcua.law.clocks import Reading
from motcua.law.dossier import Dossier
from motcua.law.regimes import Regime

Standing = Literal["lodged", "returned", "open", "waiting"]


class Span(NamedTuple):
    """A stretch in which a dossier stands as `state`; `until` None: it goes on. Both ends are instants of acts."""

    since: datetime
    until: datetime | None
    state: Standing
    ground: str
    due: datetime | None


class Story:
    """What one pass over a history leaves. Raises ValueError on a history that begins with no lodging."""

    def __init__(self, dossier_id: int, entries: Sequence[Entry], regimes: Mapping[str, Regime]) -> None:
        self.reading = Reading()
        self.answer: Dossier | None = None
        self.waits_at_answer = 0
        self.restarted_at_answer: datetime | None = None
        self.drafted_by = 0
        self.closers: dict[int, int] = {}
        self.ended_by: dict[int, str] = {}
        self.ready: dict[int, datetime] = {}
        self.dues: dict[int, list[tuple[datetime, datetime]]] = {}
        self.sent_back = 0
        self.methods: set[str] = set()
        self.corrected_at: datetime | None = None
        self._spans: list[tuple[datetime, Standing | None, str, datetime | None]] = []
        for entry in entries:
            self._take(dossier_id, entry, regimes)
        if self.reading.state is None:
            raise ValueError("a history has at least one event")
        self.state: Dossier = self.reading.state

    def _take(self, dossier_id: int, entry: Entry, regimes: Mapping[str, Regime]) -> None:
        event, before = entry.event, self.reading.state
        if isinstance(event, e.ResultDrafted | e.Refused) and self.answer is None and before is not None:
            drafting = before.task(event.task)
            self.drafted_by = drafting.agency if drafting else entry.agency
        self.reading.take(dossier_id, event, entry.at, regimes)
        after = self.reading.state
        assert after is not None
        for number in event.closed:
            self.closers.setdefault(number, account_of(entry.actor))
            self.ended_by.setdefault(number, entry.type)
        self._note(event, entry)
        if isinstance(event, e.ResultReady | e.ReplayEnded) and self.answer is None:
            self.answer, self.waits_at_answer = after, len(self.reading.waits)
            self.restarted_at_answer = self.reading.restarted
            if isinstance(event, e.ReplayEnded):
                self.drafted_by = entry.agency
        for task in after.tasks:
            dues = self.dues.setdefault(task.no, [])
            if not dues or dues[-1][1] != task.due_at:
                dues.append((entry.at, task.due_at))
        now = _standing(after)
        if not self._spans or self._spans[-1][1:] != now:
            self._spans.append((entry.at, *now))

    def _note(self, event: e.AnyEvent, entry: Entry) -> None:
        match event:
            case e.ResultReady():
                self.ready[event.task] = entry.at
                self.closers[event.task] = account_of(entry.actor)
                self.ended_by[event.task] = entry.type
            case e.SentBack():
                self.sent_back += 1
            case e.PaymentRecorded():
                self.methods.add(event.method)
            case e.CorrectionOpened():
                self.corrected_at = self.corrected_at or entry.at
            case _:
                pass

    def spans(self) -> list[Span]:
        """The stretches of the dossier, the oldest first, without those that lasted no time."""
        ends = [each[0] for each in self._spans[1:]] + [None]
        return [
            Span(since, until, state, ground, due)
            for (since, state, ground, due), until in zip(self._spans, ends, strict=True)
            if state is not None and (until is None or since < until)
        ]

    def closed(self, number: int) -> datetime | None:
        """When a task ended: for the last one when the result lay at the counter, not when it was collected."""
        return self.ready.get(number) or self.reading.closed.get(number)


def _standing(state: Dossier) -> tuple[Standing | None, str, datetime | None]:
    if state.finished_at is not None or state.phase == "ended":
        return None, "", None
    if state.accepted_at is None:
        return ("returned", "supplement", None) if state.phase == "returned" else ("lodged", "", None)
    pause, due = state.pause, state.due_at
    if pause is not None and not (due is not None and pause.since > due):
        return "waiting", pause.ground, due
    return "open", "", due


def account_of(mark: str) -> int:
    """The account in an actor's mark (`12 Name`), 0 where nobody acted."""
    number = mark.partition(" ")[0]
    return int(number) if number.isdecimal() else 0
