"""A synthesized city to measure in: made through the law, with its figures, its followers where they would be."""

import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from benchmarks.inbox import settle
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from msgspec import structs

from motcua.dossiers import clock, worker
from motcua.law.actor import SYSTEM
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.organisation.appointments import Post, appoint_all
from motcua.organisation.directory import directory
from motcua.organisation.models import Account
from motcua.reports import carry, periods
from motcua.reports.counting import TABLES
from motcua.reports.figures import Board, of_period
from motcua.reports.lists import Listing
from motcua.reports.rebuilding import Rebuilt, rebuild
from motcua.site.collected import collect_static
from motcua.site.databases import as_owner
from motcua.site.home import Home
from motcua.site.synthesis import making
from motcua.statutory.reporting import report as form
from motcua.statutory.scope import Scope

MONTHS = 24
PROCESSES = 2
FACTS = ("reports_dossierfact", "reports_stagefact", "reports_span", *(each.table for each in TABLES))


def tell(line: str) -> None:
    """How far it is, on stderr."""
    print(f"  {line}", file=sys.stderr, flush=True)


def grow(dossiers: int, seed: int) -> making.Made:
    """Adds so many dossiers of the last two years."""
    until = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    told = [0]

    def progress(made: int, _events: int) -> None:
        if made - told[0] >= 50_000:
            told[0] = made
            tell(f"{made:,} / {dossiers:,}")

    first = making.first_day(until, MONTHS)
    return making.make(making.History(dossiers, first, until, seed, PROCESSES), progress)


def figures_anew() -> tuple[Rebuilt, float]:
    """Makes all facts and lets the followers stand where they would stand long after; how long the facts took."""
    with as_owner():
        begun = time.perf_counter()
        made = rebuild(PROCESSES)
        seconds = time.perf_counter() - begun
    carry.by_the_clock()
    with connection.cursor() as cursor:
        # What the facts hold need not be followed again, and what else follows is not measured here.
        cursor.execute("SELECT xid, pos FROM dossiers_outbox ORDER BY xid DESC, pos DESC LIMIT 1")
        place = cursor.fetchone()
        for name in (*worker.followers(), "seal"):
            cursor.execute(
                "INSERT INTO dossiers_follower (name, xid, pos) VALUES (%s, %s, %s)"
                " ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, pos = excluded.pos",
                [name, *place],
            )
    settle()
    return made, seconds


def bare_copy() -> float:
    """Seconds to copy the facts as they are, by INSERT ... SELECT into tables with the same indexes."""
    spent = 0.0
    with as_owner(), connection.cursor() as cursor:
        for table in FACTS:
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            begun = time.perf_counter()
            cursor.execute(f"INSERT INTO bare_{table} SELECT * FROM {table}")
            spent += time.perf_counter() - begun
            cursor.execute(f"DROP TABLE bare_{table}")
    return spent


def last_month() -> periods.Period:
    """The last report month that is over: from a 15th to a 14th."""
    today = city_day(clock.now())
    first = today.replace(day=1) - timedelta(days=1)
    return periods.month(first.year, first.month, report=True)


def latest_quarter() -> periods.Period:
    """The last report quarter that is over."""
    return periods.latest_over(clock.now(), "quarter", report=True)


def report(period: periods.Period) -> Board:
    """The month's report over all agencies: in all, and by agency, field and procedure."""
    return Board(of_period(period), clock.now())


def questions() -> dict[str, Callable[[], object]]:
    """What is asked of the figures all day, each by its name."""
    period, rng = last_month(), random.Random(7)
    which = of_period(period)
    agencies = sorted(report(period).by_agency)
    client = _control_client()
    return {
        "month_report": lambda: report(period),
        "month_form": lambda: form("II.06a", Scope(), period, clock.now()),
        "month_form_by_agency": lambda: form("II.06b", Scope(), period, clock.now()),
        "quarter_form": lambda: form("II.06a", Scope(), latest_quarter(), clock.now()),
        "dashboard_page": lambda: _get(client, reverse("office:desk_of_city")),
        "control_page": lambda: _get(client, reverse("office:control")),
        "drill_down_late": lambda: _listed(Listing(which, "late", clock.now())),
        "drill_down_agency": lambda: _listed(
            Listing(structs.replace(which, agency=rng.choice(agencies)), "answered", clock.now())
        ),
        "drill_down_open": lambda: _listed(Listing(which, "open_overdue", clock.now())),
    }


def _listed(listing: Listing) -> None:
    listing.total()
    listing.page()


def _control_client() -> Client:
    """Signed in as procedure control of the whole city."""
    name = "bench-control"
    account = Account.objects.filter(username=name).first()
    if account is None:
        city = next(each for each in directory().by_number.values() if each.tier == "city")
        account = Account.objects.create_user(name, full_name="Kiểm soát (đo)")
        for answer in appoint_all(SYSTEM, [Post(account.pk, city.number, "control", date(2018, 1, 1))]):
            if isinstance(answer, Refusal):
                raise AssertionError(answer.text.en)
    collect_static(Home(settings.MOTCUA_HOME))
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _get(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status_code}")


def counted() -> dict[str, Any]:
    """How large the city is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM dossiers_dossier), (SELECT count(*) FROM dossiers_event),"
            " (SELECT count(*) FROM reports_stagefact), pg_database_size(current_database())"
        )
        dossiers, events, stages, size = cursor.fetchone()
    return {"dossiers": dossiers, "events": events, "stages": stages, "gigabytes": round(size / 1e9, 2)}
