"""The pages about messages: a resident's inbox and wishes, the office's view; and what others may not see."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notices.letters import telling
from staffing import hire

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def sandbox(db: None, settings: Any) -> Iterator[None]:
    from motcua.notices import configuration

    settings.MOTCUA_SMS, settings.MOTCUA_EMAIL, settings.MOTCUA_NOTICES_SANDBOX = "", "", True
    configuration.forget()
    yield
    configuration.forget()


def client_of(account: Any) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def resident(name: str = "Nguyễn Thị Mẫu", phone: str = "0901234567") -> Any:
    from motcua.accounts.opening import open_account

    return open_account(name, phone=phone).account


def tell_account(account: int, *kinds: str, number: int = 1) -> None:
    from motcua.notices.people import Person
    from motcua.notices.telling import tell

    person = Person(account=account, phone="+84901234567")
    tell([telling(number, kind, f"{number}/{kind}", person=person) for kind in kinds], timezone.now())


def test_an_inbox_shows_ones_own_messages_and_nobody_elses() -> None:
    from motcua.notices.models import Notice

    mine, other = resident(), resident("Trần Văn Khác", "0907654321")
    tell_account(mine.pk, "accepted", "fee")
    tell_account(other.pk, "declined", number=2)
    client = client_of(mine)
    page = client.get("/cua-toi/thong-bao/").content.decode()
    assert "2 tin chưa đọc" in page
    assert "Có khoản cần nộp" in page
    assert "không được tiếp nhận" not in page
    theirs = Notice.objects.get(account=other.pk)
    assert client.get(f"/cua-toi/thong-bao/{theirs.pk}/").status_code == 404
    assert client.get(f"/cua-toi/thong-bao/{10**30}/").status_code == 404
    assert Notice.objects.get(pk=theirs.pk).read_at is None


def test_opening_an_entry_marks_it_and_leads_only_within_the_house() -> None:
    from motcua.notices.models import Notice

    mine = resident()
    tell_account(mine.pk, "accepted")
    row = Notice.objects.get()
    client = client_of(mine)
    assert client.get(f"/cua-toi/thong-bao/{row.pk}/").headers["Location"] == "/theo-doi/x/"
    assert Notice.objects.get().read_at is not None
    for link in ("https://evil.example//evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        Notice.objects.update(values={"link": link})
        where = client.get(f"/cua-toi/thong-bao/{row.pk}/").headers["Location"]
        assert where.startswith("/")
        assert not where.startswith("//")


def test_all_can_be_marked_read_and_pages_follow_each_other() -> None:
    from motcua.notices import inbox

    mine = resident()
    for number in range(25):
        tell_account(mine.pk, "accepted", number=number)
    client = client_of(mine)
    page = client.get("/cua-toi/thong-bao/").content.decode()
    assert page.count("told__entry--new") == 20
    older = page.split("?truoc=")[1].split('"')[0]
    assert client.get(f"/cua-toi/thong-bao/?truoc={older}").content.decode().count("told__entry--new") == 5
    assert client.get("/cua-toi/thong-bao/?truoc=x").status_code == 404
    assert inbox.unread(mine.pk) == 25
    client.post("/cua-toi/thong-bao/")
    assert inbox.unread(mine.pk) == 0


def test_wishes_are_kept_and_heeded() -> None:
    from motcua.notices.models import Delivery, Notice
    from motcua.notices.telling import wishes_of

    mine = resident()
    client = client_of(mine)
    page = client.get("/cua-toi/thong-bao/cach-bao-tin/").content.decode()
    assert "567" in page
    assert "0901234567" not in page
    wish = {"language": "en", "email": "on", "quiet_from": "20:00", "quiet_until": "06:30"}
    assert client.post("/cua-toi/thong-bao/cach-bao-tin/", wish).status_code == 302
    assert (wishes_of(mine.pk).sms, wishes_of(mine.pk).progress) == (False, False)
    tell_account(mine.pk, "fee", "accepted")
    assert Notice.objects.get(kind="fee").kept_in == "opted_out"
    assert Notice.objects.get(kind="fee").language == "en"
    assert Delivery.objects.get().notice.kind == "accepted"


@pytest.mark.parametrize("wrong", [{"language": "fr"}, {"quiet_from": "25:00"}, {"quiet_until": ""}])
def test_a_wrong_wish_is_said_and_changes_nothing(wrong: dict[str, str]) -> None:
    from motcua.notices.models import Preference

    client = client_of(resident())
    wish = {"language": "vi", "quiet_from": "20:00", "quiet_until": "06:30"} | wrong
    answer = client.post("/cua-toi/thong-bao/cach-bao-tin/", wish)
    assert answer.status_code == 400
    assert "error-summary" in answer.content.decode()
    assert not Preference.objects.exists()


def test_a_browser_is_kept_for_its_owner_only() -> None:
    from motcua.notices.models import Subscription

    mine, other = resident(), resident("Trần Văn Khác", "0907654321")
    said = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc", "keys": {"p256dh": "B" * 87, "auth": "a" * 22}}
    where = "/cua-toi/thong-bao/trinh-duyet/"
    post = client_of(mine).post(where, json.dumps(said), content_type="application/json")
    assert post.status_code == 200
    assert Subscription.objects.get().account == mine.pk
    client_of(other).post(where, {"endpoint": said["endpoint"]})
    assert Subscription.objects.count() == 1
    for bad in (
        "x",
        "[]",
        "{}",
        '{"endpoint": 1, "keys": {"p256dh": [], "auth": {}}}',
        json.dumps(said).replace("fcm", "x"),
    ):
        assert client_of(mine).post(where, bad, content_type="application/json").status_code == 400
    client_of(mine).post(where, {"endpoint": said["endpoint"]})
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("path", ["", "cach-bao-tin/", "1/"])
def test_nobody_looks_without_signing_in(path: str) -> None:
    answer = Client().get(f"/cua-toi/thong-bao/{path}")
    assert answer.status_code == 302
    official = hire("lan", ("00001", "reception"))
    assert client_of(official).get(f"/cua-toi/thong-bao/{path}").status_code == 403


def test_an_official_reads_what_was_told_about_a_dossier_they_may_see() -> None:
    from motcua.notices.following import follow
    from permit_office import Office

    office = Office()
    state = office.accepted()
    follow([state.id])
    page = office.client(office.clerk).get("/can-bo/thong-bao/da-gui/", {"ma": state.code})
    assert page.status_code == 200
    assert "Hồ sơ đã được tiếp nhận" in page.content.decode()
    assert "không có số điện thoại" in page.content.decode()
    stranger = office.client(office.stranger).get("/can-bo/thong-bao/da-gui/", {"ma": state.code})
    assert stranger.status_code == 404
    assert "Hồ sơ đã được tiếp nhận" not in stranger.content.decode()
    for typed in ("x\0y", "T181008-00014-0007", "' OR 1=1", "9" * 300):
        assert office.client(office.clerk).get("/can-bo/thong-bao/da-gui/", {"ma": typed}).status_code == 404


def test_each_part_of_the_office_pages_opens_to_those_it_is_for() -> None:
    clerk, control = hire("lan", ("00001", "reception")), hire("kiem", ("HN", "control"))
    for path, to_clerk in (
        ("", 200),
        ("da-gui/", 200),
        ("hop-thu/", 200),
        ("noi-gui/", 403),
        ("loi-tin/", 403),
        ("loi-tin/accepted/", 403),
    ):
        assert client_of(clerk).get(f"/can-bo/thong-bao/{path}").status_code == to_clerk, path
        assert client_of(control).get(f"/can-bo/thong-bao/{path}").status_code == 200, path
    assert client_of(control).get("/can-bo/thong-bao/loi-tin/nothing/").status_code == 404


def test_words_are_previewed_on_each_channel_and_a_test_goes_to_oneself() -> None:
    from motcua.notices.models import Delivery

    control = hire("kiem", ("HN", "control"))
    control.phone = "0901234567"
    control.save()
    client = client_of(control)
    page = client.get("/can-bo/thong-bao/loi-tin/accepted/").content.decode()
    assert "da tiep nhan ho so 000.00.02.H26-181217-0042" in page
    assert "accepted application 000.00.02.H26-181217-0042" in page
    assert "GSM-7" in page
    client.post("/can-bo/thong-bao/loi-tin/accepted/", {"channel": "sms"})
    assert Delivery.objects.get().address == "+84901234567"
    client.post("/can-bo/thong-bao/loi-tin/accepted/", {"channel": "email"})
    assert Delivery.objects.count() == 1


def test_costs_are_shown_for_the_agencies_one_oversees() -> None:
    from motcua.law.working_time import city_day
    from motcua.notices.models import Cost
    from motcua.organisation.directory import directory

    here, there = directory().by_code["001"].number, directory().by_code["002"].number
    month = city_day(timezone.now()).replace(day=1)
    for agency, dong in ((here, 123_000), (there, 456_000)):
        Cost.objects.create(agency=agency, month=month, channel="sms", provider="a", messages=1, segments=1, dong=dong)
    page = client_of(hire("kiem", ("001", "control"))).get("/can-bo/thong-bao/noi-gui/").content.decode()
    assert "123.000 đồng" in page
    assert "456.000" not in page


def test_the_sandbox_is_shown_only_where_it_is_in_use(settings: Any) -> None:
    from motcua.notices import configuration

    clerk = hire("lan", ("00001", "reception"))
    assert client_of(clerk).get("/can-bo/thong-bao/hop-thu/").status_code == 200
    settings.MOTCUA_NOTICES_SANDBOX = False
    configuration.forget()
    assert client_of(clerk).get("/can-bo/thong-bao/hop-thu/").status_code == 404
