"""The catalogue of what is published, for people and machines: every dataset, its versions, their files.

Addresses are made here and nowhere else, since they were promised to stay. Two queries, however much there is.
"""

from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Prefetch

from motcua.opendata.definitions import Dataset, datasets
from motcua.opendata.linked import Iri, Literal, Thing, Value, day, instant
from motcua.opendata.models import Release, ReleaseFile
from motcua.opendata.publishing import with_rule
from motcua.reports.periods import Kind

PLACE = "/du-lieu-mo/"
_FREQUENCY: dict[Kind, str] = {
    "month": "MONTHLY", "quarter": "QUARTERLY", "half_year": "ANNUAL_2", "year": "ANNUAL",
}  # fmt: skip
_FILE_TYPES = {"csv": "CSV", "json": "JSON", "parquet": "PARQUET"}
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"


class Published(msgspec.Struct, frozen=True):
    """A dataset with its releases, the newest period and version first."""

    dataset: Dataset
    releases: tuple[Any, ...]

    @property
    def newest(self) -> Any:
        """The newest version of the newest period; None before the first."""
        return self.releases[0] if self.releases else None


def path_of_dataset(code: str) -> str:
    """Where a dataset's page is."""
    return f"{PLACE}{code}/"


def path_of_file(release: Release, name: str) -> str:
    """Where a file of a release is, for ever."""
    return f"{PLACE}{release.dataset}/{release.period}/v{release.version}/{name}"


def published(code: str = "") -> list[Published]:
    """Every dataset, or one, with its releases and their files; datasets without any are there, too."""
    found: dict[str, list[Release]] = {}
    releases = Release.objects.order_by("dataset", "-last", "-version")
    if code:
        releases = releases.filter(dataset=code)
    for release in releases.prefetch_related(Prefetch("files", ReleaseFile.objects.order_by("id"))):
        found.setdefault(release.dataset, []).append(release)
    wanted = [each for each in datasets().values() if not code or each.code == code]
    return [Published(each, tuple(found.get(each.code, ()))) for each in wanted]


def changed_at(known: list[Published]) -> datetime | None:
    """When anything in the catalogue was last published."""
    return max((each.published_at for one in known for each in one.releases), default=None)


def description(known: list[Published]) -> list[Thing]:
    """The catalogue as linked data: catalogue, datasets, and the files of the newest version of every period."""
    base = settings.MOTCUA_BASE_URL
    publisher = Thing("", "foaf:Agent", (("foaf:name", Literal(settings.MOTCUA_OPENDATA_PUBLISHER, "vi")),))
    changed = changed_at(known)
    catalogue = Thing(
        f"{base}{PLACE}", "dcat:Catalog",
        (
            ("dct:title", Literal("Dữ liệu mở của một cửa thành phố", "vi")),
            ("dct:title", Literal("Open data of the city's one-stop offices", "en")),
            ("dct:description", Literal("Số liệu giải quyết thủ tục hành chính, từ nhật ký có niêm phong.", "vi")),
            ("dct:description", Literal("Figures of administrative procedures, from a sealed journal.", "en")),
            ("dct:publisher", publisher),
            ("dct:license", Iri(settings.MOTCUA_OPENDATA_LICENCE)),
            ("dct:language", Iri(f"{_AUTHORITY}language/VIE")),
            ("foaf:homepage", Iri(f"{base}{PLACE}")),
            *([("dct:modified", instant(changed))] if changed else []),
            *(("dcat:dataset", Iri(base + path_of_dataset(each.dataset.code))) for each in known),
        ),
    )  # fmt: skip
    things = [catalogue]
    for each in known:
        shown = _newest_versions(each)
        things.append(_dataset(each, shown, publisher))
        things += [_distribution(release, kept) for release in shown for kept in _data_files(release)]
    return things


def _newest_versions(one: Published) -> list[Release]:
    newest: dict[str, Release] = {}
    for release in one.releases:
        newest.setdefault(release.period, release)
    return list(newest.values())


def _data_files(release: Release) -> list[ReleaseFile]:
    return [each for each in release.files.all() if each.format in _FILE_TYPES]


def _both(name: str, text: Any) -> list[tuple[str, Value]]:
    return [(name, Literal(text.vi, "vi")), (name, Literal(text.en, "en"))]


def _dataset(one: Published, shown: list[Release], publisher: Thing) -> Thing:
    base, dataset = settings.MOTCUA_BASE_URL, one.dataset
    properties: list[tuple[str, Value]] = [
        *_both("dct:title", dataset.name), *_both("dct:description", dataset.description),
        ("dct:identifier", Literal(dataset.code)), ("dct:publisher", publisher),
        ("dct:accrualPeriodicity", Iri(f"{_AUTHORITY}frequency/{_FREQUENCY[dataset.period]}")),
        ("dcat:landingPage", Iri(base + path_of_dataset(dataset.code))),
        ("dct:language", Iri(f"{_AUTHORITY}language/VIE")),
        ("dct:accessRights", Iri(f"{_AUTHORITY}access-right/PUBLIC")),
        *(("dcat:keyword", Literal(each, "vi")) for each in dataset.keywords),
    ]  # fmt: skip
    for name, text in (("dct:rights", with_rule(dataset.rule)), ("dct:provenance", dataset.ground)):
        kind = "dct:RightsStatement" if name == "dct:rights" else "dct:ProvenanceStatement"
        properties.append((name, Thing("", kind, tuple(_both("rdfs:label", text)))))
    if shown:
        first, last = min(each.first for each in shown), max(each.last for each in shown)
        span = Thing("", "dct:PeriodOfTime", (("dcat:startDate", day(first)), ("dcat:endDate", day(last))))
        properties += [
            ("dct:temporal", span),
            ("dct:issued", instant(min(each.published_at for each in one.releases))),
            ("dct:modified", instant(max(each.published_at for each in one.releases))),
        ]
    properties += [
        ("dcat:distribution", Iri(base + path_of_file(release, kept.name)))
        for release in shown for kept in _data_files(release)
    ]  # fmt: skip
    return Thing(base + path_of_dataset(dataset.code), "dcat:Dataset", tuple(properties))


def _distribution(release: Release, kept: ReleaseFile) -> Thing:
    base = settings.MOTCUA_BASE_URL
    at = base + path_of_file(release, kept.name)
    checksum = Thing("", "spdx:Checksum", (
        ("spdx:algorithm", Iri("spdx:checksumAlgorithm_sha256")),
        ("spdx:checksumValue", Literal(kept.digest, type="xsd:hexBinary")),
    ))  # fmt: skip
    return Thing(at, "dcat:Distribution", (
        ("dct:title", Literal(f"{kept.name}, v{release.version}")),
        ("dcat:accessURL", Iri(base + path_of_dataset(release.dataset))),
        ("dcat:downloadURL", Iri(at)),
        ("dct:format", Iri(f"{_AUTHORITY}file-type/{_FILE_TYPES[kept.format]}")),
        ("dcat:mediaType", Iri(_IANA + kept.media_type.partition(";")[0])),
        ("dcat:byteSize", Literal(str(kept.size), type="xsd:decimal")),
        ("spdx:checksum", checksum),
        ("dct:license", Iri(settings.MOTCUA_OPENDATA_LICENCE)),
        ("dct:issued", instant(release.published_at)),
        ("dct:temporal", Thing("", "dct:PeriodOfTime", (
            ("dcat:startDate", day(release.first)), ("dcat:endDate", day(release.last)),
        ))),
    ))  # fmt: skip
