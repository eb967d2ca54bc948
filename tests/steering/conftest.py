"""The small town of the reports' tests, for the city's desk, looked at on a Tuesday morning."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from reports.conftest import nothing_remembered, town  # noqa: F401

NOW = datetime.fromisoformat("2019-01-15T10:00:00+07:00")


@pytest.fixture
def at_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    """The clock stands at ten."""
    from motcua.dossiers import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures are complete up to now: the tests write facts themselves, without the follower."""
    from motcua.steering import digests, targets

    for room in (digests, targets):
        monkeypatch.setattr(room, "complete_until", lambda: NOW)
