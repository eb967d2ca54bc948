"""What the other rooms stand on: the door, who a resident is to the law, and for whom they act."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from motcua.accounts.authority import may_act_for, principals
from motcua.accounts.door import acting_for
from motcua.accounts.door import resident as behind_the_door
from motcua.accounts.identity import actor_of, contact, resident_number
from motcua.accounts.models import Authority, ResidentAccount
from motcua.law.actor import SYSTEM
from motcua.law.refusal import Refusal
from motcua.organisation.appointments import Post, appoint
from motcua.organisation.directory import actor_for, city_day, directory
from motcua.organisation.models import Account, Appointment
from residents import CHILD, MOTHER, resident, signed_in
from staffing import hire

pytestmark = pytest.mark.django_db


def asked(user: object, level: int = 0) -> tuple[HttpResponse, HttpRequest]:
    """What a page behind the door answers to `user`."""
    request = RequestFactory().get("/cua-toi/")
    request.user = user  # type: ignore[assignment]
    request.session = {}  # type: ignore[assignment]
    view = behind_the_door(level)(lambda request: HttpResponse("inside"))
    return view(request), request


def test_a_stranger_is_sent_to_sign_in_and_back() -> None:
    from django.contrib.auth.models import AnonymousUser

    answer, _request = asked(AnonymousUser())
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('portal:sign_in')}?next=/cua-toi/")


def test_a_resident_comes_in_as_the_laws_resident() -> None:
    who = resident("Nguyễn Thị Mẫu", number=MOTHER)
    answer, request = asked(who.account, level=2)
    assert answer.content == b"inside"
    assert request.actor == actor_of(who.account)  # type: ignore[attr-defined]
    assert (request.actor.kind, request.actor.assurance) == ("resident", 2)  # type: ignore[attr-defined]
    assert request.resident == who  # type: ignore[attr-defined]


def test_what_needs_proof_explains_itself_to_the_self_registered() -> None:
    answer, _request = asked(resident().account, level=2)
    assert answer.status_code == 403
    assert "mức 2" in answer.content.decode()


def test_officials_and_residents_stay_apart() -> None:
    clerk = hire("door", ("00001", "reception"))
    assert asked(clerk)[0].status_code == 403
    who = resident("Trần Văn Mẫu")
    office = signed_in(who).get(reverse("office:home"))
    assert office.status_code == 403
    post = Post(who.account.pk, directory().by_code["00001"].number, "reception", date(2018, 1, 1))
    refused = appoint(SYSTEM, post)
    assert isinstance(refused, Refusal)
    assert refused.code == "account_residents"
    assert actor_for(who.account).grants == ()


def test_the_tables_keep_the_sides_apart_too() -> None:
    who, clerk = resident(), hire("sides", ("00001", "reception"))
    held = Appointment.objects.get(account=clerk)
    for wrong in (
        lambda: Appointment.objects.filter(pk=held.pk).update(account=who.account),
        lambda: ResidentAccount.objects.create(account=clerk),
        lambda: Account.objects.filter(pk=clerk.pk).update(side="resident"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()


def test_a_number_is_never_kept_unproven() -> None:
    who = resident()
    with pytest.raises(DatabaseError), transaction.atomic():
        ResidentAccount.objects.filter(pk=who.pk).update(number=MOTHER)


def test_only_residents_have_a_number_and_contact() -> None:
    who = resident(number=MOTHER, phone="0912345678", email="Mau@Example.com")
    assert resident_number(who.account) == MOTHER
    assert contact(who.account) == contact(who.account)
    assert (contact(who.account).phone, contact(who.account).email) == ("0912345678", "mau@example.com")
    clerk = hire("contact", ("00001", "reception"))
    assert (resident_number(clerk), contact(clerk).phone, principals(clerk)) == ("", "", [])
    with pytest.raises(ValueError, match="not a resident"):
        actor_of(clerk)


def authority(holder: str, principal: str, **values: object) -> Authority:
    clerk = hire(f"clerk{Authority.objects.count()}", ("00001", "reception"))
    given = {"kind": "child", "principal_name": "Nguyễn Văn Con", "valid_from": city_day(), "how": "counter"} | values
    return Authority.objects.create(holder_number=holder, principal_number=principal, recorded_by=clerk, **given)


def test_one_acts_for_oneself_and_by_authority_in_force() -> None:
    who = resident("Nguyễn Thị Mẫu", number=MOTHER)
    child = authority(MOTHER, CHILD)
    today = city_day()
    authority(MOTHER, "000100000003", valid_from=today - timedelta(9), valid_to=today - timedelta(1))
    authority(MOTHER, "000100000004", valid_from=today + timedelta(1))
    revoked = authority(MOTHER, "000100000005")
    Authority.objects.filter(pk=revoked.pk).update(revoked_at="2026-01-01T00:00:00Z", revoked_by=who.account)
    found = principals(who.account)
    assert [(each.kind, each.number, each.authority) for each in found] == [
        ("self", MOTHER, 0), ("child", CHILD, child.pk),
    ]  # fmt: skip
    assert may_act_for(who.account, CHILD) == found[1]
    assert may_act_for(who.account, "000100000003") is None
    assert may_act_for(who.account, "") is None


def test_the_self_registered_act_for_nobody_else() -> None:
    who = resident()
    authority(MOTHER, CHILD)
    assert [each.kind for each in principals(who.account)] == ["self"]


def test_an_authority_may_be_for_some_procedures_only() -> None:
    who = resident(number=MOTHER)
    authority(MOTHER, CHILD, procedures=["1.009994"])
    found = may_act_for(who.account, CHILD)
    assert found is not None
    assert (found.covers("1.009994"), found.covers("1.001193")) == (True, False)


def test_the_one_acted_for_is_chosen_and_forgotten_when_it_ends() -> None:
    who = resident(number=MOTHER)
    child = authority(MOTHER, CHILD)
    _answer, request = asked(who.account)
    assert acting_for(request).kind == "self"
    request.session["acting_for"] = child.pk
    assert acting_for(request).number == CHILD
    Authority.objects.filter(pk=child.pk).update(revoked_at="2026-01-01T00:00:00Z", revoked_by=who.account)
    assert acting_for(request).kind == "self"


def test_signing_in_leads_to_ones_own_pages() -> None:
    resident(phone="0912345678", email="mau@example.com", number=MOTHER, password="mot cau de nho")
    for identifier in ("0912 345 678", "+84912345678", "Mau@Example.com", MOTHER):
        client = Client()
        answer = client.post(reverse("portal:sign_in"), {"identifier": identifier, "password": "mot cau de nho"})
        assert (answer.status_code, answer["Location"]) == (302, "/cua-toi/"), identifier
        assert "_auth_user_id" in client.session
