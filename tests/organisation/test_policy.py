"""Who sees whose dossiers: every role against every place in the tree."""

from datetime import date

import pytest

from cities import PACK
from motcua.law.actor import SYSTEM
from motcua.organisation.directory import directory
from motcua.organisation.loading import load_organisation
from motcua.organisation.policy import may_administer, may_see_agency, visible_agencies

HOANKIEM_COMMUNES = 18
DIVISIONS = 12


@pytest.mark.parametrize("role", ["reception", "results", "officer", "registrar"])
def test_those_who_work_see_their_own_agency_alone(acting, number, role):
    assert visible_agencies(acting(("002", role))) == {number("002")}


@pytest.mark.parametrize("role", ["leader", "control"])
def test_leaders_and_control_see_everything_below_and_nothing_beside(acting, number, role):
    seen = visible_agencies(acting(("002", role)))
    assert len(seen) == 1 + DIVISIONS + HOANKIEM_COMMUNES
    assert {number("002"), number("002/XD"), number("00061")} <= seen
    assert not {number("HN"), number("016"), number("00001"), number("002/THUE"), number("QHKT")} & seen


def test_the_city_sees_the_whole_city(acting):
    assert visible_agencies(acting(("HN", "control"))) == set(directory().by_number)


def test_a_sector_sees_its_branches_and_a_branch_only_itself(acting, number):
    seen = visible_agencies(acting(("THUE", "leader")))
    assert len(seen) == 31
    assert number("016/THUE") in seen
    assert number("016/CA") not in seen
    assert visible_agencies(acting(("002/THUE", "leader"))) == {number("002/THUE")}
    assert number("269/VPDK") in visible_agencies(acting(("TNMT", "control")))


def test_the_head_of_a_one_stop_unit_sees_the_divisions_of_the_house(acting, number):
    seen = visible_agencies(acting(("002", "one_stop_head")))
    assert len(seen) == 1 + DIVISIONS
    assert number("00061") not in seen


def test_an_administrator_of_posts_sees_no_dossiers(acting):
    assert visible_agencies(acting(("HN", "admin"))) == frozenset()


def test_several_posts_add_up_and_none_gives_nothing(acting, number):
    both = acting(("00061", "officer"), ("016/XD", "head"))
    assert visible_agencies(both) == {number("00061"), number("016/XD")}
    assert visible_agencies(acting()) == frozenset()
    assert may_see_agency(both, number("00061"))
    assert not may_see_agency(both, number("00001"))


def test_the_system_sees_all(hanoi):
    assert len(visible_agencies(SYSTEM)) == 1152


def test_whoever_takes_over_an_agency_sees_its_old_dossiers(acting, number):
    load_organisation(PACK, until=date(2020, 3, 1))
    seen = visible_agencies(acting(("09733", "leader")))
    assert seen == {number("09733"), number("09730")}
    assert visible_agencies(acting(("09742", "leader"))) == {number("09742")}


def test_administrators_look_after_their_agency_and_what_is_below(acting, number):
    district = acting(("002", "admin"))
    assert [may_administer(district, number(code)) for code in ("002", "002/XD", "00061")] == [True] * 3
    assert not any(may_administer(district, number(code)) for code in ("HN", "016", "002/THUE", "00001"))
    assert may_administer(acting(("HN", "admin")), number("002/THUE"))
    assert not may_administer(acting(("HN", "leader")), number("HN"))
    assert may_administer(SYSTEM, number("HN"))
