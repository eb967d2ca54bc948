"""The register at its door: changes dated both ways, look-ups written down, contests that change nothing, moves."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from motcua.law.actor import Actor, Grant
from motcua.registry import contesting, documents, households, twins
from motcua.registry.facts import WrongFactError, read_birth, read_fact, same_birth
from motcua.registry.lookups import NoPurposeError, accesses, children_of, look_for, look_up, topic
from motcua.registry.models import Access, Alias, Household, Member, Resident, Statement
from motcua.registry.record import Source, change, story
from motcua.registry.two_times import true_on
from registry.people import CHILD, FATHER, MOTHER, person

pytestmark = pytest.mark.django_db
CLERK = Actor(account=11, name="Nguyễn Thị Lan", grants=(Grant(agency=3, role="reception"),))
HERSELF = Actor(account=12, name="Nguyễn Thị Mẫu", kind="resident", assurance=2)
BY = Source("hồ sơ", dossier=7, by="Nguyễn Thị Lan")
TODAY = date(2026, 11, 25)


def test_a_change_is_dated_both_ways_and_the_past_stays_as_it_was_believed() -> None:
    who = person()
    before = timezone.now()
    new = {"text": "Số 9 Hàng Bạc", "commune": "00004"}
    assert change(who.pk, "permanent", new, BY, date(2020, 5, 1))
    after = timezone.now()
    told = story(Resident.objects.get(pk=who.pk), "permanent")
    old = {"text": "Số 5 Nghĩa Dũng", "commune": "00001", "catalogue": "2018"}
    assert true_on(told, date(2021, 1, 1), before) == old
    assert true_on(told, date(2021, 1, 1), after) == new
    assert true_on(told, date(2015, 1, 1), after) == old
    assert true_on(told, date(2005, 1, 1), after) is None
    assert Resident.objects.get(pk=who.pk).permanent == new
    assert {row.dossier for row in Statement.objects.filter(valid_from=date(2020, 5, 1))} == {7}


def test_what_changed_once_changes_again() -> None:
    who = person()
    for street in ("Số 9", "Số 10", "Số 11"):
        assert change(who.pk, "permanent", {"text": street}, BY, date(2020, 5, 1))
    told = story(Resident.objects.get(pk=who.pk), "permanent")
    now = timezone.now()
    assert true_on(told, date(2021, 1, 1), now) == {"text": "Số 11"}
    assert true_on(told, date(2015, 1, 1), now) == {"text": "Số 5 Nghĩa Dũng", "commune": "00001", "catalogue": "2018"}
    assert Statement.objects.filter(known_to=None).count() == 2


def test_a_period_in_the_past_changes_nothing_of_today() -> None:
    who = person()
    change(who.pk, "name", "Nguyễn Thị Cũ", BY, date(2012, 1, 1), date(2013, 1, 1))
    assert Resident.objects.get(pk=who.pk).name == "Nguyễn Thị Mẫu"
    told = story(who, "name")
    now = timezone.now()
    assert true_on(told, date(2012, 6, 1), now) == "Nguyễn Thị Cũ"
    assert true_on(told, date(2013, 1, 1), now) == "Nguyễn Thị Mẫu"


def test_what_is_held_already_is_no_change() -> None:
    who = person()
    assert not change(who.pk, "ethnicity", "Kinh", BY, TODAY)
    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    ("what", "given"),
    [("name", ""), ("name", "=cmd()"), ("sex", "x"), ("birth", "31/02/1980"), ("birth", "2999"), ("birth", "1700"),
     ("permanent", {"text": "x", "commune": "1"}), ("permanent", {"text": ""}),
     ("father", {"name": "A", "number": "1"}),
     ("father", {"name": "A", "age": "3"}), ("name", 5)],
)  # fmt: skip
def test_what_cannot_be_is_not_kept(what: str, given: Any) -> None:
    who = person()
    with pytest.raises(WrongFactError):
        change(who.pk, what, given, BY, TODAY)
    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "kept"),
    [("1980", "1980"), ("5/1980", "1980-05"), ("2/5/1980", "1980-05-02"), ("1980-05", "1980-05"),
     ("1980-05-02", "1980-05-02"), ("02.05.1980", "1980-05-02")],
)  # fmt: skip
def test_a_birth_may_lack_its_day_or_month(text: str, kept: str) -> None:
    assert read_birth(text, TODAY) == kept
    assert read_fact("birth", text, TODAY) == kept
    assert same_birth(kept, "1980-05-02")


def test_what_was_said_is_never_altered_in_the_database() -> None:
    who = person()
    change(who.pk, "ethnicity", "Tày", BY, date(2020, 1, 1))
    row = Statement.objects.filter(known_to=None).order_by("-valid_from").first()
    assert row is not None
    for query in (
        "UPDATE registry_statement SET value = '\"Nùng\"' WHERE id = %s",
        "UPDATE registry_statement SET known_from = now() WHERE id = %s",
        "DELETE FROM registry_statement WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query, [row.pk])


def test_what_is_believed_cannot_say_two_things_of_a_day() -> None:
    who = person()
    change(who.pk, "ethnicity", "Tày", BY, date(2020, 1, 1))
    twice = Statement.objects.filter(known_to=None).order_by("-valid_from").first()
    assert twice is not None
    twice.pk = None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError), transaction.atomic():
        twice.save(force_insert=True)


def test_each_look_up_is_written_down_and_shown_to_the_person() -> None:
    who = person()
    known = look_up(MOTHER, purpose="counter_intake", who=CLERK, dossier=5, agency=3)
    assert known is not None
    assert known.residence is not None
    assert known.residence.commune == "00001"
    seen = accesses(who.pk)[0]
    assert (seen.account, seen.name, seen.agency, seen.dossier, seen.purpose) == (
        11, "Nguyễn Thị Lan", 3, 5, "counter_intake",
    )  # fmt: skip
    assert "permanent" in seen.shown
    assert look_up("000100000000", purpose="counter_intake", who=CLERK) is None
    assert Access.objects.filter(resident=0, asked="000100000000").count() == 1


@pytest.mark.parametrize(("purpose", "reason"), [("", ""), ("curiosity", "x" * 20), ("inspection", "no")])
def test_without_a_purpose_nothing_is_answered(purpose: str, reason: str) -> None:
    person()
    with pytest.raises(NoPurposeError):
        look_up(MOTHER, purpose=purpose, who=CLERK, reason=reason)
    with pytest.raises(NoPurposeError):
        look_for("Nguyen Thi Mau", 1987, purpose=purpose, who=CLERK, reason=reason)


@pytest.mark.parametrize("query", ["UPDATE registry_access SET name = 'x'", "DELETE FROM registry_access"])
def test_who_asked_is_never_altered(query: str) -> None:
    person()
    look_up(MOTHER, purpose="own", who=HERSELF)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query)


def test_found_by_name_without_accents_and_year_and_each_one_written_down() -> None:
    who = person()
    other = person("000187000009", name="Nguyễn Thị Mậu")
    person("000188000001", birth="1988")
    found = look_for("nguyen thi mau", 1987, purpose="counter_intake", who=CLERK)
    assert {each.id for each in found} == {who.pk, other.pk}
    assert Access.objects.filter(resident__in=[who.pk, other.pk]).count() == 2
    assert look_for("n%", 1987, purpose="counter_intake", who=CLERK) == []
    assert look_for("ng", 1987, purpose="counter_intake", who=CLERK) == []


def test_a_former_number_leads_to_the_same_person() -> None:
    who = person()
    Alias.objects.create(number="011234567", resident=who)
    known = look_up("011 234 567", purpose="own", who=HERSELF)
    assert known is not None
    assert known.number == MOTHER


def test_topics_are_what_forms_ask_for() -> None:
    person(spouse={"name": "Trần Văn Mẫu", "number": FATHER})
    known = look_up(MOTHER, purpose="own", who=HERSELF)
    assert known is not None
    assert topic(known, "self.name") == "Nguyễn Thị Mẫu"
    assert topic(known, "self").birth == "1987-03-04"  # type: ignore[attr-defined]
    assert topic(known, "spouse").name == "Trần Văn Mẫu"  # type: ignore[attr-defined]
    assert topic(known, "self.residence").commune == "00001"  # type: ignore[attr-defined]
    assert topic(known, "father") is None
    assert topic(known, "self.unknown") is None
    assert topic(known, "anything") is None


def test_a_contest_changes_nothing_until_a_dossier_grants_it() -> None:
    who = person()
    contesting.note(55, who, "birth", "1987-04-03")
    assert Resident.objects.get(pk=who.pk).birth == "1987-03-04"
    assert Statement.objects.count() == 0
    with pytest.raises(contesting.NotGrantedError):
        contesting.apply(55, granted=False, by="Lan")
    contesting.apply(55, granted=True, by="Lan")
    assert Resident.objects.get(pk=who.pk).birth == "1987-04-03"
    assert {row.dossier for row in Statement.objects.filter(known_to=None)} == {55}
    with pytest.raises(contesting.NotGrantedError):
        contesting.apply(55, granted=True, by="Lan")


def home(code: str, address: str) -> Household:
    return Household.objects.create(code=code, address=address, commune="00001")


def test_a_household_has_one_head_and_nobody_lives_in_two() -> None:
    one, other = home("A", "Số 1"), home("B", "Số 2")
    mother, father = person(), person(FATHER, name="Trần Văn Mẫu", sex="male", birth="1985")
    for who, relation in ((mother, "head"), (father, "spouse")):
        Member.objects.create(household=one, resident=who, relation=relation, valid_from=date(2012, 1, 1))
    with pytest.raises(households.NotMovedError):
        households.move(mother.pk, other.pk, "head", date(2020, 1, 1), BY)
    households.move(mother.pk, other.pk, "head", date(2020, 1, 1), BY, new_head=father.pk)
    assert Resident.objects.get(pk=mother.pk).permanent == {"text": "Số 2", "commune": "00001"}
    assert [row.resident_id for row in households.members_of(one.pk, date(2021, 1, 1))] == [father.pk]
    assert len(households.members_of(one.pk, date(2015, 1, 1))) == 2
    with pytest.raises(households.NotMovedError):
        households.move(father.pk, other.pk, "head", date(2021, 1, 1), BY)


def test_children_are_those_of_the_household_whose_parent_it_is() -> None:
    mother = person()
    child = person(CHILD, name="Trần Thị Con", birth="2018-01-02", mother={"name": "Nguyễn Thị Mẫu", "number": MOTHER})
    niece = person("000218000004", name="Trần Thị Cháu", birth="2018-01-02")
    one = home("A", "Số 1")
    for who, relation in ((mother, "head"), (child, "child"), (niece, "other")):
        Member.objects.create(household=one, resident=who, relation=relation, valid_from=date(2018, 2, 1))
    assert [each.pk for each in children_of(MOTHER)] == [child.pk]


def test_two_records_are_one_person_only_when_somebody_says_so() -> None:
    one, other = person(), person("000187000009")
    assert twins.look_for_twins(other.pk) == 1
    assert twins.look_for_twins(one.pk) == 1
    assert twins.count_open() == 1
    with pytest.raises(twins.DecidedError):
        twins.decide(one.pk, other.pk, same=True, words="x", by="Lan", keep=999)
    twins.decide(one.pk, other.pk, same=True, words="Cùng vân tay", by="Lan", keep=one.pk)
    known = look_up("000187000009", purpose="own", who=HERSELF)
    assert known is not None
    assert known.number == MOTHER
    with pytest.raises(twins.DecidedError):
        twins.decide(one.pk, other.pk, same=False, words="x", by="Lan")


def test_two_people_are_not_asked_about_again() -> None:
    one, other = person(), person("000187000009")
    twins.look_for_twins(one.pk)
    twins.decide(one.pk, other.pk, same=False, words="Hai chị em", by="Lan")
    twins.look_for_twins(other.pk)
    assert twins.count_open() == 0


def test_a_document_is_used_again_until_it_is_revoked() -> None:
    day = TODAY - timedelta(days=1)
    documents.add(MOTHER, "result:1.001193", "a" * 64, "Giấy khai sinh", 7, "1/GKS", day)
    documents.add(MOTHER, "result:1.001193", "a" * 64, "Giấy khai sinh", 7, "1/GKS", day)
    assert [each.digest for each in documents.documents_of(MOTHER, TODAY)] == ["a" * 64]
    assert documents.documents_of(FATHER, TODAY) == documents.documents_of("", TODAY) == []
    with pytest.raises(ValueError, match="somebody else"):
        documents.add(FATHER, "x", "a" * 64, "x", 7, "", day)
    documents.add(MOTHER, "result:1.001193", "b" * 64, "Giấy khai sinh", 7, "2/GKS", day, revokes="a" * 64)
    assert [each.digest for each in documents.documents_of(MOTHER, TODAY)] == ["b" * 64]
    found = documents.find("a" * 64)
    assert found is not None
    assert found.revoked_by == "b" * 64
    expired = documents.add(MOTHER, "x", "c" * 64, "x", 7, "", day - timedelta(days=9), day)
    assert expired.digest not in {each.digest for each in documents.documents_of(MOTHER, TODAY)}
