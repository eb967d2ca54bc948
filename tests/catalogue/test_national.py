"""An export of the national catalogue: every entry is loaded or listed, and what it does not say is noted."""

import gzip
import json
import os
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalogue.tiny_pack import tiny_pack
from motcua.catalogue import models, versions
from motcua.catalogue.national import Given, Note, read_national
from motcua.catalogue.national_limits import limit_in_text, limit_of
from motcua.catalogue.national_load import NationalReport, check_national, load_national
from motcua.law.fees import Fixed
from motcua.law.limits import format_limit

SHARED = Path(os.environ.get("MOTCUA_SHARED", Path(__file__).resolve().parents[3] / "shared"))
EXPORT = SHARED / "data" / "02_tthc" / "tthc_national_2026-07_full.jsonl.gz"
DAY = date(2026, 1, 5)


def way(how: str = "DIRECT", time: Any = 5, unit: str = "WORKING_DAY", fees: Any = (), **more: Any) -> dict[str, Any]:
    return {"submissionMethod": how, "processingTime": time, "processingTimeUnit": unit, "fees": list(fees)} | more


def entry(code: str = "8.000001", **more: Any) -> dict[str, Any]:
    """An entry about which everything can be understood."""
    plain = {
        "code": code, "name": "Cấp giấy phép thử nghiệm", "isWard": True, "isProvince": False,
        "departmentPromulgateCode": "G15", "departmentPromulgateName": "Bộ Tư pháp",
        "executionMethods": [way(), way("ONLINE", 3), way("POSTAL", 4)],
        "executionCases": [{"name": "* Giấy tờ phải nộp:", "profileComponents": [
            {"name": "- Đơn đề nghị", "originalQty": 1, "copyQty": 0, "required": True}]}],
        "categoriesDetails": [{"code": "G15-TP03", "name": "Chứng thực"}],
        "resultsDetails": [{"name": "Giấy phép", "code": "KQ1"}],
        "subjectTypesDetails": [{"name": "Công dân Việt Nam"}, {"name": "Hợp tác xã"}],
        "legalBasisesDetails": [{"code": "23/2015/NĐ-CP", "name": "Nghị định về chứng thực"}],
        "somethingNew": {"unknown": True},
    }  # fmt: skip
    return plain | more


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return tiny_pack(tmp_path)


def export(tmp_path: Path, *entries: dict[str, Any] | str) -> Path:
    path = tmp_path / "tthc_test_full.jsonl.gz"
    lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in entries]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def loaded(path: Path, pack: Path, **more: Any) -> NationalReport:
    report = load_national(path, pack, **more)
    assert report.problems == ()
    whole = report.published + report.unchanged + report.modelled + report.not_loaded
    assert whole == report.entries
    assert sum(not note.loaded for note in report.notes) >= report.not_loaded
    return report


def test_an_entry_becomes_a_procedure_with_the_standard_process_of_its_tier(
    db: None, tmp_path: Path, pack: Path
) -> None:
    report = loaded(export(tmp_path, entry()), pack)

    _, made = versions.current_version("8.000001", DAY)
    assert report.notes == ()
    assert (report.published, report.received_here) == (1, 1)
    assert made.name.vi == "Cấp giấy phép thử nghiệm"
    assert made.received_at == ("commune",)
    assert made.applicants == ("person", "business")
    [case] = made.cases
    assert (case.statutory, case.channels) == ("5 working_days", {"post": "4 working_days"})
    [paper] = made.papers
    assert (paper.name.vi, paper.original, paper.required) == ("Đơn đề nghị", 1, True)
    assert paper.note is not None
    assert paper.note.vi == "Giấy tờ phải nộp:"
    assert [result.name.vi for result in made.results] == ["Giấy phép"]
    assert made.sources == ("23/2015/NĐ-CP Nghị định về chứng thực",)
    assert [step.id for step in made.process.steps] == ["receive", "appraise", "sign", "number", "return"]
    assert sum(int(step.budget.split()[0]) for step in made.process.steps) <= 32


