"""What nobody comes back for is removed by the clock: parts, finished files of dead drafts, rows long gone.

Stored contents are removed only where a room declares a follower called `kept_files`, which tells `uploads.keep`
what dossiers name: a city where nobody tells keeps everything rather than lose a paper.
"""

import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from motcua.files import parts, uploads
from motcua.files.models import GONE, READY, Allowance, StoredFile, Upload

FOLLOWER = "kept_files"
PAGE = 200
# A part whose row is not there: its creation was cut off, or the row is just being written.
ORPHAN_AFTER = timedelta(hours=1)


def sweep() -> int:
    """Everything that is due, a page at a time; returns how many uploads and contents went."""
    swept = _uploads() + (_contents() if _somebody_keeps() else 0)
    _rows()
    _orphans()
    _leftovers()
    return swept


def _somebody_keeps() -> bool:
    return any(FOLLOWER in getattr(room, "followers", {}) for room in apps.get_app_configs())


def _uploads() -> int:
    due = Upload.objects.filter(kept_at=None, expires_at__lte=timezone.now()).exclude(state=GONE)
    if not _somebody_keeps():
        due = due.exclude(state=READY)
    swept = 0
    for upload in due.order_by("expires_at")[:PAGE]:
        swept += uploads.remove(upload)
    return swept


def _contents() -> int:
    """Contents that no upload has any more: an examination that was overtaken, pictures of what a dossier has now."""
    now = timezone.now()
    due = StoredFile.objects.filter(passing_until__lte=now).order_by("passing_until")
    digests = list(due.values_list("digest", flat=True)[:PAGE])
    for digest in digests:
        Upload.objects.filter(kept_at__isnull=False, previews__contains=[digest]).update(previews=[])
    uploads.discard(digests)
    # What somebody still has is looked at again tomorrow, and keeps nothing else waiting.
    left = StoredFile.objects.filter(pk__in=digests, passing_until__lte=now)
    return len(digests) - left.update(passing_until=now + timedelta(days=1))


def _rows() -> None:
    long_gone = Upload.objects.filter(state=GONE, expires_at__lte=timezone.now()).values("pk")[:PAGE]
    Upload.objects.filter(pk__in=list(long_gone.values_list("pk", flat=True))).delete()
    idle = Allowance.objects.filter(number=0, day__lt=timezone.localdate() - timedelta(days=1))
    Allowance.objects.filter(pk__in=list(idle.values_list("pk", flat=True)[:PAGE]), number=0).delete()


def _leftovers() -> None:
    """What a killed process was making: folders of examinations, contents not yet in their place."""
    whole = Path(settings.MOTCUA_FILES)
    since = time.time() - ORPHAN_AFTER.total_seconds()
    for path in [*(whole / "apart").glob("*"), *whole.glob("in-*")]:
        with suppress(OSError):
            if path.stat().st_mtime < since:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _orphans() -> None:
    """Parts without a row."""
    old = parts.older_than(time.time() - ORPHAN_AFTER.total_seconds())
    for start in range(0, len(old), PAGE):
        page = old[start : start + PAGE]
        known = set(Upload.objects.filter(pk__in=page).exclude(state=GONE).values_list("pk", flat=True))
        for each in page:
            if each not in known:
                parts.remove(each)
