"""A made-up population holds together: one head a household, ages that can be, numbers that say what the row says."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Q

from motcua.law.persons import check_personal_number
from motcua.law.refusal import Refusal
from motcua.registry.models import Household, Member, Resident, Statement
from motcua.registry.synthetic.families import PREFIX, Numbers, Places, family
from motcua.registry.synthetic.naming import read_names
from motcua.site.databases import as_owner

ROOT = Path(__file__).resolve().parents[2]
NAMES = read_names(ROOT / "content" / "hanoi-2018" / "registry" / "names.yaml")
PLACES = Places(["00001", "00004"], [1, 2], {})
TODAY = date(2026, 11, 25)


def test_families_are_such_as_can_be() -> None:
    rng, numbers = random.Random(1), Numbers(0, 1)
    families = [family(rng, NAMES, PLACES, numbers, TODAY) for _ in range(3_000)]
    seen: set[str] = set()
    for one in families:
        assert [each.relation for each in one.people].count("head") == 1
        assert one.people[0].relation == "head"
        for each in one.people:
            assert each.number not in seen
            seen.add(each.number)
            said = check_personal_number(
                each.number, sex="female" if each.female else "male", birth_year=each.born.year
            )
            assert not isinstance(said, Refusal)
            assert all("tỉnh" in warning.vi for warning in said.warnings)
            assert each.number.startswith(PREFIX)
            assert each.born <= TODAY
            for parent in (each.father, each.mother):
                if parent is not None:
                    assert each.born.year - one.people[parent].born.year >= 17
            if each.spouse is not None:
                assert one.people[each.spouse].female != each.female
    sizes = [len(one.people) for one in families]
    assert 2.5 < sum(sizes) / len(sizes) < 4.5
    nguyen = sum(each.name.startswith("Nguyễn ") for one in families for each in one.people)
    assert 0.2 < nguyen / len(seen) < 0.5
    men_called_thi = sum(" Thị " in each.name and not each.female for one in families for each in one.people)
    assert men_called_thi == 0


def test_what_is_loaded_is_whole_and_made_once(fresh_city: Any) -> None:
    # The command line gives the verb the owner's connection.
    with as_owner():
        call_command("registry", "synthesize", "--residents", "700", "--json")
    assert Resident.objects.count() == 700
    heads = Household.objects.annotate(heads=Count("members", filter=Q(members__relation="head")))
    assert set(heads.values_list("heads", flat=True)) == {1}
    assert Member.objects.filter(valid_to=None).count() == 700
    moved = Statement.objects.filter(known_to=None).values_list("resident").annotate(n=Count("id"))
    assert {n for _resident, n in moved} <= {2}
    with pytest.raises(CommandError):
        call_command("registry", "synthesize", "--residents", "700")
    new = Resident(number="000199999999", name="x", name_key="x", since=TODAY, known_at="2026-01-01T00:00Z")
    new.save()
    assert new.pk > 700
