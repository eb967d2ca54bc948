"""A town whose random lives touch everything that a KPI counts."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest

from reports.conftest import nothing_remembered  # noqa: F401

if TYPE_CHECKING:
    from kpis.lively import Lively


@pytest.fixture
def taken_online(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every procedure is taken online everywhere, one of them at level 3."""
    from motcua.dossiers import handle
    from motcua.kpis import oracle
    from motcua.law.online_level import Facilities, OnlineLevel
    from motcua.law.procedure import Procedure
    from motcua.reports import facts
    from reports.town import HOUSE

    def level(procedure: Procedure, facilities: Facilities, day: date) -> OnlineLevel:
        return OnlineLevel(3 if procedure.code == HOUSE else 2, "")

    monkeypatch.setattr(facts, "online_level", level)
    monkeypatch.setattr(oracle, "online_level", level)
    monkeypatch.setattr(handle, "cases_taken_online", lambda *_: ("new",))
    return


@pytest.fixture
def town(db: None, taken_online: None) -> "Lively":
    """The town, in a transaction that is undone."""
    from kpis.lively import Lively

    return Lively()
