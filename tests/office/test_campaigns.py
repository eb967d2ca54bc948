"""The pages of campaigns: answered in the browser and by Excel, signed off, rolled up to the cell's source; who may."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns.reporting import COMMUNES, COMPUTERS, OFFICES, City, edited, plain, whole
from motcua.campaigns import forms
from motcua.campaigns.models import Answer, Campaign, FormVersion, Version
from motcua.dossiers import clock
from motcua.law.actor import Actor
from motcua.organisation.directory import directory

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def city() -> City:
    """A campaign that runs now."""
    return City(now=clock.now() - timedelta(days=2), due=clock.now() + timedelta(days=9))


def client(city: City, who: Actor) -> Client:
    found = Client(raise_request_exception=True)
    account = next(each for each in city.accounts.values() if each.pk == who.account)
    found.force_login(account, backend=BACKEND)
    return found


def page(city: City, at: int = 0) -> str:
    return reverse("office:campaign_answer", args=[city.answer(at).pk])


def seen(text: str) -> str:
    found = re.search(r'name="seen" value="([\d.]+)"', text)
    assert found is not None
    return found[1]


def filled(city: City, clerk: Client, act: str = "save", at: int = 0, **cells: str) -> Any:
    text = clerk.get(page(city, at)).content.decode()
    form = {"seen": seen(text), "row": ["ban", "xach"], "act": act}
    return clerk.post(page(city, at), form | {name.replace("__", "."): value for name, value in cells.items()})


WHOLE = {
    "c__ban__tong": "1.234", "c__ban__tot": "1.234", "c__ban__hong": "0", "c__ban__gia": "7,5", "c__ban__mang": "có",
    "c__xach__tong": "3", "c__xach__tot": "3", "c__xach__hong": "0",
}  # fmt: skip


def test_an_answer_is_filled_in_the_browser_and_nothing_typed_is_lost(city: City) -> None:
    clerk = client(city, city.clerk())
    assert filled(city, clerk, c__ban__tong="12 máy", c__ban__tot="1.5", c__xach__ghi="x" * 60).status_code == 302
    text = clerk.get(page(city)).content.decode()
    for kept in (
        'value="12 máy"',
        'value="1.5"',
        "x" * 60,
        "có chữ lẫn trong số",
        "đọc được hai cách",
        'href="#c-ban-tong"',
    ):
        assert kept in text, kept
    assert filled(city, clerk, "submit", **WHOLE).status_code == 302
    # The remark is still too long.
    assert city.answer().state == "draft"
    answer = filled(city, clerk, "submit", **WHOLE, c__xach__ghi="")
    assert answer.status_code == 302
    assert city.answer().state == "submitted"
    assert plain(city.lines())["ban"] == {"tong": 1234, "tot": 1234, "hong": 0, "gia": "7.5", "mang": True}


def test_two_people_at_one_page_see_each_others_cells(city: City) -> None:
    city.person("colleague", (COMMUNES[0], "reception"))
    one, other = client(city, city.clerk()), client(city, city.person("colleague"))
    text = other.get(page(city)).content.decode()
    filled(city, one, **WHOLE)
    form = {"seen": seen(text), "row": ["ban", "xach"], "act": "save", "c.ban.tong": "5", "c.ban.ghi": "của tôi"}
    answer = other.post(page(city), form)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert f"{city.clerk().name} vừa ghi “1234”" in text
    assert 'value="5"' in text
    assert 'value="của tôi"' in text
    assert plain(city.lines())["ban"]["tong"] == 1234
    # Having compared, they may save.
    assert other.post(page(city), form | {"seen": seen(text)}).status_code == 302
    assert plain(city.lines())["ban"]["tong"] == 5


def test_by_excel_from_the_template_to_the_verdict(city: City) -> None:
    clerk = client(city, city.clerk())
    got = clerk.get(reverse("office:campaign_template", args=[city.answer().pk]))
    assert got["Content-Disposition"].endswith('.xlsx"')

    def change(sheet: Any, _book: Any) -> None:
        sheet["C6"], sheet["D6"], sheet["E6"], sheet["C7"] = 4, 4, 0, "ba máy"

    data = edited(got.content, change)
    there = reverse("office:campaign_upload", args=[city.answer().pk])
    sent = clerk.post(there, {"file": SimpleUploadedFile("phieu.xlsx", data)}, follow=True)
    text = sent.content.decode()
    for words in ("3 ô ở 2 dòng đã vào bản nháp", "ba máy", "có chữ lẫn trong số", '<td data-label="Dòng">7</td>'):
        assert words in text, words
    assert plain(city.lines())["ban"] == {"tong": 4, "tot": 4, "hong": 0}
    refused = clerk.post(there, {"file": SimpleUploadedFile("x.xlsx", b"PK")}, follow=True)
    assert "không phải tệp Excel" in refused.content.decode()
    assert "Hãy chọn tệp Excel" in clerk.post(there, follow=True).content.decode()


def test_signed_off_in_bulk_and_rolled_up_to_the_source(city: City) -> None:
    for at in (0, 1):
        filled(city, client(city, city.clerk(at)), "submit", at, **WHOLE)
        queue = client(city, city.leader(at)).get(reverse("office:campaign_signing")).content.decode()
        found = re.search(r'name="answer" value="([^"]+)"', queue)
        assert found is not None
        client(city, city.leader(at)).post(reverse("office:campaign_signing"), {"answer": [found[1]]})
    district = client(city, city.district())
    text = district.get(reverse("office:campaign_signing")).content.decode()
    ticked = re.findall(r'name="answer" value="([^"]+)"', text)
    assert len(ticked) == 2
    district.post(reverse("office:campaign_signing"), {"answer": ticked})
    assert {city.answer(at).state for at in (0, 1)} == {"district"}

    control = client(city, city.control)
    whole_page = control.get(reverse("office:campaign", args=[city.campaign.pk])).content.decode()
    assert "Chưa đầy đủ: mới 2/3 phiếu đã ký" in whole_page
    assert ">2.468<" in whole_page
    cell = reverse("office:campaign_cell", args=[city.campaign.pk])
    parts = control.get(cell, {"dong": "ban", "cot": "tong"}).content.decode()
    assert "2.468" in parts
    inside = control.get(cell, {"dong": "ban", "cot": "tong", "huyen": "001"}).content.decode()
    assert inside.count("1.234") == 2
    assert city.clerk(0).name in inside
    assert "trên trang" in inside
    missing = control.get(cell, {"dong": "ban", "cot": "tong", "huyen": "002"}).content.decode()
    assert "chưa có phiếu" in missing
    late = control.get(reverse("office:campaign_late", args=[city.campaign.pk])).content.decode()
    assert directory().by_code[COMMUNES[2]].name.vi in late
    for kind in ("xlsx", "csv"):
        file = control.get(reverse("office:campaign_download", args=[city.campaign.pk]), {"dang": kind})
        assert file.status_code == 200
        if kind == "csv":
            assert "1.234" not in file.content.decode("utf-8-sig")
            assert ",2468," in file.content.decode("utf-8-sig")
        else:
            book = openpyxl.load_workbook(io.BytesIO(file.content))
            held = [cell.value for row in book.active.iter_rows() for cell in row if cell.value is not None]
            assert 2468 in held
            assert any("CHƯA ĐẦY ĐỦ" in str(each) for each in held)


def test_returned_corrected_and_the_old_version_still_read(city: City) -> None:
    city.now = clock.now()
    city.signed(0, whole(4))
    pk, act = city.answer().pk, reverse("office:campaign_act", args=[city.answer().pk])
    district = client(city, city.district())
    assert "Hãy ghi lý do" in district.post(act, {"act": "return", "no": "1"}, follow=True).content.decode()
    district.post(act, {"act": "return", "no": "1", "words": "Thiếu máy in"})
    clerk = client(city, city.clerk())
    assert "Thiếu máy in" in clerk.get(page(city)).content.decode()
    filled(city, clerk, "submit", **WHOLE)
    assert Version.objects.filter(answer=pk).count() == 2
    old = clerk.get(page(city), {"ban": "1"})
    assert "Đây là bản cũ" in old.content.decode()
    assert clerk.get(page(city), {"ban": "9"}).status_code == 404


def test_who_opens_which_page(city: City) -> None:
    city.now = clock.now()
    city.signed(0, whole(4))
    people = {
        "clerk": city.clerk(), "leader": city.leader(), "district": city.district(), "control": city.control,
        "next door": city.clerk(1), "other district": city.district(2), "admin": city.person("admin", ("HN", "admin")),
    }  # fmt: skip
    campaign, pk = city.campaign.pk, city.answer().pk
    pages = {
        reverse("office:campaigns"): set(people),
        page(city): {"clerk", "leader", "district", "control"},
        reverse("office:campaign_template", args=[pk]): {"clerk", "leader", "district", "control"},
        reverse("office:campaign_signing"): {"leader", "district", "control", "other district"},
        reverse("office:campaign", args=[campaign]): {"district", "control", "other district"},
        reverse("office:campaign", args=[campaign]) + "?huyen=001": {"district", "control"},
        reverse("office:campaign_cell", args=[campaign]) + "?cot=tong&dong=ban": {
            "district",
            "control",
            "other district",
        },
        reverse("office:campaign_late", args=[campaign]): {"district", "control", "other district"},
        reverse("office:campaign_download", args=[campaign]) + "?dang=csv": {"district", "control", "other district"},
        reverse("office:campaign_open"): {"control"},
        reverse("office:campaign_forms"): {"control"},
        reverse("office:campaign_form", args=["may-tinh"]): {"control"},
        reverse("office:campaign_form_new"): {"control"},
    }
    wrong = []
    for name, person in people.items():
        for address, entitled in pages.items():
            status = client(city, person).get(address).status_code
            if (status == 200) != (name in entitled) or status not in (200, 403, 404):
                wrong.append((name, address, status))
    assert wrong == []
    # The other district sees none of it in its own roll-up.
    text = client(city, city.district(2)).get(reverse("office:campaign", args=[campaign])).content.decode()
    assert directory().by_code[COMMUNES[0]].name.vi not in text


def test_strange_addresses_are_pages_that_do_not_exist(city: City) -> None:
    control = client(city, city.control)
    here = reverse("office:campaign", args=[city.campaign.pk])
    cell = reverse("office:campaign_cell", args=[city.campaign.pk])
    for address in (f"{here}?muc=x", f"{here}?huyen=x", f"{here}?dong=x", f"{cell}?cot=x", f"{cell}?cot=ghi", cell,
                    reverse("office:campaign", args=[10**9]), reverse("office:campaign_answer", args=[10**9]),
                    reverse("office:campaigns") + "?sau=x"):  # fmt: skip
        assert control.get(address).status_code == 404, address


def test_posts_of_strangers_and_nonsense_change_nothing(city: City) -> None:
    stranger, clerk = client(city, city.clerk(1)), client(city, city.clerk())
    assert stranger.post(page(city), {"seen": "0.0.0", "row": "ban", "c.ban.tong": "1"}).status_code == 404
    clerk.post(page(city), {"seen": "x", "row": ["nope", "ban"], "c.nope.tong": "1", "c.ban.tong": "1"})
    assert city.answer().current == 0
    filled(city, clerk, **WHOLE)
    for form in ({"act": "sign"}, {"act": "accept_city", "no": "1"}, {"act": "save"}, {"act": "x"}, {}):
        clerk.post(reverse("office:campaign_act", args=[city.answer().pk]), form)
    client(city, city.leader(1)).post(
        reverse("office:campaign_signing"), {"answer": [f"{city.answer().pk}:sign:1", "x"]}
    )
    assert city.answer().state == "draft"


def test_free_rows_are_added_and_left_out() -> None:
    city = City(OFFICES, now=clock.now() - timedelta(days=2), due=clock.now() + timedelta(days=9))
    clerk = client(city, city.clerk())
    text = clerk.get(page(city)).content.decode()
    form = {"seen": seen(text), "row": ["r1", "r2", "r3"], "act": "save", "c.r1.ten": "Nhà A", "c.r1.dien_tich": "10,5",
            "c.r1.loai": "a", "c.r2.ten": "Nhà B", "c.r2.dien_tich": "2", "c.r3.ten": ""}  # fmt: skip
    clerk.post(page(city), form)
    assert list(plain(city.lines())) == ["r1", "r2"]
    text = clerk.get(page(city)).content.decode()
    assert 'name="c.r3.ten"' in text
    clerk.post(page(city), {"seen": seen(text), "row": ["r1", "r2"], "drop": "r1", "act": "save"})
    assert plain(city.lines()) == {"r2": {"ten": "Nhà B", "dien_tich": "2.0"}}


def test_a_long_answer_is_shown_a_page_at_a_time() -> None:
    city = City(OFFICES, now=clock.now() - timedelta(days=2), due=clock.now() + timedelta(days=9))
    city.now = clock.now()
    city.save({f"r{at}": {"ten": f"Nhà {at}", "dien_tich": "1.0"} for at in range(1, 121)})
    clerk = client(city, city.clerk())
    text = clerk.get(page(city), {"trang": "3"}).content.decode()
    assert "Nhà 101" in text
    assert "Nhà 100<" not in text
    clerk.post(page(city), {"seen": seen(text), "trang": "3", "row": ["r101"], "c.r101.ten": "Nhà mới", "act": "save"})
    lines = plain(city.lines())
    assert len(lines) == 120
    assert lines["r101"]["ten"] == "Nhà mới"


def test_a_campaign_is_looked_at_and_then_opened(city: City) -> None:
    control = client(city, city.control)
    form = {
        "form": str(city.campaign.form_id), "title": "Đợt mới", "about_from": "1/1/2018", "about_to": "31/12/2018",
        "due": f"{clock.now() + timedelta(days=20):%d/%m/%Y}", "tiers": ["commune"], "under": ["001"], "named": "NV",
    }  # fmt: skip
    open_page = reverse("office:campaign_open")
    bad = control.post(open_page, form | {"due": "mai", "title": ""})
    assert bad.status_code == 422
    assert 'value="1/1/2018"' in bad.content.decode()
    looked = control.post(open_page, form).content.decode()
    wards = [each for each in directory().children[directory().by_code["001"].number]
             if directory()[each].tier == "commune"]  # fmt: skip
    assert f"Sẽ hỏi {len(wards) + 1} cơ quan" in looked
    assert Campaign.objects.count() == 1
    assert control.post(open_page, form | {"confirmed": "yes"}).status_code == 302
    opened = Campaign.objects.latest("pk")
    assert opened.answers.count() == len(wards) + 1
    assert Answer.objects.filter(campaign=opened, district=0).count() == 1


def test_a_form_is_made_and_changed_in_the_browser(city: City) -> None:
    control = client(city, city.control)
    form = {
        "code": "tru-so-moi", "title": "Trụ sở", "most_rows": "50", "rows": "a = Nhà chính | Main\nb = Nhà phụ",
        "sums": "tong = mot + hai", "c0-key": "tong", "c0-title": "Tổng", "c0-kind": "int", "c0-rollup": "sum",
        "c0-required": "yes", "c0-minimum": "0", "c0-maximum": "1.000", "c0-decimals": "2", "c0-jump": "50",
        "c1-key": "mot", "c1-title": "Một", "c1-kind": "int", "c1-rollup": "sum",
        "c2-key": "hai", "c2-title": "Hai", "c2-kind": "int", "c2-rollup": "sum",
        "c3-key": "loai", "c3-title": "Loại", "c3-kind": "choice", "c3-rollup": "none", "c3-choices": "x = Xấu | Bad",
    }  # fmt: skip
    new = reverse("office:campaign_form_new")
    bad = control.post(new, form | {"sums": "tong là mot", "c1-kind": "lạ"})
    assert bad.status_code == 422
    assert "tong là mot" in bad.content.decode()
    assert control.post(new, form | {"c1-key": "tong"}).status_code == 422
    assert forms.newest_of("tru-so-moi") is None
    assert control.post(new, form).status_code == 302
    kept = forms.newest_of("tru-so-moi")
    assert kept is not None
    made = forms.form_of(kept)
    assert [row.title.en for row in made.rows] == ["Main", ""]
    assert (made.columns[0].maximum, made.columns[0].jump, made.columns[3].choices[0].name.en) == (1000, 50, "Bad")
    # The page of a form posts what the form was: nothing is lost on the way, neither what it does not ask.
    version = city.campaign.form
    text = control.get(reverse("office:campaign_form", args=["may-tinh"]))
    posted = {each["name"]: each["value"] for each in text.context["fields"]}
    for column in text.context["columns"]:
        posted |= {each["name"]: each["value"] for each in column["fields"] if each["value"]}
    assert control.post(reverse("office:campaign_form", args=["may-tinh"]), posted).status_code == 302
    assert FormVersion.objects.filter(code="may-tinh").count() == 1
    assert forms.form_of(version) == COMPUTERS
    assert (
        control.post(reverse("office:campaign_form", args=["may-tinh"]), posted | {"title": "Khác"}).status_code == 302
    )
    assert FormVersion.objects.filter(code="may-tinh").count() == 2


def test_the_hub_has_a_card(city: City) -> None:
    assert reverse("office:campaigns") in client(city, city.clerk()).get(reverse("office:figures")).content.decode()
