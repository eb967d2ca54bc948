"""Several threads of one server ask for a calendar while the first of them is still reading it."""

import threading
from typing import Any

import pytest
from django.db import connection

from motcua.calendars import lookup


def test_no_thread_is_told_that_there_is_no_calendar_while_another_reads_it(
    fresh_city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, may_finish = threading.Event(), threading.Event()
    original = lookup._read

    def slow(at_revision: int) -> Any:
        reading.set()
        may_finish.wait(20)
        return original(at_revision)

    found: list[object] = []

    def ask() -> None:
        try:
            found.append(lookup.calendar_for(1002, "district"))
        except lookup.NoCalendarError as error:
            found.append(error)
        finally:
            connection.close()

    lookup.forget()
    monkeypatch.setattr(lookup, "_read", slow)
    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    assert reading.wait(20)
    second.start()
    # The second finds the first one reading: it reads for itself or waits, but it does not answer from nothing.
    second.join(0.5)
    may_finish.set()
    first.join(20)
    second.join(20)

    assert len(found) == 2
    assert [each for each in found if isinstance(each, lookup.NoCalendarError)] == []
