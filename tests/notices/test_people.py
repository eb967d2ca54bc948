"""Who is told: each person once, by what was proven to be theirs."""

from datetime import UTC, datetime

import pytest

from motcua.law.dossier import Applicant, Dossier
from motcua.notices.people import Person, address_hash, mailbox, mobile, people_of

ACCOUNTS = {7: Person(account=7, phone="+84901111111", email="bay@mau.example", language="en")}


def dossier(applicant: Applicant, submitter: Applicant | None = None) -> Dossier:
    return Dossier(
        id=1, seq=1, phase="lodged", procedure="x", version=1, case="x", channel="online", receiving=1,
        applicant=applicant, submitter=submitter, lodged_at=datetime(2019, 1, 7, tzinfo=UTC), regime="x",
    )  # fmt: skip


def named(**values: object) -> Applicant:
    return Applicant(kind="person", name="Nguyễn Thị Mẫu", **values)  # type: ignore[arg-type]


def test_an_accounts_own_contact_holds_and_the_dossiers_fills_gaps() -> None:
    assert people_of(dossier(named(account=7, phone="0909999999")), ACCOUNTS) == [ACCOUNTS[7]]
    bare = {7: Person(account=7)}
    assert people_of(dossier(named(account=7, phone="0909999999")), bare) == [Person(account=7, phone="+84909999999")]


@pytest.mark.parametrize(
    "submitter",
    [
        named(account=7),
        named(phone="0901 111 111"),
        named(phone="+84901111111"),
        named(email="BAY@mau.example"),
        named(),
    ],
)
def test_one_person_in_two_places_is_told_once(submitter: Applicant) -> None:
    assert people_of(dossier(named(account=7), submitter), ACCOUNTS) == [ACCOUNTS[7]]


def test_two_people_are_told_both() -> None:
    people = people_of(dossier(named(phone="0901111111"), named(account=7, phone="0902222222")), {7: Person(account=7)})
    assert [each.key for each in people] == [f"h{address_hash('+84901111111')}", "a7"]


def test_a_submitter_with_an_account_and_the_applicants_number_is_one_person_with_an_account() -> None:
    found = people_of(dossier(named(phone="0901111111", email="khac@mau.example"), named(account=7)), ACCOUNTS)
    assert [each.account for each in found] == [7]


def test_an_account_that_was_closed_leaves_what_the_dossier_says() -> None:
    assert people_of(dossier(named(account=9, phone="0901111111")), {}) == [Person(phone="+84901111111")]


def test_numbers_that_get_no_text_messages_are_none() -> None:
    assert mobile("024 3825 1234") == ""
    assert mobile("+33 6 12 34 56 78") == ""
    assert mobile("01231234567") == "+84831234567"
    assert mobile("'; DROP TABLE") == ""


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a b@c.vn", "a@b.vn\r\nBcc: x@y.vn", "ờ@mau.vn", "a@b..vn", "a@" + "b" * 300]
)
def test_what_is_no_address_gets_no_mail(text: str) -> None:
    assert mailbox(text) == ""


def test_an_address_cannot_be_read_from_its_digest() -> None:
    assert "901111111" not in address_hash("+84901111111")
    assert len(address_hash("+84901111111")) == 32
