"""How a person wants to be told: read, changed, and the browsers that show messages.

What the law requires is told whatever is chosen here; the choice then only says which way is tried first.
"""

from datetime import time

from motcua.notices.channels.push import is_push_service
from motcua.notices.models import Preference, Subscription
from motcua.notices.planning import QUIET_FROM, QUIET_UNTIL

MOST_BROWSERS = 10
LANGUAGES = ("vi", "en")


def preference_of(account: int, language: str = "vi") -> Preference:
    """What the person chose, or the defaults."""
    found = Preference.objects.filter(pk=account).first() or Preference(account=account, language=language)
    found.quiet_from, found.quiet_until = found.quiet_from or QUIET_FROM, found.quiet_until or QUIET_UNTIL
    return found


def change(
    account: int,
    *,
    language: str,
    sms: bool,
    email: bool,
    push: bool,
    progress: bool,
    quiet_from: time,
    quiet_until: time,
) -> Preference:
    """Keeps the choice. Raises ValueError for a language there is none of."""
    if language not in LANGUAGES:
        raise ValueError("language")
    values = {
        "language": language, "sms": sms, "email": email, "push": push, "progress": progress,
        "quiet_from": quiet_from, "quiet_until": quiet_until,
    }  # fmt: skip
    return Preference.objects.update_or_create(account=account, defaults=values)[0]


def subscribe(account: int, endpoint: str, p256dh: str, auth: str, agent: str = "") -> bool:
    """Keeps a browser. False when its address is at no push service, or its keys cannot be keys."""
    if (
        len(endpoint) > 1000
        or not is_push_service(endpoint)
        or not (80 <= len(p256dh) <= 100 and 16 <= len(auth) <= 40)
    ):
        return False
    values = {"account": account, "p256dh": p256dh, "auth": auth, "agent": agent[:120]}
    # A browser handed on to somebody else shows the new person's messages only.
    Subscription.objects.update_or_create(endpoint=endpoint, defaults=values)
    stale = Subscription.objects.filter(account=account).order_by("-id").values_list("pk", flat=True)[MOST_BROWSERS:]
    Subscription.objects.filter(pk__in=list(stale)).delete()
    return True


def unsubscribe(account: int, endpoint: str) -> int:
    """Forgets a browser of the account."""
    return Subscription.objects.filter(account=account, endpoint=endpoint).delete()[0]


def browsers(account: int) -> list[Subscription]:
    """The account's browsers, the newest first."""
    return list(Subscription.objects.filter(account=account).order_by("-id"))
