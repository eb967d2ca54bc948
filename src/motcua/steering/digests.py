"""Mailed digests: written by the clock once per period and person, with the page as a PDF; sent by `notices`.

That a digest was issued and what is to be mailed are one transaction, and both are unique: a killed worker neither
loses one nor sends one twice. Nothing is issued before its figures are complete, or while they cannot be trusted.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from motcua.files import store as files
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.notices.links import absolute
from motcua.notices.telling import Telling, tell
from motcua.organisation.directory import actor_for, directory
from motcua.organisation.models import Account
from motcua.reports.figures import complete_until
from motcua.reports.periods import midnight
from motcua.steering.digest_page import Found, mail_values, pdf, reckon
from motcua.steering.models import KINDS, Digest, Issue
from motcua.steering.people import officials
from motcua.steering.schedule import Days, due
from motcua.steering.scope import may_look

AT_ONCE = 200
FILES_KEPT = timedelta(days=730)


def subscribe(account: int, agency: int, kind: str, now: datetime, **when: int) -> Digest | Refusal:
    """Keeps the wish; the same place and rhythm again changes its hour. That one may look was asked before."""
    if kind not in KINDS or not (0 <= when["hour"] <= 23 and 0 <= when["weekday"] <= 6 and 1 <= when["monthday"] <= 28):
        return Refusal("when", Text("Hãy chọn kỳ, ngày và giờ gửi.", "Choose the rhythm, the day and the hour."))
    values: dict[str, Any] = {**when, "is_on": True}
    found, made = Digest.objects.get_or_create(
        account=account, agency=agency, kind=kind, defaults={**values, "since": city_day(now)}
    )
    if not made:
        if not found.is_on:
            values["since"] = city_day(now)
        Digest.objects.filter(pk=found.pk).update(**values)
        found.refresh_from_db()
    return found


def unsubscribe(account: int, number: int) -> bool:
    """Ends one's own digest; what was issued stays in its list."""
    return bool(Digest.objects.filter(pk=number, account=account, is_on=True).update(is_on=False))


def days_of(digest: Digest, now: datetime) -> Days:
    """The days the digest would speak of if it were sent now."""
    return due(digest.kind, digest.hour, digest.weekday, digest.monthday, now)  # type: ignore[arg-type]


def run_due(now: datetime) -> int:
    """Issues every digest whose hour has come; returns how many."""
    complete = complete_until()
    if complete is None:
        return 0
    waiting = []
    for digest in Digest.objects.filter(is_on=True).order_by("agency", "kind", "pk"):
        days = days_of(digest, now)
        # One that was asked for today begins with the first whose days end after that.
        if days.last >= digest.since and midnight(days.last + timedelta(days=1)) <= complete:
            waiting.append((digest, days))
    issued = set(Issue.objects.filter(digest__in=[each.pk for each, _ in waiting]).values_list("digest_id", "first"))
    made: dict[tuple[Any, ...], Any] = {}
    did = 0
    for digest, days in waiting:
        if (digest.pk, days.first) not in issued and did < AT_ONCE:
            did += _issue(digest, days, now, complete, made)
    return did


def _issue(digest: Digest, days: Days, now: datetime, complete: datetime, made: dict[tuple[Any, ...], Any]) -> int:
    account = Account.objects.filter(pk=digest.account, is_active=True).first()
    known = not digest.agency or digest.agency in directory().by_number
    if account is None or not known or not may_look(actor_for(account), digest.agency):
        return 0
    language = account.language
    key = (digest.agency, digest.kind, days)
    if key not in made:
        made[key] = reckon(digest.agency, digest.kind, days, now, complete)  # type: ignore[arg-type]
    if (*key, language) not in made:
        made[*key, language] = _stored(made[key], language, now)
    digest_of_file = made[*key, language]
    person = officials([digest.account]).get(digest.account)
    with transaction.atomic():
        issue, is_new = Issue.objects.get_or_create(
            digest=digest, first=days.first,
            defaults={"last": days.last, "made_at": now, "complete_until": complete, "file": digest_of_file},
        )  # fmt: skip
        if is_new and person is not None:
            values = mail_values(made[key], language, absolute("/can-bo/ban-dieu-hanh/"))
            values["attached"] = [{"digest": digest_of_file, "name": file_name(days), "media": "application/pdf"}]
            tell([Telling(f"digest/{issue.pk}", person, "digest", values, now)], now)
    return int(is_new)


def _stored(found: Found, language: str, now: datetime) -> str:
    data = pdf(found, language)
    return files.put(data, name=file_name(found.days), media="application/pdf", passing_until=now + FILES_KEPT).digest


def file_name(days: Days) -> str:
    """What the file is called when it is saved."""
    return f"ban-tin-{days.first:%Y-%m-%d}.pdf"


def clear(now: datetime) -> None:
    """Issues past their time."""
    Issue.objects.filter(made_at__lt=now - FILES_KEPT).delete()
