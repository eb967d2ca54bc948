"""Times and numbers as a clerk would read them out."""

from datetime import UTC, date, datetime

import pytest

from motcua.papers import spoken


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (datetime(2019, 1, 7, 10, 0, tzinfo=UTC), "17 giờ 00, thứ Hai ngày 07 tháng 01 năm 2019"),
        (datetime(2018, 12, 31, 17, 5, tzinfo=UTC), "00 giờ 05, thứ Ba ngày 01 tháng 01 năm 2019"),
        (datetime(2019, 3, 10, 1, 30, tzinfo=UTC), "08 giờ 30, Chủ nhật ngày 10 tháng 3 năm 2019"),
        (datetime(2020, 2, 29, 5, 0, tzinfo=UTC), "12 giờ 00, thứ Bảy ngày 29 tháng 02 năm 2020"),
    ],
)
def test_an_instant_by_the_citys_clock(instant: datetime, said: str) -> None:
    assert spoken.moment(instant) == said


def test_only_january_and_february_get_a_nought() -> None:
    months = [spoken.day(date(2019, month, 5)) for month in range(1, 13)]
    assert months[0] == "ngày 05 tháng 01 năm 2019"
    assert months[1] == "ngày 05 tháng 02 năm 2019"
    assert months[2] == "ngày 05 tháng 3 năm 2019"
    assert months[11] == "ngày 05 tháng 12 năm 2019"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (95, "chín mươi lăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1005, "một nghìn không trăm linh năm"),
        (75_000, "bảy mươi lăm nghìn"),
        (1_000_000, "một triệu"),
        (2_030_400_505, "hai tỷ không trăm ba mươi triệu bốn trăm nghìn năm trăm linh năm"),
    ],
)
def test_a_number_in_words(number: int, said: str) -> None:
    assert spoken.number(number) == said


def test_numbers_in_words_never_collide() -> None:
    assert len({spoken.number(number) for number in range(20_000)}) == 20_000


@pytest.mark.parametrize("number", [-1, 10**12])
def test_a_number_beyond_words_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="in words"):
        spoken.number(number)
