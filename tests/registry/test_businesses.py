"""Businesses and households: dated both ways like people, and refused by the table where a verb would refuse."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from motcua.law.dossier import Address
from motcua.law.refusal import Refusal
from motcua.registry import businesses, households
from motcua.registry.models import Business, BusinessStatement, Household
from motcua.registry.record import Source
from motcua.registry.two_times import true_on
from registry.people import FATHER, MOTHER, person

pytestmark = pytest.mark.django_db
BY = Source("thử")
HERE, THERE = Address("Số 1", "00001"), Address("Số 2", "00004")
SINCE = date(2015, 1, 1)


def entered(code: str = "0100109106", name: str = "Công ty Mẫu", at: Address = HERE, since: date = SINCE) -> Business:
    found = businesses.enter(code, name, at, BY, since)
    assert isinstance(found, Business), found
    return found


def test_a_move_is_dated_both_ways() -> None:
    company = entered()
    before = timezone.now()
    entered(at=THERE, since=date(2018, 5, 1))
    told = businesses.story(company)
    now = timezone.now()
    assert true_on(told, date(2018, 6, 1), before)["address"] == "Số 1"  # type: ignore[index]
    assert true_on(told, date(2018, 6, 1), now)["address"] == "Số 2"  # type: ignore[index]
    assert true_on(told, date(2017, 1, 1), now)["address"] == "Số 1"  # type: ignore[index]
    assert Business.objects.get().commune == "00004"
    count = BusinessStatement.objects.count()
    entered(at=THERE, since=date(2018, 5, 1))
    assert BusinessStatement.objects.count() == count


def test_branches_belong_to_a_head_office_and_close_with_it() -> None:
    assert isinstance(businesses.enter("0100109106-001", "Chi nhánh", HERE, BY, SINCE), Refusal)
    head, branch = entered(), entered("0100109106-001", "Chi nhánh Mẫu")
    assert branch.head_id == head.pk
    assert businesses.find("0100109106001") == branch
    businesses.close(head.pk, date(2018, 6, 1), BY)
    assert set(Business.objects.values_list("until", flat=True)) == {date(2018, 6, 1)}


def test_a_wrong_check_digit_is_refused_by_verb_and_table() -> None:
    assert isinstance(businesses.enter("0100109107", "X", HERE, BY, SINCE), Refusal)
    with pytest.raises(IntegrityError), transaction.atomic():
        Business.objects.create(tax_code="0100109107", name="X", name_key="x")
    assert Business.objects.count() == BusinessStatement.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    ["UPDATE registry_businessstatement SET source = 'x'", "DELETE FROM registry_businessstatement",
     "TRUNCATE registry_businessstatement", "TRUNCATE registry_statement CASCADE"],
)  # fmt: skip
def test_what_was_said_is_never_altered(statement: str) -> None:
    entered()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert BusinessStatement.objects.get().source == "thử"


def test_when_a_move_was_learnt_is_kept() -> None:
    one, other = person(), person(FATHER, name="Trần Văn Mẫu", sex="male", birth="1985")
    homes = [Household.objects.create(code=f"H{n}", address=f"Số {n}", commune="00001") for n in (1, 2)]
    households.move(one.pk, homes[0].pk, "head", date(2012, 1, 1), BY)
    households.move(other.pk, homes[0].pk, "spouse", date(2012, 1, 1), BY)
    with connection.cursor() as cursor:
        # Within one transaction the clock of the database stands still; the past is made past.
        cursor.execute("UPDATE registry_member SET known_at = known_at - interval '1 day'")
        cursor.execute("SELECT now() - interval '1 hour'")
        before = cursor.fetchone()[0]
    households.move(other.pk, homes[1].pk, "head", date(2018, 3, 1), BY)
    day = date(2018, 4, 1)
    assert [row.resident.number for row in households.members_of(homes[0].pk, day)] == [MOTHER]
    assert len(households.members_of(homes[0].pk, day, before)) == 2
    assert households.members_of(homes[1].pk, day, before) == []


FILE = """Mã số thuế;Tên doanh nghiệp;Địa chỉ;Xã;Người đại diện;Từ ngày;Đóng ngày
0100109106;Công ty Mẫu;Số 1;00001;000187000001;2015-01-01;
0100109106-001;Chi nhánh Mẫu;Số 2;00004;;2016-01-01;2018-06-01
0100109107;Sai Số;Số 3;00001;;2015-01-01;
0101248141;Không Ngày;Số 4;99999;1;hôm qua;
"""


def test_a_file_of_businesses_is_taken_in_with_a_verdict_a_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "doanh-nghiep.csv"
    path.write_text(FILE, encoding="utf-8")
    for expected in ({"new": 2, "changed": 0, "unchanged": 0, "refused": 2},
                     {"new": 0, "changed": 0, "unchanged": 2, "refused": 2}):  # fmt: skip
        with pytest.raises(CommandError, match="2 dòng"):
            call_command("registry", "import", str(path), businesses=True, json=True)
        told = json.loads(capsys.readouterr().out)
        assert {name: told[name] for name in expected} == expected
        assert [each["row"] for each in told["rows"]] == [3, 4]
        assert {column for column, _why in told["rows"][1]["faults"]} == {"commune", "representative", "since"}
    moved = FILE.replace("Số 1;00001;000187000001;2015-01-01", "Số 9;00001;000187000001;2018-09-01")
    path.write_text(moved, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("registry", "import", str(path), businesses=True, json=True)
    assert json.loads(capsys.readouterr().out)["changed"] == 1
    call_command("registry", "business", "0100109106001", json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["until"]) == ("Chi nhánh Mẫu", "2018-06-01")
    with pytest.raises(CommandError):
        call_command("registry", "business", "0101248141")
