"""Checks and loads an export of the national catalogue beside what packs have described.

What a pack describes is never replaced. Loading again publishes new versions only of what has changed.
How a procedure is made of an entry is left to `national_procedure`.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import msgspec
from django.db import transaction
from msgspec.structs import replace

from motcua.catalogue import models
from motcua.catalogue.national import Given, Note, read_national
from motcua.catalogue.national_procedure import Importer, field_of
from motcua.catalogue.pack_reading import read_catalogue
from motcua.catalogue.publishing import content_of, mark_changed, publish
from motcua.law.procedure import Procedure
from motcua.organisation.content_files import Problem

BATCH = 500
# The export speaks of provinces and communes: the two tiers that there are since this day.
TWO_TIERS_SINCE = date(2025, 7, 1)

Tell = Callable[[str], None]


class NationalReport(msgspec.Struct, frozen=True):
    """What became of the entries of an export: `entries` is the sum of the four counts after it."""

    entries: int = 0
    published: int = 0
    unchanged: int = 0
    modelled: int = 0
    not_loaded: int = 0
    received_here: int = 0
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Reading:
    """One pass over an export: makes procedures batch by batch and counts what becomes of them."""

    def __init__(self, path: Path, importer: Importer, modelled: set[str]) -> None:
        self.path, self.importer, self.taken = path, importer, modelled
        self.entries = self.modelled = self.not_loaded = self.received_here = 0
        self.fields: dict[str, str] = {}
        self._seen: set[str] = set()

    def procedures(self) -> Iterator[Procedure]:
        """The procedures to be loaded, in the order of the export."""
        for line, given in read_national(self.path):
            self.entries += 1
            if isinstance(given, Note):
                self.importer.notes.append(given)
                self.not_loaded += 1
                continue
            code = given.code.strip()
            if code in self.taken:
                self.modelled += 1
                continue
            made = self._made(line, code, given)
            if made is None:
                self.not_loaded += 1
                continue
            self.received_here += bool(made.received_at or made.received_by)
            self.fields.setdefault(*field_of(given))
            yield made

    def _made(self, line: int, code: str, given: Given) -> Procedure | None:
        if code in self._seen:
            self.importer.notes.append(Note(line, code, "code", "", "this code was given before", loaded=False))
            return None
        self._seen.add(code)
        return self.importer.procedure(line, given)

    def report(self, published: int = 0, unchanged: int = 0) -> NationalReport:
        """The counts so far, and all notes by line."""
        notes = tuple(sorted(self.importer.notes, key=lambda note: note.line))
        return NationalReport(
            self.entries, published, unchanged, self.modelled, self.not_loaded, self.received_here, notes
        )


def check_national(path: Path, pack_dir: Path) -> NationalReport:
    """What loading the export would come to on top of the pack alone. Needs no database."""
    reading, problems = _reading(path, pack_dir, TWO_TIERS_SINCE)
    if reading is None:
        return NationalReport(problems=tuple(problems))
    count = sum(1 for _ in reading.procedures())
    return reading.report(published=count)


def load_national(
    path: Path, pack_dir: Path, tell: Tell | None = None, valid_from: date | None = None
) -> NationalReport:
    """Loads the export in one transaction; `tell` hears how far it is.

    New versions hold from `valid_from`, by default from 1 July 2025, or from the day after the version they
    replace. Raises OSError when the file cannot be opened.
    """
    say = tell or (lambda _: None)
    reading, problems = _reading(path, pack_dir, valid_from or TWO_TIERS_SINCE)
    if reading is None:
        return NationalReport(problems=tuple(problems))
    # What anybody but an earlier import has described stays as it is, under each of its codes.
    described = models.Procedure.objects.exclude(origin="national")
    reading.taken |= set(described.values_list("code", flat=True))
    reading.taken |= set(models.ProcedureAlias.objects.values_list("alias", flat=True))
    published = unchanged = 0
    with transaction.atomic():
        procedures = reading.procedures()
        while batch := list(islice(procedures, BATCH)):
            new = _changed(batch)
            _store_fields(reading.fields)
            published += publish(new, "national").published
            unchanged += len(batch) - len(new)
            say(f"{reading.entries} entries read, {published} versions published")
        mark_changed()
    return reading.report(published, unchanged)


def _reading(path: Path, pack_dir: Path, valid_from: date) -> tuple[_Reading | None, list[Problem]]:
    catalogue, plan, problems = read_catalogue(pack_dir)
    if catalogue is None or plan is None:
        return None, problems
    modelled = {procedure.code for _, procedure in catalogue.procedures}
    modelled |= {alias.code for _, procedure in catalogue.procedures for alias in procedure.aliases}
    importer = Importer(catalogue.standard, {role.code for role in plan.roles}, valid_from)
    return _Reading(path, importer, modelled), []


def _changed(batch: list[Procedure]) -> list[Procedure]:
    """Those that are new or differ from their last version, numbered and dated to follow it."""
    last: dict[str, models.ProcedureVersion] = {}
    rows = models.ProcedureVersion.objects.filter(procedure__in=[each.code for each in batch]).order_by("version")
    for row in rows.only("procedure_id", "version", "valid_from", "sha256"):
        last[row.procedure_id] = row
    changed: list[Procedure] = []
    for each in batch:
        before = last.get(each.code)
        if before is None:
            changed.append(each)
            continue
        same = replace(each, version=before.version, valid_from=before.valid_from)
        if content_of(same)[1] != before.sha256:
            begins = max(each.valid_from, before.valid_from + timedelta(days=1))
            changed.append(replace(each, version=before.version + 1, valid_from=begins))
    return changed


def _store_fields(fields: dict[str, str]) -> None:
    """Fields the catalogue did not know yet, after those of the pack; names that a pack gave stay."""
    rows = [models.Field(code=code, name_vi=name, position=10_000) for code, name in fields.items()]
    models.Field.objects.bulk_create(rows, ignore_conflicts=True)
