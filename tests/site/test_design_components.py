"""Each component says what it is given, in words and shapes as well as colours, and lets nothing through as markup."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, engines
from django.utils.translation import override

from motcua.law.texts import Text
from motcua.site.templatetags.geometry import gantt_view, tile_view

NOON = datetime(2019, 1, 7, 5, tzinfo=UTC)
TRICK = "<script>alert(1)</script>"


def shown(template: str, **context: Any) -> str:
    """A component as the pages show it, in Vietnamese."""
    with override("vi"):
        return str(engines["django"].from_string("{% load motcua %}" + template).render(context))


def words(html: str) -> str:
    """What is left when the tags are taken away."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestClockChip:
    def test_a_clock_says_its_words_and_how_much_is_used(self) -> None:
        html = shown("{% clock_chip clock %}", clock={"state": "on_time", "words": "còn 2 ngày làm việc", "share": 0.6})
        assert "còn 2 ngày làm việc" in html
        assert 'width="60"' in html
        assert "đã dùng 60% thời hạn" in html
        assert "<details" not in html

    def test_an_object_is_as_good_as_a_dict(self) -> None:
        clock = SimpleNamespace(state="late", words=Text("trễ 3 giờ"), share=1.5)
        html = shown("{% clock_chip clock %}", clock=clock)
        assert "trễ 3 giờ" in html
        assert 'width="100"' in html
        assert "quá thời hạn 50%" in html

    def test_what_explains_it_opens_without_javascript(self) -> None:
        clock = {
            "state": "on_time",
            "words": "còn 1 ngày",
            "share": 0.5,
            "due": NOON,
            "explanation": [("Nhận đủ hồ sơ", NOON)],
            "days": [
                {"day": NOON.date(), "counted": True},
                {"day": NOON.date() - timedelta(1), "counted": False, "reason": "Chủ nhật"},
                {"day": NOON.date() - timedelta(8), "counted": False, "reason": "Chủ nhật"},
            ],
            "pauses": [{"from": NOON, "to": None, "ground": "chờ nộp tiền", "actor": "Chi cục Thuế"}],
            "held": [{"who": "Phòng Tư pháp", "words": "2 giờ"}],
        }
        html = shown("{% clock_chip clock %}", clock=clock)
        said = words(html)
        assert html.startswith("<details")
        assert "Hẹn trả thứ Hai 7/1/2019, 12:00" in said
        assert "Nhận đủ hồ sơ thứ Hai 7/1/2019, 12:00" in said
        assert "Đã tính 1 ngày" in said
        assert "6/1, 30/12: Chủ nhật" in said
        assert "chờ nộp tiền (Chi cục Thuế)" in said
        assert "Phòng Tư pháp 2 giờ" in said
        assert shown("{% clock_chip clock False %}", clock=clock).startswith("<span")

    def test_a_stopped_clock_says_since_when(self) -> None:
        html = shown("{% clock_chip clock %}", clock={"state": "waiting", "words": "chờ bổ sung", "paused_since": NOON})
        assert "dừng từ 7/1/2019" in words(html)

    def test_no_clock_is_nothing_and_an_unknown_state_is_a_mistake(self) -> None:
        assert shown("{% clock_chip clock %}", clock=None) == ""
        with pytest.raises(ValueError, match="no state called"):
            shown("{% clock_chip clock %}", clock={"state": "fine", "words": "x"})

    def test_a_bar_neither_overflows_nor_runs_backwards(self) -> None:
        for share, width in ((-0.5, "0"), (0, "0"), (0.333, "33.3"), (7, "100")):
            html = shown("{% clock_chip clock %}", clock={"state": "late", "words": "x", "share": share})
            assert f'width="{width}" height="4"' in html


