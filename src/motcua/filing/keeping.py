"""Tells the files that dossiers have them: what was handed in stays, and whoever sent it has room again.

A follower of the journal, so that every way in is told: pages, machines, counters, supplements, results.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from motcua.dossiers import store
from motcua.files import uploads
from motcua.law.dossier import Dossier


def follow(dossier_ids: Sequence[int]) -> None:
    """Keeps every file that these dossiers name."""
    digests: set[str] = set()
    for dossier_id in dossier_ids:
        stored = store.read(dossier_id)
        if stored is not None:
            digests |= set(files_of(stored[0]))
    if digests:
        uploads.keep(digests)


def files_of(state: Dossier) -> Iterator[str]:
    """The digests of all files a dossier names: in papers, in answers, as its draft and as its results."""
    for paper in state.papers:
        yield from paper.files
    yield from _in_answers(state.form)
    if state.draft is not None and state.draft.file:
        yield state.draft.file
    for issued in state.issued:
        yield issued.file


def _in_answers(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _in_answers(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _in_answers(each)
    elif isinstance(value, str) and len(value) == 64 and not set(value) - set("0123456789abcdef"):
        yield value
