"""Taking businesses and branches in from a file, row by row: each gets its verdict, and no bad row stops a good one.

A head office comes before its branches, in the file or in the register. Reading files is left to `csv_reading`, what
a business is and was to `businesses`.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from motcua.law.dossier import Address
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.organisation.directory import directory
from motcua.registry import businesses
from motcua.registry.importing import MOST_ROWS, Verdict
from motcua.registry.record import Source

BUSINESS_COLUMNS = ("tax_code", "name", "address", "commune", "representative", "since", "closed")
Fault = tuple[str, Text]


def import_businesses(rows: Iterable[Mapping[str, str]], by: Source) -> list[Verdict]:
    """Takes each row in, on its own; the same rows again change nothing. `number` in a verdict is the tax code."""
    verdicts = []
    for at, row in enumerate(rows, 1):
        if at > MOST_ROWS:
            verdicts.append(Verdict(at, "refused", faults=(("", _TOO_MANY),)))
            break
        verdicts.append(_take(at, row, by))
    return verdicts


def _take(at: int, row: Mapping[str, str], by: Source) -> Verdict:
    faults: list[Fault] = [(name, _NO_COLUMN) for name in row if name not in BUSINESS_COLUMNS]
    code = row.get("tax_code", "")
    since, closed = _day(row, "since", faults), _day(row, "closed", faults)
    if since is None and not row.get("since"):
        faults.append(("since", _NO_DAY))
    if since and closed and closed <= since:
        faults.append(("closed", _ENDS_FIRST))
    commune = row.get("commune", "")
    place = directory().by_code.get(commune)
    if commune and (place is None or place.tier != "commune"):
        faults.append(("commune", _NO_COMMUNE))
    representative = row.get("representative", "")
    if representative and not (representative.isdecimal() and len(representative) == 12):
        faults.append(("representative", _TWELVE))
    if faults or since is None:
        return Verdict(at, "refused", code, tuple(faults))
    name, address = row.get("name", ""), Address(row.get("address", ""), commune)
    before = businesses.find(code)
    is_known = before is not None and businesses.is_known(before, name, address, since, representative=representative)
    if before is not None and is_known and closed in (None, before.until):
        return Verdict(at, "unchanged", before.pk)
    if not is_known:
        entered = businesses.enter(code, name, address, by, since, representative=representative)
        if isinstance(entered, Refusal):
            return Verdict(at, "refused", code, (("tax_code" if name else "name", entered.text),))
        code = entered.pk
    if closed:
        businesses.close(before.pk if before else code, closed, by)
    return Verdict(at, "changed" if before else "new", code)


def _day(row: Mapping[str, str], column: str, faults: list[Fault]) -> date | None:
    said = row.get(column, "")
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        faults.append((column, _NO_DATE))
        return None


_NO_COLUMN = Text("Không có cột này.", "There is no such column.")
_NO_DAY = Text("Để trống.", "This is empty.")
_NO_DATE = Text("Ngày phải viết như 2018-10-08.", "A day is written like 2018-10-08.")
_ENDS_FIRST = Text("Ngày đóng phải sau ngày bắt đầu.", "It must end after it began.")
_NO_COMMUNE = Text("Không có xã, phường mang mã này.", "No commune has this code.")
_TWELVE = Text("Cần số định danh 12 chữ số.", "12 digits are needed.")
_TOO_MANY = Text(f"Tệp có hơn {MOST_ROWS} dòng; hãy chia nhỏ.", f"More than {MOST_ROWS} rows; divide the file.")
