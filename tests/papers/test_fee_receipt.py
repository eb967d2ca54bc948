"""The receipt for fees: its fields, its amount in words, and that an undone one says so."""

from datetime import datetime
from typing import Any

import pytest

from motcua.law.working_time import CITY_ZONE
from motcua.papers.barcode import qr_png
from motcua.papers.fee_receipt import FeeLine, FeeReceipt, dong_in_words
from motcua.papers.forms import Letterhead
from motcua.papers.typeset import render
from papers import reading

AT = datetime(2018, 12, 17, 9, 10, tzinfo=CITY_ZONE)


def form(**more: Any) -> FeeReceipt:
    values: dict[str, Any] = {
        "head": Letterhead("Ủy ban nhân dân phường Hàng Bạc", AT, "Ủy ban nhân dân quận Hoàn Kiếm", place="Hàng Bạc"),
        "form": "01BLP", "series": "MC00061-18E", "number": "0000012", "payer": "Nguyễn Thị Ánh Tuyết",
        "lines": (FeeLine("Lệ phí cấp giấy phép", 75_000), FeeLine("Phí thẩm định", 930_021)),
        "total": 1_005_021, "in_words": dong_in_words(1_005_021), "method": "Tiền mặt", "issued_at": AT,
        "issuer": "Trần Văn Minh", "address": "Số 12, ngõ Gạch", "code": "000.A0.32.H26-181217-0001",
    }  # fmt: skip
    return FeeReceipt(**(values | more))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (1_005_021, "Một triệu không trăm linh năm nghìn không trăm hai mươi mốt đồng"),
        (75_000, "Bảy mươi lăm nghìn đồng"),
        (24_104, "Hai mươi tư nghìn một trăm linh bốn đồng"),
        (11_011, "Mười một nghìn không trăm mười một đồng"),
        (15_555, "Mười lăm nghìn năm trăm năm mươi lăm đồng"),
        (1_000_000_001, "Một tỷ không trăm linh một đồng"),
        (1, "Một đồng"),
    ],
)
def test_amounts_are_said_as_people_say_them(amount: int, words: str) -> None:
    assert dong_in_words(amount) == words


def test_a_receipt_says_what_form_01blp_asks_for() -> None:
    said = reading.words(render(form()))
    for each in (
        "BIÊN LAI THU TIỀN PHÍ, LỆ PHÍ", "01BLP", "MC00061-18E", "0000012", "Nguyễn Thị Ánh Tuyết", "75.000 đồng",
        "1.005.021 đồng", "Một triệu không trăm linh năm nghìn không trăm hai mươi mốt đồng", "Tiền mặt",
        "Trần Văn Minh", "ngày 17 tháng 12 năm 2018",
    ):  # fmt: skip
        assert each in said, each
    assert "ĐÃ HỦY" not in said


def test_an_undone_receipt_says_so_on_its_face() -> None:
    assert "ĐÃ HỦY: thu nhầm" in reading.words(render(form(cancelled="thu nhầm")))


def test_the_picture_of_a_code_is_one_that_phones_save() -> None:
    assert qr_png("000201").startswith(b"\x89PNG")
