"""The datasets as data: what each is, its columns with type, unit and definition, its grain, its ground in law.

Read from `datasets/`, one small file each, and checked when they are read: a file that is wrong stops at once and
says where. What the rows are is left to `sources`, publishing them to `publishing`.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml
from django.utils.module_loading import import_string

from motcua.law.texts import Text
from motcua.reports.periods import Kind, Period

PLACE = Path(__file__).parent / "datasets"
SOURCES = "motcua.opendata.sources"
Type = Literal["text", "count", "decimal", "share", "minutes", "date", "instant", "flag"]
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class DatasetFileError(ValueError):
    """A dataset's file that is wrong: which, and how."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column: its name in the files, its type and unit, and in words what it says."""

    key: str
    type: Type
    title: Text
    definition: Text
    unit: str = ""
    hides: bool = False


class Dataset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dataset. `hides` on a column means that it may be empty because a small cell is hidden.

    `waits_for` names what must be true of a period beside its figures being complete.
    """

    code: str
    order: int
    name: Text
    description: Text
    grain: Text
    rows: str
    period: Kind
    columns: tuple[Column, ...]
    ground: Text
    rule: Text
    keywords: tuple[str, ...] = ()
    report: bool = False
    waits_for: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(each.key for each in self.columns)

    @property
    def hides(self) -> bool:
        """True when some of its cells may be hidden."""
        return any(each.hides for each in self.columns)

    def source(self) -> Any:
        """The function that makes its rows: `source(period, before)` returns `sources.rows.Made`."""
        return import_string(f"{SOURCES}.{self.rows}")

    def is_ready(self, period: Period) -> bool:
        """False while what its rows are taken from is not complete, or has not been published itself."""
        return not self.waits_for or bool(import_string(f"{SOURCES}.{self.waits_for}")(period))


def read_dataset(path: Path) -> Dataset:
    """One dataset's file. Raises DatasetFileError."""
    try:
        found = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Dataset)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise DatasetFileError(f"{path.name}: {error}") from error
    wrong = [each.key for each in found.columns if not _KEY.fullmatch(each.key)]
    if wrong or len(set(found.keys)) < len(found.keys) or not _CODE.fullmatch(found.code):
        raise DatasetFileError(f"{path.name}: names must be plain and come once: {wrong or found.code}")
    if found.code != path.stem:
        raise DatasetFileError(f"{path.name}: the file is called after the dataset, {found.code}")
    for text in (found.name, found.description, found.grain, found.ground, found.rule):
        if not (text.vi and text.en):
            raise DatasetFileError(f"{path.name}: a text is missing in one language: {text.vi or text.en}")
    for column in found.columns:
        if not (column.title.vi and column.title.en and column.definition.vi and column.definition.en):
            raise DatasetFileError(f"{path.name}: {column.key} is not explained in both languages")
    try:
        found.source()
    except ImportError as error:
        raise DatasetFileError(f"{path.name}: no rows come from {found.rows}") from error
    return found


@lru_cache(maxsize=1)
def datasets() -> dict[str, Dataset]:
    """Every dataset by its code, in their order."""
    found = sorted((read_dataset(path) for path in PLACE.glob("*.yaml")), key=lambda each: each.order)
    return {each.code: each for each in found}
