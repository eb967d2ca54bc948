"""The pack of 2018 becomes the city of 2018: 30 districts, 584 communes, every division and branch."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from cities import PACK
from motcua.law.texts import Text
from motcua.organisation.city_plan import read_city_plan
from motcua.organisation.directory import directory, forget_directory, roles
from motcua.organisation.loading import load_organisation
from motcua.organisation.models import Agency, AgencyName, Change, Revision, Role


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack that a test may spoil."""
    shutil.copytree(PACK / "organisation", tmp_path / "pack" / "organisation")
    for name in ("pack.yaml", "regimes.yaml"):
        shutil.copy(PACK / name, tmp_path / "pack")
    return tmp_path / "pack"


def spoil(pack: Path, file: str, old: str, new: str) -> int:
    """Replaces one text in a file; the line where it stood."""
    path = pack / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def everything() -> tuple[list[dict], list[dict], list[dict], int]:
    return (
        list(Agency.objects.order_by("number").values()),
        list(Role.objects.values()),
        list(AgencyName.objects.values()),
        Change.objects.count(),
    )


def test_the_city_of_2018_has_the_units_the_law_counts():
    plan, problems = read_city_plan(PACK)
    assert problems == []
    kinds = Counter(each.kind for each in plan.agencies if each.tier in ("district", "commune"))
    assert kinds == {"quận": 12, "huyện": 17, "thị xã": 1, "phường": 177, "xã": 386, "thị trấn": 21}
    tiers = Counter(each.tier for each in plan.agencies)
    assert tiers == {
        "city": 1, "department": 22, "district": 30, "commune": 584, "division": 360, "branch": 155,
    }  # fmt: skip
    assert max(each.number for each in plan.agencies) <= 65_535


def test_the_later_mergers_are_known_only_to_a_later_city():
    communes = {}
    for until in (None, date(2020, 2, 29), date(2020, 3, 1), date(2025, 1, 1)):
        plan, _ = read_city_plan(PACK, until)
        day = until or date(2018, 12, 31)
        communes[until] = sum(
            each.tier == "commune" and (each.valid_to is None or each.valid_to >= day) for each in plan.agencies
        )
    assert list(communes.values()) == [584, 584, 579, 526]


def test_every_unit_of_2025_has_its_new_commune():
    plan, _ = read_city_plan(PACK, date(2025, 6, 30))
    standing = {each.code for each in plan.agencies if each.tier == "commune" and each.valid_to is None}
    rows = [line.split(",") for line in (PACK / "organisation/two_tiers.csv").read_text().splitlines()[1:]]
    assert {row[0] for row in rows} == standing
    assert len({row[1] for row in rows}) == 126
    mains = Counter(row[0] for row in rows if row[4] in ("whole", "main part"))
    assert set(mains.values()) == {1}
    assert set(mains) == standing


def test_names_in_both_languages(hanoi):
    known = directory()
    assert known.by_code["00061"].name == Text("Phường Hàng Bạc", "Hang Bac ward")
    assert known.by_code["269"].name == Text("Thị xã Sơn Tây", "Son Tay town")
    assert known.by_code["002/THUE"].name == Text("Chi cục Thuế quận Hoàn Kiếm", "Tax office of Hoan Kiem district")
    assert all(each.name.en for each in known.by_number.values())
    assert not any("{" in each.name.vi + each.name.en for each in known.by_number.values())


def test_one_function_finds_the_division_whatever_its_local_name(hanoi):
    known = directory()
    named = {code: known.unit(known.by_code[code].number, "XD").name.vi for code in ("002", "268", "269", "016", "282")}
    assert named == {
        "002": "Phòng Quản lý đô thị", "268": "Phòng Quản lý đô thị", "269": "Phòng Quản lý đô thị",
        "016": "Phòng Kinh tế và Hạ tầng", "282": "Phòng Kinh tế và Hạ tầng",
    }  # fmt: skip


def test_every_district_finds_its_divisions_and_the_branches_that_serve_it(hanoi):
    known = directory()
    divisions = ["VP", "NV", "TP", "TCKH", "TNMT", "LDTBXH", "VHTT", "GDDT", "YT", "TTR", "XD", "KT"]
    branches = ["CA", "THUE", "BHXH", "KBNN", "VPDK"]
    districts = [each for each in known.by_number.values() if each.tier == "district"]
    assert len(districts) == 30
    for district in districts:
        for unit in divisions + branches:
            found = known.unit(district.number, unit)
            assert found is not None, (district.code, unit)
            assert found.code == f"{district.code}/{unit}"
            assert found.identifier_is_demo
    tax = known.by_code["002/THUE"]
    assert known.above(tax.number).code == "THUE"
    assert tax.number not in known.below(known.by_code["002"].number)


def test_identifiers_are_one_each_and_marked_as_made_up(hanoi):
    rows = Agency.objects.values_list("identifier", "identifier_is_demo", "code")
    assert len({identifier for identifier, _, _ in rows}) == len(rows)
    assert [code for _, is_demo, code in rows if not is_demo] == ["HN"]


def test_loading_twice_changes_nothing(hanoi):
    before, token = everything(), Revision.objects.get().token
    said: list[str] = []
    loaded = load_organisation(PACK, said.append)
    assert (loaded.created, loaded.changed, loaded.unchanged, loaded.left_alone) == (0, 0, 1152, 0)
    assert everything() == before
    assert Revision.objects.get().token == token
    assert said == ["organisation: 0 created, 0 changed, 1152 as before, 0 not in the pack"]


