"""A procedure's form on paper-like lines: every kind of question as the page shows it, and as it comes back.

Works without scripts: tables have a row count and a button, people and addresses are blocks of questions.
Whether an answer is right is left to `law.forms`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from motcua.filing.communes import commune_code, commune_said
from motcua.law.forms import ADDRESS, MOST_ROWS, PERSON
from motcua.law.procedure import Condition, Field, Procedure

Errors = Mapping[str, list[str]]
KINDS = {
    "text": "text", "long_text": "textarea", "number": "number", "money": "money", "date": "date",
    "choice": "choice", "yes_no": "radios", "file": "file",
}  # fmt: skip


def part_label(name: str, kind: str) -> str:
    """The question for one part of a person or an address."""
    if kind == "person":
        return {
            "name": _("Họ tên"),
            "number": _("Số giấy tờ"),
            "birth": _("Ngày sinh"),
            "relation": _("Quan hệ"),
        }[name]
    return {"text": _("Số nhà, đường, thôn"), "commune": _("Phường, xã")}[name]


def _asked_here(field: Field, case: str) -> bool:
    return not field.computed and (not field.cases or case in field.cases)


def raw_answers(fields: Iterable[Field], typed: QueryDict, day: date, prefix: str = "form-") -> dict[str, object]:
    """What was typed, in the shape that `check_form` reads."""
    return {field.id: _raw(field, typed, day, f"{prefix}{field.id}") for field in fields if not field.computed}


def _raw(field: Field, typed: QueryDict, day: date, name: str) -> object:
    if field.type == "table":
        rows = range(row_count(field, typed, name))
        return [raw_answers(field.columns, typed, day, f"{name}[{at}].") for at in rows]
    if field.type in ("person", "address"):
        parts = {part: typed.get(f"{name}.{part}", "") for part in (PERSON if field.type == "person" else ADDRESS)}
        if field.type == "address":
            parts["commune"] = commune_code(parts["commune"], day)
            # A commune alone, filled in by the page, is no address.
            if not parts["text"].strip() and not field.required:
                return {}
        return {part: said for part, said in parts.items() if said.strip()}
    return typed.get(name, "")


def as_typed(fields: Iterable[Field], answers: Mapping[str, Any], prefix: str = "form-") -> QueryDict:
    """Saved or cleaned answers as the page carries them: the way back from `raw_answers`."""
    typed = QueryDict(mutable=True)
    _write(fields, answers, prefix, typed)
    return typed


def _write(fields: Iterable[Field], answers: Mapping[str, Any], prefix: str, typed: QueryDict) -> None:
    for field in fields:
        name, value = f"{prefix}{field.id}", answers.get(field.id)
        if value is None or field.computed:
            continue
        if field.type == "table":
            rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []
            typed[f"rows-{name}"] = str(len(rows))
            for at, row in enumerate(rows):
                _write(field.columns, row, f"{name}[{at}].", typed)
        elif isinstance(value, Mapping):
            for part, said in value.items():
                typed[f"{name}.{part}"] = day_as_typed(str(said)) if part == "birth" else str(said)
        elif isinstance(value, str | int):
            typed[name] = day_as_typed(str(value)) if field.type == "date" else str(value)


def day_as_typed(said: str) -> str:
    """A day kept in ISO as people write it, `7/1/2019`; anything else as it was typed."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return said
    return f"{day.day}/{day.month}/{day.year}" if len(said) == 10 else said


def row_added(field: Field, rows: Any) -> list[Any]:
    """The rows of a table with an empty one at the end."""
    held = list(rows) if isinstance(rows, list | tuple) else []
    return [*held, {}] if len(held) < MOST_ROWS else held


def row_removed(rows: Any, at: str) -> list[Any]:
    """The rows of a table without the one at this place (from 0)."""
    held = list(rows) if isinstance(rows, list | tuple) else []
    return [row for number, row in enumerate(held) if str(number) != at]


def row_count(field: Field, typed: QueryDict, name: str) -> int:
    """How many rows of a table are on the page."""
    said = typed.get(f"rows-{name}", "")
    first = max(1, min(field.minimum or 1, 5))
    return min(int(said), MOST_ROWS) if said.isdecimal() and len(said) <= 3 else first


def shown_groups(
    procedure: Procedure,
    case: str,
    typed: QueryDict,
    errors: Errors,
    language: str,
    kept: Mapping[str, list[Any]],
    answered: dict[str, object],
) -> list[dict[str, Any]]:
    """The form as headings with questions, filled with what was typed and the files already `kept`.

    Questions whose condition does not hold for what was `answered` are marked: scripts hide them, paper does not.
    """
    groups = []
    for group in procedure.form:
        asked = [field for field in group.fields if _asked_here(field, case)]
        if asked:
            blocks = shown_blocks(asked, procedure, typed, errors, language, answered)
            for block in blocks:
                block["kept"] = kept.get(block["id"], [])
            groups.append({"name": group.name.within(language), "blocks": blocks})
    return groups


def shown_blocks(
    asked: Iterable[Field],
    procedure: Procedure,
    typed: QueryDict,
    errors: Errors,
    language: str,
    answered: dict[str, object],
) -> list[dict[str, Any]]:
    """Questions as blocks. `asked` in a block says whether its condition holds for what was `answered`;
    `depends` names the element and the values it waits for, so that a script can show and hide it.
    """
    known = {field.id: field for field in procedure.fields()}
    blocks = []
    for field in asked:
        block = _block(field, typed, errors, language, f"form-{field.id}", known)
        block["asked"] = field.when is None or field.when.holds(answered)
        block["depends"] = f"form-{field.when.field}" if field.when else ""
        block["values"] = " ".join(field.when.values) if field.when else ""
        blocks.append(block)
    return blocks


