"""Reads event logs in XES (IEEE 1849), plain or gzip, of any size, one case at a time.

What cannot be used is listed, never dropped in silence; what is out of order is put in order and noted.
Logs come from outside: they are bounded, and declare no entities. Turning a log into dossiers is left to
whoever replays it.
"""

import math
import zlib
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from xml.parsers import expat
from zoneinfo import ZoneInfo

import msgspec

AttributeValue = str | int | float | bool | datetime

CHUNK = 64 * 1024
PACKED_CHUNK = 4 * 1024
LONGEST_TAG = 8 * 1024 * 1024
DEEPEST = 100
MOST_EVENTS = 100_000
MOST_CHARACTERS = 64 * 1024 * 1024
_ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id", "list", "container"})
# What tools and towns write where they know nothing.
_NOBODY = frozenset({"", "UNKNOWN", "__INVALID__", "MISSING", "NOT_SET", "EMPTY"})


class LogEvent(msgspec.Struct, frozen=True):
    """One event. `at` is in UTC; `index` is its place in the file, counted from 0 within the case."""

    activity: str
    at: datetime
    resource: str | None
    group: str | None
    lifecycle: str
    attributes: dict[str, AttributeValue]
    index: int


class Case(msgspec.Struct, frozen=True):
    """One case with its usable events by time; events at the same time keep the file's order.

    `reordered` counts events that stood after a later one. `complete` is False when the file broke off
    within the case. Nested attributes have keys joined by a slash.
    """

    id: str
    attributes: dict[str, AttributeValue]
    events: list[LogEvent]
    reordered: int = 0
    complete: bool = True


class Skip(msgspec.Struct, frozen=True):
    """What was not used (or, in `notes`, used otherwise than written), and why. `event` counts from 0."""

    case: str
    event: int | None
    reason: str


class _RefusedError(Exception):
    """The file cannot be read any further."""


class EventLog:
    """An XES file. Iterate over it for its cases; then `skipped`, `notes` and the counts are complete.

    `broken` then says where and why the file could not be read to its end; empty when it could.

    Times without an offset are taken to be in `zone`. Memory holds one case at a time (at most
    `most_events` events; the rest of a longer case is skipped), and the ids of all cases seen.
    """

    def __init__(
        self, path: Path, *, zone: tzinfo = ZoneInfo("Asia/Ho_Chi_Minh"), most_events: int = MOST_EVENTS
    ) -> None:
        self.path = path
        self.zone = zone
        self.most_events = most_events
        self._start()

    def _start(self) -> None:
        self.skipped: list[Skip] = []
        self.notes: list[Skip] = []
        self.broken = ""
        self.cases_seen = 0
        self.events_seen = 0
        self.times_without_zone = 0
        self._ids: dict[str, int] = {}

    def __iter__(self) -> Iterator[Case]:
        self._start()
        parser = _Parser(self)
        try:
            for chunk in _chunks(self.path):
                parser.feed(chunk)
                yield from parser.cases()
            parser.close()
        except (OSError, EOFError, zlib.error) as error:
            reason = f"the file cannot be read on after {parser.fed:,} bytes: {error}"
            yield from parser.cases()
            yield from self._broken_off(parser, reason)
        except expat.ExpatError as error:
            what = expat.errors.messages.get(error.code, "no XML")
            at = f"line {error.lineno}, byte {parser.error_byte:,}"
            yield from parser.cases()
            yield from self._broken_off(parser, f"XML error at {at}: {what}; nothing after it was read")
        except _RefusedError as error:
            yield from parser.cases()
            yield from self._broken_off(parser, f"line {parser.line}: {error}; nothing after it was read")
        except (LookupError, ValueError) as error:
            # What Python says of an encoding that the file claims and nobody knows.
            yield from parser.cases()
            yield from self._broken_off(parser, f"the file's encoding cannot be read: {error}")
        yield from parser.cases()
        if self.times_without_zone:
            reason = f"{self.times_without_zone} times have no offset from UTC and were taken as {self.zone}"
            self.notes.append(Skip("", None, reason))

    def _broken_off(self, parser: "_Parser", reason: str) -> Iterator[Case]:
        """The case within which the file broke, with the events before it; then the reason, once."""
        if parser.is_finished:
            self.notes.append(Skip("", None, f"after the end of the log, {reason}"))
            return
        name = parser.break_off()
        yield from parser.cases()
        self.broken = reason
        self.skipped.append(Skip(name, None, reason))

    def unique_id(self, name: str | None) -> str:
        """The case's id; a number is added to one that was seen before or is missing."""
        wanted = name or f"#{self.cases_seen}"
        if wanted not in self._ids:
            self._ids[wanted] = 1
            if not name:
                self.notes.append(Skip(wanted, None, "the case has no name; numbered by its place in the log"))
            return wanted
        found = wanted
        while found in self._ids:
            self._ids[wanted] += 1
            found = f"{wanted}#{self._ids[wanted]}"
        self._ids[found] = 1
        self.notes.append(Skip(found, None, f"another case is called “{wanted}” too"))
        return found