def test_a_provincial_entry_goes_to_the_department_of_its_field(db: None, tmp_path: Path, pack: Path) -> None:
    fields = {"8.000001": "G15-TP03", "8.000002": "G16-VH13", "8.000003": "G16-VH21"}
    entries = [
        entry(code, isWard=False, isProvince=True, categoriesDetails=[{"code": field, "name": field}])
        for code, field in fields.items()
    ]
    loaded(export(tmp_path, *entries), pack)

    receivers = {code: versions.current_version(code, DAY)[1].received_by for code in fields}
    assert receivers == {"8.000001": ("TP",), "8.000002": ("VHTT",), "8.000003": ("DL",)}
    assert "8.000001" in {card.code for card in versions.offered_at(12, DAY)}
    assert len(versions.current_version("8.000001", DAY)[1].process.steps) == 7


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"isInternal": True}, "isInternal"),
        ({"isVertical": True}, "isVertical"),
        ({"isWard": False}, "isMinistry"),
        ({"departmentPromulgateCode": "H05"}, "departmentPromulgateCode"),
        ({"isProvince": True, "isWard": False, "categoriesDetails": [{"code": "G19-NH01", "name": "Ngân hàng"}]},
         "categoriesDetails"),
    ],
)  # fmt: skip
def test_what_the_city_does_not_receive_is_loaded_and_noted(
    db: None, tmp_path: Path, pack: Path, changes: dict[str, Any], field: str
) -> None:
    report = loaded(export(tmp_path, entry(**changes)), pack)

    assert [note.field for note in report.notes] == [field]
    assert (report.published, report.received_here) == (1, 0)
    assert versions.offering_agencies("8.000001", DAY) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"executionMethods": [way(fees=[{"type": "FEE", "value": 0, "description": "Do HĐND tỉnh quy định"}])]},
         "executionMethods.fees", "in words only"),
        ({"executionMethods": [way(fees=[{"type": "FEE", "value": 10, "currencyName": "USD"}])]},
         "executionMethods.fees", "not in đồng"),
        ({"executionMethods": [way(fees=[{"type": "FEE", "value": 20, "description": "20.000"}])]},
         "executionMethods.fees", "doubtful"),
        ({"executionMethods": [way(fees=[{"type": "FEE", "value": 12.5}])]}, "executionMethods.fees", "not an amount"),
        ({"executionMethods": [way(), way("FAX")]}, "executionMethods.submissionMethod", "not a known way"),
        ({"executionMethods": [way(), way("POSTAL", "Tùy trường hợp", "OTHER")]},
         "executionMethods.processingTime (post)", "not a time limit"),
        ({"executionMethods": [way(), way(time=9)]}, "executionMethods.processingTime (counter)", "several limits"),
        ({"executionMethods": [way(time=1, unit="OTHER")], "cases": [{"processingDay": {"qty": 7, "type": "DAY"}}]},
         "cases.processingDay", "taken from here"),
        ({"executionCases": []}, "executionCases", "no papers"),
        ({"executionCases": [{"name": "", "profileComponents": [{"name": " - "}, {"name": "Đơn"}]}]},
         "executionCases.profileComponents.name", "without a name"),
        ({"resultsDetails": []}, "resultsDetails", "no result"),
        ({"subjectTypesDetails": [{"name": "nhóm 1"}, {"name": "Doanh nghiệp"}]}, "subjectTypesDetails", "not a known"),
        ({"subjectTypesDetails": None}, "subjectTypesDetails", "everybody may apply"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_noted_by_field_and_the_rest_is_loaded(
    db: None, tmp_path: Path, pack: Path, changes: dict[str, Any], field: str, words: str
) -> None:
    report = loaded(export(tmp_path, entry(**changes)), pack)

    assert report.published == 1
    assert any(note.field == field and words in note.reason and note.loaded for note in report.notes), report.notes
    assert all(note.line == 1 and note.code == "8.000001" for note in report.notes)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (entry(executionMethods=[way(time=0, unit="OTHER")]), "executionMethods.processingTime"),
        (entry(executionMethods=None), "executionMethods.processingTime"),
        (entry(code="8 and a half"), "$.code"),
        (entry(executionMethods="by hand"), "executionMethods"),
        (entry(code=None), "code"),
        ("{not json", "line"),
        ('["a list"]', "line"),
    ],
)
def test_what_cannot_be_loaded_is_listed_and_the_others_are_loaded(
    db: None, tmp_path: Path, pack: Path, line: Any, field: str
) -> None:
    report = loaded(export(tmp_path, entry("8.000007"), line, entry("8.000008")), pack)

    assert (report.entries, report.published, report.not_loaded) == (3, 2, 1)
    left_out = [note for note in report.notes if not note.loaded]
    assert [(note.line, note.field) for note in left_out] == [(2, field)]


def test_a_code_given_twice_is_loaded_once(db: None, tmp_path: Path, pack: Path) -> None:
    report = loaded(export(tmp_path, entry(), entry(name="Tên khác")), pack)

    assert (report.published, report.not_loaded) == (1, 1)
    assert "given before" in report.notes[0].reason


def test_what_a_pack_describes_is_left_as_it_is(db: None, tmp_path: Path, pack: Path) -> None:
    before = versions.current_version("1.009994", DAY)

    report = loaded(export(tmp_path, entry("1.009994"), entry("1.013225"), entry("1.001193")), pack)

    assert (report.modelled, report.published) == (3, 0)
    assert versions.current_version("1.009994", DAY) == before


def test_loading_again_publishes_only_what_has_changed(db: None, tmp_path: Path, pack: Path) -> None:
    same, other = entry("8.000001"), entry("8.000002")
    loaded(export(tmp_path, same, other), pack)
    renamed = other | {"name": "Tên mới"}

    again = loaded(export(tmp_path, same, renamed), pack)
    third = loaded(export(tmp_path, same, renamed), pack)

    assert (again.published, again.unchanged) == (1, 1)
    assert (third.published, third.unchanged) == (0, 2)
    _, latest = versions.current_version("8.000002", DAY)
    assert (latest.version, latest.valid_from, latest.name.vi) == (2, date(2025, 7, 2), "Tên mới")
    assert versions.current_version("8.000002", date(2025, 7, 1))[1].version == 1


