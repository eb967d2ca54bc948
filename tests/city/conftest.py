"""The small town of the reports' tests, for the city's pages."""

from reports.conftest import nothing_remembered, town  # noqa: F401
