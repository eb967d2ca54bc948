"""Taking people in from a file or another house, row by row: each gets its verdict, and no bad row stops a good one.

A row is a mapping from column to text. What is already known stays known: a different value is a change, dated
today, with the file as its source. But a row whose number belongs to somebody of another name, birth or sex is
refused: a mistyped number must not make one person of two; who they are is corrected by a dossier. Reading files
is left to `csv_reading`, twins to `twins`.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec
from django.db import transaction
from django.utils import timezone

from motcua.law.actor import Actor
from motcua.law.names import same_name
from motcua.law.persons import check_personal_number
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import city_day
from motcua.registry import twins
from motcua.registry.facts import FACTS, WrongFactError, read_fact, same_birth
from motcua.registry.models import Alias, Resident
from motcua.registry.record import Source, change, first_record
from motcua.registry.two_times import Value

NUMBER, FORMER = "number", "former_number"
PLACES = {f"{what}_commune": what for what, (_no, shape, _name) in FACTS.items() if shape == "address"}
PEOPLE = {f"{what}_number": what for what, (_no, shape, _name) in FACTS.items() if shape == "person"}
COLUMNS = (NUMBER, FORMER, *FACTS, *PLACES, *PEOPLE)
MOST_ROWS = 200_000
# A row names these at least: a number alone is nobody.
NEEDED = WHO = ("name", "birth", "sex")


class Verdict(msgspec.Struct, frozen=True):
    """What became of one row (counted from 1): `faults` are (column, why), `warnings` do not stop it."""

    row: int
    outcome: Literal["new", "changed", "unchanged", "refused"]
    number: str = ""
    faults: tuple[tuple[str, Text], ...] = ()
    warnings: tuple[Text, ...] = ()


def import_rows(rows: Iterable[Mapping[str, str]], actor: Actor, source: str) -> list[Verdict]:
    """Takes each row in, on its own. The same rows again change nothing."""
    by = Source(words=source[:200], by=actor.name)
    seen: dict[str, int] = {}
    verdicts = []
    for at, row in enumerate(rows, 1):
        if at > MOST_ROWS:
            verdicts.append(Verdict(at, "refused", faults=(("", _TOO_MANY),)))
            break
        verdicts.append(_take(at, row, by, seen))
    return verdicts


def _take(at: int, row: Mapping[str, str], by: Source, seen: dict[str, int]) -> Verdict:
    faults: list[tuple[str, Text]] = [(name, _NO_COLUMN) for name in row if name not in COLUMNS]
    number, warnings = _number(row, faults)
    values = _values(row, faults)
    former = "".join(str(row.get(FORMER) or "").split())
    if former and not (former.isdecimal() and len(former) == 9):
        faults.append((FORMER, Text("Số cũ có 9 chữ số.", "A former number has 9 digits.")))
    if number and number in seen:
        faults.append((NUMBER, Text(f"Trùng với dòng {seen[number]}.", f"The same as in row {seen[number]}.")))
    if faults:
        return Verdict(at, "refused", number, tuple(faults), warnings)
    seen[number] = at
    with transaction.atomic():
        outcome = _store(number, values, former, by)
    if outcome == "taken":
        return Verdict(at, "refused", number, ((FORMER, _OF_ANOTHER),), warnings)
    if outcome in WHO:
        return Verdict(at, "refused", number, ((outcome, _SOMEBODY_ELSE),), warnings)
    return Verdict(at, outcome, number, warnings=warnings)  # type: ignore[arg-type]


def _number(row: Mapping[str, str], faults: list[tuple[str, Text]]) -> tuple[str, tuple[Text, ...]]:
    said = check_personal_number(str(row.get(NUMBER) or ""))
    if isinstance(said, Refusal) or said.kind != "cccd12":
        why = said.text if isinstance(said, Refusal) else Text("Cần số định danh 12 chữ số.", "12 digits are needed.")
        faults.append((NUMBER, why))
        return "", ()
    return said.number, said.warnings


def _values(row: Mapping[str, str], faults: list[tuple[str, Text]]) -> dict[str, Value]:
    today, values = city_day(timezone.now()), {}
    for what, (_no, shape, _name) in FACTS.items():
        given: object = str(row.get(what) or "").strip()
        more = {"address": ("commune", f"{what}_commune"), "person": ("number", f"{what}_number")}.get(shape)
        if more and given and row.get(more[1]):
            given = {("text" if shape == "address" else "name"): given, more[0]: str(row[more[1]]).strip()}
        if not given:
            if what in NEEDED:
                faults.append((what, Text("Để trống.", "This is empty.")))
            continue
        try:
            values[what] = read_fact(what, given, today)
        except WrongFactError as error:
            faults.append((what, error.text))
    return values


def _store(number: str, values: Mapping[str, Value], former: str, by: Source) -> str:
    present = Resident.objects.select_for_update().filter(number=number).first()
    if former:
        taken = Alias.objects.filter(number=former).first()
        if taken is not None and (present is None or taken.resident_id != present.pk):
            return "taken"
    if present is not None and (other := _contradiction(present, values)):
        return other
    outcome = "unchanged"
    if present is None:
        present, outcome = first_record(number, values, by), "new"
    else:
        today = city_day(timezone.now())
        for what, value in values.items():
            if what in WHO and not _says_more(what, getattr(present, what), value):
                continue
            if getattr(present, what) != value and change(present.pk, what, value, by, today):
                outcome = "changed"
    if former and not Alias.objects.filter(number=former).exists():
        Alias.objects.create(number=former, resident=present)
        outcome = "changed" if outcome == "unchanged" else outcome
    if outcome != "unchanged":
        twins.look_for_twins(present.pk)
    return outcome


def _says_more(what: str, held: str, given: Value) -> bool:
    """A birth known to the day takes the place of one known to the year; a name in other letters takes none."""
    return not held or (what == "birth" and len(str(given)) > len(held))


def _contradiction(present: Resident, values: Mapping[str, Value]) -> str:
    """Which of name, birth and sex says that this is another person; '' when none does."""
    said = {what: str(values[what]) for what in WHO}
    if not same_name(present.name, said["name"]):
        return "name"
    if present.birth and not same_birth(present.birth, said["birth"]):
        return "birth"
    return "sex" if present.sex and present.sex != said["sex"] else ""


_NO_COLUMN = Text("Không có cột này.", "There is no such column.")
_SOMEBODY_ELSE = Text(
    "Số này trong cơ sở dữ liệu thuộc người khác: khác họ tên, ngày sinh hoặc giới tính. Hãy xem lại số.",
    "In the register this number belongs to somebody of another name, birth or sex. Look at the number again.",
)
_OF_ANOTHER = Text("Số cũ này là của người khác.", "This former number is somebody else's.")
_TOO_MANY = Text(f"Tệp có hơn {MOST_ROWS} dòng; hãy chia nhỏ.", f"More than {MOST_ROWS} rows; divide the file.")