def test_a_number_once_given_is_kept_whatever_the_file_says(hanoi, pack):
    spoil(
        pack,
        "organisation/units.csv",
        "00061,10061,phường,Hàng Bạc,Hang Bac",
        "00061,9999,phường,Hàng Bạc mới,Hang Bac",
    )
    loaded = load_organisation(pack)
    assert (loaded.problems, loaded.changed) == ([], 1)
    assert directory().by_code["00061"].number == 10061
    assert directory()[10061].name.vi == "Phường Hàng Bạc mới"
    change = Change.objects.get(verb="change_agency")
    assert (change.subject, change.details) == (
        "agency 00061", {"name_vi": ["Phường Hàng Bạc", "Phường Hàng Bạc mới"]},
    )  # fmt: skip


def test_a_number_of_somebody_else_is_refused_and_nothing_is_written(hanoi, pack):
    before = everything()
    line = spoil(pack, "organisation/units.csv", "00061,10061,", "00056,10061,")
    assert [(each.line, each.reason) for each in load_organisation(pack).problems] == [
        (line, "the number 10061 of “00056” belongs to “00061”")
    ]
    assert everything() == before


def test_a_new_name_keeps_the_old_one_for_its_days(hanoi):
    assert load_organisation(PACK, until=date(2020, 3, 1)).changed == 8
    sen_phuong = Agency.objects.get(code="09733")
    assert sen_phuong.name_vi == "Xã Sen Phương"
    assert [(each.name_vi, each.valid_to) for each in sen_phuong.former_names.all()] == [
        ("Xã Sen Chiểu", date(2020, 2, 29))
    ]
    gone = Agency.objects.get(code="09730")
    assert (gone.valid_to, gone.successor) == (date(2020, 2, 29), sen_phuong)


def test_a_name_takes_effect_on_its_day(hanoi, monkeypatch):
    load_organisation(PACK, until=date(2025, 1, 1))
    for day, name in (
        (date(2020, 2, 29), "Xã Sen Chiểu"), (date(2020, 3, 1), "Xã Sen Phương"), (date(2025, 1, 1), "Xã Sen Phương"),
    ):  # fmt: skip
        forget_directory()
        monkeypatch.setattr("motcua.organisation.directory.city_day", lambda now=None, day=day: day)
        assert directory().by_code["09733"].name.vi == name


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("organisation/units.csv", "Hang Bac ward,002,", "Hang Bac ward,999,", "the parent “999” is not in the pack"),
        ("organisation/units.csv", "Hang Bac ward,002,", "Hang Bac ward,HN,", "is a commune and cannot stand under"),
        ("organisation/units.csv", "00061,10061,", "00052,10061,", "code “00052” is given twice"),
        ("organisation/units.csv", "00061,10061,", "00061,10052,", "number “10052” is given twice"),
        ("organisation/units.csv", "00061,10061,", "00061,70000,", "<= 65535"),
        ("organisation/units.csv", "10061,phường", "10061,ward", "none of the values"),
        ("organisation/units.csv", "2020-02-29,00241", "2020-02-29,99999", "successor “99999” is not in the pack"),
        ("organisation/units.csv", "2020-02-29,00241", ",00241", "has a successor but no last day"),
        ("organisation/units.csv", "2008-08-01,2020-02-29", "2021-01-01,2020-02-29", "ends before it begins"),
        ("organisation/later_names.csv", "00181,", "00183,", "no unit of units.csv"),
        ("organisation/divisions.yaml", "kinds: [huyện]", "kinds: [huyện, quận]", "XD has 2 names in a quận"),
        ("organisation/divisions.yaml", "slot: 12", "slot: 11", "is given twice"),
        ("organisation/departments.yaml", "code: QHKT", "code: XD", "code “XD” is given twice"),
        ("organisation/departments.yaml", "parent: TNMT", "parent: TNMTT", "the parent “TNMTT” is not in the pack"),
        ("organisation/departments.yaml", "first_number: 3000", "first_number: 65500", "past 65,535"),
        ("organisation/departments.yaml", "000.00.18.H26", "H26.18", "a text of the form"),
        ("organisation/roles.yaml", "code: results", "code: reception", "role “reception” is given twice"),
        ("organisation/roles.yaml", "at: [department, division, branch]", "at: [village]", "none of the values"),
        ("pack.yaml", "valid_to: 2025-06-30", "valid_to: 2017-06-30", "ends before it begins"),
        ("pack.yaml", "regimes: regimes.yaml", "regimes: none.yaml", "a file that does not exist"),
        ("pack.yaml", "languages: [vi, en]", "languages: [en]", "lacks vi"),
    ],
)  # fmt: skip
def test_a_pack_that_does_not_fit_together_says_where(pack, file, old, new, words):
    spoil(pack, file, old, new)
    plan, problems = read_city_plan(pack, date(2020, 12, 31))
    assert plan is None
    assert any(words in each.reason for each in problems), problems
    if file.endswith(".csv"):
        assert all(each.file == str(pack / file) and each.line > 1 for each in problems)


def test_roles_say_at_which_tiers_they_are_held(hanoi):
    at_commune = {code for code, role in roles().items() if "commune" in role.at}
    assert {"reception", "officer", "leader", "registrar", "results"} <= at_commune
    assert "head" not in at_commune
    assert roles()["reception"].name == Text("Cán bộ tiếp nhận hồ sơ", "Reception clerk")