def _block(
    field: Field, typed: QueryDict, errors: Errors, language: str, name: str, known: Mapping[str, Field]
) -> dict[str, Any]:
    """One question as `{"type": "field" | "person" | "address" | "table", ...}`."""
    hint = " ".join(
        filter(None, (field.hint.within(language) if field.hint else "", _when(field.when, known, language)))
    )
    label = field.label.within(language)
    block: dict[str, Any] = {"type": "field", "label": label, "hint": hint, "id": name, "required": field.required}
    if field.type == "table":
        columns = {column.id: column for column in field.columns}
        rows = [
            [_block(each, typed, errors, language, f"{name}[{at}].{each.id}", columns) for each in field.columns]
            for at in range(row_count(field, typed, name))
        ]
        return {**block, "type": "table", "rows": rows, "count": len(rows), "errors": errors.get(name, [])}
    if field.type in ("person", "address"):
        return {**block, "type": field.type, "fields": _parts(field, typed, errors, name)}
    return {**block, "field": _field(field, typed, errors, language, name, hint)}


def _parts(field: Field, typed: QueryDict, errors: Errors, name: str) -> list[dict[str, Any]]:
    parts = PERSON if field.type == "person" else ADDRESS
    fields = []
    for at, part in enumerate(parts):
        path = f"{name}.{part}"
        value = typed.get(path, "")
        attrs = {"list": "communes", "autocomplete": "off"} if part == "commune" else {}
        fields.append(
            {
                "id": path,
                "name": path,
                "label": part_label(part, field.type),
                "kind": "date" if part == "birth" else "text",
                "value": commune_said(value) if part == "commune" else value,
                "required": field.required and at == 0,
                "errors": errors.get(path, []),
                "width": {"name": 20, "number": 12, "birth": 8, "relation": 12}.get(part, ""),
                "attrs": attrs,
            }
        )
    return fields


def _field(field: Field, typed: QueryDict, errors: Errors, language: str, name: str, hint: str) -> dict[str, Any]:
    choices = [(each.value, each.name.within(language)) for each in field.choices]
    if field.type == "yes_no":
        choices = [("yes", _("Có")), ("no", _("Không"))]
    short = field.type == "text" and field.max_length <= 40
    return {
        "id": name,
        "name": name,
        "label": field.label.within(language),
        "hint": hint,
        "kind": KINDS[field.type],
        "value": typed.get(name, ""),
        "required": field.required,
        "choices": choices,
        "errors": errors.get(name, []),
        "rows": 3,
        "unit": _("đồng") if field.type == "money" else "",
        **({"width": 20} if short else {}),
    }


def _when(condition: Condition | None, known: Mapping[str, Field], language: str) -> str:
    """`Chỉ ghi khi “Có công trình liền kề” là “Có”.`"""
    if condition is None:
        return ""
    said = when_words(condition, known, language)
    return _("Chỉ ghi khi %(when)s.") % {"when": said}


def when_words(condition: Condition, known: Mapping[str, Field], language: str) -> str:
    """A condition in words: the question and the answers that make it hold."""
    field = known.get(condition.field)
    if field is None:
        return condition.field
    label = field.label.within(language)
    if not condition.values:
        return _("“%(question)s” có trả lời") % {"question": label}
    names = {each.value: each.name.within(language) for each in field.choices} | (
        {"yes": _("Có"), "no": _("Không")} if field.type == "yes_no" else {}
    )
    answers = ", ".join(names.get(value, value) for value in condition.values)
    return _("“%(question)s” là “%(answers)s”") % {"question": label, "answers": answers}


def _walk(procedure: Procedure, path: str) -> list[tuple[Field | None, str, str]]:
    """The pieces of `rooms[2].area` or `owner.number`: the field (None for a part), its name, its row."""
    walked: list[tuple[Field | None, str, str]] = []
    fields: Mapping[str, Field] = {field.id: field for field in procedure.fields()}
    for piece in path.split("."):
        name, _bracket, rest = piece.partition("[")
        field = fields.get(name)
        walked.append((field, name, rest.rstrip("]")))
        fields = {column.id: column for column in field.columns} if field is not None else {}
    return walked


def label_of(procedure: Procedure, path: str, language: str) -> str:
    """The question that `owner.number` or `rooms[2].area` answers, for a message away from the field."""
    said: list[str] = []
    kind = ""
    for field, name, row in _walk(procedure, path):
        if field is None:
            known = name in (PERSON if kind == "person" else ADDRESS)
            said.append(part_label(name, kind) if kind in ("person", "address") and known else name)
            continue
        label, kind = field.label.within(language), field.type
        said.append(_("%(table)s, dòng %(row)d") % {"table": label, "row": int(row) + 1} if row.isdecimal() else label)
    return ", ".join(said)


def element_id(procedure: Procedure, path: str) -> str:
    """The element of the page that a fault's path means."""
    last = _walk(procedure, path)[-1][0]
    first_part = {"person": ".name", "address": ".text"}.get(last.type, "") if last is not None else ""
    return f"form-{path}{first_part}"
