"""Reads an XML file into a small tree that knows its lines; no document type, no entity, nothing without bound.

What the elements mean is left to `bpmn_in`.
"""

from xml.parsers import expat

import msgspec

from motcua.flow.bpmn_names import DEEPEST, MOST_BYTES, MOST_ELEMENTS
from motcua.law.texts import Text


class Refused(msgspec.Struct, frozen=True):
    """Something in the file that cannot be taken: its line, the element's id or name, and why."""

    line: int
    element: str
    reason: Text


class RefusedError(Exception):
    """The whole file cannot be read."""

    def __init__(self, line: int, element: str, vi: str, en: str) -> None:
        self.refused = Refused(line, element, Text(vi, en))
        super().__init__(f"line {line}: {en}")


class Element:
    """One element: its namespace and name, its attributes, its line, and what it holds."""

    __slots__ = ("children", "given", "line", "name", "space", "text")

    def __init__(self, space: str, name: str, given: dict[str, str], line: int) -> None:
        self.space, self.name, self.given, self.line = space, name, given, line
        self.children: list[Element] = []
        self.text = ""

    @property
    def id(self) -> str:
        """Its id, or its name where it has none."""
        return self.given.get("id", f"<{self.name}>")

    def all(self, space: str, *names: str) -> "list[Element]":
        """The children of these names."""
        return [each for each in self.children if each.space == space and each.name in names]


def read_tree(data: bytes) -> Element:
    """The root element. Raises RefusedError, which names the line."""
    if len(data) > MOST_BYTES:
        raise RefusedError(0, "", f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB.",
                           f"The file is larger than {MOST_BYTES // 1_000_000} MB.")  # fmt: skip
    tree = _Tree()
    try:
        tree.parser.Parse(data, True)
    except expat.ExpatError as error:
        said = expat.errors.messages[error.code]
        raise RefusedError(error.lineno, "", f"Không phải XML đúng: {said}.", f"This is no XML: {said}.") from None
    if tree.root is None:
        raise RefusedError(1, "", "Tệp trống.", "The file is empty.")
    return tree.root


class _Tree:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._say
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._doctype

    def _doctype(self, *_declared: object) -> None:
        raise RefusedError(
            self.parser.CurrentLineNumber,
            "<!DOCTYPE>",
            "Tệp khai báo kiểu tài liệu hoặc thực thể riêng.",
            "The file declares a document type or entities of its own.",
        )

    def _begin(self, name: str, given: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        line = self.parser.CurrentLineNumber
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise RefusedError(line, f"<{local}>", "Tệp có quá nhiều phần tử, hoặc lồng nhau quá sâu.",
                               "The file has too many elements, or they are nested too deep.")  # fmt: skip
        element = Element(space, local, given, line)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _say(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text
