"""People from a file: each row its verdict, bad ones named by row and column, good ones taken, twice is once."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from motcua.law.actor import Actor
from motcua.registry.csv_reading import UnreadableError, read_rows
from motcua.registry.importing import import_rows
from motcua.registry.models import Alias, Resident, Statement, Twin
from registry.people import MOTHER, person

pytestmark = pytest.mark.django_db
CLERK = Actor(account=11, name="Nguyễn Thị Lan")
GOOD = {"number": MOTHER, "name": "Nguyễn Thị Mẫu", "birth": "04/03/1987", "sex": "Nữ", "permanent": "Số 5",
        "permanent_commune": "00001"}  # fmt: skip


def outcomes(*rows: dict[str, str]) -> list[str]:
    return [each.outcome for each in import_rows(rows, CLERK, "thu.csv")]


def test_twice_is_once_and_what_differs_is_a_dated_change() -> None:
    assert outcomes(GOOD) == ["new"]
    assert outcomes(GOOD) == ["unchanged"]
    assert Statement.objects.count() == 0
    assert outcomes(GOOD | {"permanent": "Số 9"}) == ["changed"]
    assert Resident.objects.get().permanent == {"text": "Số 9", "commune": "00001"}
    assert {row.source for row in Statement.objects.filter(known_to=None)} == {"thu.csv"}


@pytest.mark.parametrize(
    ("wrong", "column"),
    [({"number": "12"}, "number"), ({"number": "123456789"}, "number"), ({"birth": "31/02/1987"}, "birth"),
     ({"birth": ""}, "birth"), ({"sex": "?"}, "sex"), ({"name": ""}, "name"), ({"name": "=HYPERLINK(1)"}, "name"),
     ({"permanent_commune": "12"}, "permanent"), ({"former_number": "12"}, "former_number"), ({"age": "3"}, "age")],
)  # fmt: skip
def test_a_bad_row_is_named_by_its_column_and_stops_no_good_one(wrong: dict[str, str], column: str) -> None:
    other = GOOD | {"number": "000187000009", "name": "Trần Thị Khác"}
    verdicts = import_rows([GOOD | wrong, other], CLERK, "thu.csv")
    assert [each.outcome for each in verdicts] == ["refused", "new"]
    assert column in {name for name, _why in verdicts[0].faults}
    assert all(why.vi and why.en for _name, why in verdicts[0].faults)
    assert Resident.objects.count() == 1


def test_one_number_twice_in_a_file_is_said() -> None:
    verdicts = import_rows([GOOD, GOOD | {"name": "Khác"}], CLERK, "thu.csv")
    assert [each.outcome for each in verdicts] == ["new", "refused"]
    assert Resident.objects.get().name == "Nguyễn Thị Mẫu"


def test_a_former_number_belongs_to_one_person() -> None:
    assert outcomes(GOOD | {"former_number": "011234567"}) == ["new"]
    other = GOOD | {"number": "000187000009", "name": "Khác", "former_number": "011234567"}
    assert outcomes(other) == ["refused"]
    assert Resident.objects.count() == Alias.objects.count() == 1


def test_who_may_be_the_same_person_is_noted_for_somebody_to_decide() -> None:
    assert outcomes(GOOD, GOOD | {"number": "000187000009"}) == ["new", "new"]
    assert Twin.objects.filter(same=None).count() == 1


def test_a_number_that_contradicts_the_row_is_a_warning() -> None:
    verdict = import_rows([GOOD | {"sex": "Nam"}], CLERK, "thu.csv")[0]
    assert verdict.outcome == "new"
    assert verdict.warnings


HEAD = "Số định danh;Họ và tên;Ngày sinh;Giới tính;Nơi thường trú"
LINE = f"{MOTHER};Nguyễn Thị Mẫu;4/3/1987;nữ;Số 5"


@pytest.mark.parametrize(
    "data",
    [
        f"{HEAD}\n{LINE}\n".encode(),
        f"\ufeff{HEAD}\r\n{LINE}\r\n".encode(),
        f"{HEAD}\n{LINE}\n".encode("utf-16"),
        f"{HEAD}\n\n;;;;\n{LINE}".replace(";", "\t").encode(),
        f"number,name,birth,sex,permanent\n{LINE.replace(';', ',')}\n".encode(),
        __import__("unicodedata").normalize("NFD", f"{HEAD}\n{LINE}\n").encode(),
    ],
)
def test_a_table_is_read_whatever_wrote_it(data: bytes) -> None:
    rows = list(read_rows(data))
    assert rows == [{"number": MOTHER, "name": "Nguyễn Thị Mẫu", "birth": "4/3/1987", "sex": "nữ", "permanent": "Số 5"}]


@pytest.mark.parametrize("data", [b"", b"a;b\n1;2\n", b"\x00\x01\x02", "Số".encode("cp1258", "replace") + b"\xff;x\n"])
def test_what_is_no_table_of_people_is_said(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(read_rows(data))


def test_the_command_takes_the_good_rows_and_fails_for_the_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "thu.csv"
    path.write_text(f"{HEAD}\n{LINE}\n1;Sai;x;?;\n", encoding="utf-8")
    with pytest.raises(CommandError, match="1 dòng"):
        call_command("registry", "import", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["refused"]) == (1, 1)
    assert told["rows"][0]["row"] == 2


def test_the_command_looks_up_only_with_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    person()
    with pytest.raises(CommandError):
        call_command("registry", "lookup", MOTHER)
    call_command("registry", "lookup", MOTHER, "--reason", "Kiểm tra định kỳ", "--json")
    assert json.loads(capsys.readouterr().out)["name"] == "Nguyễn Thị Mẫu"
