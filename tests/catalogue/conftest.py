"""What every test of this room stands on: caches that remember nothing of the test before."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """A test's transaction is undone; what was read within it must be forgotten with it."""
    # Not at the top: pytest reads this file before Django knows its applications.
    from motcua.catalogue.versions import forget_catalogue
    from motcua.organisation.directory import forget_directory

    forget_catalogue()
    forget_directory()
    yield
    forget_catalogue()
    forget_directory()
