"""What `motcua doctor` looks at: database, rights, worker, disk, clock, calendars, content. It changes nothing.

Whether the journal is untouched is left to `motcua verify`.
"""

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from motcua.calendars.models import Calendar
from motcua.catalogue.models import Offering, Procedure
from motcua.dossiers.models import Follower
from motcua.files import scanning
from motcua.files.uploads import longest_waiting
from motcua.notices import overview
from motcua.site.databases import OLDEST_SERVER, is_embedded
from motcua.site.embedded_place import find_place
from motcua.site.home import SECRET_FILE, Home
from motcua.site.running import running

GOOD, WARNING, BAD = "good", "warning", "bad"

JOURNAL = ("dossiers_event", "dossiers_checkpoint", "dossiers_checkpointleaf")
CLOCK_SECONDS = 2.0
WORKER_SILENT_AFTER = timedelta(minutes=3)
CALENDAR_AHEAD = timedelta(days=60)
DISK_WARNING = 2 * 1024**3
DISK_BAD = 300 * 1024**2
RECENT_ROWS = 1000
UPLOADS_LATE = timedelta(minutes=10)
NOTICES_LATE = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `state` is good, warning or bad; the sentence is for the operator."""

    name: str
    state: str
    text: str


def diagnose(home: Home) -> Iterator[Finding]:
    """Every finding, in the order in which a fault of one explains those after it."""
    if not home.is_ready():
        yield Finding("home", BAD, f"{home.path}: chưa có dữ liệu, hãy chạy motcua init / no city yet: run motcua init")
        return
    yield from _home(home)
    yield from _disk(home)
    try:
        yield from _server()
    except DatabaseError as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        yield Finding("database", BAD, f"không trả lời / does not answer: {reason}")
        return
    looks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("migrations", _migrations),
        ("rights", _rights),
        ("clock", _clock),
        ("worker", lambda: _worker(home)),
        ("calendars", _calendars),
        ("content", _content),
        ("notices", _notices),
        ("uploads", _uploads),
    ]
    for name, look in looks:
        try:
            yield from look()
        except DatabaseError as error:
            yield Finding(name, BAD, f"không xem được / cannot be looked at: {str(error).splitlines()[0]}")


def _uploads() -> Iterator[Finding]:
    if not settings.MOTCUA_CLAMD:
        yield Finding("uploads", GOOD, "không quét mã độc / not scanned: MOTCUA_CLAMD")
    elif scanning.answers():
        yield Finding("uploads", GOOD, f"{settings.MOTCUA_CLAMD}")
    else:
        yield Finding("uploads", WARNING, f"máy quét không trả lời / no answer: {settings.MOTCUA_CLAMD}")
    since = longest_waiting()
    if since is not None and timezone.now() - since > UPLOADS_LATE:
        yield Finding("uploads", WARNING, f"có tệp chờ kiểm tra từ / a file waits to be checked since {since:%F %H:%M}")


def _home(home: Home) -> Iterator[Finding]:
    for path in (home.signing_key_file, home.secret_file):
        if not path.exists():
            yield Finding("keys", BAD, f"thiếu / missing: {path}")
        elif stat.S_IMODE(path.stat().st_mode) != SECRET_FILE:
            yield Finding("keys", BAD, f"{path}: người khác đọc được / others can read it: chmod 600")
        else:
            yield Finding("keys", GOOD, str(path))


def _disk(home: Home) -> Iterator[Finding]:
    folders = {home.path, find_place(home).data if is_embedded() else home.path}
    for folder in sorted(folders):
        free = shutil.disk_usage(_existing(folder)).free
        state = BAD if free < DISK_BAD else WARNING if free < DISK_WARNING else GOOD
        yield Finding("disk", state, f"{folder}: còn trống / free: {free / 1024**3:.1f} GiB")


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


def _server() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, version = cursor.fetchone()
    yield Finding("database", GOOD if number >= OLDEST_SERVER else BAD, f"PostgreSQL {version}")


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing)
        yield Finding("migrations", BAD, f"chưa chạy / not applied: {names}: motcua migrate")
    else:
        yield Finding("migrations", GOOD, "đủ / complete")


def _rights() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, pg_has_role('pg_read_all_stats', 'USAGE')"
            " FROM pg_roles WHERE rolname = current_user"
        )
        role, is_super, sees_others = cursor.fetchone()
        cursor.execute(
            "SELECT name, right_ FROM unnest(%s::text[]) AS name,"
            " unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS right_"
            " WHERE has_table_privilege(current_user, name, right_)",
            [list(JOURNAL)],
        )
        too_much = [f"{right} {table}" for table, right in cursor.fetchall()]
    if is_super:
        yield Finding("rights", BAD, f"{role} có mọi quyền / may do everything: the application must not")
    elif too_much:
        yield Finding("rights", BAD, f"{role} sửa được nhật ký / may alter the journal: {', '.join(too_much)}")
    elif not sees_others:
        text = f"{role} không thấy giao dịch đang mở / cannot see open transactions, so figures may be called complete"
        yield Finding("rights", WARNING, f"{text} too early: GRANT pg_read_all_stats TO {role}")
    else:
        yield Finding("rights", GOOD, f"{role}: chỉ ghi thêm vào nhật ký / may only add to the journal")


def _clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        behind = (cursor.fetchone()[0] - datetime.now(UTC)).total_seconds()
        # The newest of what was written last, by keys: a look through the whole journal would take minutes.
        cursor.execute(
            "SELECT greatest((SELECT max(at) FROM dossiers_checkpoint),"
            " (SELECT max(at) FROM (SELECT at FROM dossiers_outbox ORDER BY pos DESC LIMIT %s) AS last),"
            " (SELECT max(last_at) FROM (SELECT last_at FROM dossiers_dossier ORDER BY id DESC LIMIT %s) AS last))",
            [RECENT_ROWS, RECENT_ROWS],
        )
        newest = cursor.fetchone()[0]
    if abs(behind) > CLOCK_SECONDS:
        text = f"lệch với cơ sở dữ liệu / differs from the database's by {behind:+.1f} s"
        yield Finding("clock", BAD, text)
    elif newest is not None and (ahead := (newest - datetime.now(UTC)).total_seconds()) > CLOCK_SECONDS:
        text = f"chậm hơn nhật ký / is behind the newest event of the journal by {ahead:.1f} s"
        yield Finding("clock", BAD, text)
    else:
        yield Finding("clock", GOOD, timezone.localtime().isoformat(timespec="seconds"))


def _worker(home: Home) -> Iterator[Finding]:
    here = [each.pid for each in running(home) if each.verb == "work"]
    seen = max((each for each in Follower.objects.values_list("seen_at", flat=True) if each), default=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT FROM dossiers_outbox LIMIT %s) AS waiting", [RECENT_ROWS])
        waiting = cursor.fetchone()[0]
    said = f"hàng đợi / waiting: {'≥' if waiting >= RECENT_ROWS else ''}{waiting}"
    if seen is not None:
        said += f"; lần cuối / last seen: {timezone.localtime(seen).isoformat(timespec='seconds')}"
    if seen is not None and timezone.now() - seen < WORKER_SILENT_AFTER:
        yield Finding("worker", GOOD, said)
    elif here:
        yield Finding("worker", WARNING, f"{said}; đang chạy nhưng im lặng / runs ({here[0]}) but is silent")
    else:
        yield Finding("worker", WARNING, f"{said}; không chạy / does not run: motcua work")


def _calendars() -> Iterator[Finding]:
    latest: dict[str, str] = {}
    for code, data in Calendar.objects.order_by("code", "version").values_list("code", "data"):
        latest[code] = json.loads(data)["known_to"]
    today = timezone.localdate()
    if not latest:
        yield Finding("calendars", BAD, "chưa có lịch làm việc / there is no working calendar: motcua content load")
    for code, known_to in sorted(latest.items()):
        left = datetime.fromisoformat(known_to).date() - today
        state = BAD if left < timedelta(0) else WARNING if left < CALENDAR_AHEAD else GOOD
        yield Finding("calendars", state, f"{code}: biết đến / known until {known_to}")


def _content() -> Iterator[Finding]:
    procedures, offerings = Procedure.objects.count(), Offering.objects.count()
    state = GOOD if procedures and offerings else BAD
    yield Finding("content", state, f"thủ tục / procedures: {procedures}; nơi cung cấp / offerings: {offerings}")


def _notices() -> Iterator[Finding]:
    now = timezone.now()
    for fault in overview.faults():
        yield Finding("notices", BAD, fault)
    standing = overview.providers(now)
    if settings.MOTCUA_NOTICES_SANDBOX:
        yield Finding("notices", WARNING, "hộp thư mô phỏng: không tin nào ra ngoài / sandbox: no message leaves")
    elif not standing:
        text = "chỉ trong hộp thông báo / in people's inboxes only: MOTCUA_SMS, MOTCUA_EMAIL, MOTCUA_PUSH are not set"
        yield Finding("notices", WARNING, text)
    for each in standing:
        state = BAD if each.broken_until else WARNING if each.is_slow else GOOD
        said = "tạm ngừng / broken" if each.broken_until else "chậm / slow" if each.is_slow else "tốt / good"
        yield Finding("notices", state, f"{each.channel} {each.name}: {said}, {each.share}%")
    for channel, waiting, oldest in overview.queues(now):
        if oldest is not None and now - oldest > NOTICES_LATE and standing:
            text = f"{channel}: {waiting} tin chờ từ / messages due since {oldest:%H:%M}; motcua work"
            yield Finding("notices", WARNING, text)
