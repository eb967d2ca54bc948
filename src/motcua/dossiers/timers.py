"""What the law does by the clock: closing dossiers whose papers never came, and dates moved by a new decree.

Both go through `handle()` like anybody's act, with keys that make them happen once.
"""

from datetime import timedelta

from motcua.calendars.lookup import forget, revision
from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.handle import Done, handle
from motcua.dossiers.rows import decode_state
from motcua.law import commands as c
from motcua.law.actor import SYSTEM

PAGE = 500


def run_due() -> None:
    """Everything that is due now."""
    close_unanswered()
    speak_for_the_silent()
    follow_calendars()


def close_unanswered() -> int:
    """Closes dossiers that waited for papers longer than their regime allows; returns how many."""
    days = {each.code: each.close_without_supplement_days for each in versions.regimes()}
    allowed = {code: timedelta(days=each) for code, each in days.items() if each is not None}
    if not allowed:
        return 0
    now = clock.now()
    closed, after = 0, 0
    while True:
        # A note may have been added since the papers were asked for: only the state says when that was.
        with store.cursor() as run:
            rows = run.execute(
                "SELECT id, seq, state FROM dossiers_dossier WHERE status = 5 AND lodged_at <= %s AND id > %s"
                " ORDER BY id LIMIT %s",
                (now - min(allowed.values()), after, PAGE),
            ).fetchall()
        for dossier_id, seq, text in rows:
            state = decode_state(text)
            asked = state.open_supplement
            if asked is not None and state.regime in allowed and asked.asked_at + allowed[state.regime] <= now:
                closed += isinstance(handle(dossier_id, c.Close(), SYSTEM, f"close/{seq}"), Done)
        if len(rows) < PAGE:
            return closed
        after = rows[-1][0]


def speak_for_the_silent() -> int:
    """Answers drafts whose applicants said nothing in their time: silence agrees; returns how many."""
    answered, after = 0, 0
    now = clock.now()
    while True:
        with store.cursor() as run:
            rows = run.execute(
                "SELECT id, seq FROM dossiers_dossier WHERE wake_at <= %s AND id > %s ORDER BY id LIMIT %s",
                (now, after, PAGE),
            ).fetchall()
        for dossier_id, seq in rows:
            answered += isinstance(handle(dossier_id, c.AnswerDraft(agrees=True), SYSTEM, f"silence/{seq}"), Done)
        if len(rows) < PAGE:
            return answered
        after = rows[-1][0]


def follow_calendars() -> int:
    """Moves every open date to the calendars now in force, once per change of them; returns how many moved."""
    present = revision()
    with store.cursor() as run:
        row = run.execute(
            "SELECT last FROM dossiers_counter WHERE kind = 'calendars' AND agency = 0 AND period = 0"
        ).fetchone()
    if row is not None and row[0] == present:
        return 0
    # What this process knows may be older than the revision just read: dates would stay, and be thought moved.
    forget()
    moved = move_open_dates(f"calendars/{present}") if row is not None else 0
    with store.cursor() as run:
        run.execute(
            "INSERT INTO dossiers_counter (kind, agency, period, last) VALUES ('calendars', 0, 0, %s)"
            " ON CONFLICT (kind, agency, period) DO UPDATE SET last = excluded.last",
            (present,),
        )
    return moved


def move_open_dates(reason: str) -> int:
    """Reckons every open date again; a date that stays is refused by the law and nothing is written."""
    moved, after = 0, 0
    while True:
        with store.cursor() as run:
            rows = run.execute(
                "SELECT DISTINCT dossier_id FROM dossiers_task WHERE dossier_id > %s AND NOT waiting"
                " ORDER BY dossier_id LIMIT %s",
                (after, PAGE),
            ).fetchall()
        for (dossier_id,) in rows:
            moved += isinstance(handle(dossier_id, c.MoveDue(reason=reason), SYSTEM, reason), Done)
        if len(rows) < PAGE:
            return moved
        after = rows[-1][0]
