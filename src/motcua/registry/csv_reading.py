"""A file of people or businesses as rows, whatever spreadsheet wrote it: UTF-8 or UTF-16; commas, semicolons or tabs.

Headings in Vietnamese or English. What a row says is judged by `importing` and `importing_businesses`; here is only
how it is read.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator

import msgspec

from motcua.law.names import search_key
from motcua.law.texts import Text
from motcua.registry.facts import FACTS
from motcua.registry.importing import COLUMNS
from motcua.registry.importing_businesses import BUSINESS_COLUMNS

LARGEST = 60 * 1024 * 1024
LONGEST_CELL = 2_000


class UnreadableError(ValueError):
    """A file that cannot be read at all, and why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(vi, en)


class Headings(msgspec.Struct, frozen=True):
    """How the columns of a file are called: by their names, or as `spoken` (search keys) says; `key` must be there."""

    key: str
    columns: tuple[str, ...]
    spoken: dict[str, str]


def read_rows(data: bytes, headings: Headings | None = None) -> Iterator[dict[str, str]]:
    """Each line as column and text; empty lines are passed over. Raises UnreadableError when it is no table.

    Without `headings` it is a file of people.
    """
    headings = headings or PEOPLE
    if len(data) > LARGEST:
        raise UnreadableError("Tệp lớn hơn 60 MB.", "The file is larger than 60 MB.")
    text = _decoded(data)
    csv.field_size_limit(LONGEST_CELL * 10)
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        heads = [_column(head, headings) for head in next(reader, [])]
        if headings.key not in heads:
            raise UnreadableError(
                f"Dòng đầu phải có tên cột, trong đó có “{headings.key}”.",
                f"The first line must name the columns, “{headings.key}” among them.",
            )
        for cells in reader:
            row = {head: _cell(cell) for head, cell in zip(heads, cells, strict=False) if head and cell.strip()}
            if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
                row["?"] = "?"
            if row:
                yield row
    except csv.Error:
        raise UnreadableError("Bảng không đúng dạng CSV.", "This is no table in CSV.") from None


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(
            "Chữ trong tệp không phải Unicode (UTF-8). Hãy lưu lại dạng CSV UTF-8.",
            "The letters are not in Unicode (UTF-8). Save it again as CSV UTF-8.",
        ) from None
    if "\x00" in text:
        raise UnreadableError("Đây không phải tệp chữ.", "This is no text file.")
    return text


_SPOKEN = {search_key(name.vi): what for what, (_no, _shape, name) in FACTS.items()} | {
    "so dinh danh": "number", "so cccd": "number", "so cmnd cu": "former_number", "ho va ten": "name",
    "ho ten": "name", "dia chi thuong tru": "permanent",
}  # fmt: skip


PEOPLE = Headings("number", COLUMNS, _SPOKEN)
BUSINESSES = Headings(
    "tax_code",
    BUSINESS_COLUMNS,
    {
        "ma so thue": "tax_code", "ten": "name", "ten doanh nghiep": "name", "dia chi": "address", "xa": "commune",
        "nguoi dai dien": "representative", "tu ngay": "since", "dong ngay": "closed",
    },
)  # fmt: skip


def _column(head: str, headings: Headings) -> str:
    plain = unicodedata.normalize("NFC", head).strip().lower()
    return plain if plain in headings.columns else headings.spoken.get(search_key(plain), plain)


def _cell(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip()[:LONGEST_CELL])
