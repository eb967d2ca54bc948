"""Tables of figures to take along: in the reader's language, with up to when the figures are complete.

Figures of which a page says that they are wrong leave in no file: the page's warning would stay behind. What a face
answers instead is its own.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language

from motcua.dossiers import clock
from motcua.reports.exporting import complete_words
from motcua.reports.standing import trouble
from motcua.tables.table import Column, Table


class UntrustedError(Exception):
    """The facts are known to be wrong, or are being made anew."""


def figure_table(
    title: str,
    columns: tuple[Column, ...],
    rows: Iterable[Sequence[Any]],
    notes: Iterable[str] = (),
    *,
    from_journal: bool = True,
) -> Table:
    """Columns and rows as a table in the reader's language; with up to when the figures of the journal are complete.

    Raises UntrustedError when those are known to be wrong.
    """
    said = (*(each for each in notes if each), *((complete_words(),) if from_journal else ()))
    made = Table(title, columns, rows, notes=said, made_at=clock.now(), language=(get_language() or "vi")[:2])
    return trusted(made) if from_journal else made


def trusted(table: Table) -> Table:
    """A table of figures of the journal, as it is. Raises UntrustedError when they are known to be wrong."""
    if trouble():
        raise UntrustedError
    return table