class _Trace:
    """The case being read."""

    def __init__(self) -> None:
        self.attributes: dict[str, AttributeValue] = {}
        self.events: list[LogEvent] = []
        self.unusable: list[tuple[int, str]] = []
        self.seen = 0
        self.too_many = 0


class _Parser:
    """Expat's handlers and what they have gathered."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.fed = 0
        self.is_finished = False
        self._ready: deque[Case] = deque()
        self._depth = 0
        self._trace: _Trace | None = None
        self._event: dict[str, AttributeValue] | None = None
        self._keys: list[str | None] = []
        self._ignored = 0
        self._characters = 0  # of the attributes held for the case being read
        self._expat = expat.ParserCreate()
        self._expat.StartElementHandler = self._open
        self._expat.EndElementHandler = self._close
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.EntityDeclHandler = self._entity

    @property
    def line(self) -> int:
        return self._expat.CurrentLineNumber

    @property
    def error_byte(self) -> int:
        return self._expat.ErrorByteIndex

    def feed(self, chunk: bytes) -> None:
        self.fed += len(chunk)
        self._expat.Parse(chunk, False)
        if self.fed - max(self._expat.CurrentByteIndex, 0) > LONGEST_TAG:
            raise _RefusedError(f"a tag is longer than {LONGEST_TAG:,} bytes")

    def close(self) -> None:
        self._expat.Parse(b"", True)

    def cases(self) -> Iterator[Case]:
        while self._ready:
            yield self._ready.popleft()

    def break_off(self) -> str:
        """Hands over the case that was being read, if it has events; returns its id."""
        trace, self._trace = self._trace, None
        return self._finish_case(trace, complete=False) if trace is not None else ""

    def _doctype(self, _name: str, system: str | None, public: str | None, internal: bool) -> None:
        if system or public or internal:
            raise _RefusedError("the log declares a document type of its own, which is refused")

    def _entity(self, *_declaration: object) -> None:
        raise _RefusedError("the log declares entities, which is refused")

    def _open(self, name: str, given: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _RefusedError(f"elements are nested more than {DEEPEST} deep")
        element = name.rpartition(":")[2]
        if self._depth == 1:
            if element != "log":
                raise _RefusedError(f"this is <{element[:40]}>, not an XES log")
        elif self._ignored:
            self._ignored += 1
        elif element == "trace" and self._depth == 2:
            self._trace = _Trace()
            self._characters = 0
        elif element == "event" and self._event is None and not self._keys and self._depth <= 3:
            self._event = {}
        elif (self._trace is not None or self._event is not None) and element in _ATTRIBUTES:
            self._attribute(element, given)
        elif self._keys and element == "values":
            # The values of a list stand in an element of their own, which has no key.
            self._keys.append(None)
        else:
            self._ignored = 1

    def _close(self, _name: str) -> None:
        self._depth -= 1
        if self._ignored:
            self._ignored -= 1
        elif self._keys:
            self._keys.pop()
        elif self._event is not None:
            event, self._event = self._event, None
            self._finish_event(event)
        elif self._trace is not None:
            trace, self._trace = self._trace, None
            self._finish_case(trace, complete=True)
        elif self._depth == 0:
            self.is_finished = True

    def _attribute(self, element: str, given: dict[str, str]) -> None:
        self._keys.append(given.get("key"))
        value = given.get("value")
        if value is None or self._keys[-1] is None:
            return
        key = "/".join(each for each in self._keys if each is not None)
        self._characters += len(key) + len(value)
        if self._characters > MOST_CHARACTERS:
            return
        if self._event is not None:
            self._event[key] = _typed(element, value)
        elif self._trace is not None:
            self._trace.attributes[key] = _typed(element, value)

    def _finish_event(self, event: dict[str, AttributeValue]) -> None:
        self.log.events_seen += 1
        trace = self._trace
        if trace is None:
            self._characters = 0
            self.log.skipped.append(Skip("", None, f"line {self.line}: an event outside of any case"))
            return
        index, trace.seen = trace.seen, trace.seen + 1
        if len(trace.events) >= self.log.most_events or self._characters > MOST_CHARACTERS:
            trace.too_many += 1
            return
        activity = _text(event.get("concept:name"))
        written = event.get("time:timestamp")
        at = _instant(written, self.log.zone)
        if activity is None:
            trace.unusable.append((index, "the event has no activity (concept:name)"))
        elif written is None:
            trace.unusable.append((index, "the event has no time (time:timestamp)"))
        elif at is None:
            trace.unusable.append((index, f"“{str(written)[:60]}” is not a time"))
        else:
            self.log.times_without_zone += isinstance(written, datetime) and written.tzinfo is None
            resource, group = _somebody(event.get("org:resource")), _somebody(event.get("org:group"))
            lifecycle = _text(event.get("lifecycle:transition")) or ""
            trace.events.append(LogEvent(activity, at, resource, group, lifecycle, event, index))

    def _finish_case(self, trace: _Trace, *, complete: bool) -> str:
        self.log.cases_seen += 1
        name = self.log.unique_id(_text(trace.attributes.get("concept:name")))
        self.log.skipped.extend(Skip(name, index, reason) for index, reason in trace.unusable)
        if trace.too_many:
            reason = f"the last {trace.too_many} events: the case is larger than is read ({len(trace.events):,} events)"
            self.log.skipped.append(Skip(name, trace.seen - trace.too_many, reason))
        if not trace.events and complete:
            reason = "none of its events can be used" if trace.seen else "the case has no events"
            self.log.skipped.append(Skip(name, None, reason))
        if not trace.events:
            return name
        reordered = _count_late(trace.events)
        if reordered:
            trace.events.sort(key=lambda event: event.at)
            self.log.notes.append(Skip(name, None, f"{reordered} events out of order were put in order"))
        self._ready.append(Case(name, trace.attributes, trace.events, reordered, complete))
        return name


def _chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes, unpacked when it begins like gzip, whatever it is called.

    Unpacks in small pieces, so that damage costs little of what stands before it.
    """
    with path.open("rb") as file:
        piece = file.read(CHUNK)
        if not piece.startswith(b"\x1f\x8b"):
            while piece:
                yield piece
                piece = file.read(CHUNK)
            return
        file.seek(0)
        unpacker = zlib.decompressobj(wbits=31)
        while piece := unpacker.unconsumed_tail or file.read(PACKED_CHUNK):
            if unpacker.eof:
                # A gzip file may consist of several, one after the other.
                unpacker = zlib.decompressobj(wbits=31)
            yield unpacker.decompress(piece, CHUNK)
            if unpacker.eof and unpacker.unused_data:
                file.seek(-len(unpacker.unused_data), 1)
        yield unpacker.flush()
        if not unpacker.eof:
            raise EOFError("the compressed file ends too early")


