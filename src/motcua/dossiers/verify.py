"""`motcua verify`: every seal, every chain, every dossier folded again; whatever is wrong is named.

Reads one consistent snapshot in one pass and constant memory. What makes a chain or a checkpoint right is in
`law/seal` and `law/merkle`; that the tables beside the journal agree with it is checked here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

import msgspec
import psycopg
from django.db import connection, transaction
from msgspec import structs
from psycopg.rows import tuple_row

from motcua.dossiers.checkpoints import all_checkpoints
from motcua.dossiers.rows import TASK_COLUMNS, decode_event, dossier_columns, task_row
from motcua.law.codes import pack_dossier_id, unpack_dossier_id
from motcua.law.dossier import Dossier
from motcua.law.evolve import fold
from motcua.law.merkle import CHECKPOINT_WHAT, verify_checkpoints
from motcua.law.seal import WHAT, Head, SealedEvent, verify_chain
from motcua.law.texts import Text

# Serials of an agency's day in a dossier's id, and how many missing ones of a day are named.
SERIALS = 1 << 20
MOST_VANISHED = 1000

FOLDED: dict[str, Text] = {
    "state_differs": Text("hiện trạng lưu không khớp với nhật ký", "the stored state is not the fold of the journal"),
    "columns_differ": Text("cột tra cứu không khớp với nhật ký", "the look-up columns differ from the journal"),
    "tasks_differ": Text("việc đang mở không khớp với nhật ký", "the open tasks differ from the journal"),
    "unreadable": Text("sự kiện không đọc được", "an event cannot be read"),
    "no_state": Text("có nhật ký nhưng không có hồ sơ", "there is a journal but no dossier"),
    "vanished": Text("hồ sơ đã được cấp số nhưng không còn", "a dossier that was given a number is no longer there"),
}


class Broken(msgspec.Struct, frozen=True):
    """One thing that is wrong: where (dossier 0 for a checkpoint, whose number is then `seq`) and what."""

    dossier: int
    seq: int
    what: str
    code: str = ""

    @property
    def text(self) -> Text:
        """What it means."""
        known: Mapping[str, Text] = {**WHAT, **CHECKPOINT_WHAT, **FOLDED}  # type: ignore[dict-item]
        return known[self.what]


class Verdict(msgspec.Struct, frozen=True):
    """How much was checked, and everything that is broken."""

    dossiers: int
    events: int
    checkpoints: int
    broken: tuple[Broken, ...]


class _Row(msgspec.Struct):
    """A dossier's own row, as stored, and what it is found by: the agency that took it in and the name."""

    id: int
    seq: int
    head: bytes
    last_at: datetime
    found_by: tuple[int | None, str | None]
    columns: dict[str, Any]


_COLUMNS = (
    "state", "code", "token", "procedure", "version", "channel", "receiving", "phase", "outcome", "status", "waiting",
    "applicant_name", "applicant_key", "applicant_number", "lodged_at", "accepted_at", "due_at", "finished_at",
    "handed_at", "account", "filer", "wake_at",
)  # fmt: skip


