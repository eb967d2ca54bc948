"""Text messages by SMPP against a message centre in a process of its own."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cities import City
from notices.letters import hurry, phone, sent_by, states, tell_all, telling, until
from notices.servers import Provider, provider


@pytest.fixture
def centre(tmp_path: Path, fresh_city: City, settings: Any) -> Iterator[Provider]:
    """A message centre, and a city that sends by it."""
    with provider("smpp", tmp_path) as made, sent_by(settings, sms=address(made)):
        yield made


def address(made: Provider, **more: str) -> str:
    options = {"name": made.name, "price": "350", "window": "6", "timeout": "20"} | more
    return f"smpp://motcua:secret@127.0.0.1:{made.port}?" + "&".join(f"{k}={v}" for k, v in options.items())


def send() -> int:
    from motcua.notices import sending

    return sending.send("sms")


def test_a_message_is_sent_once_and_its_receipt_is_kept(centre: Provider) -> None:
    from motcua.notices.models import Cost, Delivery

    tell_all(3)
    send()
    until(lambda: states() == {"delivered": 3}, send)
    assert sorted(each["to"] for each in centre.kept()) == [phone(each)[1:] for each in range(3)]
    assert centre.kept()[0]["text"].startswith("Ho so 000.00.02.H26-181217-0042 can nop 8.000 dong")
    assert centre.kept()[0]["registered"] == 1
    first = Delivery.objects.order_by("id").first()
    assert first is not None
    assert first.reference
    assert (first.cost, first.segments) == (350, 1)
    cost = Cost.objects.get()
    assert (cost.messages, cost.segments, cost.dong) == (3, 3, 1050)


def test_words_with_accents_travel_in_ucs2_and_long_ones_whole(centre: Provider) -> None:
    from django.utils import timezone

    from motcua.notices import configuration
    from motcua.notices.channels.base import Answer, Outgoing

    words = "Hồ sơ của bạn đã được tiếp nhận [thử] € " * 6
    given: list[Answer] = []
    outgoing = Outgoing(1, uuid4(), phone(1), "", words, 4, timezone.now() + timedelta(hours=1))
    configuration.providers("sms")[0].send([outgoing], 1e12, lambda _, answer: given.append(answer))
    assert [each.outcome for each in given] == ["accepted"]
    assert centre.kept()[0]["text"] == words
    assert centre.kept()[0]["coding"] == 8


def test_a_receipt_comes_twice_and_counts_once(centre: Provider) -> None:
    from motcua.notices.models import Cost

    centre.wish(double=True)
    tell_all(5)
    until(lambda: states() == {"delivered": 5}, send)
    send()
    assert Cost.objects.get().messages == 5
    assert len(centre.kept()) == 5


def test_what_the_centre_throttles_is_sent_later_and_once(centre: Provider) -> None:
    centre.wish(throttle=4)
    tell_all(20)
    until(lambda: states() == {"delivered": 20}, lambda: (hurry(), send()), 60)
    sent = [each["to"] for each in centre.kept() if "to" in each]
    assert len(sent) == len(set(sent)) == 20


def test_a_number_that_does_not_exist_is_not_tried_again(centre: Provider) -> None:
    centre.wish(unknown=[phone(1)[1:]])
    tell_all(2)
    send()
    until(lambda: states() == {"delivered": 1, "failed": 1}, send)


def test_a_line_broken_after_the_message_leaves_it_in_doubt_until_its_receipt_comes(centre: Provider) -> None:
    centre.wish(mute=True)
    tell_all(1)
    send()
    assert states() == {"doubtful": 1}
    centre.wish()
    until(lambda: states() == {"delivered": 1}, lambda: (hurry(), send()), 60)
    assert len(centre.kept()) == 1


def test_without_a_receipt_what_nobody_requires_is_left_unknown_and_what_the_law_requires_is_sent_again(
    centre: Provider,
) -> None:
    from django.utils import timezone

    from motcua.notices.models import Delivery
    from motcua.notices.telling import tell

    centre.wish(mute=True, receipts="none")
    tell_all(1)
    tell([telling(7, "ready", "test/ready")], timezone.now())
    hurry()
    send()
    assert states() == {"doubtful": 2}
    centre.wish()
    until(lambda: Delivery.objects.filter(state="delivered").exists(), lambda: (hurry(), send()), 60)
    assert states(notice__kind="fee") == {"unknown": 1}
    assert states(notice__kind="ready") == {"delivered": 1}
    # Which of the two had reached the centre before the line broke, nobody on our side knew.
    assert [each["to"] for each in centre.kept()].count(phone(0)[1:]) <= 1


def test_a_dead_centre_costs_nothing_and_loses_nothing(centre: Provider) -> None:
    centre.stop()
    tell_all(2)
    send()
    assert states() == {"waiting": 2}
    centre.start()
    until(lambda: states() == {"delivered": 2}, lambda: (hurry(), send()), 60)
    assert len(centre.kept()) == 2
