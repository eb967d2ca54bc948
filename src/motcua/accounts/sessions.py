"""Where an account is signed in: each session with its device, since when and when last seen, and ending them.

Sessions are kept by Django in the database and listed by allauth's usersessions; ending one removes its row, so
that its next request is a stranger's.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from motcua.accounts.history import Origin, record
from motcua.organisation.models import Account

SEEN_EVERY = timedelta(minutes=5)
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung Internet"),
             ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
             ("HeadlessChrome", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session: a browser in which the account is signed in."""

    id: int
    browser: str
    system: str
    address: str
    since: datetime
    seen: datetime
    current: bool


def device_words(user_agent: str) -> tuple[str, str]:
    """Browser and system as people call them; empty where the browser does not say."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}\b", user_agent)), "")
    return browser, next((name for mark, name in _SYSTEMS if mark in user_agent), "")


def of_account(account: Account, current: str | None) -> list[SignedIn]:
    """The sessions that are alive, the present one first, then by when they were last seen."""
    rows = list(UserSession.objects.filter(user=account))
    alive = set(
        Session.objects.filter(
            session_key__in=[each.session_key for each in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    found = [
        SignedIn(
            each.pk, *device_words(each.user_agent), each.ip, each.created_at, each.last_seen_at,
            each.session_key == current,
        )
        for each in rows
        if each.session_key in alive
    ]  # fmt: skip
    return sorted(found, key=lambda each: (not each.current, -each.seen.timestamp()))


def seen(session_key: str | None) -> None:
    """Notes that a session is in use, at most every five minutes. One statement."""
    now = timezone.now()
    known = UserSession.objects.filter(session_key=session_key or "", last_seen_at__lt=now - SEEN_EVERY)
    known.update(last_seen_at=now)


def end(account: Account, session: int, origin: Origin) -> bool:
    """Ends one session of the account; False when there is none such."""
    with transaction.atomic():
        found = UserSession.objects.filter(user=account, pk=session).first()
        if found is None:
            return False
        _end([found])
        browser, system = device_words(found.user_agent)
        record(account.pk, "session_ended", origin, browser=browser, system=system)
    return True


def end_others(account: Account, current: str | None, origin: Origin) -> int:
    """Ends every session but the present one; returns how many there were."""
    with transaction.atomic():
        others = list(UserSession.objects.filter(user=account).exclude(session_key=current or ""))
        _end(others)
        if others:
            record(account.pk, "sessions_ended", origin, count=len(others))
    return len(others)


def end_all(account: Account) -> None:
    """Ends every session of the account."""
    _end(UserSession.objects.filter(user=account))


def sweep() -> int:
    """Removes what is listed of sessions that have expired."""
    past = Session.objects.filter(expire_date__lte=timezone.now())
    gone = UserSession.objects.filter(session_key__in=past.values("session_key")).delete()[0]
    past.delete()
    return gone


def _end(rows: Iterable[UserSession]) -> None:
    keys = [each.session_key for each in rows]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
