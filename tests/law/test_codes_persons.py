"""Numbers of people and businesses: contradictions are warned about, only what cannot be a number is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.persons import PROVINCES, check_personal_number, check_tax_code, tax_check_digit
from motcua.law.refusal import Refusal


def warned(*args, **kwargs):
    checked = check_personal_number(*args, **kwargs)
    assert not isinstance(checked, Refusal)
    return " | ".join(warning.vi for warning in checked.warnings)


def test_a_number_says_where_when_and_which_sex():
    number = check_personal_number("001 088 000001")
    assert (number.number, number.kind, number.warnings) == ("001088000001", "cccd12", ())
    assert (number.province, number.birth_year, number.sex) == ("Hà Nội", 1988, "male")
    number = check_personal_number("079.305.123456")
    assert (number.province, number.birth_year, number.sex) == ("Thành phố Hồ Chí Minh", 2005, "female")
    assert check_personal_number("001188000001").sex == "female"
    assert check_personal_number("001210000001").birth_year == 2010
    assert check_personal_number("001455000001").birth_year == 2155


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"sex": "male", "birth_year": 1988, "province": "001", "on": date(2018, 12, 28)}, ""),
        ({"sex": "female"}, "giới tính nam"),
        ({"birth_year": 1989}, "1988"),
        ({"province": "079"}, "Hà Nội"),
    ],
)
def test_what_contradicts_the_declaration_is_a_warning(declared, words):
    assert words in warned("001088000001", **declared)
    assert bool(warned("001088000001", **declared)) == bool(words)


def test_several_contradictions_are_all_named():
    checked = check_personal_number("001088000001", sex="female", birth_year=1990, province="002")
    assert len(checked.warnings) == 3
    assert all(warning.en for warning in checked.warnings)


def test_a_birth_registered_abroad_is_no_error():
    assert "khai sinh đăng ký ở nước ngoài" in warned("150088000001", province="001")


def test_a_year_to_come_is_odd():
    assert "chưa tới" in warned("001230000001", on=date(2018, 12, 28))
    assert warned("001230000001", on=date(2031, 1, 1)) == ""


def test_the_old_nine_digits_are_good_until_the_end_of_2024():
    assert check_personal_number("012 345 678").kind == "cmnd9"
    assert warned("012345678", on=date(2024, 12, 31)) == ""
    assert "hết giá trị" in warned("012345678", on=date(2025, 1, 1))


@pytest.mark.parametrize(
    "text", ["", "12345678", "0123456789", "00108800000a", "0010880000012", "٠٠١٠٨٨٠٠٠٠٠١", "1" * 9999]
)
def test_what_has_another_length_is_refused(text):
    refusal = check_personal_number(text)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "personal_number_length"
    assert refusal.text.vi
    assert refusal.text.en


@given(st.from_regex("[0-9]{12}", fullmatch=True), st.sampled_from(["male", "female"]), st.integers(1900, 2100))
def test_no_twelve_digits_are_ever_refused(number, sex, year):
    checked = check_personal_number(number, sex=sex, birth_year=year, province="001", on=date(2018, 1, 1))
    assert checked.number == number
    assert (checked.sex != sex) == any("giới tính" in warning.vi for warning in checked.warnings)
    assert checked.birth_year % 100 == int(number[4:6])


def test_all_63_provinces_are_there():
    assert len(PROVINCES) == 63 == len(set(PROVINCES.values()))
    assert all(len(code) == 3 and "001" <= code <= "096" for code in PROVINCES)


@pytest.mark.parametrize("number", ["0100109106", "0100686209", "01001 09106", "0100109106-001", "0100109106001"])
def test_real_tax_codes_pass(number):
    checked = check_tax_code(number)
    assert not isinstance(checked, Refusal)
    assert checked.number.startswith(("0100109106", "0100686209"))
    assert (checked.kind, checked.branch) == (("13", "001") if len(number) > 12 else ("10", ""))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0100109107", "tax_code_checksum"), ("0100109107-001", "tax_code_checksum"),
        ("010010910", "tax_code_length"), ("01001091066", "tax_code_length"), ("", "tax_code_length"),
        ("O100109106", "tax_code_length"), ("0000000000", "tax_code_checksum"),
    ],
)  # fmt: skip
def test_a_wrong_tax_code_says_what_is_wrong(text, code):
    refusal = check_tax_code(text)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_a_personal_number_is_a_tax_code_too():
    assert check_tax_code("001088000001").kind == "12"
    assert check_tax_code("150088000001").warnings


@given(st.from_regex("[0-9]{9}", fullmatch=True))
def test_exactly_one_tenth_digit_belongs_to_nine_or_none(prefix):
    passing = [digit for digit in "0123456789" if not isinstance(check_tax_code(prefix + digit), Refusal)]
    digit = tax_check_digit(prefix)
    assert passing == ([] if digit is None else [str(digit)])


@given(st.integers(0, 8), st.integers(1, 9))
def test_any_single_slip_in_a_tax_code_is_noticed(place, by):
    digits = [int(digit) for digit in "0100109106"]
    digits[place] = (digits[place] + by) % 10
    assert isinstance(check_tax_code("".join(map(str, digits))), Refusal)
