"""The index of Decision 766 of a part of the city in a period: criteria as data, each share with its denominator.

What needs another wing or a connection to the nation's systems is not applicable, with the reason; nothing is made up
in its place.
"""

from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from motcua.catalogue import online, versions
from motcua.catalogue.versions import UnknownProcedureError
from motcua.dossiers import store
from motcua.law.service_index import Group, Scored, Share, scored, summed
from motcua.reports.periods import Period
from motcua.statutory.index_verdicts import Verdicts, verdicts
from motcua.statutory.reckoning import CONDITION, Part
from motcua.statutory.scope import Scope

CRITERIA = Path(__file__).parent / "index_766.yaml"


@cache
def groups() -> tuple[Group, ...]:
    """The groups of criteria. Raises msgspec.ValidationError for a file that is none."""
    return msgspec.convert(yaml.safe_load(CRITERIA.read_text("utf-8")), tuple[Group, ...], strict=False)


class Index(msgspec.Struct, frozen=True):
    """The index: groups with their scored criteria, and the two ways of counting what is on time."""

    groups: tuple[tuple[Group, tuple[Scored, ...]], ...]
    verdicts: Verdicts

    @property
    def points(self) -> Decimal:
        """The points of what is applicable."""
        return sum((summed(scores)[0] for _, scores in self.groups), Decimal(0))

    @property
    def most(self) -> Decimal:
        """The most that could be reached there."""
        return sum((summed(scores)[1] for _, scores in self.groups), Decimal(0))


_FLAGS = f"""
    SELECT count(*), count(*) FILTER (WHERE channel = 'online'), count(*) FILTER (WHERE paid),
           count(*) FILTER (WHERE paid_online), count(*) FILTER (WHERE digitised), count(*) FILTER (WHERE reused)
      FROM reports_dossierfact
     WHERE accepted_at >= %(begin)s AND accepted_at < %(end)s AND NOT replayed AND {CONDITION}
"""
_RESULTS = f"""
    SELECT count(*), count(*) FILTER (WHERE e_result) FROM reports_dossierfact
     WHERE finished_at >= %(begin)s AND finished_at < %(end)s AND outcome = 'granted' AND NOT replayed AND {CONDITION}
"""
_USED = f"""
    SELECT DISTINCT procedure FROM reports_cube
     WHERE half BETWEEN %(first)s AND %(last)s AND received_online > 0 AND {CONDITION}
"""


def index_of(scope: Scope, period: Period, now: datetime) -> Index:
    """The index of a scope in a period, as it stands at `now`."""
    part = Part(scope)
    counted = verdicts(part, period, now)
    shares = {"on_time": Share(counted.whole - counted.late, counted.whole), **_shares(part, period, now)}
    return Index(tuple((group, scored(group, shares)) for group in groups()), counted)


def _shares(part: Part, period: Period, now: datetime) -> dict[str, Share]:
    first, last = period.halves
    parameters: dict[str, Any] = {
        **part.parameters(), "begin": period.begins, "end": period.ends, "first": first, "last": last,
    }  # fmt: skip
    with store.cursor() as run:
        flags = run.execute(_FLAGS, parameters).fetchone() or (0,) * 6
        results = run.execute(_RESULTS, parameters).fetchone() or (0, 0)
        used = {row[0] for row in run.execute(_USED, parameters).fetchall()}
    received, by_net, paid, paid_online, digitised, reused = flags
    offered, services = _services(part.scope, period)
    return {
        "online_services": Share(len(services), offered),
        "online_used": Share(len(services & used), len(services)),
        "online_dossiers": Share(by_net, received),
        "paid_online": Share(paid_online, paid),
        "digitised": Share(digitised, received),
        "reused": Share(reused, received),
        "e_results": Share(results[1], results[0]),
    }


def _services(scope: Scope, period: Period) -> tuple[int, set[str]]:
    """How many procedures are received on the last day, and those that can be filed online somewhere in the scope."""
    day, found = period.last_day, versions.snapshot()
    named = {each.agency for each in found.online if each.agency is not None}
    offered: set[str] = set()
    services: set[str] = set()
    asked: set[tuple[str, int | str]] = set()
    for house in scope.houses(day, period.end):
        for card in found.offered(house.number, day):
            offered.add(card.code)
            # Agencies of one tier offer the same online, but for those that are named.
            key = (card.code, house.number if house.number in named else house.tier)
            if key in asked or card.code in services:
                continue
            asked.add(key)
            try:
                level = online.level_at(card.code, house.number, day).level
            except UnknownProcedureError:
                continue
            if level >= online.FROM_LEVEL:
                services.add(card.code)
    return len(offered), services
