"""The catalogue as linked data (DCAT-AP 2): one description, written as JSON-LD and as Turtle.

A description is a list of things with properties; each value is an address, a text with its language or type, or a
thing of its own without a name. Both forms are written from the same list, so they cannot tell two stories.
"""

import json
from datetime import date, datetime
from typing import Any

import msgspec

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Iri(msgspec.Struct, frozen=True):
    """An address, whole or with one of the prefixes."""

    at: str


class Literal(msgspec.Struct, frozen=True):
    """A text with its language, or a value with its type (`xsd:...`)."""

    text: str
    language: str = ""
    type: str = ""


class Thing(msgspec.Struct, frozen=True):
    """Something described: its address ('' when it has none), its kind, and its properties in order."""

    at: str
    kind: str
    properties: tuple[tuple[str, "Iri | Literal | Thing"], ...]


Value = Iri | Literal | Thing


def day(value: date) -> Literal:
    """A day."""
    return Literal(value.isoformat(), type="xsd:date")


def instant(value: datetime) -> Literal:
    """An instant."""
    return Literal(value.isoformat(timespec="seconds"), type="xsd:dateTime")


def json_ld(things: list[Thing]) -> str:
    """The description as JSON-LD."""
    return json.dumps({"@context": PREFIXES, "@graph": [_node(each) for each in things]}, ensure_ascii=False, indent=1)


def _node(thing: Thing) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": thing.at} if thing.at else {}
    node["@type"] = thing.kind
    for name, value in thing.properties:
        node.setdefault(name, []).append(_json_value(value))
    return node


def _json_value(value: Value) -> dict[str, Any]:
    if isinstance(value, Thing):
        return _node(value)
    if isinstance(value, Iri):
        return {"@id": value.at}
    more = {"@language": value.language} if value.language else {"@type": value.type} if value.type else {}
    return {"@value": value.text, **more}


def turtle(things: list[Thing]) -> str:
    """The description as Turtle."""
    head = "".join(f"@prefix {name}: <{at}> .\n" for name, at in PREFIXES.items())
    return head + "".join(f"\n<{each.at}> {_properties(each)} .\n" for each in things)


def _properties(thing: Thing) -> str:
    parts = [f"a {thing.kind}", *(f"{name} {_turtle_value(value)}" for name, value in thing.properties)]
    return " ;\n  ".join(parts)


def _turtle_value(value: Value) -> str:
    if isinstance(value, Thing):
        return f"[ {_properties(value)} ]"
    if isinstance(value, Iri):
        return value.at if value.at.split(":")[0] in PREFIXES else f"<{value.at}>"
    more = f"@{value.language}" if value.language else f"^^{value.type}" if value.type else ""
    # A JSON string is a Turtle string, but for surrogates, which it never has without escaping to ASCII.
    return json.dumps(value.text, ensure_ascii=False) + more
