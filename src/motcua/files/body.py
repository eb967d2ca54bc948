"""Reads what a sender sends without letting a silent one hold the server: every wait has an end.

A thread of its own reads from the socket, the request's thread takes from it and gives up when too little comes
for too long. Only so many senders are read from at once, all together and of one person, so that the other
threads of the process go on serving pages. What was read until then is kept by the caller.
"""

import queue
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest

# A sender who brings less than this within `IDLE` seconds is slower than any line.
STEP = 16 * 1024
IDLE = 20.0
WAITING = 4
# Readers left behind by senders who went silent; each ends when its connection does.
MOST_READERS = 64


class BusyError(Exception):
    """Too many are sending just now."""


class _Turns:
    """Who is sending in this process."""

    def __init__(self) -> None:
        self._lock, self._by_account, self._readers = threading.Lock(), Counter[int](), 0

    @contextmanager
    def one(self, account: int) -> Iterator[None]:
        """Within, the account is one of those who send. Raises BusyError."""
        with self._lock:
            mine = self._by_account[account]
            if self._by_account.total() >= settings.MOTCUA_UPLOADS_AT_ONCE or mine >= settings.MOTCUA_UPLOADS_EACH:
                raise BusyError
            self._by_account[account] += 1
        try:
            yield
        finally:
            with self._lock:
                self._by_account[account] -= 1
                if not self._by_account[account]:
                    del self._by_account[account]

    def reader_begins(self) -> None:
        with self._lock:
            if self._readers >= MOST_READERS:
                raise BusyError
            self._readers += 1

    def reader_ends(self) -> None:
        with self._lock:
            self._readers -= 1


turns = _Turns()


class Body:
    """The body of one request, in chunks.

    `said` is the length it was announced with; `is_cut` tells afterwards that its end was not reached.
    """

    def __init__(self, request: HttpRequest) -> None:
        source = request.META.get("wsgi.input")
        streams = bool(request.META.get("wsgi.input_terminated")) and hasattr(source, "read")
        self._source: Any = source if streams else request
        self.said = _length(request)
        self._queue: queue.Queue[bytes | None] = queue.Queue(WAITING)
        self._given_up = threading.Event()
        self.is_cut = False
        self.seen = 0

    def chunks(self) -> Iterator[bytes]:
        """What comes, as it comes; ends with the body, with the line, or when too little comes."""
        turns.reader_begins()
        threading.Thread(target=self._read, name="upload body", daemon=True).start()
        try:
            while True:
                try:
                    chunk = self._queue.get(timeout=IDLE)
                except queue.Empty:
                    self.is_cut = True
                    return
                if not chunk:
                    self.is_cut = chunk is None or (self.said is not None and self.seen < self.said)
                    return
                self.seen += len(chunk)
                yield chunk
        finally:
            self._given_up.set()

    def _read(self) -> None:
        """To the end even when nobody listens any more: a browser reads no answer before it has sent all."""
        try:
            while chunk := self._source.read(STEP):
                self._put(chunk)
            self._put(b"")
        except Exception:
            # Whatever a broken line raises: the sender is gone.
            self._put(None)
        finally:
            turns.reader_ends()

    def _put(self, chunk: bytes | None) -> None:
        while not self._given_up.is_set():
            try:
                self._queue.put(chunk, timeout=0.5)
            except queue.Full:
                continue
            return


def _length(request: HttpRequest) -> int | None:
    try:
        return int(request.META.get("CONTENT_LENGTH") or "")
    except ValueError:
        return None
