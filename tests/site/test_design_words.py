"""Dates, spans, money and counts are said as people say them, in both languages and on the city's clock."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Engine
from django.utils.translation import override

from motcua.law.texts import Text
from motcua.site.templatetags import spoken

FIVE_IN_THE_AFTERNOON = datetime(2019, 1, 7, 10, 0, tzinfo=UTC)


def said(template: str, **context: object) -> str:
    """What a template of one line says."""
    engine = Engine(
        libraries={"motcua": "motcua.site.templatetags.motcua"}, builtins=["motcua.site.templatetags.motcua"]
    )
    return engine.from_string(template).render(Context(context))


@pytest.mark.parametrize(
    ("language", "filter_name", "words"),
    [
        ("vi", "say_date", "thứ Hai 7/1/2019"),
        ("vi", "say_instant", "thứ Hai 7/1/2019, 17:00"),
        ("vi", "say_time", "17:00"),
        ("en", "say_date", "Monday 7 January 2019"),
        ("en", "say_instant", "Monday 7 January 2019, 17:00"),
        ("en", "say_time", "17:00"),
    ],
)
def test_an_instant_is_said_on_the_city_s_clock(language: str, filter_name: str, words: str) -> None:
    with override(language):
        assert said("{{ when|" + filter_name + " }}", when=FIVE_IN_THE_AFTERNOON) == words


def test_midnight_in_the_city_is_another_day_than_in_greenwich() -> None:
    half_past_midnight = datetime(2019, 1, 5, 17, 30, tzinfo=UTC)
    with override("vi"):
        assert spoken.instant_in_words(half_past_midnight) == "Chủ nhật 6/1/2019, 00:30"


def test_a_day_without_an_hour_is_said_without_one() -> None:
    with override("vi"):
        assert said("{{ day|say_instant }}", day=date(2019, 1, 5)) == "thứ Bảy 5/1/2019"


def test_the_year_is_left_out_only_this_year() -> None:
    with override("vi"):
        assert spoken.short_instant(FIVE_IN_THE_AFTERNOON, date(2019, 3, 1)) == "7/1, 17:00"
        assert spoken.short_instant(FIVE_IN_THE_AFTERNOON, date(2020, 3, 1)) == "7/1/2019, 17:00"
    with override("en"):
        assert spoken.short_instant(FIVE_IN_THE_AFTERNOON, date(2020, 3, 1)) == "7 Jan 2019, 17:00"


def test_an_instant_without_a_zone_is_not_shown() -> None:
    with pytest.raises(ValueError, match="zone"):
        said("{{ when|say_instant }}", when=datetime(2019, 1, 7, 17))


@pytest.mark.parametrize(
    "name", ["dong", "count", "percent", "say_date", "say_instant", "say_short", "say_time", "say_span", "iso"]
)
def test_nothing_is_said_of_nothing(name: str) -> None:
    assert said("{{ nothing|" + name + " }}", nothing=None) == ""


@pytest.mark.parametrize(
    ("language", "amount", "words"),
    [
        ("vi", 0, "0 đồng"),
        ("vi", 1_500_000, "1.500.000 đồng"),
        ("vi", Decimal("74999.5"), "75.000 đồng"),
        ("en", 1_500_000, "1,500,000 VND"),
    ],
)
def test_money(language: str, amount: object, words: str) -> None:
    with override(language):
        assert said("{{ amount|dong }}", amount=amount) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(1, "100%"), (0, "0%"), (0.982, "98,2%"), (0.5, "50%"), (0.99996, "99,9%"), (0.00001, "0,1%")],
)
def test_a_share_is_never_rounded_up_to_all_or_down_to_nothing(share: float, words: str) -> None:
    with override("vi"):
        assert said("{{ share|percent }}", share=share) == words


@pytest.mark.parametrize(
    ("minutes", "vietnamese", "english"),
    [
        (0, "0 phút", "0 minutes"),
        (1, "1 phút", "1 minute"),
        (135, "2 giờ 15 phút", "2 hours 15 minutes"),
        (1500, "25 giờ", "25 hours"),
        (2880 + 61, "2 ngày 1 giờ", "2 days 1 hour"),
    ],
)
def test_spans(minutes: int, vietnamese: str, english: str) -> None:
    with override("vi"):
        assert spoken.span_in_words(minutes) == vietnamese
    with override("en"):
        assert spoken.span_in_words(minutes) == english


def test_a_text_of_two_languages_is_said_in_the_reader_s() -> None:
    text = Text("giấy khai sinh", "birth certificate")
    with override("vi"):
        assert said("{{ text|in_language }}", text=text) == "giấy khai sinh"
    with override("en"):
        assert said("{{ text|in_language }}", text=text) == "birth certificate"
        assert said("{{ text|in_language }}", text=Text("Sổ hộ khẩu")) == "Sổ hộ khẩu"
