"""Searching the loaded city: what is received here comes first, at one agency only what it receives."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from motcua.catalogue import models, versions
from motcua.catalogue.publishing import publish
from motcua.catalogue.search import search_procedures

DAY = date(2019, 1, 7)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("giay phep xay dugn", "1.009994"),
        ("gpxd", "1.009994"),
        ("1.013225", "1.009994"),
        ("khai sinh", "1.001193"),
        ("ban sao chung thuc", "2.000815"),
        ("lltp", "2.000488"),
        ("ho kinh doanh", "1.001612"),
        ("giay doc than", "1.004873"),
    ],
)
def test_the_common_procedures_are_found(db: None, query: str, code: str) -> None:
    assert code in [hit.code for hit in search_procedures(query, day=DAY)[:3]]


def test_at_an_agency_only_what_it_receives_is_found(db: None) -> None:
    justice = models.Agency.objects.get(code="TP").number
    commune = models.Agency.objects.filter(tier="commune").order_by("number")[0].number

    assert "2.000488" in [hit.code for hit in search_procedures("ly lich tu phap", agency=justice, day=DAY)]
    assert "2.000488" not in [hit.code for hit in search_procedures("ly lich tu phap", agency=commune, day=DAY)]
    offered = {card.code for card in versions.offered_at(commune, DAY)}
    assert {hit.code for hit in search_procedures("dang ky", agency=commune, day=DAY, limit=100)} <= offered


def test_only_what_holds_on_the_day_is_found(db: None) -> None:
    assert search_procedures("khai sinh", day=date(2001, 1, 1)) == []


def test_replayed_logs_and_what_nobody_receives_do_not_come_first(db: None) -> None:
    _, house = versions.current_version("1.009994", DAY)
    log = replace(house, code="LOG-house", aliases=(), replayed=True)
    away = replace(house, code="9.009994", aliases=(), received_at=(), received_by=())
    publish([log], "log")
    publish([away], "national")

    hits = search_procedures("cap giay phep xay dung nha o rieng le", day=DAY)

    assert "LOG-house" not in [hit.code for hit in hits]
    assert [(hit.code, hit.offered) for hit in hits[:2]] == [("1.009994", True), ("9.009994", False)]


def test_the_limit_bounds_the_answer(db: None) -> None:
    assert len(search_procedures("dang ky", day=DAY, limit=3)) == 3
    assert search_procedures("dang ky", day=DAY, limit=0) == []
    assert search_procedures("", day=DAY) == []


def test_searching_again_costs_two_statements_at_most(db: None, django_assert_max_num_queries: Any) -> None:
    search_procedures("khai sinh", agency=1002, day=DAY)

    with django_assert_max_num_queries(2):
        search_procedures("khai tu", agency=1002, day=DAY)
