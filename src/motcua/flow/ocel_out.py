"""An event log as OCEL 2.0 in JSON: work as events; dossiers, agencies, officials, papers, results as objects.

Written in one pass: the objects go to a file beside while the events are written, so that memory holds one batch
and whatever the log has of agencies and officials.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from motcua.flow.event_log import Trace, Work
from motcua.flow.xes_out import instant

_TEXT = "string"
_OBJECT_TYPES = {
    "dossier": {"procedure": _TEXT, "version": "integer", "receiving": _TEXT, "channel": _TEXT, "outcome": _TEXT,
                "late": "boolean"},
    "agency": {"code": _TEXT},
    "official": {},
    "paper": {"kind": _TEXT},
    "result": {"outcome": _TEXT},
}  # fmt: skip
_EVENT_ATTRIBUTES = {"role": _TEXT, "started": "time", "ended_by": _TEXT, "late": "boolean"}
ANSWERS = ("granted", "refused")


def write_ocel(traces: Iterable[Trace]) -> Iterator[str]:
    """The file in pieces."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as beside:
        yield '{"events": ['
        log = _Log(beside)
        for trace in traces:
            for event in log.take(trace):
                yield ("" if log.events == 1 else ",\n") + json.dumps(event, ensure_ascii=False)
        yield '],\n"objects": ['
        log.add_shared()
        beside.seek(0)
        while piece := beside.read(1 << 16):
            yield piece
        yield f'],\n"eventTypes": {json.dumps(log.event_types(), ensure_ascii=False)}'
        yield f',\n"objectTypes": {json.dumps(_object_types(), ensure_ascii=False)}}}\n'


class _Log:
    """What the log has so far, but for what is written already."""

    def __init__(self, beside: IO[str]) -> None:
        self._beside = beside
        self._objects = 0
        self._agencies: set[str] = set()
        self._officials: set[str] = set()
        self._steps: set[str] = set()
        self.events = 0

    def take(self, trace: Trace) -> Iterator[dict[str, Any]]:
        """The events of a dossier; its objects are put aside."""
        dossier = f"dossier:{trace.code}"
        papers = [f"paper:{trace.code}/{kind}" for kind in trace.papers]
        result = f"result:{trace.code}" if trace.outcome in ANSWERS else ""
        related = [(each, "has") for each in papers] + ([(result, "answered by")] if result else [])
        self._add(dossier, "dossier", trace.accepted_at, {
            "procedure": trace.procedure, "version": trace.version, "receiving": trace.receiving,
            "channel": trace.channel, "outcome": trace.outcome, "late": trace.late,
        }, related)  # fmt: skip
        for kind, key in zip(trace.papers, papers, strict=True):
            self._add(key, "paper", trace.accepted_at, {"kind": kind}, [])
        if result:
            self._add(result, "result", trace.finished_at, {"outcome": trace.outcome}, [])
        done = [work for work in trace.work if work.closed is not None]
        for at, work in enumerate(sorted(done, key=lambda each: (each.closed, each.no))):
            self.events += 1
            with_papers = papers if at == 0 else []
            yield self._event(trace.code, dossier, work, with_papers, result if at == len(done) - 1 else "")

    def _event(self, code: str, dossier: str, work: Work, papers: list[str], result: str) -> dict[str, Any]:
        assert work.closed is not None
        self._steps.add(work.step)
        self._agencies.add(work.agency)
        related = [(dossier, "dossier"), (f"agency:{work.agency}", "agency")]
        if work.who:
            self._officials.add(work.who)
            related.append((f"official:{work.who}", "official"))
        related += [(each, "reads") for each in papers] + ([(result, "hands over")] if result else [])
        attributes = {"role": work.role, "started": instant(work.opened), "ended_by": work.ended_by,
                      "late": work.late}  # fmt: skip
        return {
            "id": f"{code}/{work.no}",
            "type": work.step,
            "time": instant(work.closed),
            "attributes": [{"name": name, "value": _said(value)} for name, value in attributes.items()],
            "relationships": _related(related),
        }

    def add_shared(self) -> None:
        """The agencies and officials that the events named."""
        for code in sorted(self._agencies):
            self._add(f"agency:{code}", "agency", None, {"code": code}, [])
        for who in sorted(self._officials):
            self._add(f"official:{who}", "official", None, {}, [])

    def _add(self, key: str, kind: str, at: Any, values: dict[str, Any], related: list[tuple[str, str]]) -> None:
        when = instant(at) if at is not None else "1970-01-01T00:00:00.000+00:00"
        attributes = [{"name": name, "time": when, "value": _said(value)} for name, value in values.items()]
        found = {"id": key, "type": kind, "attributes": attributes, "relationships": _related(related)}
        self._beside.write((",\n" if self._objects else "") + json.dumps(found, ensure_ascii=False))
        self._objects += 1

    def event_types(self) -> list[dict[str, Any]]:
        """Each step is a type of event."""
        return [{"name": step, "attributes": _named(_EVENT_ATTRIBUTES)} for step in sorted(self._steps)]


def _object_types() -> list[dict[str, Any]]:
    return [{"name": name, "attributes": _named(attributes)} for name, attributes in _OBJECT_TYPES.items()]


def _named(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _related(found: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": key, "qualifier": how} for key, how in found]