def test_fees_differ_by_the_way_to_lodge(db: None, tmp_path: Path, pack: Path) -> None:
    def fee(value: int) -> list[dict[str, Any]]:
        return [{"type": "SERVICE_FEE", "value": value, "currencyName": "Việt Nam Đồng"}]

    loaded(export(tmp_path, entry(executionMethods=[way("ONLINE", fees=fee(50_000)), way(fees=fee(100_000))])), pack)

    [one] = versions.current_version("8.000001", DAY)[1].fees
    assert (one.kind, one.rule, one.by_channel) == ("le_phi", Fixed(100_000), {"online": Fixed(50_000)})


def test_new_fields_are_kept_after_those_of_the_pack(db: None, tmp_path: Path, pack: Path) -> None:
    strange = entry(categoriesDetails=[{"code": "X-1", "name": "Lĩnh vực lạ"}])
    loaded(export(tmp_path, strange, entry("8.000002", categoriesDetails=[])), pack)

    assert versions.fields()["X-1"].vi == "Lĩnh vực lạ"
    assert versions.fields()["G15-TP03"].en == "Certification of copies and signatures"
    assert models.Procedure.objects.get(code="8.000002").field.code == "khac"


def test_a_file_that_breaks_off_tells_so_and_keeps_what_came_before(tmp_path: Path) -> None:
    path = export(tmp_path, *(entry(f"8.{at:06}", name=os.urandom(200).hex()) for at in range(200)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    read = list(read_national(path))

    assert isinstance(read[-1][1], Note)
    assert "breaks off" in read[-1][1].reason
    assert len([each for _, each in read if isinstance(each, Given)]) > 50


@pytest.mark.parametrize("content", [b"", b"not gzip at all", b"\x1f\x8b\x08\x00garbage"])
def test_a_file_that_is_no_export_loads_nothing(content: bytes, tmp_path: Path, pack: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(content)

    report = check_national(path, pack)

    assert report.published == 0
    assert [note.field for note in report.notes] == (["file"] if content else [])


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (5, "WORKING_DAY", "5 working_days"),
        (3.5, "WORKING_DAY", "28 working_hours"),
        (30, "DAY", "30 calendar_days"),
        (8, "HOUR", "8 working_hours"),
        (15, "HOUR", "8 working_hours"),
        (24, "HOUR", "1 calendar_days"),
        (110, "HOUR", "4 calendar_days"),
        (2, "MONTH", "2 months"),
        (1.5, "MONTH", "45 calendar_days"),
        (1, "YEAR", "12 months"),
        (0.05, "WORKING_DAY", None),
        (1, "OTHER", None),
        (0, "DAY", None),
        (-3, "DAY", None),
        (float("inf"), "DAY", None),
        (None, "DAY", None),
    ],
)
def test_numbers_with_units(amount: float | None, unit: str, words: str | None) -> None:
    limit = limit_of(amount, unit)

    assert (format_limit(limit) if limit else None) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Không quá 03 ngày làm việc (không tính thời gian …)", "3 working_days"),
        ("12.5 ngày làm việc + thời gian", "100 working_hours"),
        ("05 (năm) ngày kể từ ngày nhận", "5 calendar_days"),
        ("02 tháng và 15 ngày làm việc", "2 months"),
        ("Thực hiện trong ngày làm việc nhận được hồ sơ", "same_day"),
        ("Ngay khi nhận đủ hồ sơ", "same_day"),
        ("Tùy theo từng trường hợp", None),
        ("Điều 7 Luật số 54/2014/QH13", None),
        ("", None),
        (None, None),
    ],
)
def test_limits_in_words(text: str | None, words: str | None) -> None:
    limit = limit_in_text(text)

    assert (format_limit(limit) if limit else None) == words


@pytest.mark.slow
@pytest.mark.skipif(not EXPORT.exists(), reason=f"the national catalogue is not at {EXPORT}")
def test_the_real_export_is_loaded_or_listed_entry_by_entry(db: None) -> None:
    out = StringIO()
    call_command("content", "load", str(EXPORT), "--json", stdout=out, stderr=StringIO())
    told = json.loads(out.getvalue())

    with gzip.open(EXPORT) as file:
        assert told["entries"] == sum(1 for line in file if line.strip())
    assert told["entries"] == told["published"] + told["modelled"] + told["not_loaded"]
    assert told["published"] > 5_000
    left_out = Counter(note["line"] for note in told["notes"] if not note["loaded"])
    assert len(left_out) == told["not_loaded"]
    unread = {each["code"] for each in told["notes"] if not each["loaded"] and "given before" not in each["reason"]}
    assert models.Procedure.objects.filter(origin="national").count() == told["published"]
    assert not models.Procedure.objects.filter(origin="national", code__in=unread).exists()
    cards = [card for card in versions.cards_on(DAY) if card.origin == "national"]
    assert len(cards) == told["published"]
    received = [card for card in cards if versions.snapshot().offers.get(card.code)]
    assert len(received) == told["received_here"]
