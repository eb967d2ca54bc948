"""The form of a procedure as a JSON Schema, so that another house's program can ask the same questions.

It says the shape of each answer; conditions and computed answers are named beside it (`x-when`, `x-computed`), and
the city checks everything again.
"""

from collections.abc import Iterable
from typing import Any

from motcua.law.forms import ADDRESS, MOST_ROWS, PERSON
from motcua.law.procedure import Field, Procedure

_PLAIN: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "long_text": {"type": "string"},
    "number": {"type": ["integer", "string"]},
    "money": {"type": "integer", "minimum": 0},
    "date": {"type": "string", "format": "date"},
    "yes_no": {"enum": ["yes", "no"]},
    "file": {"type": "string", "description": "the id of an upload"},
}


def form_schema(procedure: Procedure) -> dict[str, Any]:
    """The schema of all answers of a procedure's form."""
    return _object(procedure.fields())


def _object(fields: Iterable[Field]) -> dict[str, Any]:
    asked = list(fields)
    always = [field.id for field in asked if field.required and not (field.when or field.cases or field.computed)]
    schema: dict[str, Any] = {"type": "object", "properties": {field.id: _field(field) for field in asked}}
    return schema | ({"required": always} if always else {})


def _field(field: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": field.label.vi, "x-title-en": field.label.en or field.label.vi}
    if field.type == "choice":
        schema["enum"] = [choice.value for choice in field.choices]
    elif field.type == "table":
        schema |= {"type": "array", "items": _object(field.columns), "maxItems": field.maximum or MOST_ROWS}
    elif field.type in ("person", "address"):
        parts = PERSON if field.type == "person" else ADDRESS
        schema |= {"type": "object", "properties": {part: {"type": "string"} for part in parts}}
    else:
        schema |= _PLAIN[field.type]
    if field.type in ("text", "long_text"):
        schema["maxLength"] = field.max_length
    if field.when is not None:
        schema["x-when"] = {"field": field.when.field, "values": list(field.when.values)}
    if field.cases:
        schema["x-cases"] = list(field.cases)
    if field.computed:
        schema |= {"x-computed": field.computed, "readOnly": True}
    return schema
