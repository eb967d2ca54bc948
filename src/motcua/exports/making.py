"""The errand that makes what was ordered: rows from their source into a file, a row at a time, with progress.

The file is written under a name of its own and offered only when it is whole: a worker that is killed leaves an
order whose lease runs out and which is made again, and a file that is swept away. A source that fails half-way fails
the order, plainly. Who may see the list is asked again here, by the one who makes it.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import override

from motcua.dossiers import clock
from motcua.exports import keeping, telling
from motcua.exports.kinds import UnknownKindError, maker
from motcua.exports.models import FAILED, MAKING, READY, WAITING, Export
from motcua.jobs.leasing import claim, finish, give_up, renew, try_again
from motcua.organisation.models import Account
from motcua.tables.csv_text import write_csv
from motcua.tables.pdf import write_pdf
from motcua.tables.table import Row, Table, TooLongError
from motcua.tables.xlsx import write_xlsx

log = logging.getLogger("motcua.exports")

MOST_TRIES = 3
SECONDS_BETWEEN_STEPS = 1.0
ROWS_BETWEEN_LOOKS = 200
# The database did not answer; anything else it says is a fault of the source.
UNREACHABLE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
WRITERS: dict[str, Callable[[Table, Path], int]] = {"xlsx": write_xlsx, "csv": write_csv, "pdf": write_pdf}


class _LostError(Exception):
    """The order was taken away from us, or thrown away by who made it: nothing more is to be said about it."""


class _RefusedError(Exception):
    """It cannot be made, for one of `words.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def work() -> int:
    """Makes the order that waits longest; returns how many it took."""
    taken = claim(Export, 1, _lease())
    for order in taken:
        make(order)
    return len(taken)


def _lease() -> timedelta:
    return timedelta(seconds=settings.MOTCUA_EXPORTS_LEASE)


def make(order: Export) -> None:
    """One order, to its end: offered, or failed with a reason."""
    part = keeping.place_of(f"{order.pk}-{order.fence}.part")
    try:
        if order.attempts > MOST_TRIES:
            raise _RefusedError("given_up")
        _offer(order, part, _write(order, part))
    except _LostError:
        log.info("an export is no longer ours")
    except UnknownKindError:
        _fail(order, "unknown_kind")
    except TooLongError:
        _fail(order, "too_long")
    except PermissionDenied:
        _fail(order, "no_right")
    except _RefusedError as refused:
        _fail(order, refused.reason)
    except OSError:
        log.exception("an export could not be written")
        _fail(order, "no_space")
    except UNREACHABLE:
        # Made again, three times at the most; when even this cannot be written down, once the lease has run out.
        try_again(order, "database", state=WAITING)
    except Exception:
        log.exception("the source of an export failed")
        _fail(order, "source")
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write(order: Export, part: Path) -> int:
    """The rows into the file; returns how many. Raises what the source and the disk raise."""
    account = Account.objects.filter(pk=order.account, is_active=True).first()
    if account is None:
        raise _RefusedError("no_right")
    keeping.folder()
    with override(order.language):
        try:
            table = maker(order.kind)(dict(order.parameters), account)
        except ValueError as error:
            raise _RefusedError("bad_parameters") from error
        _step(order, state=MAKING, done=0, total=table.count(), title=table.title)
        rows = _counted(order, table)
        try:
            return WRITERS[order.format](msgspec.structs.replace(table, rows=rows), part)
        finally:
            rows.close()


def _counted(order: Export, table: Table) -> Any:
    """The rows as they come, telling now and then how many there were. A generator, closed with its source."""

    def rows() -> Iterator[Row]:
        said = time.monotonic()
        source = iter(table.rows)
        try:
            for number, row in enumerate(source, 1):
                yield row
                if number % ROWS_BETWEEN_LOOKS == 0 and time.monotonic() - said > SECONDS_BETWEEN_STEPS:
                    said = time.monotonic()
                    _step(order, done=number)
        finally:
            getattr(source, "close", lambda: None)()

    return rows()


def _step(order: Export, **values: Any) -> None:
    if not renew(order, _lease(), **values):
        raise _LostError


def _offer(order: Export, part: Path, count: int) -> None:
    """The finished file under its name, the order ready, and a message: all of it, or none."""
    file = f"{order.pk}-{order.fence}.{order.format}"
    place = keeping.place_of(file)
    size = part.stat().st_size
    part.replace(place)
    now = clock.now()
    ready = {
        "state": READY, "file": file, "size": size, "done": count, "total": count, "made_at": now,
        "expires_at": now + keeping.KEPT,
    }  # fmt: skip
    try:
        with transaction.atomic():
            if not finish(order, **ready):
                raise _LostError
            telling.tell_ready(Export.objects.get(pk=order.pk), now)
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def _fail(order: Export, reason: str) -> None:
    with transaction.atomic():
        if give_up(order, reason, state=FAILED, reason=reason):
            telling.tell_failed(Export.objects.get(pk=order.pk), clock.now())
