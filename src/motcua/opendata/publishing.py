"""Publishing: a dataset's figures of a period, once it is over and complete, as files that are never changed.

A recount that gives the same rows publishes nothing. One that differs is a new version, which says what differs and
why, and hides at least what the one before hid. The worker publishes what is due, a few at a time; a correction is
somebody's act, with its reason.
"""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from math import inf
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from motcua.dossiers import clock, store
from motcua.files import store as files
from motcua.law.texts import Text
from motcua.opendata.definitions import Dataset, datasets
from motcua.opendata.encoding import Encoded, content_digest, encode, plain
from motcua.opendata.models import Release, ReleaseFile
from motcua.opendata.sources.rows import Row
from motcua.reports.figures import complete_until, first_half
from motcua.reports.periods import Period, containing, parse

log = logging.getLogger("motcua.opendata")

# At a time, so that the worker's other duties do not wait for a city's first publication; the rest a minute later.
AT_ONCE, SECONDS_AT_ONCE = 100, 2.0
LARGEST = 1 << 30


class NotPublishedError(ValueError):
    """Why a period was not published, in two languages."""

    def __init__(self, vi: str, en: str) -> None:
        self.text = Text(vi, en)
        super().__init__(f"{vi} / {en}")


def publish(dataset: Dataset, period: Period, note: Text | None = None) -> Release | None:
    """Publishes a period, or a new version of it; None when the newest version says the same already.

    Raises NotPublishedError when the period is not over or not complete, when its kind is another, and when a
    correction has no note of why.
    """
    if (period.kind, period.report) != (dataset.period, dataset.report):
        raise NotPublishedError(
            f"{dataset.code} không công bố theo kỳ {period.code}.", f"{dataset.code} has no period {period.code}."
        )
    complete = _complete(period)
    if not dataset.is_ready(period):
        raise NotPublishedError(
            f"{dataset.code} chờ những gì nó dựa vào của kỳ {period.code} đầy đủ hoặc được công bố.",
            f"{dataset.code} waits until what it is taken from is complete or published for {period.code}.",
        )
    with transaction.atomic():
        # One at a time: two publishers of one period would give it two first versions.
        with store.cursor() as run:
            run.execute("SELECT pg_advisory_xact_lock(hashtext('opendata'))")
        last = Release.objects.filter(dataset=dataset.code, period=period.code).order_by("-version").first()
        made = dataset.source()(period, [tuple(each) for each in last.hidden] if last else [])
        content = content_digest(dataset, made.rows)
        if last is not None and last.content == content:
            return None
        if last is not None and note is None:
            raise NotPublishedError(
                f"{dataset.code} {period.code} khác bản đã công bố: hãy ghi lý do đính chính.",
                f"{dataset.code} {period.code} differs from what was published: say why it is corrected.",
            )
        said = _note(last, made.rows, note) if last is not None and note is not None else Text("")
        release = Release(
            dataset=dataset.code, period=period.code, version=last.version + 1 if last else 1, first=period.first,
            last=period.last_day, rows=len(made.rows), content=content, complete_until=complete,
            published_at=clock.now(), note_vi=said.vi, note_en=said.en, hidden=sorted(made.hidden),
            definition=msgspec.json.encode(dataset).decode(),
        )  # fmt: skip
        release.save()
        _store(release, encode(dataset, made.rows, f"{dataset.code}-{period.code}", _head(dataset, period, release)))
    return release


def _complete(period: Period) -> datetime:
    if not period.is_over(clock.now()):
        raise NotPublishedError(f"Kỳ {period.code} chưa kết thúc.", f"The period {period.code} is not over.")
    complete = complete_until()
    if complete is None or complete < period.ends:
        raise NotPublishedError(
            f"Số liệu chưa đầy đủ đến hết kỳ {period.code}.",
            f"The figures are not complete to the end of {period.code}.",
        )
    return complete


def _store(release: Release, encoded: list[Encoded]) -> None:
    for each in encoded:
        stored = files.put(each.data, name=each.name, media=each.media_type, largest=LARGEST)
        ReleaseFile(
            release=release, name=each.name, format=each.format, media_type=each.media_type, digest=stored.digest,
            size=len(each.data),
        ).save()  # fmt: skip


