"""One's own account: contact, sessions, history, level, acting for others, and leaving."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from motcua.accounts import authorising, codes, proving, sessions
from motcua.accounts.authority import may_act_for
from motcua.accounts.history import masked
from motcua.accounts.models import AccountEvent, Authority, ResidentAccount
from motcua.law.actor import Actor
from motcua.law.refusal import Refusal
from motcua.organisation.directory import actor_for, city_day
from motcua.organisation.models import Account
from motcua.registry.models import Access, Household, Member, Resident
from motcua.registry.record import Source, first_record
from residents import CHILD, MOTHER, resident, signed_in
from staffing import hire

pytestmark = pytest.mark.django_db
PASSWORD = "mot cau de nho lam"
FATHER = "000085000003"
PAGES = ("account", "identity", "sessions", "history", "leave", "authorities")


def clerk() -> Actor:
    return actor_for(hire("quay", ("00001", "reception")))


def come_in(who: ResidentAccount, browser: str = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0") -> Client:
    client = Client(HTTP_USER_AGENT=browser)
    given = {"identifier": who.phone, "password": PASSWORD}
    assert client.post(reverse("portal:sign_in"), given).status_code == 302
    return client


def test_every_page_is_the_owners_alone() -> None:
    who = resident(password=PASSWORD, number=MOTHER)
    for name in PAGES:
        assert Client().get(reverse(f"portal:{name}")).status_code == 302, name
        page = signed_in(who).get(reverse(f"portal:{name}"))
        assert page.status_code == 200, name
        assert "no-store" in page["Cache-Control"], name
    for which in ("dien-thoai", "thu"):
        assert signed_in(who).get(reverse("portal:contact", args=[which])).status_code == 200
    assert signed_in(who).get(reverse("portal:contact", args=["fax"])).status_code == 404


def test_a_new_phone_counts_when_its_code_came(posted: list[Any]) -> None:
    who = resident(password=PASSWORD, phone="0912345678")
    client = signed_in(who)
    path = reverse("portal:contact", args=["dien-thoai"])
    assert client.post(path, {"contact": "0987654321", "password": "wrong"}).status_code == 422
    assert client.post(path, {"contact": "mau@example.com", "password": PASSWORD}).status_code == 422
    asked = client.post(path, {"contact": "0987654321", "password": PASSWORD})
    who.refresh_from_db()
    assert who.phone == "0912345678"
    assert client.post(asked["Location"], {"code": posted[0].code})["Location"] == reverse("portal:account")
    who.refresh_from_db()
    assert who.phone == "0987654321"
    # The old number is told.
    assert (posted[1].address, posted[1].code) == ("0912345678", "")
    kept = AccountEvent.objects.get(account=who.account, verb="phone_changed").details
    assert kept == {"before": masked("0912345678"), "after": masked("0987654321")}


def test_a_code_for_ones_contact_is_of_no_use_to_another(posted: list[Any]) -> None:
    owner, thief = resident(password=PASSWORD), resident(password=PASSWORD)
    path = reverse("portal:contact", args=["dien-thoai"])
    asked = signed_in(owner).post(path, {"contact": "0987654321", "password": PASSWORD})
    assert signed_in(thief).post(asked["Location"], {"code": posted[0].code}).status_code == 410
    thief.refresh_from_db()
    assert thief.phone != "0987654321"


def test_somebody_elses_phone_only_looks_as_if(posted: list[Any]) -> None:
    resident(phone="0987654321")
    who = resident(password=PASSWORD)
    path = reverse("portal:contact", args=["dien-thoai"])
    asked = signed_in(who).post(path, {"contact": "0987654321", "password": PASSWORD})
    assert asked.status_code == 302
    assert posted == []
    assert signed_in(who).post(asked["Location"], {"code": "123456"}).status_code == 422


def test_the_last_contact_stays(posted: list[Any]) -> None:
    who = resident(password=PASSWORD, phone="0912345678", email="mau@example.com")
    client = signed_in(who)
    gone = reverse("portal:contact_remove", args=["thu"])
    client.post(gone, {"password": "wrong"})
    who.refresh_from_db()
    assert who.email == "mau@example.com"
    client.post(gone, {"password": PASSWORD})
    client.post(reverse("portal:contact_remove", args=["dien-thoai"]), {"password": PASSWORD})
    who.refresh_from_db()
    assert (who.phone, who.email) == ("0912345678", "")


def test_sessions_are_listed_and_ended_one_by_one_or_all() -> None:
    who, other = resident(password=PASSWORD), resident(password=PASSWORD)
    phone, desk, library = (come_in(who) for _ in range(3))
    stranger = come_in(other)
    listed = sessions.of_account(who.account, phone.session.session_key)
    assert [each.current for each in listed] == [True, False, False]
    assert (listed[0].browser, listed[0].system) == ("Chrome", "Android")
    path = reverse("portal:sessions")
    key = desk.session.session_key
    wanted = next(each.id for each in sessions.of_account(who.account, key) if each.current)
    phone.post(path, {"session": str(wanted)})
    assert desk.get(path).status_code == 302
    assert library.get(path).status_code == 200
    # Somebody else's session is nobody's to end.
    theirs = sessions.of_account(other.account, None)[0].id
    phone.post(path, {"session": str(theirs)})
    assert stranger.get(path).status_code == 200
    phone.post(path, {"others": "1"})
    assert (phone.get(path).status_code, library.get(path).status_code) == (200, 302)
    assert stranger.get(path).status_code == 200


def test_a_changed_password_ends_the_other_sessions() -> None:
    who = resident(password=PASSWORD)
    here, there = come_in(who), come_in(who)
    given = {"oldpassword": PASSWORD, "password1": "quite another one", "password2": "quite another one"}
    assert here.post(reverse("account_change_password"), given)["Location"] == reverse("portal:account")
    assert here.get(reverse("portal:account")).status_code == 200
    assert there.get(reverse("portal:account")).status_code == 302
    assert AccountEvent.objects.filter(account=who.account, verb="password_changed").count() == 1
    assert len(sessions.of_account(who.account, here.session.session_key)) == 1


def test_the_history_tells_in_words_and_cannot_be_altered() -> None:
    who = resident(password=PASSWORD)
    page = come_in(who).get(reverse("portal:history")).content.decode()
    assert "Mở tài khoản" in page
    assert "Đăng nhập bằng mật khẩu" in page
    assert "Android" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountEvent.objects.filter(account=who.account).update(verb="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        AccountEvent.objects.filter(account=who.account).delete()


def test_a_clerk_proves_who_stands_at_the_counter() -> None:
    who = resident("Ng Thi Mau")
    shown = codes.show_at_counter(who.account_id)[1]
    card = proving.Card(number=MOTHER, name="Nguyễn Thị Mẫu", birth="1987-05-04", document="căn cước", checked=True)
    by = clerk()
    made = proving.prove_at_counter(by, shown.lower().replace("-", " "), card)
    assert isinstance(made, ResidentAccount)
    who.refresh_from_db()
    assert (who.number, who.assurance, who.proven_by_id, who.proven_how) == (MOTHER, 2, by.account, "counter")
    assert who.proven_agency == by.grants[0].agency
    told = AccountEvent.objects.get(account=who.account, verb="proven")
    assert (told.by_id, told.by_name) == (by.account, by.name)
    again = proving.prove_at_counter(by, shown, card)
    assert isinstance(again, Refusal)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"checked": False}, "card_unchecked"),
        ({"number": "123"}, "number_invalid"),
        ({"number": "123456789"}, "number_invalid"),
        ({"number": FATHER}, "number_taken"),
    ],
)
def test_what_is_not_proven_changes_nothing(changes: dict[str, Any], code: str) -> None:
    resident(number=FATHER)
    who = resident()
    shown = codes.show_at_counter(who.account_id)[1]
    card = {"number": MOTHER, "name": "Nguyễn Thị Mẫu", "checked": True, "document": "căn cước"} | changes
    answer = proving.prove_at_counter(clerk(), shown, proving.Card(**card))
    assert isinstance(answer, Refusal)
    assert answer.code == code
    who.refresh_from_db()
    assert (who.number, who.assurance) == ("", 1)
    assert not AccountEvent.objects.filter(account=who.account, verb="proven").exists()


def test_only_a_counter_proves_and_a_proven_number_stays() -> None:
    who = resident(number=MOTHER)
    shown = codes.show_at_counter(who.account_id)[1]
    card = proving.Card(number=FATHER, name="Khác", document="căn cước", checked=True)
    officer = actor_for(hire("officer", ("001/XD", "officer")))
    refused = [proving.prove_at_counter(each, shown, card) for each in (officer, clerk())]
    assert [each.code for each in refused if isinstance(each, Refusal)] == ["not_at_a_counter", "proven_already"]
    who.refresh_from_db()
    assert who.number == MOTHER


def test_one_gives_authority_and_takes_it_back() -> None:
    mother, father = resident("Nguyễn Thị Mẫu", number=MOTHER), resident("Trần Văn Mẫu", number=FATHER)
    giver, holder = signed_in(mother), signed_in(father)
    path = reverse("portal:authorities")
    given = {"holder": FATHER, "valid_to": (city_day() + timedelta(30)).strftime("%d/%m/%Y")}
    assert giver.post(path, given).status_code == 302
    found = may_act_for(father.account, MOTHER)
    assert found is not None
    assert (found.account, found.name) == (mother.account_id, "Nguyễn Thị Mẫu")
    assert "Nguyễn Thị Mẫu" in holder.get(path).content.decode()
    for each in (mother, father):
        assert AccountEvent.objects.filter(account=each.account, verb="authority_given").count() == 1
    assert giver.post(path, given).status_code == 422
    giver.post(reverse("portal:revoke_authority", args=[found.authority]))
    assert may_act_for(father.account, MOTHER) is None
    assert Authority.objects.get().revoked_by_id == mother.account_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"holder": "123"}, "id_holder"),
        ({"holder": MOTHER}, "id_holder"),
        ({"valid_to": "01/01/2020"}, "id_valid_to"),
        ({"valid_to": "khi nào cũng được"}, "id_valid_to"),
        ({"procedures": "9.999999"}, "id_procedures"),
    ],
)
def test_an_authority_that_cannot_be_is_said_at_its_field(changes: dict[str, str], field: str) -> None:
    who = resident(number=MOTHER)
    given = {"holder": FATHER, "valid_to": (city_day() + timedelta(30)).strftime("%d/%m/%Y")} | changes
    answer = signed_in(who).post(reverse("portal:authorities"), given)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()
    assert not Authority.objects.exists()


def test_the_self_registered_give_nothing() -> None:
    answer = authorising.give(resident(), FATHER, city_day())
    assert isinstance(answer, Refusal)
    assert answer.code == "level_two_needed"
    revoking = signed_in(resident()).post(reverse("portal:revoke_authority", args=[1]))
    assert revoking.status_code == 403


def test_nobody_ends_an_authority_that_is_not_theirs() -> None:
    mother, stranger = resident(number=MOTHER), resident(number="000100000009")
    resident(number=FATHER)
    made = authorising.give(mother, FATHER, city_day())
    assert isinstance(made, Authority)
    signed_in(stranger).post(reverse("portal:revoke_authority", args=[made.pk]))
    made.refresh_from_db()
    assert made.revoked_at is None


def test_a_clerk_records_what_a_document_says() -> None:
    mother = resident(number=MOTHER)
    by, today = clerk(), city_day()
    wish = authorising.Grantee("child", MOTHER, CHILD, "Nguyễn Văn Con", today, None, (), "GKS 12/2018")
    made = authorising.record_at_counter(by, wish)
    assert isinstance(made, Authority)
    assert (made.how, made.recorded_by_id, made.recorded_agency) == ("counter", by.account, by.grants[0].agency)
    assert may_act_for(mother.account, CHILD) is not None
    company = authorising.Grantee("company", MOTHER, "0100109106", "Công ty Mẫu", today, None, (), "GP 1")
    assert isinstance(authorising.record_at_counter(by, company), Authority)
    found = may_act_for(mother.account, "0100109106")
    assert found is not None
    assert found.business
    for refused, code in (
        (authorising.Grantee("child", MOTHER, CHILD, "Con", today, None, (), " "), "document_missing"),
        (authorising.Grantee("company", MOTHER, "0100109107", "Sai", today, None, (), "GP"), "tax_code_invalid"),
        (authorising.Grantee("child", MOTHER, MOTHER, "Con", today, None, (), "GKS"), "for_oneself"),
        (authorising.Grantee("other", MOTHER, FATHER, "Bố", today, today - timedelta(1), (), "QĐ"), "dates_reversed"),
    ):
        answer = authorising.record_at_counter(by, refused)
        assert isinstance(answer, Refusal)
        assert answer.code == code
    assert Authority.objects.count() == 2


def in_register(number: str, name: str, birth: str, mother: str = "") -> Resident:
    facts: dict[str, Any] = {"name": name, "birth": birth, "sex": "female"}
    if mother:
        facts["mother"] = {"name": "Nguyễn Thị Mẫu", "number": mother}
    return first_record(number, facts, Source("test"), since=date(2010, 1, 1))


def test_the_register_names_ones_minor_children() -> None:
    born = city_day() - timedelta(days=9 * 365)
    home = Household.objects.create(code="MAU-1", commune="00001", address="Số 5 Nghĩa Dũng")
    for person in (
        in_register(MOTHER, "Nguyễn Thị Mẫu", "1987-05-04"),
        in_register(CHILD, "Nguyễn Văn Con", born.isoformat(), MOTHER),
        in_register("000000000008", "Nguyễn Văn Lớn", "1999-01-01", MOTHER),
        in_register("000000000009", "Nguyễn Văn Khuyết", "2015", MOTHER),
    ):
        Member.objects.create(household=home, resident=person, relation="child", valid_from=date(2010, 1, 1))
    mother = resident(number=MOTHER)
    signed_in(mother).post(reverse("portal:children"))
    made = Authority.objects.get()
    assert (made.principal_number, made.how, made.kind) == (CHILD, "register", "child")
    assert made.valid_to is not None
    assert made.valid_to <= city_day() + timedelta(days=365)
    assert Access.objects.filter(account=mother.account_id).count() == 2
    signed_in(mother).post(reverse("portal:children"))
    assert Authority.objects.count() == 1


def test_who_is_not_in_the_register_is_told_where_to_go() -> None:
    answer = signed_in(resident(number=MOTHER)).post(reverse("portal:children"), follow=True)
    assert "giấy khai sinh" in answer.content.decode()
    assert not Authority.objects.exists()


@pytest.mark.parametrize(("name", "birth"), [("Trần Thị Khác", "1987-05-04"), ("Nguyễn Thị Mẫu", "1990-01-01")])
def test_a_number_that_the_register_has_under_another_name_is_not_linked(name: str, birth: str) -> None:
    in_register(MOTHER, name, birth)
    who = resident()
    shown = codes.show_at_counter(who.account_id)[1]
    card = proving.Card(number=MOTHER, name="NGUYEN THI MAU", birth="1987-05-04", document="căn cước", checked=True)
    answer = proving.prove_at_counter(clerk(), shown, card)
    assert isinstance(answer, Refusal)
    assert answer.code == "register_differs"
    who.refresh_from_db()
    assert who.number == ""


def test_the_head_lets_one_choose_for_whom_one_acts() -> None:
    mother = resident("Nguyễn Thị Mẫu", number=MOTHER)
    made = authorising.record_at_counter(
        clerk(), authorising.Grantee("child", MOTHER, CHILD, "Nguyễn Văn Con", city_day(), None, (), "GKS 12/2018")
    )
    assert isinstance(made, Authority)
    client = signed_in(mother)
    home = reverse("portal:home")
    assert "Bạn đang làm cho chính mình" in client.get(home).content.decode()
    answer = client.post(reverse("portal:act_for"), {"for": str(made.pk), "next": home})
    assert answer["Location"] == home
    assert "<b>Nguyễn Văn Con</b>" in client.get(home).content.decode()
    client.post(reverse("portal:act_for"), {"for": "999999", "next": home})
    assert "Bạn đang làm cho chính mình" in client.get(home).content.decode()


def test_a_deleted_account_is_empty_and_what_the_law_keeps_stays() -> None:
    who = resident("Nguyễn Thị Mẫu", number=MOTHER, phone="0912345678", email="mau@example.com", password=PASSWORD)
    resident(number=FATHER)
    authorising.give(who, FATHER, city_day())
    SocialAccount.objects.create(user=who.account, provider="thu", uid="1")
    Authenticator.objects.create(user=who.account, type="recovery_codes", data={})
    client = come_in(who)
    path = reverse("portal:leave")
    assert client.post(path, {"password": PASSWORD}).status_code == 422
    assert client.post(path, {"password": "wrong", "sure": "on"}).status_code == 422
    answer = client.post(path, {"password": PASSWORD, "sure": "on"})
    assert answer.status_code == 200
    assert "Tài khoản đã xóa" in answer.content.decode()
    who.refresh_from_db()
    account = Account.objects.get(pk=who.account_id)
    assert (who.number, who.phone, who.email, who.birth, who.assurance) == ("", "", "", "", 1)
    assert who.deleted_at is not None
    assert (account.is_active, account.full_name, account.has_usable_password()) == (False, "—", False)
    assert not SocialAccount.objects.filter(user=account).exists()
    assert not Authenticator.objects.filter(user=account).exists()
    assert Authority.objects.get().revoked_at is not None
    assert AccountEvent.objects.filter(account=account).exists()
    assert "0912345678" not in str(list(AccountEvent.objects.filter(account=account).values()))
    assert client.get(reverse("portal:account")).status_code == 302
    assert Client().post(
        reverse("portal:sign_in"), {"identifier": "0912345678", "password": PASSWORD}
    ).status_code == 422  # fmt: skip
    # The phone and the number are free again.
    resident(number=MOTHER, phone="0912345678")


def test_a_second_factor_is_asked_for_and_its_codes_are_told() -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time

    who = resident(password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(who.account, secret)
    client = Client()
    answer = client.post(reverse("portal:sign_in"), {"identifier": who.phone, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert "Nhập mã xác thực" in client.get(answer["Location"]).content.decode()
    code = f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06d}"
    inside = client.post(answer["Location"], {"code": code})
    assert inside["Location"] == "/cua-toi/"
    told = AccountEvent.objects.filter(account=who.account, verb="signed_in").latest("id")
    assert "totp" in told.details["how"]


def test_the_code_of_a_second_factor_cannot_be_guessed() -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
    from django.core.cache import cache

    cache.clear()
    who = resident(password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(who.account, secret)
    client = Client()
    client.post(reverse("portal:sign_in"), {"identifier": who.phone, "password": PASSWORD})
    right = f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06d}"
    wrong = f"{(int(right) + 500_000) % 10**6:06d}"
    for _ in range(9):
        client.post(reverse("mfa_authenticate"), {"code": wrong})
    client.post(reverse("mfa_authenticate"), {"code": right})
    assert "_auth_user_id" not in client.session
    cache.clear()
    assert client.post(reverse("mfa_authenticate"), {"code": right})["Location"] == "/cua-toi/"


def test_the_demonstrations_residents_are_there_once() -> None:
    from motcua.accounts import signing_in
    from motcua.registry.lookups import children_of
    from motcua.site import demo_city

    for _ in range(2):
        demo_city.house_residents()
    mother, other = (signing_in.find(each.signs_in_by) for each in demo_city.residents())
    assert mother is not None
    assert other is not None
    assert (mother.assurance, mother.number, other.assurance) == (2, MOTHER, 1)
    assert [each.name for each in children_of(MOTHER)] == ["Trần Minh Mẫu"]
