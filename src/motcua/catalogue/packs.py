"""Checks and loads content packs: organisation, calendars, regimes, fields, reasons and procedures together.

A pack is loaded whole or not at all, and loading it again changes nothing. What the parts mean is left to
`pack_reading` and to the rooms they belong to; imported national catalogues to `national_load`.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
from django.apps import apps
from django.db import models as django_models
from django.db import transaction

from motcua.calendars.reading import check_calendars
from motcua.calendars.store import load_calendars
from motcua.catalogue import models
from motcua.catalogue.online_check import store_online
from motcua.catalogue.pack_reading import Catalogue, read_catalogue
from motcua.catalogue.publishing import Published, RepublishedError, mark_changed, publish
from motcua.law.canonical import canonical
from motcua.law.regimes import Regime
from motcua.organisation.content_files import Problem, line_of
from motcua.organisation.loading import load_organisation

Tell = Callable[[str], None]
# What may still be said of a regime after dossiers have been accepted under it.
NOT_RULES = ("name", "ground", "valid_to")


class LoadReport(msgspec.Struct, frozen=True):
    """What a load came to. With problems nothing was written, and the counts are nought."""

    problems: tuple[Problem, ...] = ()
    agencies: int = 0
    calendars: int = 0
    regimes: int = 0
    fields: int = 0
    life_events: int = 0
    reasons: int = 0
    procedures: Published = Published()
    offerings: int = 0


class _RefusedError(Exception):
    """Leaves the transaction with everything undone."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = tuple(problems)


def check_pack(pack_dir: Path) -> list[Problem]:
    """Everything that is wrong with a pack, by file and line. Needs no database."""
    return _read(pack_dir)[1]


def _read(pack_dir: Path) -> tuple[Catalogue | None, list[Problem]]:
    catalogue, _, problems = read_catalogue(pack_dir)
    calendars = pack_dir / "calendars"
    if calendars.is_dir():
        problems = [*problems, *check_calendars(calendars)]
    for part in _parts():
        problems = [*problems, *part.check(pack_dir)]
    return catalogue, sorted(set(problems))


def _parts() -> list[Any]:
    """What rooms built on this one keep in a pack: each names a module with `check` and `load` in its `apps.py`."""
    named = [getattr(room, "pack_part", "") for room in apps.get_app_configs()]
    return [import_module(path) for path in named if path]


def load_pack(pack_dir: Path, tell: Tell | None = None) -> LoadReport:
    """Loads a pack in one transaction; `tell` hears in a sentence what was done.

    A published version that the pack states otherwise is a problem: what was published is never changed.
    """
    say = tell or (lambda _: None)
    catalogue, problems = _read(pack_dir)
    if problems or catalogue is None:
        return LoadReport(tuple(problems))
    try:
        with transaction.atomic():
            return _load(pack_dir, catalogue, say)
    except _RefusedError as refused:
        return LoadReport(refused.problems)


def _load(pack_dir: Path, catalogue: Catalogue, say: Tell) -> LoadReport:
    organisation = load_organisation(pack_dir, say)
    _stop_at(organisation.problems)
    calendars = 0
    if (pack_dir / "calendars").is_dir():
        loaded = load_calendars(pack_dir / "calendars")
        _stop_at(loaded.problems)
        calendars = len(loaded.stored)
        say(f"calendars: {calendars}")
    changed = _store_regimes(pack_dir, catalogue)
    changed |= _store_rows(models.Field, catalogue.fields.fields, lambda row: _name(row))
    changed |= _store_rows(
        models.LifeEvent,
        catalogue.life_events.life_events,
        lambda row: _name(row) | {"summary_vi": row.summary.vi, "summary_en": row.summary.en},
    )
    changed |= _store_rows(
        models.Reason,
        catalogue.reasons.reasons,
        lambda row: _name(row) | {"use": list(row.use), "ground": row.ground},
    )
    procedures = _publish(catalogue)
    changed |= store_online(catalogue.online)
    for part in _parts():
        part.load(pack_dir, say)
    if changed:
        mark_changed()
    say(f"procedures: {procedures.published} published, {procedures.unchanged} as before")
    return LoadReport(
        agencies=organisation.created + organisation.changed + organisation.unchanged,
        calendars=calendars,
        regimes=len(catalogue.regimes),
        fields=len(catalogue.fields.fields),
        life_events=len(catalogue.life_events.life_events),
        reasons=len(catalogue.reasons.reasons),
        procedures=procedures,
        offerings=models.Offering.objects.filter(
            procedure__in={procedure.code for _, procedure in catalogue.procedures}
        ).count(),
    )


def _stop_at(problems: Sequence[Problem]) -> None:
    if problems:
        raise _RefusedError(problems)


def _publish(catalogue: Catalogue) -> Published:
    try:
        return publish((procedure for _, procedure in catalogue.procedures), "pack")
    except RepublishedError as error:
        path = next(
            path
            for path, each in catalogue.procedures
            if (each.code, each.version) == (error.code, error.version)
        )  # fmt: skip
        raise _RefusedError([Problem(str(path), line_of(path, "version"), error.text.en)]) from None


def _name(row: Any) -> dict[str, Any]:
    return {"name_vi": row.name.vi, "name_en": row.name.en}


def _store_rows(model: type[django_models.Model], rows: Sequence[Any], values: Callable[[Any], dict[str, Any]]) -> bool:
    """Writes rows with a code, in the order of the file; True when anything differs. Others are left alone."""
    manager = model._default_manager
    existing = {each.pk: each for each in manager.all()}
    changed = False
    for position, row in enumerate(rows):
        wanted = values(row) | {"position": position}
        before = existing.get(row.code)
        if before is None or any(getattr(before, name) != value for name, value in wanted.items()):
            manager.update_or_create(code=row.code, defaults=wanted)
            changed = True
    return changed


def _store_regimes(pack_dir: Path, catalogue: Catalogue) -> bool:
    """New regimes are added; of a known one only its end and its names may change."""
    path = pack_dir / (catalogue.pack.regimes or "../law/regimes.yaml")
    existing = {row.code: row for row in models.RegimeRow.objects.all()}
    changed = False
    for at, regime in enumerate(catalogue.regimes):
        content = canonical(regime).decode()
        before = existing.get(regime.code)
        if before is not None and before.content == content:
            continue
        if before is not None and _rules(msgspec.json.decode(before.content, type=Regime)) != _rules(regime):
            reason = f"the rules of “{regime.code}” hold for dossiers already; state a new regime from a new day"
            raise _RefusedError([Problem(str(path), line_of(path, f"regimes[{at}].code"), reason)])
        models.RegimeRow.objects.update_or_create(
            code=regime.code,
            defaults={"valid_from": regime.valid_from, "valid_to": regime.valid_to, "content": content},
        )
        changed = True
    return changed


def _rules(regime: Regime) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(regime).items() if name not in NOT_RULES}