def smallest() -> int:
    """A count from 1 to one less than this is small."""
    return settings.MOTCUA_OPENDATA_SMALLEST


def with_rule(text: Text) -> Text:
    """A text in which the rule of small cells is spelt out."""
    most = str(smallest() - 1)
    return Text(text.vi.replace("{most}", most), text.en.replace("{most}", most))


def _head(dataset: Dataset, period: Period, release: Release) -> dict[str, Any]:
    def both(text: Text) -> dict[str, str]:
        return {"vi": text.vi, "en": text.en}

    return {
        "dataset": dataset.code,
        "name": both(dataset.name),
        "description": both(dataset.description),
        "grain": both(dataset.grain),
        "period": {"code": period.code, "first": period.first.isoformat(), "last": period.last_day.isoformat()},
        "version": release.version,
        "note": {"vi": release.note_vi, "en": release.note_en},
        "complete_until": release.complete_until.isoformat(timespec="seconds"),
        "published_at": release.published_at.isoformat(timespec="seconds"),
        "licence": settings.MOTCUA_OPENDATA_LICENCE,
        "publisher": settings.MOTCUA_OPENDATA_PUBLISHER,
        "ground": both(dataset.ground),
        "hiding": both(with_rule(dataset.rule)),
        "columns": [
            {"key": each.key, "type": each.type, "unit": each.unit, "title": both(each.title),
             "definition": both(with_rule(each.definition))}
            for each in dataset.columns
        ],
    }  # fmt: skip


def _note(last: Release, rows: list[Row], note: Text) -> Text:
    """The reason given, and how many rows are no longer as they were."""
    before = Counter(_cells(each.values()) for each in rows_of(last))
    now = Counter(_cells(plain(cell) for cell in row) for row in rows)
    gone, new = sum((before - now).values()), sum((now - before).values())
    return Text(
        f"{note.vi} So với phiên bản {last.version}: bỏ {gone} dòng, thêm {new} dòng.",
        f"{note.en or note.vi} Against version {last.version}: {gone} rows gone, {new} rows new.",
    )


def _cells(cells: Any) -> str:
    return json.dumps(list(cells))


def rows_of(release: Release) -> list[dict[str, Any]]:
    """The rows of a release, read from its JSON file. Raises FileNotFoundError when the bytes are gone."""
    kept = next(each for each in release.files.all() if each.format == "json")
    found = json.loads(b"".join(files.read(kept.digest)))["rows"]
    return list(found)


def due(now: datetime) -> Iterator[tuple[Dataset, Period]]:
    """Every dataset and period that is over, complete and not published yet, the oldest period first."""
    complete, first = complete_until(), first_half()
    if complete is None or first is None:
        return
    published = set(Release.objects.values_list("dataset", "period").distinct())
    for dataset in datasets().values():
        period = containing(first, dataset.period, report=dataset.report)
        until = min(now, complete)
        while period.ends <= until:
            if (dataset.code, period.code) not in published and dataset.is_ready(period):
                yield dataset, period
            period = period.before(-1)


def outdated() -> Iterator[Release]:
    """The newest versions that a recount today would not publish again: corrections that somebody owes."""
    newest = Release.objects.order_by("dataset", "period", "-version").distinct("dataset", "period")
    for release in newest.iterator(chunk_size=200):
        dataset = datasets().get(release.dataset)
        if dataset is None:
            continue
        made = dataset.source()(parse(release.period), [tuple(each) for each in release.hidden])
        if content_digest(dataset, made.rows) != release.content:
            yield release


def publish_due(at_once: int = AT_ONCE, seconds: float = inf) -> list[Release]:
    """Publishes what is due, at most so many, and begins none after so many seconds; for the worker, and for who
    calls it again until nothing is left."""
    made: list[Release] = []
    begun = time.monotonic()
    for dataset, period in due(clock.now()):
        try:
            release = publish(dataset, period)
        except Exception:
            # One dataset that cannot be made holds up no other; the next look tries it again.
            log.exception("%s %s was not published", dataset.code, period.code)
            continue
        made += [release] if release else []
        if len(made) >= at_once or time.monotonic() - begun > seconds:
            break
    return made


def by_the_clock() -> None:
    """The worker's look, once a minute: nothing is asked of the facts while nothing is due."""
    publish_due(seconds=SECONDS_AT_ONCE)
