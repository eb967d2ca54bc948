"""Telephone numbers, old and new, are brought to the one that rings today."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.telephones import normalise_phone


@pytest.mark.parametrize(
    ("typed", "number", "kind"),
    [
        ("0912345678", "0912345678", "mobile"),
        ("0912 345 678", "0912345678", "mobile"),
        ("(091) 234-5678", "0912345678", "mobile"),
        ("+84912345678", "0912345678", "mobile"),
        ("+84 (0) 912 345 678", "0912345678", "mobile"),
        ("0084 912345678", "0912345678", "mobile"),
        ("84912345678", "0912345678", "mobile"),
        ("912345678", "0912345678", "mobile"),
        ("0321234567", "0321234567", "mobile"),
        ("024 3825 1234", "02438251234", "landline"),
        ("+842438251234", "02438251234", "landline"),
        ("02033825123", "02033825123", "landline"),
    ],
)
def test_a_number_as_people_write_it(typed, number, kind):
    phone = normalise_phone(typed)
    assert (phone.number, phone.kind, phone.renumbered_from) == (number, kind, "")
    assert phone.international == f"+84{number[1:]}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((f"016{last}", f"03{last}") for last in "23456789"),
        ("0120", "070"), ("0121", "079"), ("0122", "077"), ("0126", "076"), ("0128", "078"),
        ("0123", "083"), ("0124", "084"), ("0125", "085"), ("0127", "081"), ("0129", "082"),
        ("0186", "056"), ("0188", "058"), ("0199", "059"),
    ],
)  # fmt: skip
def test_eleven_digits_of_2018_become_ten(old, new):
    phone = normalise_phone(f"{old} 123 4567")
    assert (phone.number, phone.kind, phone.renumbered_from) == (f"{new}1234567", "mobile", f"{old}1234567")
    assert normalise_phone(f"+84{old[1:]}1234567") == phone


def test_a_hanoi_landline_of_before_june_2017():
    phone = normalise_phone("04.3825.1234")
    assert (phone.number, phone.kind, phone.renumbered_from) == ("02438251234", "landline", "0438251234")


def test_a_foreign_number_is_kept_with_its_country():
    for typed in ("+81 3-1234-5678", "0081 312345678"):
        phone = normalise_phone(typed)
        assert (phone.number, phone.international, phone.kind) == ("+81312345678", "+81312345678", "foreign")


@pytest.mark.parametrize(
    "typed",
    [
        "", "113", "19001000", "abc", "0612345678", "01112345678", "09123456789", "0912345", "+84", "+0912345678",
        "091234567x", "٠٩١٢٣٤٥٦٧٨", "0912345678; 0987654321", "0" * 99,
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(typed):
    assert normalise_phone(typed) is None


@given(st.text("0123456789+ .-()", max_size=20))
def test_what_was_brought_into_form_stays(typed):
    phone = normalise_phone(typed)
    if phone is not None:
        again = normalise_phone(phone.number)
        assert (again.number, again.international, again.kind) == (phone.number, phone.international, phone.kind)
        assert normalise_phone(phone.international).number == phone.number
