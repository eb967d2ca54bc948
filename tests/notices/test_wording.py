"""The words in a content pack: checked before they are loaded, kept in versions, said in both languages."""

import shutil
from pathlib import Path

import pytest

from cities import PACK
from motcua.notices.wording.checking import FILE, read_messages
from motcua.notices.wording.rendering import render
from motcua.notices.wording.shapes import KINDS


def spoiled(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    """The reasons given for the city's own words with something changed in them."""
    text = (PACK / FILE).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "notices").mkdir(exist_ok=True)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    return [each.reason for each in read_messages(tmp_path)[1]]


def test_the_citys_words_are_good_and_complete() -> None:
    messages, problems = read_messages(PACK)
    assert problems == []
    assert {each.kind for each in messages} == set(KINDS)


def test_most_text_messages_fit_one_part() -> None:
    messages, _ = read_messages(PACK)
    sizes = {each.kind: render(each, "sms", "vi", KINDS[each.kind]).size for each in messages if "sms" in each.channels}
    assert {size.alphabet for size in sizes.values() if size} == {"gsm7"}
    assert max(size.parts for size in sizes.values() if size) <= 2


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{code} ({procedure}). Tra loi", "{tuoi} ({procedure}). Tra loi", "no {tuoi} in “submitted”"),
        ("kind: paid", "kind: payed", "“payed” is no kind of message"),
        ("kind: paid", "kind: fee", "“fee” is stated twice"),
        ("ground: Nghị định 61/2018/NĐ-CP, Điều 17.3", "", "names its “ground”"),
        ('en: "There is something to pay"', 'en: ""', "has nothing in en"),
        ("channels: [push, email, sms]", "channels: [push, pigeon]", "is none of the values"),
        ("Xem ly do: {link}", "Ly do: {reason} {link}", "no {reason} in it"),
        (
            'sms: {vi: "Ho so {code} can nop',
            'sms: {vi: "' + "Rat dai. " * 60 + "{code} can nop",
            "parts as a text message",
        ),
        ("expires_hours: 12", "expires_hours: 0", "worth sending for some time"),
        ('title: {vi: "Có khoản cần nộp"', 'title: {vi: "' + "Có khoản cần nộp " * 6 + '"', "longer than 80"),
        ("\nmessages:", "\nletters:", "is not known here"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, reason: str) -> None:
    found = spoiled(tmp_path, (old, new))
    assert any(reason in each for each in found), found


def test_a_pack_with_bad_words_is_not_loaded(tmp_path: Path, db: None) -> None:
    from motcua.catalogue.packs import load_pack
    from motcua.notices.models import Wording

    pack = tmp_path / "packs" / "p"
    shutil.copytree(PACK.parent, tmp_path / "packs", dirs_exist_ok=True)
    shutil.copytree(PACK, pack)
    path = pack / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("{amount}", "{tien}", 1), encoding="utf-8")
    before = Wording.objects.count()
    report = load_pack(pack)
    assert [each.reason for each in report.problems if "{tien}" in each.reason]
    assert str(path) in str(report.problems[0])
    assert Wording.objects.count() == before


def test_changed_words_are_a_new_version_and_the_old_ones_stay(tmp_path: Path, db: None) -> None:
    from motcua.notices.models import Wording
    from motcua.notices.wording.loading import current, load, message_of

    said: list[str] = []
    load(PACK, said.append)
    assert said == [f"messages: 0 new versions, {len(KINDS)} as before"]
    assert spoiled(tmp_path, ('vi: "Có khoản cần nộp"', 'vi: "Mời nộp phí"')) == []
    load(tmp_path, said.append)
    assert said[1] == f"messages: 1 new versions, {len(KINDS) - 1} as before"
    version, message = current({"fee"})["fee"]
    assert (version, message.title.vi) == (2, "Mời nộp phí")
    assert message_of("fee", 1).title.vi == "Có khoản cần nộp"
    assert Wording.objects.filter(kind="fee").count() == 2
    message_of.cache_clear()


def test_values_are_said_as_people_say_them() -> None:
    message = next(each for each in read_messages(PACK)[0] if each.kind == "accepted")
    values = {
        "code": "X",
        "due": "2019-01-07T10:00:00+00:00",
        "agency": {"vi": "Phường A", "en": "Ward A"},
        "link": "L",
    }
    assert render(message, "push", "vi", values).text == "Mã hồ sơ X, hẹn trả 17:00 7/1/2019."
    assert render(message, "sms", "vi", values).text == (
        "Phuong A da tiep nhan ho so X. Hen tra 17:00 7/1/2019. Xem: L"
    )
    assert render(message, "email", "en", values).text.startswith("Ward A accepted your application")
    fee = next(each for each in read_messages(PACK)[0] if each.kind == "fee")
    assert "1.250.000 đồng" in render(fee, "push", "vi", {"amount": 1250000}).text
    assert "1,250,000 dong" in render(fee, "push", "en", {"amount": 1250000}).text


def test_a_long_value_does_not_make_a_long_message() -> None:
    message = next(each for each in read_messages(PACK)[0] if each.kind == "submitted")
    values = KINDS["submitted"] | {"procedure": "Cấp giấy phép " * 40, "agency": "Uỷ ban " * 200}
    said = render(message, "sms", "vi", values)
    assert said.size is not None
    assert said.size.parts <= 3