@pytest.mark.parametrize("state", ["on_time", "due_today", "late", "waiting", "done"])
def test_a_state_is_a_word_and_a_shape_beside_its_colour(state: str) -> None:
    html = shown("{% state_tag state %}", state=state)
    assert "<svg" in html
    assert words(html)


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("{% clock_chip x %}", {"state": "late", "words": TRICK, "name": TRICK, "explanation": [(TRICK, TRICK)]}),
        ("{% state_tag 'late' x %}", TRICK),
        ("{% summary_list x %}", [(TRICK, TRICK, "#", TRICK)]),
        ("{% timeline x %}", [{"when": NOON, "who": TRICK, "what": TRICK, "note": TRICK}]),
        ("{% person_card x %}", {"name": TRICK, "number": TRICK, "address": TRICK}),
        ("{% filter_chips x %}", [{"label": TRICK, "count": 1, "href": f'"{TRICK}'}]),
        ("{% empty_state x x %}", TRICK),
        ("{% notice 'info' x x %}", TRICK),
        ("{% breadcrumbs x %}", [(TRICK, f'"{TRICK}'), (TRICK, None)]),
        ("{% stage_line x %}", [{"name": TRICK, "agency": TRICK, "when": TRICK, "note": TRICK}]),
        ("{% tick_row x %}", {"id": "a", "name": TRICK, "note": TRICK, "errors": [TRICK]}),
        ("{% field x %}", {"name": "a", "label": TRICK, "hint": TRICK, "value": f'"{TRICK}', "errors": [TRICK]}),
        ("{% error_summary x %}", [(f'"{TRICK}', TRICK)]),
        ("{% bar_row x %}", {"label": TRICK, "value": 1, "of": 2, "note": TRICK}),
        ("{% unit_tiles x %}", [{"name": TRICK, "href": f'"{TRICK}', "value": 1, "of": 2}]),
        ("{% key_hint x %}", TRICK),
        ("{% icon 'clock' label=x %}", TRICK),
        ("{% action_bar x %}", [{"value": TRICK, "label": TRICK, "says": TRICK}]),
        ("{% confirm_dialog 'a' x x x %}", TRICK),
        ("{% answer_box x %}", [{"label": TRICK, "value": TRICK, "note": TRICK}]),
        (
            "{% data_table x %}",
            {
                "caption": TRICK,
                "columns": [{"key": "a", "label": TRICK}],
                "rows": [{"label": TRICK, "cells": {"a": TRICK}}],
            },
        ),
    ],
)
def test_what_people_write_is_never_markup(template: str, context: Any) -> None:
    html = shown(template, x=context)
    assert "<script" not in html
    assert "&lt;script" in html


class Applicant(forms.Form):
    """A small form of Django's own."""

    name = forms.CharField(help_text="Như trên giấy tờ")
    way = forms.ChoiceField(choices=[("a", "Tại quầy"), ("b", "Bưu điện")], widget=forms.RadioSelect)
    agree = forms.BooleanField()
    scan = forms.FileField(required=False)
    district = forms.ChoiceField(choices=[("001", "Ba Đình")], required=False)


class TestFields:
    def test_a_django_field_with_a_mistake_keeps_what_was_typed(self) -> None:
        form = Applicant({"name": "", "district": "009"})
        html = shown("{% for f in form %}{% field f %}{% endfor %}", form=form)
        assert 'aria-describedby="id_name-hint id_name-error"' in html
        assert 'aria-invalid="true"' in html
        assert html.count("<fieldset") == 1
        assert '<label class="choice"' in html
        assert "(không bắt buộc)" in html

    def test_the_summary_leads_to_each_mistake(self) -> None:
        html = shown("{% error_summary form more %}", form=Applicant({}), more=[("f-born", "Nhập ngày sinh.")])
        assert 'href="#id_name"' in html
        assert 'href="#f-born"' in html
        assert "Có 4 chỗ cần sửa" in words(html)
        assert "Name: Hãy điền mục này." in words(html)

    def test_no_mistakes_no_summary(self) -> None:
        assert shown("{% error_summary form more %}", form=Applicant(), more=[]).strip() == ""

    @pytest.mark.parametrize(
        "kind", ["text", "number", "money", "date", "textarea", "choice", "boolean", "file", "tel"]
    )
    def test_an_own_field_ties_its_label_to_its_input(self, kind: str) -> None:
        given = {"name": "area", "label": "Diện tích", "kind": kind, "required": True, "choices": [("1", "một")]}
        html = shown("{% field given %}", given=given)
        assert 'for="f-area"' in html
        assert 'id="f-area"' in html
        assert 'name="area"' in html
        assert "(không bắt buộc)" not in html

    def test_what_was_chosen_stays_chosen(self) -> None:
        given = {"name": "way", "label": "x", "kind": "checks", "value": ["b", "c"], "choices": [(c, c) for c in "abc"]}
        assert re.findall(r'value="(\w)" checked', shown("{% field given %}", given=given)) == ["b", "c"]
        given |= {"kind": "choice", "value": "b"}
        assert re.findall(r'value="(\w)" selected', shown("{% field given %}", given=given)) == ["b"]

    def test_a_zero_is_shown(self) -> None:
        given = {"name": "n", "label": "x", "kind": "number", "value": 0}
        assert 'value="0"' in shown("{% field given %}", given=given)


class TestPapers:
    paper = {"id": "p1", "name": Text("Đơn"), "required": True, "original": 1, "copy": 2, "has": {"original": 1}}

    def test_a_paper_is_ticked_and_counted(self) -> None:
        html = shown("{% tick_row paper %}", paper=self.paper)
        assert set(re.findall(r'name="([\w-]+)"', html)) == {"paper-p1", "paper-p1-original", "paper-p1-copy"}
        assert "/2 bản chụp" in words(html)

    def test_a_list_to_bring_asks_nothing(self) -> None:
        html = shown("{% tick_row paper True %}", paper=self.paper)
        assert "<input" not in html
        assert "2 bản chụp" in words(html)


