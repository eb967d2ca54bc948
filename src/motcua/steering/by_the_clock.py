"""What the desk does each minute: looks at alerts, issues digests, reckons and reminds of targets, clears away.

Each is safe to be killed in and to run twice, and asks only for what is due.
"""

from datetime import datetime

from motcua.dossiers import clock
from motcua.steering import alerts, digests, targets, views


def look_at_alerts() -> None:
    """Alerts whose turn it is."""
    alerts.evaluate(clock.now())


def issue_digests() -> None:
    """Digests whose hour has come."""
    digests.run_due(clock.now())


def keep_targets() -> None:
    """Values the system reckons, reminders, and what is past its time."""
    now = clock.now()
    targets.by_the_clock(now)
    clear(now)


def clear(now: datetime) -> None:
    """Rows past their time."""
    alerts.clear(now)
    digests.clear(now)
    views.clear(now)
