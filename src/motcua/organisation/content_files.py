"""Reads content files (YAML, CSV) into typed values and says by file and line what is wrong with them.

All scalars are strings until their field gives them a type. Every reader of content stands on this; what
the values mean, and whether they fit together, is left to the rooms that own them.
"""

import csv
import io
import re
import types
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from motcua.organisation.content_text import (
    LARGEST_FILE,
    Node,
    Problem,
    UnreadableError,
    read_text,
    yaml_tree,
)

__all__ = ["LARGEST_FILE", "Problem", "line_of", "read_csv", "read_yaml"]

T = TypeVar("T")
_MOST_PROBLEMS = 200
_LISTS = (list, tuple, set, frozenset)
_WORDS = {
    "int": "a whole number", "float": "a number", "bool": "true or false", "str": "a text",
    "array": "a list", "object": "a block of names and values", "null": "nothing", "date": "a date",
}  # fmt: skip


def read_yaml(path: Path, type_: type[T]) -> tuple[T | None, list[Problem]]:
    """The file as a `type_` (a msgspec struct or anything msgspec converts to), and what is wrong with it.

    The value is None exactly when there are problems. A key with nothing after it counts as not given.
    A field that the struct does not have is a problem on the line of its key.
    """
    found: list[tuple[int, str]] = []
    try:
        root = yaml_tree(read_text(path), found)
        found.extend(_misfits(root, type_, "", leaves=False))
        value = _convert(root, type_, found)
    except UnreadableError as error:
        value, found = None, [*found, (error.line, error.reason)]
    problems = [Problem(str(path), line, reason) for line, reason in sorted(set(found))[:_MOST_PROBLEMS]]
    return (None if problems else value), problems


def read_csv(path: Path, type_: type[T], *, largest: int = LARGEST_FILE) -> tuple[list[tuple[int, T]], list[Problem]]:
    """The good rows, each with its line, and what is wrong with the others.

    The first row names the columns: the struct's fields. An empty cell counts as not given.
    """
    rows: list[tuple[int, T]] = []
    found: list[tuple[int, str]] = []
    try:
        reader = csv.reader(io.StringIO(read_text(path, largest=largest)), strict=True)
        columns = _columns(next(reader, []), type_)
        end = reader.line_num
        for cells in reader:
            start, end = end + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                found.append((start, f"has {len(cells)} cells where there are {len(columns)} columns"))
                continue
            named = zip(columns, cells, strict=True)
            node = Node(start, {column: Node(start, cell.strip() or None) for column, cell in named})
            wrong: list[tuple[int, str]] = list(_misfits(node, type_, "", leaves=False))
            row = None if wrong else _convert(node, type_, wrong)
            found.extend(wrong)
            if row is not None:
                rows.append((start, row))
    except UnreadableError as error:
        found.append((error.line, error.reason))
    except csv.Error as error:
        found.append((reader.line_num, f"is not CSV: {error}"))
    return rows, [Problem(str(path), line, reason) for line, reason in found[:_MOST_PROBLEMS]]


def line_of(path: Path, where: str) -> int:
    """The line of `where` (`steps[2].budget`) in a YAML file, or of the nearest value around it.

    For problems found after reading, when the value no longer knows its line.
    """
    try:
        return _line(yaml_tree(read_text(path), []), where)
    except UnreadableError as error:
        return error.line


def _line(node: Node, where: str) -> int:
    line = node.line
    for name, index in re.findall(r"([^.\[\]$]+)|\[(\d+)\]", where.replace("[...]", "[]")):
        if isinstance(node.value, dict) and name in node.value:
            line, node = node.keys.get(name, line), node.value[name]
        elif isinstance(node.value, list) and index and int(index) < len(node.value):
            node = node.value[int(index)]
            line = node.line
        else:
            break
    return line


def _columns(header: list[str], type_: Any) -> list[str]:
    columns = [name.strip() for name in header]
    fields, _ = _fields(type_)
    unknown = [name for name in columns if name not in fields]
    missing = [name for name, field in fields.items() if field.required and name not in columns]
    if not columns:
        raise UnreadableError(1, "is empty")
    if unknown:
        raise UnreadableError(1, f"has unknown columns: {', '.join(unknown)} (known: {', '.join(fields)})")
    if missing:
        raise UnreadableError(1, f"lacks the columns: {', '.join(missing)}")
    if len(set(columns)) < len(columns):
        raise UnreadableError(1, "names a column twice")
    return columns


