"""Messages for the tests: made-up people, settings of providers, and one batch after the other until nothing is due."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.utils import timezone

from motcua.notices import configuration, sending
from motcua.notices.models import Delivery
from motcua.notices.people import Person
from motcua.notices.telling import Telling, tell

BASICS: dict[str, Any] = {
    "code": "000.00.02.H26-181217-0042",
    "procedure": {"vi": "Đăng ký khai sinh", "en": "Birth registration"},
    "agency": {"vi": "Phường Hàng Mẫu", "en": "Sample ward"},
    "link": "https://motcua.example/theo-doi/x/",
    "due": "2019-01-07T17:00:00+07:00",
    "amount": 8000,
}


def phone(number: int) -> str:
    """A made-up mobile number."""
    return f"+8490{number:07d}"


def telling(number: int, kind: str = "fee", event: str = "", **more: Any) -> Telling:
    """Something to tell the made-up person `number`."""
    person = more.pop("person", None) or Person(phone=phone(number))
    values: dict[str, Any] = {"at": timezone.now(), "agency": 1} | more
    return Telling(event=event or f"test/{number}", person=person, kind=kind, values=BASICS, **values)


def tell_all(count: int, kind: str = "fee", **more: Any) -> None:
    """Tells as many people."""
    # A morning: a test at night must not wait for the day.
    now = timezone.now()
    tell([telling(each, kind, **more) for each in range(count)], now)
    Delivery.objects.filter(state="waiting").update(next_at=now - timedelta(seconds=1))


def hurry() -> None:
    """Makes everything that waits for its next try due now."""
    Delivery.objects.exclude(next_at=None).exclude(state="sent").update(next_at=timezone.now() - timedelta(seconds=1))


@contextmanager
def sent_by(settings: Any, **addresses: str) -> Iterator[None]:
    """Within, these are the providers: `sms="smpp://..."`."""
    configuration.forget()
    for channel in ("sms", "email", "push"):
        setattr(settings, f"MOTCUA_{channel.upper()}", addresses.get(channel, ""))
    settings.MOTCUA_NOTICES_SANDBOX = False
    assert configuration.faults() == []
    yield
    configuration.forget()


def until(condition: Callable[[], Any], act: Callable[[], Any] | None = None, seconds: float = 60) -> None:
    """Acts until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing came of waiting"
        if act is not None:
            act()
        time.sleep(0.02)


def states(**narrow: Any) -> dict[str, int]:
    """How many deliveries stand in each state."""
    found: dict[str, int] = {}
    for state in Delivery.objects.filter(**narrow).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


__all__ = ["BASICS", "hurry", "phone", "sending", "sent_by", "states", "tell_all", "telling", "until"]
