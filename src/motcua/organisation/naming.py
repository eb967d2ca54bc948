"""How an agency is called on papers and in lists that mix districts: its office, and its whole name.

The short name is the agency's own; these two add what a reader elsewhere would miss.
"""

from motcua.law.directory import Agency, Directory
from motcua.law.texts import Text

_GOVERNED = ("city", "district", "commune")


def office_name(agency: Agency) -> Text:
    """The authority itself: “UBND phường Hàng Bạc”; for others the name as it is."""
    if agency.tier not in _GOVERNED:
        return agency.name
    vi = agency.name.vi
    return Text(f"UBND {vi[:1].lower()}{vi[1:]}", f"People's Committee of {_within(agency.name.en)}")


def full_name(directory: Directory, number: int) -> Text:
    """The name with the house it belongs to: “Phòng Quản lý đô thị, quận Hoàn Kiếm”."""
    agency = directory[number]
    house = directory.house(number)
    if house == number:
        return agency.name
    above = directory[house].name
    return Text(f"{agency.name.vi}, {above.vi[:1].lower()}{above.vi[1:]}", f"{agency.name.en}, {above.en}")


def _within(name: str) -> str:
    return f"the {name}" if name.startswith("City") else name
