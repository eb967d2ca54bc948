"""Publishes versions of procedures: content for ever, where they are offered, and the words that find them.

The one way into the tables of versions. What was published is never changed: whoever wants it otherwise
publishes the next version. Reading is left to `versions` and `search`.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from motcua.catalogue import models
from motcua.catalogue.versions import forget_catalogue
from motcua.catalogue.word_index import plain_words
from motcua.law.canonical import canonical
from motcua.law.procedure import Procedure
from motcua.law.texts import Text
from motcua.organisation.models import Agency

Origin = Literal["pack", "national", "log"]
BATCH = 500


class RepublishedError(Exception):
    """A published version whose content would change. `code` and `version` say which."""

    def __init__(self, code: str, version: int) -> None:
        super().__init__(f"version {version} of {code} is published and cannot change; publish a new version")
        self.code, self.version = code, version
        self.text = Text(
            f"Phiên bản {version} của thủ tục {code} đã công bố, không sửa được; hãy công bố phiên bản mới.",
            f"Version {version} of {code} is published and cannot change; publish a new version.",
        )


class Published(msgspec.Struct, frozen=True):
    """How many versions are new, and how many were there already."""

    published: int = 0
    unchanged: int = 0


def mark_changed() -> None:
    """Tells every process that the catalogue has changed. Call it in the transaction that changes it."""
    models.Revision.objects.update_or_create(id=1, defaults={"token": uuid.uuid4()})
    forget_catalogue()
    transaction.on_commit(forget_catalogue)


def content_of(procedure: Procedure) -> tuple[str, str]:
    """The canonical JSON of a version and its digest."""
    raw = canonical(procedure)
    return raw.decode(), hashlib.sha256(raw).hexdigest()


@transaction.atomic
def publish(procedures: Iterable[Procedure], origin: Origin) -> Published:
    """Publishes what is new, all or nothing. Their fields must be stored already.

    Raises RepublishedError when a version is published with other content.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('motcua.catalogue'))")
    wanted = {(each.code, each.version): (each, *content_of(each)) for each in procedures}
    known = {
        (row.procedure_id, row.version): row.sha256
        for row in models.ProcedureVersion.objects.filter(
            procedure__in={code for code, _ in wanted}
        ).only("procedure_id", "version", "sha256")
    }  # fmt: skip
    for (code, version), (procedure, _, digest) in wanted.items():
        if known.get((code, version), digest) != digest and not _means_the_same(procedure):
            raise RepublishedError(code, version)
    new = [each for key, each in wanted.items() if key not in known]
    if new:
        _write([procedure for procedure, _, _ in new], origin)
        models.ProcedureVersion.objects.bulk_create([_row(*each) for each in new], batch_size=BATCH)
        _write_around({procedure.code for procedure, _, _ in new})
        mark_changed()
    return Published(len(new), len(wanted) - len(new))


def _means_the_same(procedure: Procedure) -> bool:
    """True when what was published says the same, written before the model of a procedure learned new words."""
    stored = models.ProcedureVersion.objects.get(procedure=procedure.code, version=procedure.version)
    return msgspec.json.decode(stored.content, type=Procedure) == procedure


def _write(procedures: list[Procedure], origin: Origin) -> None:
    """The procedures themselves; a pack's description takes precedence over an imported one."""
    latest = {each.code: each for each in sorted(procedures, key=lambda each: each.version)}
    models.Procedure.objects.bulk_create(
        [models.Procedure(code=each.code, field_id=each.field, origin=origin) for each in latest.values()],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["field", "origin"],
    )


def _row(procedure: Procedure, content: str, digest: str) -> models.ProcedureVersion:
    return models.ProcedureVersion(
        procedure_id=procedure.code,
        version=procedure.version,
        valid_from=procedure.valid_from,
        valid_to=procedure.valid_to,
        name_vi=procedure.name.vi,
        name_en=procedure.name.en,
        online_level=procedure.online_level,
        life_events=list(procedure.life_events),
        content=content,
        sha256=digest,
        published_at=timezone.now(),
    )


def _write_around(codes: set[str]) -> None:
    """Aliases, offerings and search words of these procedures, as their versions say together."""
    versions: dict[str, list[Procedure]] = {}
    rows = models.ProcedureVersion.objects.filter(procedure__in=codes).order_by("procedure", "valid_from", "version")
    for code, content in rows.values_list("procedure_id", "content").iterator(chunk_size=BATCH):
        versions.setdefault(code, []).append(msgspec.json.decode(content, type=Procedure))
    numbers = dict(Agency.objects.values_list("code", "number"))
    models.SearchWord.objects.filter(procedure__in=codes).delete()
    models.ProcedureAlias.objects.filter(procedure__in=codes).delete()
    models.Offering.objects.filter(procedure__in=codes, online_level=None).delete()
    words, aliases, offerings = [], [], []
    for each in versions.values():
        words += _words(each[-1])
        aliases += _aliases(each)
        offerings += _offerings(each, numbers)
    models.SearchWord.objects.bulk_create(words, batch_size=2 * BATCH)
    models.ProcedureAlias.objects.bulk_create(aliases, batch_size=BATCH)
    # What somebody decided for one agency stands beside what the content says.
    models.Offering.objects.bulk_create(offerings, batch_size=BATCH, ignore_conflicts=True)


def _words(procedure: Procedure) -> list[models.SearchWord]:
    texts = [("name", procedure.name.vi), ("english", procedure.name.en), ("code", procedure.code)]
    texts += [("called", each) for each in procedure.also_called]
    texts += [("alias", each.code) for each in procedure.aliases]
    return [
        models.SearchWord(procedure_id=procedure.code, kind=kind, text=text, words=plain_words(text))
        for kind, text in texts
        if text.strip()
    ]


def _aliases(versions: list[Procedure]) -> list[models.ProcedureAlias]:
    latest = {alias.code: alias for procedure in versions for alias in procedure.aliases}
    return [
        models.ProcedureAlias(
            alias=alias.code, procedure_id=versions[-1].code, valid_from=alias.valid_from, valid_to=alias.valid_to
        )
        for alias in latest.values()
    ]


def _offerings(versions: list[Procedure], numbers: dict[str, int]) -> list[models.Offering]:
    """Who offers it when: each version speaks until the next one begins; spans that touch become one."""
    spans: dict[tuple[str, int | None], list[tuple[date, date | None]]] = {}
    for at, each in enumerate(versions):
        following = versions[at + 1].valid_from - timedelta(days=1) if at + 1 < len(versions) else None
        ends = [day for day in (each.valid_to, following) if day is not None]
        valid_to = min(ends) if ends else None
        places: list[tuple[str, int | None]] = [(tier, None) for tier in each.received_at]
        places += [("", numbers[code]) for code in each.received_by if code in numbers]
        for place in places:
            known = spans.setdefault(place, [])
            if known and known[-1][1] is not None and known[-1][1] + timedelta(days=1) == each.valid_from:
                known[-1] = (known[-1][0], valid_to)
            else:
                known.append((each.valid_from, valid_to))
    return [
        models.Offering(
            procedure_id=versions[-1].code, tier=tier, agency_id=number, valid_from=valid_from, valid_to=valid_to
        )
        for (tier, number), found in spans.items()
        for valid_from, valid_to in found
    ]