def _convert(root: Node, type_: type[T], found: list[tuple[int, str]]) -> T | None:
    """Types the whole tree; on failure looks at each value by itself, so that all mistakes are told."""
    try:
        return msgspec.convert(_plain(root), type_, strict=False)
    except msgspec.ValidationError as error:
        each = list(_misfits(root, type_, "", leaves=True))
        found.extend(each)
        if not each and not found:
            reason, _, where = str(error).partition(" - at `$")
            found.append((_line(root, where.rstrip("`")), _say(reason, None, where.rstrip("`").lstrip("."))))
        return None


def _plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {name: _plain(each) for name, each in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(each) for each in node.value]
    return node.value


def _misfits(node: Node, kind: Any, name: str, *, leaves: bool) -> Iterator[tuple[int, str]]:
    """Names that the type does not know; with `leaves`, also values missing or of the wrong type.

    Drops keys with nothing after them from structs, so that the field's default holds.
    """
    kind = _chosen(node, kind)
    inner = typing.get_args(kind)
    if isinstance(node.value, dict) and _is_struct(kind):
        yield from _struct_misfits(node, kind, name, leaves=leaves)
    elif isinstance(node.value, dict) and inner and typing.get_origin(kind) is dict:
        for key, each in node.value.items():
            if leaves:
                yield from _leaf_misfit(Node(node.keys.get(key, node.line), key), inner[0], key)
            yield from _misfits(each, inner[1], key, leaves=leaves)
    elif isinstance(node.value, list) and inner and typing.get_origin(kind) in _LISTS:
        for index, each in enumerate(node.value):
            member = inner[min(index, len(inner) - 1)]
            yield from _misfits(each, inner[0] if member is Ellipsis else member, name, leaves=leaves)
    elif leaves:
        yield from _leaf_misfit(node, kind, name)


def _struct_misfits(node: Node, kind: Any, name: str, *, leaves: bool) -> Iterator[tuple[int, str]]:
    assert isinstance(node.value, dict)
    fields, tag = _fields(kind)
    for key, each in list(node.value.items()):
        line = node.keys.get(key, each.line)
        if key == tag:
            continue
        if key not in fields:
            yield line, f"“{key}” is not known here (known: {', '.join(fields)})"
        elif each.value is None and not fields[key].required:
            del node.value[key]
        else:
            yield from _misfits(each, fields[key].type, key, leaves=leaves)
    if leaves:
        for key, field in fields.items():
            if field.required and key not in node.value:
                yield node.line, f"“{key}” is missing" + (f" in “{name}”" if name else "")


def _leaf_misfit(node: Node, kind: Any, name: str) -> Iterator[tuple[int, str]]:
    try:
        msgspec.convert(_plain(node), kind, strict=False)
    except msgspec.ValidationError as error:
        yield node.line, _say(str(error).partition(" - at `$")[0], node.value, name)


def _say(reason: str, value: object, name: str) -> str:
    """msgspec's reason in an author's words, with the value that was written."""
    expected = re.match(r"Expected `([^`]+)`(?:, got `[^`]+`)?(.*)", reason)
    if expected:
        kinds = [_WORDS.get(each.strip(), each.strip()) for each in expected[1].split("|")]
        bound = expected[2].replace("matching regex", "of the form").replace("\\\\", "\\")
        reason = f"expected {' or '.join(kinds)}{bound}"
    elif reason.startswith("Invalid RFC3339 encoded date"):
        reason = "expected a date written as 2018-12-31"
    elif reason.startswith("Invalid enum value"):
        reason = "is none of the values allowed here"
    found = {str: f", found “{str(value)[:60]}”", type(None): ", found nothing"}.get(type(value), "")
    return f"“{name}”: {reason}{found}" if name else reason


def _chosen(node: Node, kind: Any) -> Any:
    """The type without annotations; of a union, the member that this node can only be meant as."""
    while typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    members = [_chosen(node, each) for each in typing.get_args(kind)]
    if isinstance(node.value, dict):
        structs = [each for each in members if _is_struct(each)]
        named = [each for each in structs if _is_tagged(each, node)]
        fitting = named or (structs if len(structs) == 1 else [])
        fitting = fitting or [each for each in members if typing.get_origin(each) is dict]
    elif isinstance(node.value, list):
        fitting = [each for each in members if typing.get_origin(each) in _LISTS]
    else:
        fitting = []
    return fitting[0] if fitting else kind


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _is_tagged(kind: Any, node: Node) -> bool:
    config = kind.__struct_config__
    written = node.value.get(config.tag_field) if isinstance(node.value, dict) else None
    return config.tag is not None and written is not None and str(config.tag) == written.value


@cache
def _fields(kind: Any) -> tuple[dict[str, msgspec.structs.FieldInfo], str | None]:
    return {f.encode_name: f for f in msgspec.structs.fields(kind)}, kind.__struct_config__.tag_field
