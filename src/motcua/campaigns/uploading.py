"""Takes a spreadsheet into the draft of an answer, and keeps what was said about it.

What was good lies in the draft; what could not be read lies there too, as the words it was, to be mended in place.
An empty cell leaves what stood; a cell that replaced another's value is named.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from django.db import transaction

from motcua.campaigns.answering import Given, hands_in, lines_in, save, taken, version_of
from motcua.campaigns.excel_reading import Expected, Reading, Said, read
from motcua.campaigns.forms import form_of
from motcua.campaigns.models import Answer, Upload, Version
from motcua.dossiers import clock
from motcua.law.actor import Actor
from motcua.law.campaign import Form
from motcua.law.campaign_cells import written
from motcua.law.campaign_check import Typed
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.organisation.directory import directory

MOST_KEPT = 2000


class Verdict(msgspec.Struct):
    """What became of a file: how much was taken, what was not, what was replaced, and what to look at."""

    rows: int = 0
    cells: int = 0
    bad_count: int = 0
    bad: list[Said] = []
    notes: list[Said] = []
    replaced: list[Said] = []


def take(answer_id: int, data: bytes, name: str, actor: Actor, now: datetime | None = None) -> Upload | Refusal:
    """Reads the file and saves what it holds. Raises NoWorkbookError for a file that is refused whole."""
    now = now or clock.now()
    answer = Answer.objects.select_related("campaign__form").get(pk=answer_id)
    form, version = form_of(answer.campaign.form), version_of(answer)
    known = frozenset(each.key for each in lines_in(form, version))
    found = read(data, form, expected(answer), known)
    with transaction.atomic():
        # Held until the end: what is said to be replaced is what is replaced.
        answer, version = taken(answer_id)
        given: Given = found.given
        seen = (version.no, version.revision) if version is not None else (0, 0)
        verdict = _verdict(found, _replaced(form, version, found, actor))
        saved = save(answer_id, given, seen, actor, "excel", now)
        if isinstance(saved, Refusal):
            return saved
        return Upload.objects.create(
            answer=answer,
            name=name[:200],
            digest=sha256(data).hexdigest(),
            at=now,
            account=actor.account,
            by=actor.name,
            verdict=msgspec.to_builtins(verdict),
        )


def expected(answer: Answer) -> Expected:
    """What a file for this answer must state."""
    form = answer.campaign.form
    return Expected(answer.campaign_id, form.code, form.number, directory()[answer.agency].code)


def verdict_of(upload: Upload) -> Verdict:
    """What was said of a file."""
    return msgspec.convert(upload.verdict, Verdict)


def _verdict(found: Reading, replaced: list[Said]) -> Verdict:
    return Verdict(
        found.rows,
        found.cells,
        len(found.bad),
        found.bad[:MOST_KEPT],
        found.notes[:MOST_KEPT],
        replaced[:MOST_KEPT],
    )


def _replaced(form: Form, version: Version | None, found: Reading, actor: Actor) -> list[Said]:
    """Cells in which the file puts something else than what stood there, with whose it was."""
    if version is None:
        return []
    hands, said = hands_in(version), []
    for line in lines_in(form, version):
        for name, value in found.given.get(line.key, {}).items():
            column: Any = form.column(name)
            old = line.typed.get(name) or written(column, line.cells.get(name))
            new = value.words if isinstance(value, Typed) else written(column, value)
            if not old or old == new:
                continue
            hand = hands[line.by[name]] if name in line.by else None
            who = hand.name if hand is not None else actor.name
            row = form.row(line.key)
            where = row.title.vi if row is not None else line.key
            vi, en = f"thay cho “{old[:60]}” của {who}", f"replaced “{old[:60]}” by {who}"
            said.append(Said(0, f"{where} · {column.title.vi}", new[:60], Text(vi, en)))
    return said
