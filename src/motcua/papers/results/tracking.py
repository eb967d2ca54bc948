"""Tracking numbers of the post: the S10 format of the Universal Postal Union, two letters, eight digits, a check
digit, two letters of a country. Where a parcel is, is left to the post."""

import re

_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_FORM = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})", re.ASCII)
_BETWEEN = re.compile(r"[\s.\-]+")


def check_digit(serial: str) -> int:
    """The check digit of eight digits (S10-12: weights 8 6 4 2 3 5 9 7, modulo 11; 10 becomes 0, 11 becomes 5)."""
    if len(serial) != len(_WEIGHTS) or not (serial.isascii() and serial.isdigit()):
        raise ValueError("a serial has eight digits")
    found = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(found, found)


def parse_tracking(typed: str) -> str | None:
    """`rr 123456785 vn` as `RR123456785VN`; None for what is no tracking number, or has a wrong check digit."""
    plain = _BETWEEN.sub("", typed[:40]).upper()
    found = _FORM.fullmatch(plain)
    if found is None or check_digit(found[2]) != int(found[3]):
        return None
    return plain