class TestRows:
    table = {
        "caption": "Hồ sơ", "select": True, "form": "desk", "name": "dossier",
        "columns": [{"key": "clock", "label": "Hạn", "kind": "clock"}, {"key": "code", "label": "Mã", "kind": "code"},
                    {"key": "fee", "label": "Phí", "kind": "number"}],
        "rows": [{"id": 7, "href": "/7", "label": "A-7", "state": "late",
                  "cells": {"clock": {"state": "late", "words": "trễ"}, "code": "A-7", "fee": 75000}}],
    }  # fmt: skip

    def test_the_first_words_open_the_row_and_the_box_chooses_it(self) -> None:
        html = shown("{% data_table table %}", table=self.table)
        assert '<a href="/7" data-row-link>A-7</a>' in html
        assert 'name="dossier" value="7" form="desk"' in html
        assert "75.000" in html
        assert 'data-label="Mã"' in html

    def test_words_that_the_table_is_there_for_are_not_cut_off(self) -> None:
        columns = [{"key": "a", "label": "A", "kind": "text"}, {"key": "b", "label": "B", "kind": "words"}]
        html = shown("{% data_table x %}", x={"columns": columns, "rows": [{"cells": {"a": "Ngắn", "b": "Vì <sao>"}}]})
        assert html.count("cell__words") == 1
        assert '<td class="cell--words" data-label="B">Vì &lt;sao&gt;</td>' in html

    def test_an_action_says_what_will_happen_to_how_many(self) -> None:
        actions = [{"value": "sign", "label": "Ký", "says": "Ký {n} hồ sơ"}]
        html = shown("{% action_bar actions 'desk' 1200 %}", actions=actions)
        assert "Ký 1.200 hồ sơ" in html
        assert 'name="action" value="sign" form="desk"' in html

    def test_a_page_by_key_counts_exactly_or_not_at_all(self) -> None:
        assert "1–50 trong 1.234" in words(shown("{% pager None '/sau' '1–50' 1234 %}"))
        html = shown("{% pager '/truoc' None '1–50' %}")
        assert "trong" not in words(html)
        assert 'rel="next"' not in html


class TestPictures:
    def test_too_few_have_no_colour_and_no_bar(self) -> None:
        html = shown("{% bar_row row %}", row={"label": "Mỹ Đức", "value": 4, "of": 5, "too_few": True})
        assert "bar__part" not in html
        assert "quá ít để so sánh" in html
        assert tile_view({"name": "Mỹ Đức", "value": 5, "of": 5, "too_few": True})["level"] == 0
        assert tile_view({"name": "Mới lập", "value": 0, "of": 0})["level"] == 0

    @pytest.mark.parametrize(
        ("value", "level"), [(980, 5), (979, 4), (950, 4), (900, 3), (899, 2), (800, 2), (799, 1), (0, 1)]
    )
    def test_a_tile_has_the_level_of_its_share(self, value: int, level: int) -> None:
        assert tile_view({"name": "x", "value": value, "of": 1000})["level"] == level

    def test_parts_of_a_bar_lie_end_to_end(self) -> None:
        row = {
            "label": "x",
            "value": 3,
            "of": 4,
            "max": 8,
            "parts": [{"state": "on_time", "value": 3}, {"state": "late", "value": 1}],
        }
        html = shown("{% bar_row row %}", row=row)
        assert re.findall(r'x="([\d.]+%)" width="([\d.]+%)"', html) == [("0%", "37.5%"), ("37.5%", "12.5%")]
        assert "75%" in words(html)

    def test_the_gantt_stays_within_its_frame(self) -> None:
        hour = timedelta(hours=1)
        bars = [
            {"from": NOON - hour, "to": NOON + hour, "state": "late"},
            {"from": NOON + 9 * hour, "to": None, "state": "late"},
        ]
        view = gantt_view(
            {"start": NOON, "end": NOON + 10 * hour, "now": NOON + 20 * hour, "rows": [{"name": "Ký", "bars": bars}]}
        )
        assert [(bar["x"], bar["width"]) for bar in view["rows"][0]["bars"]] == [("0%", "10%"), ("90%", "10%")]
        assert view["now_x"] == ""

    def test_a_figure_has_its_denominator_and_its_list(self) -> None:
        html = shown("{% big_number 11840 'đúng hạn' 12052 '/ds' %}")
        assert "11.840 / 12.052 đúng hạn" in words(html)
        assert 'href="/ds"' in html
        assert "<a" not in shown("{% big_number 0 'trễ hạn' %}")


def test_an_icon_that_is_not_kept_is_a_mistake() -> None:
    with pytest.raises(LookupError, match="no icon called"):
        shown("{% icon 'moon-base' %}")


def test_the_theme_is_what_the_reader_switched_to_and_nothing_else() -> None:
    for cookie, theme in (("dark", "dark"), ("light", "light"), ('"><script>', "auto"), (None, "auto")):
        request = SimpleNamespace(COOKIES={"theme": cookie} if cookie else {})
        template = engines["django"].engine.from_string("{% load motcua %}{% theme %}")
        assert template.render(Context({"request": request})) == theme
