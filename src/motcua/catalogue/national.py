"""Reads an export of the national catalogue of procedures, one JSON object a line, as it was given.

Streamed, so that its size does not matter; a line that cannot be read is told and passed over. Making
procedures of what was read is left to `national_procedure`.
"""

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

import msgspec

LONGEST_LINE = 8 * 1024 * 1024
MOST_LINES = 200_000
SUFFIXES = (".jsonl", ".jsonl.gz")
SHOWN = 160


class Note(msgspec.Struct, frozen=True):
    """What could not be taken over of a procedure: the field, what was given there, and why not.

    `loaded` is False when the whole procedure was left out because of it.
    """

    line: int
    code: str
    field: str
    given: str
    reason: str
    loaded: bool = True

    def __str__(self) -> str:
        given = f" ({self.given})" if self.given else ""
        left_out = "" if self.loaded else "NOT LOADED: "
        return f"line {self.line}: {self.code or '?'}: {self.field}: {left_out}{self.reason}{given}"


class Money(msgspec.Struct):
    """A fee as given, in the currency named."""

    type: str | None = None
    value: int | float | None = None
    description: str | None = None
    currencyName: str | None = None  # noqa: N815 - the export's own name


class Method(msgspec.Struct):
    """A way to lodge, with its time and fees."""

    submissionMethod: str | None = None  # noqa: N815
    processingTime: int | float | str | None = None  # noqa: N815
    processingTimeUnit: str | None = None  # noqa: N815
    description: str | None = None
    fees: list[Money] | None = None


class Component(msgspec.Struct):
    """A paper."""

    name: str | None = None
    originalQty: int | None = 0  # noqa: N815
    copyQty: int | None = 0  # noqa: N815
    required: bool | None = False


class Group(msgspec.Struct):
    """Papers under one heading."""

    name: str | None = None
    profileComponents: list[Component] | None = None  # noqa: N815


class Duration(msgspec.Struct):
    """A number with its unit."""

    qty: int | float | None = None
    type: str | None = None


class GivenCase(msgspec.Struct):
    """A case with its time."""

    name: str | None = None
    processingDay: Duration | None = None  # noqa: N815


class Entry(msgspec.Struct):
    """Something with a name and a code: a field, a result, a law, a kind of applicant."""

    name: str | None = None
    code: str | None = None


class Given(msgspec.Struct):
    """A procedure as the export has it; what the catalogue has no use for is not read."""

    code: str
    name: str
    executionMethods: list[Method] | None = None  # noqa: N815
    executionCases: list[Group] | None = None  # noqa: N815
    cases: list[GivenCase] | None = None
    categoriesDetails: list[Entry] | None = None  # noqa: N815
    resultsDetails: list[Entry] | None = None  # noqa: N815
    subjectTypesDetails: list[Entry] | None = None  # noqa: N815
    legalBasisesDetails: list[Entry] | None = None  # noqa: N815
    departmentPromulgateCode: str | None = None  # noqa: N815
    departmentPromulgateName: str | None = None  # noqa: N815
    isWard: bool = False  # noqa: N815
    isDistrict: bool = False  # noqa: N815
    isProvince: bool = False  # noqa: N815
    isVertical: bool = False  # noqa: N815
    isInternal: bool = False  # noqa: N815


def is_national(path: Path) -> bool:
    """True when the path looks like an export of the national catalogue rather than a pack."""
    return path.name.endswith(SUFFIXES)


def shown(given: object) -> str:
    """What was given, short enough for a list."""
    text = " ".join(str(given).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def read_national(path: Path) -> Iterator[tuple[int, Given | Note]]:
    """Each line's number with the procedure it gives, or with why it cannot be read.

    A file that breaks off or is not what it says ends with a note. OSError when it cannot be opened.
    """
    decoder = msgspec.json.Decoder(Given)
    number = 0
    with _opened(path) as file:
        while True:
            try:
                raw = file.readline(LONGEST_LINE + 1)
            except (EOFError, OSError, zlib.error) as error:
                yield number + 1, Note(number + 1, "", "file", "", f"the file breaks off: {error}", loaded=False)
                return
            if not raw:
                return
            number += 1
            if len(raw) > LONGEST_LINE or number > MOST_LINES:
                most = f"a line has at most {LONGEST_LINE:,} bytes and a file {MOST_LINES:,} lines"
                yield number, Note(number, "", "file", "", f"too long: {most}", loaded=False)
                return
            if raw.strip():
                yield number, _decoded(decoder, raw, number)


def _opened(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")


def _decoded(decoder: "msgspec.json.Decoder[Given]", raw: bytes, number: int) -> Given | Note:
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason, _, where = str(error).partition(" - at `$")
        return Note(number, _code_of(raw), where.strip("`.") or "line", "", f"cannot be read: {reason}", loaded=False)


def _code_of(raw: bytes) -> str:
    """The code of a line that cannot be read as a whole, if at least that can be."""
    try:
        code = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).get("code")
        return msgspec.json.decode(code, type=str) if code is not None else ""
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
