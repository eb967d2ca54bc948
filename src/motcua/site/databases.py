"""Which database the city uses and under which role: the application's, or the owner's who migrates.

Embedded by default; `DATABASE_URL` names any PostgreSQL 15 or later. Running the embedded one is left to
`embedded`; what the application may do to each table beyond the default is left to the rooms' migrations.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from motcua.site.embedded import APP, DATABASE, OWNER, dsn
from motcua.site.home import Home

URL = "DATABASE_URL"
OWNER_URL = "DATABASE_OWNER_URL"
OLDEST_SERVER = 150000

# JIT compiles for longer than our short statements run. A lock that is not had in ten seconds is reported,
# and a transaction left open by a stuck process gives its locks back.
SESSION = "-c jit=off -c lock_timeout=10s -c idle_in_transaction_session_timeout=120s"
NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def is_embedded() -> bool:
    """True unless `DATABASE_URL` names a database of one's own."""
    return not os.environ.get(URL)


def application_settings(home: Home) -> dict[str, Any]:
    """Django's settings for the application's connection."""
    url = os.environ.get(URL)
    if not url:
        made = home.is_made()
        return _settings(dsn(home) if made else f"user={APP} dbname={DATABASE} host={home.run}")
    found = _settings(url)
    if found["USER"] != APP:
        # The rights of the application are those of motcua_app, whoever signs in.
        found["OPTIONS"]["assume_role"] = APP
    return found


def owner_settings(home: Home) -> dict[str, Any]:
    """Django's settings for the owner of the tables, who migrates."""
    url = os.environ.get(OWNER_URL) or os.environ.get(URL)
    return _settings(url or dsn(home, OWNER))


@contextmanager
def as_owner() -> Iterator[None]:
    """Within, Django's default connection of this process is the owner's. Not for use while serving."""
    from django.conf import settings
    from django.db import connection

    before = dict(connection.settings_dict)
    owner = owner_settings(Home(settings.MOTCUA_HOME))
    connection.close()
    # The name stays: a test or a tool may have pointed the connection at a copy.
    connection.settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def with_one_processor() -> None:
    """From now on no statement of this process takes more than one processor of the database's: for the worker.

    What it counts by the clock would else have all of them, while somebody waits at a counter.
    """
    from django.db import connections

    connections.close_all()
    options = connections.settings["default"]["OPTIONS"]
    options["options"] = f"{options['options']} -c max_parallel_workers_per_gather=0"


def ready_roles(connection: Any) -> None:
    """Make the application's role where it is missing and give it its default rights; safe to repeat.

    Needs a connection as the owner. Raises RuntimeError for a server older than PostgreSQL 15, or when the
    role is missing and the owner may not create roles.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, rolsuper OR rolcreaterole,"
            " EXISTS (SELECT FROM pg_roles WHERE rolname = %s), rolsuper"
            " FROM pg_roles WHERE rolname = current_user",
            [APP],
        )
        version, may_create, exists, is_super = cursor.fetchone()
        if version < OLDEST_SERVER:
            raise RuntimeError("motcua cần PostgreSQL 15 trở lên / motcua needs PostgreSQL 15 or later")
        if not exists:
            if not may_create:
                raise RuntimeError(
                    f"Hãy nhờ người quản trị tạo vai trò {APP} / ask the database administrator to run: "
                    f"CREATE ROLE {APP} NOLOGIN; GRANT {APP} TO CURRENT_USER"
                )
            cursor.execute(f"CREATE ROLE {APP} NOLOGIN")
        for user in _members(connection.settings_dict["USER"]):
            if (may_create and not is_super) or user != connection.settings_dict["USER"]:
                cursor.execute(f"GRANT {APP} TO {connection.ops.quote_name(user)}")
        if is_super:
            # Followers ask since when the oldest open transaction runs; without this right they see their own only.
            cursor.execute(f"GRANT pg_read_all_stats TO {APP}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP}")
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}"
        )
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP}")


def _members(owner: str) -> list[str]:
    url = os.environ.get(URL)
    users = [owner, conninfo_to_dict(url).get("user") if url else None]
    return sorted({str(user) for user in users if user and user != APP})


def _settings(conninfo: str) -> dict[str, Any]:
    try:
        given = conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        # The message would repeat the address, and with it a password.
        raise RuntimeError(f"{URL} không đúng dạng / {URL} is not an address of a PostgreSQL database") from None
    options: dict[str, Any] = {name: value for name, value in given.items() if name not in NAMES}
    options["options"] = f"{options.get('options', '')} {SESSION}".strip()
    options.setdefault("application_name", "motcua")
    options.setdefault("connect_timeout", 5)
    options["prepare_threshold"] = 5
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django: str(given.get(libpq) or "") for libpq, django in NAMES.items()},
        "OPTIONS": options,
        # Kept for as long as the thread lives; a connection that died with the server is noticed and
        # replaced.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
