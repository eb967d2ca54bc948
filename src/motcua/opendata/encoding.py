"""A release as bytes: CSV (RFC 4180, UTF-8), JSON, Parquet, its dictionary and its checksums.

Every format holds the same cells in the same order. What is empty is empty in each (nothing, null, null): a hidden
cell is never a zero. The CSV is data for machines and is not guarded against spreadsheets that run what they read:
its texts are names and codes from the city's own files.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import polars

from motcua.law.working_time import CITY_ZONE
from motcua.opendata.definitions import Column, Dataset, Type
from motcua.opendata.sources.rows import Row

_PARQUET: dict[Type, Any] = {
    "text": polars.String, "count": polars.Int64, "decimal": polars.Float64, "share": polars.Float64,
    "minutes": polars.Int64, "date": polars.Date, "instant": polars.Datetime("us", "UTC"), "flag": polars.Boolean,
}  # fmt: skip
_PLAIN: dict[str, str] = {
    "csv": "text/csv; charset=utf-8; header=present", "json": "application/json",
    "parquet": "application/vnd.apache.parquet", "dictionary": "text/csv; charset=utf-8; header=present",
    "checksums": "text/plain; charset=utf-8",
}  # fmt: skip
DICTIONARY, CHECKSUMS = "tu-dien.csv", "SHA256SUMS"


class Encoded(NamedTuple):
    """One file: its name, its format, its media type, and its bytes."""

    name: str
    format: str
    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes, in hex."""
        return sha256(self.data).hexdigest()


def content_digest(dataset: Dataset, rows: Iterable[Row]) -> str:
    """The digest of the cells alone, by which two recounts are told apart."""
    return sha256(json.dumps([dataset.keys, [[plain(cell) for cell in row] for row in rows]]).encode()).hexdigest()


def encode(dataset: Dataset, rows: Sequence[Row], stem: str, head: dict[str, Any]) -> list[Encoded]:
    """All files of a release. `head` are the words that the JSON carries before its rows."""
    files = [
        _file(f"{stem}.csv", "csv", _csv(dataset.keys, rows)),
        _file(f"{stem}.json", "json", _json(dataset, rows, head)),
        _file(f"{stem}.parquet", "parquet", _parquet(dataset.columns, rows)),
        _file(DICTIONARY, "dictionary", dictionary(dataset)),
    ]
    return [*files, _file(CHECKSUMS, "checksums", checksums(files))]


def checksums(files: Iterable[Encoded]) -> bytes:
    """What `sha256sum --check` reads."""
    return "".join(f"{each.digest}  {each.name}\n" for each in files).encode()


def dictionary(dataset: Dataset) -> bytes:
    """Every column explained, in both languages, as CSV."""
    head = ("column", "type", "unit", "title_vi", "title_en", "definition_vi", "definition_en", "may_be_hidden")
    return _csv(
        head,
        [
            (each.key, each.type, each.unit, each.title.vi, each.title.en, each.definition.vi, each.definition.en,
             each.hides)
            for each in dataset.columns
        ],
    )  # fmt: skip


def _file(name: str, form: str, data: bytes) -> Encoded:
    return Encoded(name, form, _PLAIN[form], data)


def plain(cell: Any) -> Any:
    """A cell as JSON has it: instants by the city's clock."""
    if isinstance(cell, datetime):
        return cell.astimezone(CITY_ZONE).isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else cell


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    return ("true" if cell else "false") if isinstance(cell, bool) else str(plain(cell))


def _csv(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _json(dataset: Dataset, rows: Iterable[Row], head: dict[str, Any]) -> bytes:
    keys = dataset.keys
    listed = [dict(zip(keys, (plain(cell) for cell in row), strict=True)) for row in rows]
    return json.dumps({**head, "rows": listed}, ensure_ascii=False, separators=(",", ":")).encode()


def _parquet(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    frame = polars.DataFrame(rows, schema={each.key: _PARQUET[each.type] for each in columns}, orient="row")
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd")
    return out.getvalue()
