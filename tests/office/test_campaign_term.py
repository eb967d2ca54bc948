"""The pages by which a campaign's date is moved, it is closed and opened again; and what other pages say of it."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns.reporting import City, whole
from motcua.campaigns import answering, opening, term
from motcua.campaigns.models import ActDone, Campaign
from motcua.dossiers import clock
from motcua.law.actor import Actor
from motcua.law.working_time import city_day

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAMES = ("campaign_move", "campaign_close", "campaign_reopen")


@pytest.fixture
def city() -> City:
    """A campaign that runs now."""
    found = City(now=clock.now() - timedelta(days=2), due=clock.now() + timedelta(days=9))
    found.now = clock.now() - timedelta(hours=1)
    return found


def client(city: City, who: Actor) -> Client:
    found = Client(raise_request_exception=True)
    account = next(each for each in city.accounts.values() if each.pk == who.account)
    found.force_login(account, backend=BACKEND)
    return found


def here(city: City, name: str) -> str:
    return reverse(f"office:{name}", args=[city.campaign.pk])


def day(days: int) -> str:
    return f"{city_day(clock.now()) + timedelta(days=days):%d/%m/%Y}"


def form(city: City, **more: str) -> dict[str, str]:
    return {"seen": str(term.last_act(city.campaign)), "reason": "Chờ kiểm kê", **more}


def closed(city: City) -> Campaign:
    done = term.change_term(
        city.campaign.pk, "close", city.control, "Đủ số liệu", term.last_act(city.campaign), None, city.now
    )
    assert isinstance(done, Campaign)
    city.campaign = done
    return done


def test_a_date_is_asked_looked_at_and_moved(city: City) -> None:
    control, page = client(city, city.control), here(city, "campaign_move")
    before = city.campaign.due_at
    assert page in control.get(here(city, "campaign")).content.decode()
    assert 'name="due"' in control.get(page).content.decode()
    bad = control.post(page, form(city, due="mai", reason=" "))
    assert bad.status_code == 422
    text = bad.content.decode()
    for words in ('value="mai"', 'href="#due"', 'href="#reason"', "Hãy ghi lý do"):
        assert words in text, words
    past = control.post(page, form(city, due=day(-1)))
    assert (past.status_code, "Hạn mới phải ở phía trước" in past.content.decode()) == (422, True)
    wanted = form(city, due=day(20))
    looked = control.post(page, wanted)
    text = looked.content.decode()
    assert looked.status_code == 200
    for words in ("Báo 3 cơ quan", "Chờ kiểm kê", "Nhắc trước vào", 'name="confirmed"', f'value="{day(20)}"'):
        assert words in text, words
    assert Campaign.objects.get().due_at == before
    assert control.post(page, wanted | {"confirmed": "yes"}, follow=True).status_code == 200
    moved = Campaign.objects.get()
    assert moved.due_at == opening.closing_hour(city_day(clock.now()) + timedelta(days=20), clock.now())
    for who, address in (
        (city.control, here(city, "campaign")),
        (city.control, here(city, "campaign_late")),
        (city.clerk(), reverse("office:campaign_answer", args=[city.answer().pk])),
    ):
        text = client(city, who).get(address).content.decode()
        for words in ("Hạn đã dời 1 lần", "hạn đầu", "Chờ kiểm kê", city.control.name, "tính theo hạn mới nhất"):
            assert words in text, (address, words)


def test_the_review_counts_what_becomes_in_time(city: City) -> None:
    Campaign.objects.update(due_at=clock.now() - timedelta(days=1))
    city.signed(0, whole(4))
    city.save(whole(4), 1)
    control = client(city, city.control)
    text = control.post(here(city, "campaign_move"), form(city, due=day(3))).content.decode()
    assert "1 phiếu đã ký sau hạn cũ sẽ được tính là đúng hạn" in text
    control.post(here(city, "campaign_move"), form(city, due=day(3), confirmed="yes"))
    assert "ký trễ lúc" not in control.get(here(city, "campaign_late")).content.decode()


def test_it_is_looked_at_and_closed_and_every_page_says_so(city: City) -> None:
    city.signed(0, whole(4))
    city.save(whole(4), 1)
    control, page = client(city, city.control), here(city, "campaign_close")
    text = control.post(page, form(city, reason="Đủ số liệu")).content.decode()
    assert "2 cơ quan chưa trả lời sẽ là không trả lời" in text
    assert Campaign.objects.get().closed_at is None
    after = control.post(page, form(city, reason="Đủ số liệu", confirmed="yes"), follow=True).content.decode()
    assert Campaign.objects.get().closed_at is not None
    for words in ("Đã đóng đợt.", "Đợt đã đóng", "Đủ số liệu", city.control.name, "2 cơ quan không trả lời",
                  "sẽ không có thêm phiếu", "Chưa đầy đủ: mới 1/3", here(city, "campaign_reopen")):  # fmt: skip
        assert words in after, words
    assert here(city, "campaign_move") not in after
    late = control.get(here(city, "campaign_late")).content.decode()
    for words in ("Không trả lời 2.", "Không trả lời, hoặc ký trễ", "không trả lời"):
        assert words in late, words
    assert "Trễ hạn" not in late
    assert "đang soạn" not in late
    assert "đã đóng" in control.get(reverse("office:campaigns")).content.decode()
    district = client(city, city.district(2)).get(here(city, "campaign")).content.decode()
    assert "1 cơ quan không trả lời" in district
    assert here(city, "campaign_reopen") not in district
    file = control.get(here(city, "campaign_download"), {"dang": "xlsx"})
    held = " ".join(
        str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows() for cell in row
    )
    for words in ("Đợt đã đóng lúc", "Đủ số liệu", "2 cơ quan không trả lời"):
        assert words in held, words


def test_who_was_writing_when_it_was_closed_is_told_and_nothing_is_kept(city: City) -> None:
    city.save(whole(4))
    clerk, page = client(city, city.clerk()), reverse("office:campaign_answer", args=[city.answer().pk])
    found = re.search(r'name="seen" value="([\d.]+)"', clerk.get(page).content.decode())
    assert found is not None
    closed(city)
    acts = ActDone.objects.count()
    typed = {"seen": found[1], "row": ["ban"], "act": "submit", "c.ban.tong": "99"}
    text = clerk.post(page, typed, follow=True).content.decode()
    assert "Đợt thu thập đã đóng" in text
    assert "không trả lời" in text
    assert 'name="c.ban.tong"' not in text
    file = SimpleUploadedFile("phieu.xlsx", city.template())
    sent = clerk.post(reverse("office:campaign_upload", args=[city.answer().pk]), {"file": file}, follow=True)
    assert "Đợt thu thập đã đóng" in sent.content.decode()
    assert "Tải mẫu Excel" not in sent.content.decode()
    assert ActDone.objects.count() == acts
    assert "đã đóng" in clerk.get(reverse("office:campaigns")).content.decode()


def test_a_correction_left_aside_is_shown_as_one(city: City) -> None:
    city.signed(0, whole(4))
    pk = city.answer().pk
    answering.act(pk, "correct", city.clerk(), "đếm sót", city.now)
    city.save(whole(5))
    control = client(city, city.control)
    text = control.post(here(city, "campaign_close"), form(city)).content.decode()
    assert "1 bản đính chính dở dang để lại" in text
    closed(city)
    page = reverse("office:campaign_answer", args=[pk])
    aside = client(city, city.clerk()).get(page, {"ban": "2"}).content.decode()
    assert "Bản này không kịp ký" in aside
    assert "đang soạn" in aside
    first = client(city, city.district()).get(page).content.decode()
    assert "Đây là bản cũ" not in first
    assert 'value="accept_district"' in first
    assert 'value="return"' not in first
    text = control.post(here(city, "campaign_reopen"), form(city, due=day(5))).content.decode()
    assert "1 bản đính chính dở dang được viết tiếp" in text


def test_reopened_it_can_be_answered_again(city: City) -> None:
    city.save(whole(4))
    closed(city)
    control = client(city, city.control)
    done = control.post(here(city, "campaign_reopen"), form(city, due=day(5), confirmed="yes"), follow=True)
    assert "Đã mở lại đợt." in done.content.decode()
    assert Campaign.objects.get().closed_at is None
    page = reverse("office:campaign_answer", args=[city.answer().pk])
    text = client(city, city.clerk()).get(page).content.decode()
    assert 'name="c.ban.tong"' in text
    assert "Chờ kiểm kê" in text


def test_whoever_confirms_what_another_changed_in_between_looks_again(city: City) -> None:
    control = client(city, city.control)
    stale = form(city, due=day(20), confirmed="yes")
    assert control.post(here(city, "campaign_move"), form(city, due=day(15), confirmed="yes")).status_code == 302
    again = control.post(here(city, "campaign_move"), stale)
    text = again.content.decode()
    assert again.status_code == 422
    assert "Người khác vừa đổi hạn" in text
    assert f'name="seen" value="{term.last_act(city.campaign)}"' in text
    assert f'value="{day(20)}"' in text
    assert ActDone.objects.filter(kind="move").count() == 1
    closed(city)
    late = control.post(here(city, "campaign_move"), stale, follow=True)
    assert "Đợt này đã đóng." in late.content.decode()
    assert "Đợt này đã đóng." in control.get(here(city, "campaign_close"), follow=True).content.decode()


def test_who_opens_these_pages(city: City) -> None:
    people: dict[str, Any] = {
        "clerk": (city.clerk(), 403), "leader": (city.leader(), 403), "district": (city.district(), 403),
        "city leader": (city.person("leadHN", ("HN", "leader")), 403),
        "admin": (city.person("admin", ("HN", "admin")), 403), "control": (city.control, 200),
    }  # fmt: skip
    for name, (who, status) in people.items():
        for page in NAMES[:2]:
            browser = client(city, who)
            assert browser.get(here(city, page)).status_code == status, (name, page)
            if status == 403:
                assert browser.post(here(city, page), form(city, due=day(9), confirmed="yes")).status_code == 403
        text = client(city, who).get(here(city, "campaign")).content.decode()
        assert ("Dời hạn" in text) == (status == 200), name
    assert ActDone.objects.count() == 1
    control = client(city, city.control)
    assert control.get(here(city, "campaign_reopen")).status_code == 302
    closed(city)
    assert [control.get(here(city, page)).status_code for page in NAMES] == [302, 302, 200]
    for page in NAMES:
        assert control.get(reverse(f"office:{page}", args=[10**9])).status_code == 404
        assert Client().get(here(city, page)).status_code == 302


def test_the_pages_are_whole_in_english(city: City) -> None:
    control = client(city, city.control)
    control.cookies["motcua_language"] = "en"
    control.post(here(city, "campaign_move"), form(city, due=day(15), confirmed="yes"))
    said = control.post(here(city, "campaign_move"), form(city, due=day(20))).content.decode()
    for words in ("Move the date", "3 agencies are told"):
        assert words in said, words
    assert "moved once" in control.get(here(city, "campaign")).content.decode()
    closed(city)
    text = control.get(here(city, "campaign")).content.decode()
    for words in ("The campaign was closed", "3 agencies never answered", "Reopen"):
        assert words in text, words


def test_the_command_lists_what_is_closed(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    closed(city)
    call_command("campaigns", "status")
    assert "đã đóng / closed, 3 không trả lời / unanswered" in capsys.readouterr().out