def _count_late(events: list[LogEvent]) -> int:
    """How many events stand after one that happened later."""
    late, latest = 0, events[0].at
    for event in events:
        late += event.at < latest
        latest = max(latest, event.at)
    return late


def _typed(element: str, value: str) -> AttributeValue:
    """The value by its element; as written when it is not what its element says."""
    try:
        if element == "int":
            return int(value)
        if element == "float" and math.isfinite(float(value)):
            return float(value)
        if element == "date":
            return datetime.fromisoformat(value.strip().upper())
    except ValueError:
        return value
    if element == "boolean" and value.strip().lower() in ("true", "false", "1", "0"):
        return value.strip().lower() in ("true", "1")
    return value


def _instant(value: AttributeValue | None, zone: tzinfo) -> datetime | None:
    """The instant in UTC, or None when it is none, or lies outside of what a calendar holds."""
    try:
        at = datetime.fromisoformat(value.strip().upper()) if isinstance(value, str) else value
        if not isinstance(at, datetime):
            return None
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(value: AttributeValue | None) -> str | None:
    """The value as text without blanks around it; None when nothing is left."""
    text = "" if value is None else str(value).strip()
    return text or None


def _somebody(value: AttributeValue | None) -> str | None:
    text = _text(value)
    return None if text is None or text.upper() in _NOBODY else text
