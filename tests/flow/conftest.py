"""The small town for the tests of this room; nothing of one test is remembered in the next."""

from collections.abc import Iterator

import pytest

from reports.conftest import nothing_remembered, town  # noqa: F401


@pytest.fixture(autouse=True)
def forgotten(nothing_remembered: None) -> Iterator[None]:  # noqa: F811
    """Also the room's own memory."""
    from motcua.flow import processes, risk, training

    def forget() -> None:
        processes.process_of.cache_clear()
        risk.day.forget()
        risk._pass.__init__()  # type: ignore[misc]
        training._looked = float("-inf")

    forget()
    yield
    forget()
