"""The small town of the reports' tests, for open data."""

from kpis.conftest import taken_online  # noqa: F401
from reports.conftest import nothing_remembered, town  # noqa: F401
