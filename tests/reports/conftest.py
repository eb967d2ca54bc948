"""The small town for the tests of the reports."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from reports.town import Town

# The rooms are imported inside the fixtures: pytest reads this file before Django knows its applications.


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What a test wrote and undid must not be remembered by the next."""
    from motcua.calendars import lookup
    from motcua.catalogue import versions
    from motcua.organisation.directory import forget_directory

    def forget() -> None:
        forget_directory()
        lookup.forget()
        versions.forget_catalogue()
        versions._version.cache_clear()

    forget()
    yield
    forget()


@pytest.fixture
def town(db: None) -> "Town":
    """The town, in a transaction that is undone."""
    from reports.town import Town

    return Town()
