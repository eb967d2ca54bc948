"""The text of a content file: bounded, UTF-8, without tabs or control characters, and its YAML as a tree.

Every value in the tree knows its line, and every scalar is the string that was written, so that `001` and
`1.013225` and `no` stay what they are. Giving the values their types is left to `content_files`.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

LARGEST_FILE = 2 * 1024 * 1024
DEEPEST = 40
_STRAY = re.compile("[\x00-\t\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Problem(msgspec.Struct, frozen=True, order=True):
    """What is wrong with a content file, and on which line (counted from 1)."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class UnreadableError(Exception):
    """Raised within this room when a file cannot be read any further; carries the line and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Node(msgspec.Struct):
    """A value of a YAML file. `value` is None where nothing was written after a key or a dash."""

    line: int
    value: "str | list[Node] | dict[str, Node] | None"
    keys: dict[str, int] = {}


def read_text(path: Path, *, largest: int = LARGEST_FILE) -> str:
    """The file's text, normalised to NFC, without a byte order mark.

    Raises UnreadableError when the file is missing, larger than `largest` bytes, not UTF-8, or has tabs or
    other control characters.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except OSError as error:
        raise UnreadableError(1, f"cannot be read: {error.strerror or error}") from None
    if len(raw) > largest:
        raise UnreadableError(1, f"is larger than {largest:,} bytes; divide it into several files")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(line, f"is not UTF-8: byte 0x{raw[error.start]:02x} does not belong here") from None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    stray = _STRAY.search(text)
    if stray:
        what = "a tab; write spaces" if stray[0] == "\t" else f"the control character U+{ord(stray[0]):04X}"
        raise UnreadableError(text.count("\n", 0, stray.start()) + 1, f"contains {what}")
    return text


def yaml_tree(text: str, problems: list[tuple[int, str]]) -> Node:
    """The single YAML document in `text` as nodes; duplicate keys are added to `problems`.

    Raises UnreadableError for anything that is not plain YAML: wrong syntax, anchors and aliases (which can
    blow a small file up without bound), explicit tags, several documents, nesting beyond 40 levels.
    """
    try:
        return _build(yaml.parse(text, Loader=_LOADER), problems)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.problem, error.context) if part)
        raise UnreadableError(mark.line + 1 if mark else 1, f"is not YAML: {reason}") from None
    except yaml.YAMLError as error:
        raise UnreadableError(1, f"is not YAML: {error}") from None


def _build(events: Iterator[yaml.Event], problems: list[tuple[int, str]]) -> Node:
    """Builds the tree with a stack of its own, so that deep nesting cannot exhaust Python's."""
    root: Node | None = None
    stack: list[tuple[Node, Node | None]] = []  # an open collection, and the key waiting for its value
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableError(line, "uses an anchor or alias (& or *); write the value out")
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise UnreadableError(line, "holds a second document; one file holds one")
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _node(event, line)
        if stack:
            stack[-1] = (stack[-1][0], _place(node, *stack[-1], problems))
        else:
            root = node
        if isinstance(event, yaml.CollectionStartEvent):
            if len(stack) >= DEEPEST:
                raise UnreadableError(line, f"is nested more than {DEEPEST} levels deep")
            stack.append((node, None))
    if root is None:
        raise UnreadableError(1, "is empty")
    return root


def _node(event: yaml.NodeEvent, line: int) -> Node:
    assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
    implicit = any(event.implicit) if isinstance(event, yaml.ScalarEvent) else event.implicit
    if event.tag not in (None, "!") and not implicit:
        raise UnreadableError(line, f"uses the tag {event.tag}; only plain values are read")
    if isinstance(event, yaml.MappingStartEvent):
        return Node(line, {})
    if not isinstance(event, yaml.ScalarEvent):
        return Node(line, [])
    left_out = event.value == "" and not event.style
    return Node(line, None if left_out else event.value)


def _place(node: Node, parent: Node, key: Node | None, problems: list[tuple[int, str]]) -> Node | None:
    """Puts a node into its parent; returns the key that now waits for a value, if this node is one."""
    if isinstance(parent.value, list):
        parent.value.append(node)
        return None
    assert isinstance(parent.value, dict)
    if key is None:
        if not isinstance(node.value, str):
            raise UnreadableError(node.line, "has a key that is not a plain word")
        return node
    name = str(key.value)
    if name in parent.value:
        problems.append((key.line, f"“{name}” is given twice, first on line {parent.keys[name]}"))
    else:
        parent.value[name] = node
        parent.keys[name] = key.line
    return None