class _Walk:
    """One pass over journal, dossiers, heads and tasks, side by side in the order of dossier ids."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self.progress = progress
        self.broken: list[Broken] = []
        self.dossiers = self.events = 0
        self._rows = _Peek(_dossier_rows())
        self._tasks = _Peek(_task_rows())
        self._pending: list[tuple[Any, datetime]] = []
        self._dossier = 0
        self._unreadable = False

    def journal(self) -> Iterator[SealedEvent]:
        """The journal's rows for the chain's check; each dossier is folded when its last row has passed."""
        query = (
            "SELECT dossier_id, seq, at, type, actor, agency, key, payload, hash"
            " FROM dossiers_event ORDER BY dossier_id, seq"
        )
        for row in _stream("verify_journal", query):
            if row[0] != self._dossier:
                self._fold()
                self._dossier = row[0]
            self.events += 1
            self._collect(row[1], row[7], row[2])
            yield SealedEvent(
                dossier_id=row[0], seq=row[1], at=row[2], type=row[3], actor=row[4], agency=row[5], key=row[6],
                payload=row[7].encode(), hash=bytes(row[8]),
            )  # fmt: skip
        self._fold()
        for row in self._rows.rest():
            self._tasks.take(row.id)
        for task in self._tasks.rest():
            self._tasks.passed.add(_id_of(task))
        self.broken += [Broken(dossier, 0, "tasks_differ") for dossier in self._tasks.passed]

    def _collect(self, seq: int, payload: str, at: datetime) -> None:
        try:
            self._pending.append((decode_event(payload), at))
        except (msgspec.ValidationError, msgspec.DecodeError):
            self._unreadable = True
            self.broken.append(Broken(self._dossier, seq, "unreadable"))

    def _fold(self) -> None:
        if not self._dossier:
            return
        self.dossiers += 1
        if self.dossiers % 1000 == 0:
            self.progress(self.dossiers)
        history, self._pending = self._pending, []
        readable, self._unreadable = not self._unreadable, False
        row = next(iter(self._rows.take(self._dossier)), None)
        tasks = [each[1] for each in self._tasks.take(self._dossier)]
        if row is None:
            self.broken.append(Broken(self._dossier, 1, "no_state"))
        elif readable:
            self._compare(row, tasks, history)

    def _compare(self, row: _Row, tasks: list[tuple[Any, ...]], history: list[tuple[Any, datetime]]) -> None:
        try:
            state = fold(row.id, history)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            self.broken.append(Broken(row.id, 1, "state_differs"))
            return
        if state.seq != row.seq:
            # The chain's check names what is missing or too much; comparing further would only repeat it.
            return
        columns = dossier_columns(state)
        if columns["state"] != row.columns["state"]:
            self.broken.append(Broken(row.id, state.seq, "state_differs", state.code))
        elif (
            history[-1][1] != row.last_at
            or row.found_by != (state.receiving, columns["applicant_key"])
            or any(columns[name] != row.columns[name] for name in _COLUMNS)
        ):
            self.broken.append(Broken(row.id, state.seq, "columns_differ", state.code))
        if sorted(_expected(state)) != sorted(tasks):
            self.broken.append(Broken(row.id, state.seq, "tasks_differ", state.code))


def _expected(state: Dossier) -> list[tuple[Any, ...]]:
    return [task_row(task, state) for task in state.tasks]


class _Peek:
    """Hands out the items of an ordered stream that belong to one dossier, passing over earlier ones."""

    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items
        self._next: Any = next(items, None)
        self.passed: set[int] = set()

    def take(self, dossier_id: int) -> list[Any]:
        taken: list[Any] = []
        while self._next is not None and _id_of(self._next) <= dossier_id:
            if _id_of(self._next) == dossier_id:
                taken.append(self._next)
            else:
                self.passed.add(_id_of(self._next))
            self._next = next(self._items, None)
        return taken

    def rest(self) -> Iterator[Any]:
        while self._next is not None:
            yield self._next
            self._next = next(self._items, None)


def _id_of(item: Any) -> int:
    return int(item.id if isinstance(item, _Row) else item[0])


def _stream(name: str, query: str) -> Iterator[tuple[Any, ...]]:
    cursor: psycopg.ServerCursor[Any]
    with psycopg.ServerCursor(connection.connection, name, row_factory=tuple_row) as cursor:
        cursor.itersize = 2000
        cursor.execute(query)
        yield from cursor


def _dossier_rows() -> Iterator[_Row]:
    query = f"""
        SELECT d.id, d.seq, d.head, d.last_at, n.receiving, n.key, {", ".join(f"d.{name}" for name in _COLUMNS)}
          FROM dossiers_dossier d LEFT JOIN dossiers_name n ON n.dossier_id = d.id ORDER BY d.id
    """
    for row in _stream("verify_dossiers", query):
        columns = dict(zip(_COLUMNS, row[6:], strict=True))
        yield _Row(row[0], row[1], bytes(row[2]), row[3], (row[4], row[5]), columns)


def _task_rows() -> Iterator[tuple[int, tuple[Any, ...]]]:
    query = f"SELECT dossier_id, {', '.join(TASK_COLUMNS)} FROM dossiers_task ORDER BY dossier_id, no"
    for row in _stream("verify_tasks", query):
        yield row[0], tuple(row[1:])


def _heads() -> Iterator[Head]:
    query = """
        SELECT id, seq, head, true FROM dossiers_dossier
        UNION ALL
        (SELECT DISTINCT ON (dossier_id) dossier_id, seq, head, false FROM dossiers_checkpointleaf
          ORDER BY dossier_id, checkpoint DESC)
        ORDER BY 1
    """
    for row in _stream("verify_heads", query):
        yield Head(row[0], row[1], bytes(row[2]), final=row[3])


def _vanished() -> Iterator[Broken]:
    """Dossiers that were given a number of their agency's day and are not there: serials leave no gap."""
    drawn: dict[tuple[int, int], int] = {}
    for agency, day, last in _stream(
        "verify_drawn", "SELECT agency, period, last FROM dossiers_counter WHERE kind = 'lodged'"
    ):
        drawn[agency, day] = last
    groups = f"SELECT min(id), count(*), max(id) FROM dossiers_dossier GROUP BY id / {SERIALS}"
    incomplete: list[tuple[int, int]] = []
    for first, count, newest in _stream("verify_serials", groups):
        place = unpack_dossier_id(first)
        last = max(drawn.pop((place.agency, place.day.toordinal()), 0), newest % SERIALS)
        if count != last:
            incomplete.append((first - first % SERIALS, last))
    for (agency, day), last in drawn.items():
        incomplete.append((pack_dossier_id(date.fromordinal(day), agency, 0), last))
    with connection.cursor() as cursor:
        for base, last in incomplete:
            cursor.execute(
                "SELECT id FROM dossiers_dossier WHERE id > %s AND id <= %s"
                " UNION SELECT dossier_id FROM dossiers_event WHERE dossier_id > %s AND dossier_id <= %s AND seq = 1",
                [base, base + last, base, base + last],
            )
            there = {row[0] for row in cursor.fetchall()}
            gone = (number for number in range(base + 1, base + last + 1) if number not in there)
            yield from (Broken(number, 0, "vanished") for number in islice(gone, MOST_VANISHED))


