"""Lists for the tests: of so many rows, slow, forbidden, failing half-way."""

import time
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied

from motcua.exports import kinds
from motcua.organisation.models import Account
from motcua.tables.table import Column, Row, Table

KINDS = {"test.rows": "exports.sources.make"}
REACHED: list[int] = []


def declare(monkeypatch: Any = None) -> None:
    """Makes these lists the ones there are, besides those of the rooms."""
    known = kinds.known

    def all_kinds() -> dict[str, str]:
        return known() | KINDS

    if monkeypatch is None:
        kinds.known = all_kinds
    else:
        monkeypatch.setattr(kinds, "known", all_kinds)


def make(parameters: dict[str, str], account: Account) -> Table:
    """`rows`, `fails_at`, `pause` (seconds between rows), `name` in them; closed to who is called Cấm."""
    if account.full_name == "Cấm":
        raise PermissionDenied
    rows = int(parameters.get("rows", "3"))
    if rows < 0:
        raise ValueError(rows)
    columns = (Column("no", "STT", "int"), Column("name", "Tên"))
    return Table(f"Thử {rows} dòng", columns, _rows(parameters, rows), length=rows)


def _rows(parameters: dict[str, str], rows: int) -> Iterator[Row]:
    fails_at, pause = int(parameters.get("fails_at", "0")), float(parameters.get("pause", "0"))
    for number in range(1, rows + 1):
        if number == fails_at:
            raise RuntimeError("Nguyễn Thị Hoà is in the words of this error")
        time.sleep(pause)
        REACHED.append(number)
        yield number, parameters.get("name", "x")
