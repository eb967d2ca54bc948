"""Look-ups are answered from an index however many people there are; a load that was killed is mended; all holds."""

from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cities import connected_to, drop_city, new_city
from motcua.law.actor import Actor, Grant
from motcua.registry import checking
from motcua.registry.lookups import accesses, by_number, children_of, look_for, look_up
from motcua.registry.models import Household, Member, ParkedIndex, Resident
from motcua.registry.synthetic import loading
from motcua.registry.synthetic.families import Places
from motcua.registry.twins import look_for_twins
from motcua.site.databases import as_owner

NAMES = Path(__file__).resolve().parents[2] / "content" / "hanoi-2018" / "registry" / "names.yaml"
CLERK = Actor(account=11, name="Nguyễn Thị Lan", grants=(Grant(agency=3, role="reception"),))
PEOPLE = 30_000
LARGE = {"registry_resident", "registry_member", "registry_household", "registry_statement"}


@pytest.fixture(scope="module")
def large_register(city_server: Any, django_db_blocker: Any) -> Iterator[None]:
    """A register so large that reading it whole would never be the planner's choice, loaded as a city's is."""
    with django_db_blocker.unblock():
        city = new_city(city_server)
        try:
            with connected_to(city.database):
                places = Places(["00001", "00004"], list(accumulate([1, 2])), {})
                with as_owner():
                    loading.synthesize(loading.Plan(PEOPLE, NAMES, places, date(2026, 11, 25)), rebuild=True)
                with psycopg.connect(city.owner_dsn, autocommit=True) as owner:
                    owner.execute("VACUUM ANALYZE")
                yield
        finally:
            drop_city(city)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _nodes(each)


def whole_tables(queries: CaptureQueriesContext) -> list[str]:
    """What was read from end to end."""
    found = []
    for query in [each["sql"] for each in queries.captured_queries]:
        if query.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"EXPLAIN (FORMAT JSON) {query.replace('%', '%%')}"
                    if "%%" in query
                    else f"EXPLAIN (FORMAT JSON) {query}"
                )
                plan = cursor.fetchone()[0][0]["Plan"]
            found += [
                f"{node['Relation Name']}: {query[:200]}" for node in _nodes(plan)
                if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
            ]  # fmt: skip
    return found


def test_look_ups_use_an_index(large_register: None) -> None:
    some = Resident.objects.order_by("pk")[PEOPLE // 2]
    child = Resident.objects.filter(mother__isnull=False).order_by("pk")[100]
    with CaptureQueriesContext(connection) as queries:
        assert look_up(some.number, purpose="counter_intake", who=CLERK) is not None
        assert by_number("012345678") is None
        assert look_for(some.name, some.birth_year, purpose="counter_intake", who=CLERK)
        look_for(some.name.split()[0], some.birth_year, purpose="counter_intake", who=CLERK)
        assert list(children_of(child.mother["number"]))
        accesses(some.pk)
        look_for_twins(some.pk)
    assert len(queries) > 8
    assert whole_tables(queries) == []


def test_the_guard_sees_a_whole_table_being_read(large_register: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        Resident.objects.filter(ethnicity="không có").count()
    assert len(whole_tables(queries)) == 1


def test_a_made_up_population_holds_together(large_register: None) -> None:
    assert ParkedIndex.objects.count() == 0
    assert list(checking.faults()) == []
    call_command("registry", "verify", "--json")


def test_a_load_that_was_killed_is_mended(fresh_city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def indexes() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = ANY (%s)", [list(LARGE)])
            return {row[0] for row in cursor.fetchall()}

    before = indexes()
    with as_owner():
        loading._park()
        assert indexes() < before
        with pytest.raises(CommandError):
            call_command("registry", "verify", "--json")
        call_command("registry", "mend", "--json")
        assert indexes() == before
        call_command("registry", "mend", "--json")
    call_command("registry", "verify", "--json")


def test_what_does_not_fit_is_named(fresh_city: Any) -> None:
    from registry.people import person

    who = person()
    home = Household.objects.create(code="H1", address="Số 1", commune="00001")
    Member.objects.create(household=home, resident=who, relation="child", valid_from=date(2012, 1, 1))
    Resident.objects.filter(pk=who.pk).update(name_key="sai")
    said = " ".join(checking.faults())
    assert f"household {home.pk}: not one head" in said
    assert f"resident {who.pk}: not found by name" in said
