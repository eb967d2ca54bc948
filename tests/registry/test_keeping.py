"""The keepers' pages and the officials' look-ups: by post, for a purpose, within what one may see, all written down."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.handle import Done, lodge
from motcua.law import commands as c
from motcua.law.codes import reference
from motcua.law.dossier import Applicant
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.organisation.models import Account
from motcua.registry import contesting, twins
from motcua.registry.models import Access, Alias, Contest, Resident, Statement, Twin
from registry.people import MOTHER, person
from residents import resident, signed_in
from staffing import hire

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OTHER = "000187000019"
LOOK_UP, KEEP = "/can-bo/dan-cu/", "/can-bo/dan-cu/du-lieu/"
PAGES = (LOOK_UP, KEEP)


def client(account: Account) -> Client:
    found = Client(raise_request_exception=False)
    found.force_login(account, backend=BACKEND)
    return found


def contested(commune: str = "00001") -> int:
    """A correction that a resident of the commune filed; the dossier's id."""
    who = resident(number=MOTHER)
    version, law = versions.current_version(contesting.PROCEDURE, city_day(clock.now()))
    applicant = Applicant(kind="person", name="Nguyễn Thị Mẫu", number=MOTHER, account=who.account.pk)
    command = c.Lodge(
        case=law.cases[0].id, channel="counter", agency=directory().by_code[commune].number, applicant=applicant,
        form={"what": "ethnicity", "proposed": "Tày", "reason": "Giấy khai sinh ghi thế"},
    )  # fmt: skip
    from staffing import actor

    done = lodge(version, command, actor(hire("nhan", (commune, "reception"))), "contest/1")
    assert isinstance(done, Done), done
    contesting.note(done.dossier_id, Resident.objects.get(number=MOTHER), "ethnicity", "Tày")
    return done.dossier_id


@pytest.mark.parametrize("role", ["reception", "officer", "leader", "registrar", "admin", "control"])
def test_who_may_open_which_page(role: str) -> None:
    who = client(hire("ai", ("001", role)))
    statuses = [who.get(page).status_code for page in PAGES]
    asks = role in ("reception", "officer", "leader", "control")
    assert statuses == [200 if asks else 403, 200 if role == "control" else 403]
    assert who.post(reverse("office:register_take_in")).status_code == (302 if role == "control" else 403)
    assert who.get(reverse("office:register_twins", args=[1, 2])).status_code == (404 if role == "control" else 403)


def test_residents_and_strangers_stay_outside() -> None:
    for page in PAGES:
        assert Client().get(page).status_code == 302
        assert signed_in(resident()).get(page).status_code in (302, 403)


def test_a_look_up_without_a_purpose_or_a_reason_tells_nothing() -> None:
    person()
    clerk = client(hire("lan", ("00001", "reception")))
    for given in (
        {},
        {"purpose": "inspection", "reason": "Kiểm tra định kỳ"},
        {"purpose": "appraisal", "reason": "Thẩm tra hồ sơ đất"},
        {"purpose": "identity", "reason": "xem"},
        {"purpose": "counter_intake", "number": ""},
    ):
        answer = clerk.post(LOOK_UP, {"number": MOTHER} | given)
        assert answer.status_code == 422
        assert "Nghĩa Dũng" not in answer.content.decode()
    assert Access.objects.count() == 0


def test_a_clerk_is_told_what_the_purpose_needs_and_it_is_written_down() -> None:
    person(birthplace="Nam Định")
    account = hire("lan", ("00001", "reception"))
    said = client(account).post(LOOK_UP, {"number": MOTHER, "purpose": "counter_intake"}).content.decode()
    assert "Nghĩa Dũng" in said
    assert "Nam Định" not in said
    row = Access.objects.get()
    assert (row.account, row.agency, row.purpose) == (account.pk, directory().by_code["00001"].number, "counter_intake")
    assert "birthplace" not in row.shown


def test_appraising_needs_a_dossier_that_one_may_see() -> None:
    person()
    number = contested()
    given = {"number": MOTHER, "purpose": "appraisal", "dossier": reference(number)}
    stranger = client(hire("xa", ("00004", "officer"))).post(LOOK_UP, given)
    assert stranger.status_code == 422
    assert Access.objects.count() == 0
    officer = client(hire("ha", ("00001", "officer"))).post(LOOK_UP, given)
    assert officer.status_code == 200
    assert Access.objects.get().dossier == number


def test_everybody_of_a_name_is_recorded_as_shown() -> None:
    person()
    person(OTHER, name="Nguyễn Thị Mẫu Đơn")
    clerk = client(hire("lan", ("00001", "reception")))
    clerk.post(LOOK_UP, {"name": "nguyen thi mau", "year": "1987", "purpose": "counter_intake"})
    assert set(Access.objects.values_list("resident", flat=True)) == set(Resident.objects.values_list("pk", flat=True))


def test_comparing_two_records_is_written_down_for_both_and_decided_once() -> None:
    one, other = person(), person(OTHER)
    twins.look_for_twins(one.pk)
    keeper = client(hire("kiemtra", ("001", "control")))
    listed = keeper.get(KEEP).content.decode()
    assert MOTHER not in listed
    assert Access.objects.count() == 0
    page = reverse("office:register_twins", args=[one.pk, other.pk])
    assert MOTHER in keeper.get(page).content.decode()
    assert set(Access.objects.values_list("resident", flat=True)) == {one.pk, other.pk}
    assert keeper.post(page, {"keep": str(one.pk)}).status_code == 422
    assert keeper.post(page, {"words": "Khác vân tay"}).status_code == 422
    assert Twin.objects.get().same is None
    assert keeper.post(page, {"keep": str(one.pk), "words": "Cùng vân tay"}).status_code == 302
    assert Twin.objects.get().same is True
    other.refresh_from_db()
    assert other.merged_into_id == one.pk
    keeper.post(page, {"keep": "no", "words": "Nghĩ lại"})
    assert Twin.objects.get().same is True


