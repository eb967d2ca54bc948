"""The desk: inbox with its counts, search by code, name and number, and pages; server time, p50 and p95.

Pages are asked of the whole application in this process: sessions, rights, queries and templates, no network.
"""

import random
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import five_steps
from benchmarks.people import hire
from benchmarks.timing import milliseconds, percentiles
from django.conf import settings
from django.db import connection
from django.test import Client

from motcua.dossiers import bulk
from motcua.dossiers.inbox import Inbox
from motcua.dossiers.search import search
from motcua.law.actor import Actor
from motcua.organisation.directory import actor_for
from motcua.site.collected import collect_static
from motcua.site.databases import as_owner
from motcua.site.home import Home

TARGET = 50.0  # ms
LOADED = 20_000
TIMES = 60
FEWEST = 60


def fill(count: int) -> float:
    """Makes `count` dossiers through the law and readies the tables; dossiers a second. Tells on stderr."""
    begun, told = datetime.now(UTC), [0]

    def tell(now: bulk.Loaded) -> None:
        if now.dossiers - told[0] >= 20_000:
            told[0] = now.dossiers
            spent = (datetime.now(UTC) - begun).total_seconds()
            print(f"  {now.dossiers:,} / {count:,}, {now.dossiers / spent:,.0f}/s", file=sys.stderr, flush=True)

    loaded = bulk.load(five_steps.history(count, five_steps.version_today()), progress=tell)
    spent = (datetime.now(UTC) - begun).total_seconds()
    settle()
    return loaded.dossiers / spent


def settle() -> None:
    """What autovacuum does by itself in the course of a day."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def figures() -> dict[str, dict[str, float]]:
    """p50 and p95 of each question."""
    commune = five_steps.communes()[0]
    staff = hire([commune])
    account = staff[commune.number, "clerk"]
    actor = actor_for(account)
    collect_static(Home(settings.MOTCUA_HOME))
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    if len(_some_rows(commune.number)) < FEWEST:
        # In an empty city there must be something to ask for.
        bulk.load(five_steps.history(FEWEST, five_steps.version_today(), 2, 30, [commune]))
    rows = _some_rows(commune.number)
    rng = random.Random(5)
    questions: dict[str, Callable[[], object]] = {
        "inbox": lambda: _inbox(actor),
        "inbox_late": lambda: _inbox(actor, "late"),
        "by_code": lambda: search(actor, rng.choice(rows)[1]),
        "by_name": lambda: search(actor, " ".join(rng.choice(rows)[2].split()[:2])),
        "by_number": lambda: search(actor, rng.choice(rows)[3]),
        "desk_page": lambda: _get(client, "/can-bo/viec/"),
        "dossier_page": lambda: _get(client, f"/can-bo/ho-so/{rng.choice(rows)[0]}/"),
    }
    found = {}
    for name, ask in questions.items():
        p50, p95 = percentiles(milliseconds(TIMES, ask))
        found[name] = {"p50": p50, "p95": p95}
    return found


def _inbox(actor: Actor, which: Any = "all") -> None:
    now = datetime.now(UTC)
    inbox = Inbox(actor, now, now + timedelta(hours=12))
    inbox.counts()
    inbox.page(which)


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status_code}")


def _some_rows(agency: int) -> list[tuple[int, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, code, applicant_name, applicant_number FROM dossiers_dossier"
            " WHERE receiving = %s AND code <> '' ORDER BY id DESC LIMIT 200",
            [agency],
        )
        return cursor.fetchall()


def run(options: Namespace) -> dict[str, Any]:
    """With `--dossiers` of them loaded (20,000 unless told)."""
    count = options.dossiers or LOADED
    loaded = fill(count)
    found = figures()
    return {
        "rate": found["inbox"]["p95"],
        "unit": "ms p95",
        "ratio": round(TARGET / max(each["p95"] for each in found.values()), 2),
        "against": f"{TARGET:.0f} ms for the slowest question",
        "dossiers": count,
        "loaded_a_second": round(loaded),
        "questions": found,
    }
