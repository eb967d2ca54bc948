"""What is done each minute: people told of drafts that will go, and old things cleared away."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notices.letters import telling


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    pass


def test_a_draft_that_will_go_is_told_once_and_only_to_its_owner() -> None:
    from motcua.accounts.opening import open_account
    from motcua.catalogue import versions
    from motcua.filing.models import Draft, DraftWarning
    from motcua.notices.models import Notice
    from motcua.organisation.directory import city_day, directory
    from motcua.portal.telling.draft_warnings import run_due

    now = timezone.now()
    owner = open_account("Nguyễn Thị Mẫu", phone="0901234567").account
    open_account("Trần Văn Khác", phone="0907654321")
    version, procedure = versions.current_version("1.009994", city_day(now))
    draft = Draft.objects.create(
        account=owner, procedure=procedure.code, version=version, case="new",
        agency=directory().by_code["00001"].number, begun_at=now, updated_at=now, goes_at=now + timedelta(days=7),
    )  # fmt: skip
    DraftWarning.objects.create(draft=draft, at=now, goes_at=draft.goes_at)
    assert run_due() == 1
    assert run_due() == 0
    notice = Notice.objects.get()
    assert (notice.account, notice.kind) == (owner.pk, "draft_expiring")
    assert notice.values["link"].endswith(f"/nop-ho-so/to/{draft.pk}/")
    # Had it been killed before it noted that they were told, they would not be told again.
    DraftWarning.objects.update(told_at=None)
    assert run_due() == 1
    assert Notice.objects.count() == 1


def test_old_messages_go_and_addresses_before_them(settings: Any) -> None:
    from motcua.notices import configuration
    from motcua.notices.by_the_clock import clear
    from motcua.notices.models import Delivery, Letter, Notice, Used
    from motcua.notices.telling import tell

    settings.MOTCUA_NOTICES_SANDBOX = True
    configuration.forget()
    now = timezone.now()
    tell([telling(1), telling(2)], now)
    old, young = Delivery.objects.order_by("id")
    Delivery.objects.filter(pk=old.pk).update(next_at=None, state="delivered", done_at=now - timedelta(days=184))
    Letter.objects.create(message=old.message, channel="sms", address="x", text="x")
    Letter.objects.update(at=now - timedelta(days=31))
    Used.objects.update(day=(now - timedelta(days=40)).date())
    clear(now)
    assert list(Delivery.objects.order_by("id").values_list("address", flat=True)) == ["", young.address]
    assert old.address_hash
    assert not Letter.objects.exists()
    assert not Used.objects.exists()
    Notice.objects.filter(pk=old.notice_id).update(created_at=now - timedelta(days=731))
    clear(now)
    assert list(Notice.objects.values_list("pk", flat=True)) == [young.notice_id]
    assert Delivery.objects.count() == 1
    configuration.forget()


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("smpp://", "names no host"),
        ("carrier-pigeon://home", "is none of"),
        ("smpp://h?weight=heavy", "could not convert"),
        ("smpp://h:99999999", "out of range"),
        ("smpp://h?name=a http://h/x?name=a", "called “a”"),
        ("https://[::1/x", "Invalid IPv6"),
    ],
)
def test_settings_that_cannot_be_used_are_named_and_the_others_work(settings: Any, written: str, fault: str) -> None:
    from motcua.notices import configuration

    settings.MOTCUA_SMS = f"{written} http://good.example/x?name=good"
    configuration.forget()
    assert any(fault in why for _, why in configuration.faults())
    assert "good" in {each.name for each in configuration.providers("sms")}
    settings.MOTCUA_SMS = ""
    configuration.forget()


def test_a_city_of_demonstration_sends_nothing_out(settings: Any) -> None:
    from motcua.notices import configuration
    from motcua.notices.channels.sandbox import Sandbox

    settings.MOTCUA_SMS, settings.MOTCUA_NOTICES_SANDBOX = "smpp://real.example", True
    configuration.forget()
    assert [type(each) for each in configuration.providers("sms")] == [Sandbox]
    settings.MOTCUA_SMS, settings.MOTCUA_NOTICES_SANDBOX = "", False
    configuration.forget()
    assert configuration.channels() == frozenset()


def test_the_doctor_says_what_can_leave_the_house(settings: Any) -> None:
    from motcua.notices import configuration
    from motcua.notices.models import Wording
    from motcua.site.diagnosis import _notices

    def said() -> list[tuple[str, str]]:
        configuration.forget()
        return [(each.state, each.text) for each in _notices()]

    assert said() == [
        (
            "warning",
            "chỉ trong hộp thông báo / in people's inboxes only: MOTCUA_SMS, MOTCUA_EMAIL, MOTCUA_PUSH are not set",
        )
    ]
    settings.MOTCUA_SMS = "smpp://one.example?name=one pigeon://x"
    assert [state for state, _ in said()] == ["bad", "good"]
    settings.MOTCUA_SMS = ""
    Wording.objects.filter(kind="ready").delete()
    assert said()[0] == ("bad", "no words are loaded for: ready: motcua content load")
    configuration.forget()
