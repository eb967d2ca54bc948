"""What the register already knows of the person, put into the answers, each with its source and time.

Pure: what the register says comes in as a function from topic to value. Asking the register, which records
every look-up, is left to `register`; keeping pages from changing what stands here, to `drafts`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from motcua.law.forms import ADDRESS, PERSON
from motcua.law.procedure import Field, Procedure

Topic = Callable[[str], object]
APPLICANT = ("name", "number", "birth", "address")


class Filled(msgspec.Struct, frozen=True):
    """Answers and parts of the applicant that are known, and where each comes from."""

    answers: dict[str, Any]
    about: dict[str, str]
    sources: dict[str, str]


def source_at(at: datetime) -> str:
    """How a source is written: `register@2018-10-08T02:14:00+00:00`."""
    return f"register@{at.isoformat()}"


def prefill(procedure: Procedure, case: str, topic: Topic, at: datetime) -> Filled:
    """Everything a form of this case asks that the register knows; `at` is when it was asked."""
    said, answers, sources = source_at(at), {}, {}
    for field in procedure.fields():
        if not field.known or (field.cases and case not in field.cases):
            continue
        value = _fitting(field, topic(field.known))
        if value:
            answers[field.id] = value
            sources[field.id] = said
    about = _applicant(topic)
    sources |= {f"applicant.{part}": said for part in APPLICANT if about.get(part)}
    return Filled(answers, about, sources)


def _fitting(field: Field, value: object) -> object:
    """The register's value in the shape of the question; None when it does not fit."""
    if value is None or value == "":
        return None
    if field.type in ("person", "address"):
        parts = PERSON if field.type == "person" else ADDRESS
        known = value if isinstance(value, Mapping) else _parts(value, parts)
        block = {part: str(known[part]) for part in parts if known.get(part)}
        if not _is_day(block.get("birth", "")):
            # Of some people only the year is known; the form asks for the whole day.
            block.pop("birth", None)
        return block if block.get(parts[0]) else None
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    if field.type == "date":
        return text if _is_day(text) else None
    if field.type == "choice":
        return text if text in {choice.value for choice in field.choices} else None
    return text if field.type in ("text", "long_text", "number") and len(text) <= field.max_length else None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _parts(value: object, parts: tuple[str, ...]) -> dict[str, Any]:
    return {part: getattr(value, part, "") for part in parts}


def _applicant(topic: Topic) -> dict[str, str]:
    person = topic("self")
    if person is None:
        return {}
    parts = person if isinstance(person, Mapping) else _parts(person, PERSON)
    address = topic("self.residence")
    place = (address if isinstance(address, Mapping) else _parts(address, ADDRESS)) if address else {}
    found = {name: str(parts.get(name) or "") for name in ("name", "number", "birth")}
    if not _is_day(found["birth"]):
        found["birth"] = ""
    found |= {"address": str(place.get("text") or ""), "commune": str(place.get("commune") or "")}
    return {name: value for name, value in found.items() if value}


def keep_known(saved: Mapping[str, Any], sent: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """What is stored when a page sends answers: those that are `known` stay as the register gave them."""
    return {name: value for name, value in sent.items() if name not in known} | {
        name: value for name, value in saved.items() if name in known
    }