def test_numbers_that_differ_by_a_slip_are_noted() -> None:
    one = person(birth="1987-03-04")
    person("000187000010", birth="1987-04-03")
    person("000187999999", birth="1987-04-03")
    assert twins.look_for_twins(one.pk) == 1
    assert twins.is_a_slip("000187000001", "000187000010")
    assert not twins.is_a_slip("000187000001", "000187000001")
    assert not twins.is_a_slip("000187000001", "000187000110")


def test_a_contest_is_written_only_when_granted_by_somebody_who_may_see_its_dossier(monkeypatch: Any) -> None:
    person()
    number = contested()
    apply = reverse("office:register_apply", args=[number])
    near, far = client(hire("gan", ("001", "control"))), client(hire("xa", ("002", "control")))
    assert reference(number) in near.get(KEEP).content.decode()
    assert reference(number) not in far.get(KEEP).content.decode()
    assert far.post(apply).status_code == 404
    near.post(apply)
    near.post(apply, {"act": "close"})
    assert Statement.objects.count() == 0
    contest = Contest.objects.get()
    assert (contest.applied_at, contest.closed_at) == (None, None)
    contesting.apply(number, granted=True, by="Vũ Mai Anh")
    assert Resident.objects.get().ethnicity == "Tày"
    assert set(Statement.objects.filter(known_to=None).values_list("dossier", flat=True)) == {number}


def test_a_contest_put_away_is_never_written() -> None:
    person()
    number = contested()
    assert contesting.close(number)
    with pytest.raises(contesting.NotGrantedError):
        contesting.apply(number, granted=True, by="Vũ Mai Anh")
    assert contesting.open_contests() == []
    assert Resident.objects.get().ethnicity == "Kinh"


def test_the_refused_rows_come_back_with_their_cells(tmp_path: Any) -> None:
    path = tmp_path / "thu.csv"
    path.write_text(
        f"number;name;birth;sex\n{MOTHER};Nguyễn Thị Mẫu;4/3/1987;nữ\n1;=CMD();x;nữ\n", encoding="utf-8-sig"
    )
    keeper = client(hire("kiemtra", ("HN", "control")))
    with path.open("rb") as file:
        answer = keeper.post(reverse("office:register_take_in"), {"file": file, "as": "csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "'=CMD()" in lines[2]
    assert Resident.objects.count() == 1
    with path.open("rb") as file:
        page = keeper.post(reverse("office:register_take_in"), {"file": file}).content.decode()
    assert "1 không nhận" in page


def test_a_mistyped_number_renames_nobody() -> None:
    from motcua.registry.importing import import_rows
    from registry.test_register import CLERK

    person()
    row = {"number": MOTHER, "name": "Nguyễn Thị Mẫu", "birth": "4/3/1987", "sex": "nữ"}
    for wrong, column in (
        ({"name": "Trần Văn Khác"}, "name"),
        ({"birth": "1/1/1990"}, "birth"),
        ({"sex": "nam"}, "sex"),
    ):
        verdict = import_rows([row | wrong], CLERK, "thu.csv")[0]
        assert (verdict.outcome, verdict.faults[0][0]) == ("refused", column)
    assert import_rows([row | {"name": "NGUYỄN THỊ MẪU"}], CLERK, "thu.csv")[0].outcome == "unchanged"
    assert Statement.objects.count() == Alias.objects.count() == 0


def test_the_person_sees_who_asked_and_her_household() -> None:
    from datetime import date

    from motcua.registry.models import Household, Member

    who = person()
    home = Household.objects.create(code="TT1", address="Số 5 Nghĩa Dũng", commune="00001")
    Member.objects.create(household=home, resident=who, relation="head", valid_from=date(2010, 1, 1))
    account = hire("lan", ("00001", "reception"))
    client(account).post(LOOK_UP, {"number": MOTHER, "purpose": "counter_intake", "reason": "Nộp khai sinh"})
    said = signed_in(resident(number=MOTHER)).get("/cua-toi/du-lieu/").content.decode()
    assert account.full_name in said
    assert "Nộp khai sinh" in said
    assert "TT1" in said
    assert signed_in(resident("Người Khác", number=OTHER)).get("/cua-toi/du-lieu/").content.decode().count("TT1") == 0


def test_saying_that_something_is_wrong_files_a_dossier_and_changes_nothing() -> None:
    person()
    before = Resident.objects.values().get()
    herself = signed_in(resident(number=MOTHER))
    page = reverse("portal:contest_data")
    given = {"what": "ethnicity", "proposed": "Tày", "reason": "Giấy khai sinh ghi thế", "key": "mot"}
    for wrong in ({"what": "shoe_size"}, {"proposed": ""}, {"reason": ""}):
        assert herself.post(page, given | wrong).status_code == 422
    assert Contest.objects.count() == 0
    for _twice in range(2):
        assert herself.post(page, given).status_code == 302
    contest = Contest.objects.get()
    stored = store.read(contest.dossier)
    assert stored is not None
    state = stored[0]
    assert (state.channel, state.phase, state.applicant.number) == ("online", "lodged", MOTHER)
    assert (state.form["what"], state.form["proposed"]) == ("ethnicity", "Tày")
    assert Resident.objects.values().get() == before
    assert Statement.objects.count() == 0


def test_whoever_is_not_proven_neither_sees_nor_contests() -> None:
    person()
    unproven = signed_in(resident())
    for name in ("portal:my_data", "portal:contest_data"):
        assert unproven.get(reverse(name)).status_code == 403
    assert Access.objects.count() == 0
