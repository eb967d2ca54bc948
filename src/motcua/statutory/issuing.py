"""Issuing a report: kept to the digit, checked anew at any time, corrected only by a further version beside it.

A report is issued when its period is over, the figures are complete up to its end, nothing is known to be wrong with
them, and every row balances. Who may issue is decided by the caller.
"""

import hashlib
from datetime import datetime
from typing import Literal

import msgspec
from django.db import connection, transaction

from motcua.law.canonical import canonical
from motcua.reports.periods import Period, parse
from motcua.reports.standing import trouble
from motcua.statutory.forms import Difference, Report, differing
from motcua.statutory.models import IssuedReport
from motcua.statutory.reporting import report
from motcua.statutory.scope import Scope
from motcua.statutory.scope import parse as parse_scope

Obstacle = Literal["", "running", "trouble", "not_complete", "unbalanced", "issued_already", "same", "reason_needed"]
LONGEST_REASON = 500


class NotIssuableError(ValueError):
    """Why a report is not issued."""

    def __init__(self, obstacle: Obstacle) -> None:
        self.obstacle = obstacle
        super().__init__(obstacle)


def obstacle(made: Report) -> Obstacle:
    """What stands in the way of issuing a report as it was made; '' when nothing does."""
    if made.running:
        return "running"
    if trouble():
        return "trouble"
    if made.complete_until is None or made.complete_until < made.at:
        return "not_complete"
    return "unbalanced" if made.faults else ""


def issued(form: str, scope: str, period: str) -> list[IssuedReport]:
    """The versions issued, the newest first."""
    found = IssuedReport.objects.filter(form=form, scope=scope, period=period)
    return list(found.order_by("-version"))


def latest(limit: int = 50, before: int = 0) -> list[IssuedReport]:
    """What was issued, the newest first; from before the row `before`, when given."""
    found = IssuedReport.objects.order_by("-id")
    return list((found.filter(id__lt=before) if before else found)[:limit])


class TamperedError(ValueError):
    """An issued report that is no longer what its digest says."""


def content(row: IssuedReport) -> Report:
    """The report as it was issued. Raises TamperedError when it is not what was sealed."""
    if hashlib.sha256(row.content.encode()).hexdigest() != row.digest:
        raise TamperedError(str(row))
    return msgspec.json.decode(row.content, type=Report)


def issue(
    form: str, scope: Scope, period: Period, now: datetime, by: int, by_name: str, reason: str = ""
) -> IssuedReport:
    """Issues the first version, or, with a reason, a further one where the figures are no longer the same.

    Raises NotIssuableError and changes nothing when something stands in the way.
    """
    with transaction.atomic():
        # One at a time: two officials who press at once do not make two first versions.
        with connection.cursor() as run:
            run.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"issued {form} {scope.code} {period.code}"]
            )
        made = report(form, scope, period, now)
        if why := obstacle(made):
            raise NotIssuableError(why)
        before = issued(form, scope.code, period.code)
        if before and not reason.strip():
            raise NotIssuableError("reason_needed" if differing(content(before[0]), made) else "issued_already")
        if before and not differing(content(before[0]), made):
            raise NotIssuableError("same")
        assert made.complete_until is not None
        encoded = canonical(made).decode()
        return IssuedReport.objects.create(
            form=form,
            period=period.code,
            scope=scope.code,
            version=len(before) + 1,
            content=encoded,
            digest=hashlib.sha256(encoded.encode()).hexdigest(),
            complete_until=made.complete_until,
            issued_at=now,
            issued_by=by,
            issued_by_name=by_name,
            reason=reason.strip()[:LONGEST_REASON],
        )


def rechecked(row: IssuedReport, now: datetime) -> list[Difference]:
    """Reckons an issued report anew and names every cell that differs; nothing when it is the same to the digit.

    Raises TamperedError when what is kept is not what was issued.
    """
    return differing(content(row), report(row.form, parse_scope(row.scope), parse(row.period), now))