def verify(
    public_keys: Mapping[str, bytes],
    kept: Mapping[int, bytes],
    progress: Callable[[int], None] = lambda _count: None,
) -> Verdict:
    """Checks everything there is. `public_keys` are those trusted to sign checkpoints, `kept` the hashes of
    checkpoints known from outside the database."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        walk = _Walk(progress)
        chain = [Broken(each.dossier, each.seq, each.what) for each in verify_chain(walk.journal(), _heads())]
        seals, checkpoints = _check_seals(all_checkpoints(), public_keys, kept)
        named = {each.dossier for each in chain}
        vanished = [each for each in _vanished() if each.dossier not in named]
        broken = sorted({*chain, *walk.broken, *seals, *vanished}, key=lambda each: (each.dossier, each.seq, each.what))
        return Verdict(walk.dossiers, walk.events, checkpoints, tuple(_with_codes(broken)))


def _check_seals(
    checkpoints: Iterable[Any], public_keys: Mapping[str, bytes], kept: Mapping[int, bytes]
) -> tuple[list[Broken], int]:
    count = 0

    def counted() -> Iterator[Any]:
        nonlocal count
        for each in checkpoints:
            count += 1
            yield each

    newest: dict[int, int] = {}
    found = [Broken(0, each.number, each.what) for each in verify_checkpoints(counted(), public_keys, kept, newest)]
    return found, count


def _with_codes(broken: list[Broken]) -> Iterator[Broken]:
    ids = [each.dossier for each in broken]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code FROM dossiers_dossier WHERE id = ANY (%s)", (ids,))
        codes = dict(cursor.fetchall())
    for each in broken:
        yield structs.replace(each, code=codes.get(each.dossier, ""))
