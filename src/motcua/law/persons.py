"""Numbers of people and businesses: what they say, and what looks odd about them.

A personal number that contradicts a declared sex, year or province is warned about and never refused: sex and
birth may have been corrected since it was given, and births abroad have a country's code. Telephones are in
`telephones`, looking people up is left to `registry/`.
"""

import re
from datetime import date
from typing import Literal

import msgspec

from motcua.law.refusal import Refusal
from motcua.law.texts import Text

Sex = Literal["male", "female"]

# Provinces of birth registration as of the 63 provinces (before 1 July 2025), first three digits of the number.
PROVINCES: dict[str, str] = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang",
    "010": "Lào Cai", "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái",
    "017": "Hòa Bình", "019": "Thái Nguyên", "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang",
    "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh", "030": "Hải Dương", "031": "Hải Phòng",
    "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định", "037": "Ninh Bình",
    "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
    "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định",
    "054": "Phú Yên", "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum",
    "064": "Gia Lai", "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước",
    "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai", "077": "Bà Rịa - Vũng Tàu",
    "079": "Thành phố Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre", "084": "Trà Vinh",
    "086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ",
    "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}  # fmt: skip

NINE_DIGITS_END = date(2024, 12, 31)

_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


class PersonNumber(msgspec.Struct, frozen=True):
    """A person's number as read. `province`, `birth_year` and `sex` are what a 12-digit number itself says.

    `cmnd9` is the former identity card: no part of it means anything, and it lives on as an alias in old papers.
    """

    number: str
    kind: Literal["cccd12", "cmnd9"]
    warnings: tuple[Text, ...] = ()
    province: str = ""
    birth_year: int | None = None
    sex: Sex | None = None


class TaxCode(msgspec.Struct, frozen=True):
    """A tax code (`mã số thuế`) as written: 10 digits, 10 with a branch `-001`, or a personal number of 12."""

    number: str
    kind: Literal["10", "13", "12"]
    branch: str = ""
    warnings: tuple[Text, ...] = ()


def check_personal_number(
    text: str,
    *,
    sex: Sex | None = None,
    birth_year: int | None = None,
    province: str = "",
    on: date | None = None,
) -> PersonNumber | Refusal:
    """Reads a personal number and compares it with what was declared; contradictions are only warnings.

    `province` is the three-digit code of the declared place of birth registration, `on` the day for which the
    number must be good. Refused only when it has neither 12 nor 9 digits (Law on Identity 26/2023, article 12).
    """
    number = _digits(text)
    if number is not None and len(number) == 12:
        return _twelve_digits(number, sex, birth_year, province, on)
    if number is not None and len(number) == 9:
        ended = on is not None and on > NINE_DIGITS_END
        return PersonNumber(number, "cmnd9", (_CARD_ENDED,) if ended else ())
    return Refusal(
        "personal_number_length",
        Text(
            "Số định danh cá nhân (căn cước) có 12 chữ số, chứng minh nhân dân cũ có 9 chữ số",
            "A personal identification number has 12 digits, a former identity card number 9",
        ),
        ground="Luật Căn cước 26/2023/QH15, Điều 12",
    )


def check_tax_code(text: str) -> TaxCode | Refusal:
    """Reads a tax code. Refused when it has another length or its check digit is wrong."""
    number = _digits(text.replace("-", ""))
    if number is not None and len(number) == 12:
        person = check_personal_number(number)
        return TaxCode(number, "12", warnings=() if isinstance(person, Refusal) else person.warnings)
    if number is None or len(number) not in (10, 13):
        return Refusal(
            "tax_code_length",
            Text(
                "Mã số thuế có 10 chữ số, 13 chữ số (đơn vị phụ thuộc) hoặc là số định danh 12 chữ số",
                "A tax code has 10 digits, 13 for a branch, or is a personal number of 12",
            ),
        )
    if tax_check_digit(number[:9]) != int(number[9]):
        return Refusal(
            "tax_code_checksum",
            Text(
                "Mã số thuế không đúng chữ số kiểm tra: có thể đã gõ nhầm một chữ số",
                "The tax code's check digit is wrong: a digit may have been mistyped",
            ),
        )
    if len(number) == 10:
        return TaxCode(number, "10")
    return TaxCode(f"{number[:10]}-{number[10:]}", "13", branch=number[10:])


def tax_check_digit(prefix: str) -> int | None:
    """The tenth digit that belongs to nine: 10 - (weighted sum mod 11); None when that is 10 (never issued)."""
    total = sum(int(digit) * weight for digit, weight in zip(prefix, _TAX_WEIGHTS, strict=True))
    digit = 10 - total % 11
    return None if digit == 10 else digit


_CARD_ENDED = Text(
    "Chứng minh nhân dân 9 số đã hết giá trị từ 01/01/2025; hãy hỏi số định danh 12 chữ số",
    "The 9-digit identity card has not been valid since 1 January 2025; ask for the 12-digit number",
)


def _digits(text: str) -> str | None:
    number = re.sub(r"[\s.\u200b\ufeff]", "", text[:40])
    return number if re.fullmatch("[0-9]+", number) else None


def _twelve_digits(
    number: str, sex: Sex | None, birth_year: int | None, province: str, on: date | None
) -> PersonNumber:
    century, odd = divmod(int(number[3]), 2)
    said_year, said_sex = 1900 + 100 * century + int(number[4:6]), ("female" if odd else "male")
    said_province = PROVINCES.get(number[:3], "")
    warnings: list[Text] = []
    if not said_province:
        warnings.append(
            Text(
                f"Mã {number[:3]} không phải mã tỉnh: có thể khai sinh đăng ký ở nước ngoài, hoặc đã gõ nhầm",
                f"{number[:3]} is no province: the birth may have been registered abroad, or it was mistyped",
            )
        )
    elif province and province != number[:3]:
        warnings.append(
            Text(
                f"Số định danh ghi nơi đăng ký khai sinh là {said_province}, khác với nơi đã khai",
                f"The number says that the birth was registered in {said_province}, not where it was declared",
            )
        )
    if sex is not None and sex != said_sex:
        warnings.append(
            Text(
                f"Số định danh ghi giới tính {'nữ' if odd else 'nam'}, khác với giới tính đã khai",
                f"The number says {said_sex}, which is not the sex declared",
            )
        )
    if birth_year is not None and birth_year != said_year:
        warnings.append(
            Text(
                f"Số định danh ghi năm sinh {said_year}, khác với năm sinh đã khai {birth_year}",
                f"The number says born in {said_year}, the declaration {birth_year}",
            )
        )
    elif on is not None and said_year > on.year:
        warnings.append(
            Text(
                f"Số định danh ghi năm sinh {said_year}, chưa tới",
                f"The number says born in {said_year}, which is yet to come",
            )
        )
    return PersonNumber(number, "cccd12", tuple(warnings), said_province, said_year, "female" if odd else "male")
