"""What agencies offer online, dated; and the levels of the city's procedures beside what their files claim."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from catalogue.tiny_pack import changed, tiny_pack
from motcua.catalogue import models, online, versions
from motcua.catalogue.packs import check_pack
from motcua.catalogue.publishing import mark_changed
from motcua.organisation.directory import directory

DAY = date(2018, 12, 3)
BIRTH, COMMUNE = "1.001193", "00001"


@pytest.fixture(autouse=True)
def fresh_catalogue(db: None) -> Iterator[None]:
    """What one test changes the next one does not remember."""
    versions.forget_catalogue()
    yield
    versions.forget_catalogue()


def commune() -> int:
    return directory().by_code[COMMUNE].number


def test_a_birth_is_filed_online_at_a_commune_and_its_certificate_signed_for() -> None:
    found = online.level_at(BIRTH, commune(), DAY)
    assert found.level == 3
    assert [each.code for each in found.next_obstacles] == ["result_in_person"]
    assert online.takes_online(BIRTH, commune(), DAY)
    assert not online.takes_online(BIRTH, directory().by_code["001"].number, DAY)
    assert not online.takes_online("9.999999", commune(), DAY)
    assert online.pays_online(commune(), DAY)


def test_what_is_offered_holds_on_its_days_for_its_agency_and_procedure() -> None:
    models.OnlineOffering.objects.all().delete()
    models.OnlineOffering.objects.create(
        what="takes", procedure_id=BIRTH, agency_id=commune(), valid_from=date(2018, 12, 3), valid_to=date(2018, 12, 9)
    )
    mark_changed()
    assert online.takes_online(BIRTH, commune(), DAY)
    assert not online.takes_online(BIRTH, commune(), date(2018, 12, 2))
    assert not online.takes_online(BIRTH, commune(), date(2018, 12, 10))
    assert not online.takes_online(BIRTH, directory().by_code["00004"].number, DAY)
    found = online.standing(BIRTH, DAY)
    assert found is not None
    assert (found.least.level, found.best.level) == (2, 3)
    assert found.agencies[3] == 1
    assert sum(found.agencies.values()) == len(versions.offering_agencies(BIRTH, DAY))


def test_the_tally_counts_every_procedure_once_and_agrees_with_the_list() -> None:
    found, counted = online.standings(DAY), online.tally(DAY)
    assert counted.procedures == len(found) == len({each.code for each in found})
    for counts in (counted.least, counted.best, counted.claimed):
        assert sum(counts.values()) == counted.procedures
    slow = {
        each.code: min(
            online.level_at(each.code, agency, DAY).level for agency in versions.offering_agencies(each.code, DAY)
        )
        for each in found[:4]
    }
    assert {each.code: each.least.level for each in found[:4]} == slow


def test_the_command_lists_claims_beside_what_is_possible() -> None:
    out = StringIO()
    call_command("content", "levels", "--json", "--on", DAY.isoformat(), stdout=out)
    told = json.loads(out.getvalue())
    birth = next(each for each in told["levels"] if each["code"] == BIRTH)
    assert (birth["claimed"], birth["everywhere"]) == (3, 3)
    assert told["procedures"] == len(told["levels"])
    out = StringIO()
    call_command("content", "levels", "--on", DAY.isoformat(), stdout=out)
    assert "must be signed for in person" in out.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("valid_from: 2018-06-21", "valid_from: 2018-06-21\n    valid_to: 2018-01-01", "ends before"),
        ("what: pays", "what: gives", "none of the values"),
        ("what: pays", "what: pays\n    procedures: [1.001193]", "account is an agency"),
        ("tiers: [commune, district, department]", "agencies: [XX]", "there is no “XX”"),
        ("at_level_3_or_4: 1057", "at_level_3_or_4: 5000", "at most the whole"),
    ],
)
def test_mistakes_in_the_file_are_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    pack = tiny_pack(tmp_path)
    assert check_pack(pack) == []
    changed(pack / "catalogue" / "online.yaml", old, new)
    assert any(reason in each.reason for each in check_pack(pack)), [str(each) for each in check_pack(pack)]


def test_a_pack_without_the_file_offers_nothing_online(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path)
    (pack / "catalogue" / "online.yaml").unlink()
    assert check_pack(pack) == []


def test_the_pages_say_the_level_and_why_and_keep_the_claim_apart() -> None:
    body = Client().get(reverse("portal:procedure", args=[BIRTH])).content.decode()
    assert "Mức độ 3: khai và nộp trực tuyến" in body
    assert "phải đến ký nhận kết quả (Giấy khai sinh)" in body
    city = Client().get(reverse("city:city"))
    assert city.context["online"]["claim"]["count"] == 1057
    assert "1.057" in city.content.decode()
    for level in ("", "?muc=3", "?muc=4"):
        page = Client().get(reverse("city:online") + level)
        assert page.status_code == 200
        assert sum(chip["count"] for chip in page.context["chips"][1:]) == page.context["total"]
    assert Client().get(reverse("city:online") + "?muc=9").status_code == 404
