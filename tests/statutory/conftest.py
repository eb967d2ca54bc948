"""The small town for the tests of the forms of the state."""

from reports.conftest import nothing_remembered, town  # noqa: F401
