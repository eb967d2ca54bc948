"""What a content pack says about services online: checked against the rest of the pack, and stored.

How far a procedure can be done online is left to `online`, which reckons it.
"""

from collections.abc import Iterator

from motcua.catalogue import models
from motcua.catalogue.content_shapes import OnlineFile
from motcua.law.faults import Fault
from motcua.law.texts import Text
from motcua.organisation.models import Agency


def check_online(file: OnlineFile, procedures: set[str], agencies: set[str]) -> Iterator[Fault]:
    """What names nothing in the pack, or has its days in the wrong order."""
    for at, row in enumerate(file.online):
        path = f"$.online[{at}]"
        if not row.tiers and not row.agencies:
            yield _fault(path, "say which tiers or agencies offer it")
        if row.valid_to is not None and row.valid_to < row.valid_from:
            yield _fault(f"{path}.valid_to", "it ends before it begins")
        if row.what == "pays" and row.procedures:
            yield _fault(f"{path}.procedures", "an account is an agency's, not a procedure's")
        for name, said, known in (("procedures", row.procedures, procedures), ("agencies", row.agencies, agencies)):
            for place, code in enumerate(said):
                if code not in known:
                    yield _fault(f"{path}.{name}[{place}]", f"there is no “{code}” in this pack")
    for at, claim in enumerate(file.claims):
        if not 0 <= claim.at_level_3_or_4 <= claim.of:
            yield _fault(f"$.claims[{at}]", "a part is at least nought and at most the whole")


def _fault(path: str, en: str) -> Fault:
    return Fault(path, Text(en, en))


def store_online(file: OnlineFile) -> bool:
    """Writes the rows of the pack in place of those that stood; True when anything differs. In a transaction."""
    numbers = dict(Agency.objects.values_list("code", "number"))
    wanted = {
        (row.what, procedure, tier, agency, row.valid_from, row.valid_to, row.ground, row.demonstration)
        for row in file.online
        for procedure in row.procedures or (None,)
        for tier, agency in [*((tier, None) for tier in row.tiers), *(("", numbers[code]) for code in row.agencies)]
    }
    columns = ("what", "procedure_id", "tier", "agency_id", "valid_from", "valid_to", "ground", "demonstration")
    changed = set(models.OnlineOffering.objects.values_list(*columns)) != wanted
    if changed:
        models.OnlineOffering.objects.all().delete()
        rows = [models.OnlineOffering(**dict(zip(columns, each, strict=True))) for each in sorted(wanted, key=repr)]
        models.OnlineOffering.objects.bulk_create(rows)
    for claim in file.claims:
        said = {
            "at_level_3_or_4": claim.at_level_3_or_4,
            "of": claim.of,
            "source_vi": claim.source.vi,
            "source_en": claim.source.en,
        }
        if not models.OnlineClaim.objects.filter(day=claim.day, **said).exists():
            models.OnlineClaim.objects.update_or_create(day=claim.day, defaults=said)
            changed = True
    return changed
