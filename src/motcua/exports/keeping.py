"""Where the files lie and for how long: a folder of the city's home, seven days, then destroyed by the clock.

A file is offered only under the name its finished order has; what a killed worker left behind has no such name and
is swept away.
"""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from motcua.dossiers import clock
from motcua.exports.models import GONE, READY, Export

KEPT = timedelta(days=7)
ROWS_KEPT = timedelta(days=366)
PAGE = 200
# What was not written to for so long belongs to nobody who still works on it.
ORPHAN_AFTER = timedelta(hours=1)


def folder() -> Path:
    """The folder of the files, made where it is missing. Raises OSError when it cannot be."""
    found = Path(settings.MOTCUA_EXPORTS)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def place_of(file: str) -> Path:
    """Where a file of this name lies."""
    return Path(settings.MOTCUA_EXPORTS) / Path(file).name


def unlink(file: str) -> None:
    """Takes a file away, if there is one."""
    if file:
        place_of(file).unlink(missing_ok=True)


def run_due() -> None:
    """What is due each minute: files whose week is over, what nobody owns, rows of last year."""
    now = clock.now()
    expire(now)
    sweep()
    old = Export.objects.filter(ordered_at__lt=now - ROWS_KEPT).order_by("id").values_list("pk", flat=True)[:PAGE]
    Export.objects.filter(pk__in=list(old)).exclude(state=READY).delete()


def expire(now: datetime) -> int:
    """Destroys files whose time is over; returns how many."""
    due = Export.objects.filter(state=READY, expires_at__lte=now).order_by("expires_at")
    found = list(due.values_list("pk", "file")[:PAGE])
    # The row first: a file without a row is swept away, a row without a file would be offered.
    Export.objects.filter(pk__in=[pk for pk, _ in found], state=READY).update(state=GONE, file="")
    for _, file in found:
        unlink(file)
    return len(found)


def sweep() -> int:
    """Takes away what lies in the folder and is no finished order's file; returns how many."""
    place = Path(settings.MOTCUA_EXPORTS)
    if not place.is_dir():
        return 0
    before, swept = time.time() - ORPHAN_AFTER.total_seconds(), 0
    old = []
    for path in place.iterdir():
        with suppress(OSError):
            if path.is_file() and path.stat().st_mtime < before:
                old.append(path)
    kept = set(Export.objects.filter(file__in=[path.name for path in old]).values_list("file", flat=True))
    for path in old:
        if path.name not in kept:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
