"""The small town of the reports' tests, for open data."""

from reports.conftest import nothing_remembered, town  # noqa: F401
