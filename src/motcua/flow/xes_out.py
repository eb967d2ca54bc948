"""An event log as XES (IEEE 1849): a trace per dossier, for each piece of work its start and its completion."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from motcua.flow.event_log import Trace, Work

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
  </global>
  <classifier name="Activity" keys="concept:name lifecycle:transition"/>
  <string key="lifecycle:model" value="standard"/>
"""


def write_xes(traces: Iterable[Trace]) -> Iterator[str]:
    """The file in pieces, a trace at a time."""
    yield _HEAD
    for trace in traces:
        yield "".join(_trace(trace))
    yield "</log>\n"


def _trace(trace: Trace) -> Iterator[str]:
    yield "  <trace>\n"
    yield _string("concept:name", trace.code, 4)
    for key, value in (
        ("motcua:procedure", trace.procedure),
        ("motcua:receiving", trace.receiving),
        ("motcua:channel", trace.channel),
        ("motcua:outcome", trace.outcome),
    ):
        yield _string(key, value, 4)
    yield f'    <int key="motcua:version" value="{trace.version}"/>\n'
    yield f'    <boolean key="motcua:late" value="{str(trace.late).lower()}"/>\n'
    yield _date("motcua:accepted", trace.accepted_at, 4)
    if trace.due_at is not None:
        yield _date("motcua:due", trace.due_at, 4)
    # Of two things at one instant the one that opened earlier comes first.
    events = [(work.opened, work.no, 0, "start", work) for work in trace.work]
    events += [(work.closed, work.no, 1, "complete", work) for work in trace.work if work.closed is not None]
    for at, _no, _which, transition, work in sorted(events, key=lambda each: each[:3]):
        yield from _event(at, transition, work)
    yield "  </trace>\n"


def _event(at: datetime, transition: str, work: Work) -> Iterator[str]:
    yield "    <event>\n"
    yield _string("concept:name", work.step, 6)
    yield _string("concept:instance", str(work.no), 6)
    yield _string("lifecycle:transition", transition, 6)
    yield _date("time:timestamp", at, 6)
    yield _string("org:group", work.agency, 6)
    yield _string("org:role", work.role, 6)
    if work.who:
        yield _string("org:resource", work.who, 6)
    if transition == "complete":
        yield _string("motcua:ended_by", work.ended_by, 6)
        yield f'      <boolean key="motcua:late" value="{str(work.late).lower()}"/>\n'
    yield "    </event>\n"


def _string(key: str, value: str, indent: int) -> str:
    return f"{' ' * indent}<string key={quoteattr(key)} value={quoteattr(value)}/>\n"


def _date(key: str, at: datetime, indent: int) -> str:
    return f"{' ' * indent}<date key={quoteattr(key)} value={quoteattr(instant(at))}/>\n"


def instant(at: datetime) -> str:
    """An instant as both formats write it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
