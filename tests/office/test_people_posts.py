"""Con người, vị trí: an administrator sees and changes the posts of their own agencies, and no others."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from motcua.law.actor import SYSTEM
from motcua.law.refusal import Refusal
from motcua.office.people.accounts import NewAccount, close_account, make_account
from motcua.organisation.appointments import Post, delegate
from motcua.organisation.directory import actor_for, city_day, directory, forget_directory
from motcua.organisation.models import Account, Appointment, Change, Delegation
from permit_office import DISTRICT, DIVISION, Office
from staffing import hire

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
QUERIES = 30
ELSEWHERE = "001"


def number(code: str) -> int:
    return directory().by_code[code].number


class Administered(Office):
    """The office with an administrator of its district."""

    def __init__(self) -> None:
        super().__init__()
        self.admin = hire("quantri", (DISTRICT, "admin"))
        self.at_desk = self.client(self.admin)

    def appoint(self, code: str, account: Account, role: str, client: Client | None = None, **more: str):  # type: ignore[no-untyped-def]
        answers = {"account": account.pk, "role": role, "title": "", "valid_from": f"{city_day():%d/%m/%Y}"}
        return (client or self.at_desk).post(
            reverse("office:appoint", args=[number(code)]), answers | {"valid_to": ""} | more
        )


@pytest.fixture
def office() -> Iterator[Administered]:
    forget_directory()
    yield Administered()
    forget_directory()


def everything() -> tuple[object, ...]:
    return (
        list(Appointment.objects.order_by("pk").values()),
        list(Delegation.objects.order_by("pk").values()),
        list(Account.objects.order_by("pk").values("pk", "username", "is_active")),
        Change.objects.count(),
    )


def test_only_administrators_come_in_and_only_where_they_administer(office: Administered) -> None:
    assert office.client(office.leader).get(reverse("office:people")).status_code == 403
    assert office.at_desk.get(reverse("office:people")).context["agency"].code == DISTRICT
    assert office.at_desk.get(reverse("office:people"), {"co-quan": DIVISION}).status_code == 200
    for code in (ELSEWHERE, "HN", "nowhere"):
        assert office.at_desk.get(reverse("office:people"), {"co-quan": code}).status_code == 404


def test_the_page_says_who_holds_what_and_what_nobody_holds(
    office: Administered,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    with django_assert_max_num_queries(QUERIES):
        page = office.at_desk.get(reverse("office:people"), {"co-quan": DISTRICT})
    held = {(row["person"].username, row["role"]) for row in page.context["posts"]}
    assert held == {
        ("quan", "Cán bộ tiếp nhận hồ sơ"), ("long", "Lãnh đạo cơ quan"), ("anh", "Văn thư"),
        ("quantri", "Quản trị tổ chức"),
    }  # fmt: skip
    assert "Cán bộ trả kết quả" in page.context["vacant"]
    counts = {place["name"]: place["people"] for place in page.context["below"]}
    assert sum(counts.values()) == 3
    found = office.at_desk.get(reverse("office:people"), {"tim": "QUAN LY do thi"}).context["places_found"]
    assert [place["people"] for place in found if DIVISION in place["href"]] == [2]
    assert office.at_desk.get(reverse("office:people"), {"tim": "ba dinh"}).context["places_found"] == []


def test_an_administrator_appoints_and_the_record_says_so(office: Administered) -> None:
    page = office.at_desk.get(reverse("office:appoint", args=[number(DIVISION)]), {"ai": "quan"})
    assert "quan" in [row["person"].username for row in page.context["found"]]
    assert office.appoint(DIVISION, office.desk_clerk, "officer", title="Chuyên viên").status_code == 302
    assert actor_for(office.desk_clerk).holds(number(DIVISION), "officer")
    change = Change.objects.latest("pk")
    assert (change.verb, change.account_id) == ("appoint", office.admin.pk)
    shown = office.at_desk.get(reverse("office:people"), {"co-quan": DIVISION}).context["history"]
    assert shown[0]["what"].startswith(f"Bổ nhiệm {office.desk_clerk.full_name}: Chuyên viên, ")
    assert shown[0]["who"] == office.admin.full_name


@pytest.mark.parametrize("code", [ELSEWHERE, "HN", "QHKT"])
def test_another_districts_posts_are_out_of_reach(office: Administered, code: str) -> None:
    before = everything()
    assert office.at_desk.get(reverse("office:appoint", args=[number(code)])).status_code == 404
    assert office.appoint(code, office.desk_clerk, "reception").status_code == 404
    foreign = Appointment.objects.get(account=office.stranger)
    ended = office.at_desk.post(reverse("office:end_post", args=[foreign.pk]), {"last_day": f"{city_day():%d/%m/%Y}"})
    assert ended.status_code == 404
    assert office.at_desk.get(reverse("office:person", args=[office.stranger.pk])).status_code == 404
    assert office.at_desk.post(reverse("office:new_account", args=[number(code)]), {}).status_code == 404
    assert everything() == before


@pytest.mark.parametrize(("code", "role"), [(DISTRICT, "leader"), (DIVISION, "officer"), (DISTRICT, "reception")])
def test_an_administrator_takes_no_post_themselves(office: Administered, code: str, role: str) -> None:
    before = everything()
    page = office.appoint(code, office.admin, role)
    assert page.status_code == 422
    assert "Không ai được tự bổ nhiệm mình" in page.content.decode()
    assert everything() == before


def test_nor_do_they_borrow_one_of_others_for_themselves(office: Administered) -> None:
    post = Post(office.leader.pk, number(DISTRICT), "leader", city_day(), city_day() + DAY)
    before = everything()
    answer = delegate(actor_for(office.admin), post, office.admin.pk, reason="x")
    assert isinstance(answer, Refusal)
    assert answer.code == "own_post"
    assert everything() == before
    assert isinstance(delegate(actor_for(office.admin), post, office.head.pk, reason="x"), Delegation)
    other = Post(office.head.pk, number(DIVISION), "head", city_day(), city_day() + DAY)
    assert isinstance(delegate(SYSTEM, other, office.admin.pk, reason="x"), Delegation)


def test_a_refused_appointment_keeps_what_was_typed(office: Administered) -> None:
    page = office.appoint(DISTRICT, office.leader, "leader", title="Phó Chủ tịch")
    assert page.status_code == 422
    body = page.content.decode()
    assert "đã giữ vai trò" in body
    assert "Phó Chủ tịch" in body
    assert office.appoint(DIVISION, office.leader, "leader").status_code == 422, "no such role at a division"
    assert office.appoint(DISTRICT, office.head, "officer", valid_from="nay").status_code == 422


def test_a_post_is_ended_with_what_was_lent_from_it(office: Administered) -> None:
    days = (city_day(), city_day() + 3 * DAY)
    delegate(SYSTEM, Post(office.leader.pk, number(DISTRICT), "leader", *days), office.head.pk, reason="x")
    held = Appointment.objects.get(account=office.leader)
    url = reverse("office:end_post", args=[held.pk])
    assert office.at_desk.get(url).context["lent"] == 1
    assert office.at_desk.post(url, {"last_day": "01/01/2019"}).status_code == 422
    assert office.at_desk.post(url, {"last_day": f"{city_day():%d/%m/%Y}"}).status_code == 302
    for account in (office.leader, office.head):
        assert actor_for(account).holds(number(DISTRICT), "leader")
        assert not actor_for(account, city_day() + DAY).holds(number(DISTRICT), "leader")
    shown = office.at_desk.get(reverse("office:people")).context["history"]
    assert [entry["what"].partition(" ")[0] for entry in shown[:2]] == [
        "Thu",
        office.leader.full_name.partition(" ")[0],
    ]


def test_a_new_account_signs_in_with_the_password_shown_once(office: Administered) -> None:
    url = reverse("office:new_account", args=[number(DIVISION)])
    page = office.at_desk.post(url, {"full_name": "  Hồ  Thị Thử ", "username": "Thu.Ho"})
    assert "no-store" in page.headers["Cache-Control"]
    made, password = page.context["person"], page.context["password"]
    assert password in page.content.decode()
    stored = Account.objects.get(username="thu.ho")
    assert (stored.pk, stored.full_name) == (made.pk, "Hồ Thị Thử")
    assert stored.check_password(password)
    assert len(set(password.replace("-", ""))) > 1
    assert actor_for(stored).grants == ()
    change = Change.objects.latest("pk")
    assert (change.verb, change.details["username"]) == ("new_account", "thu.ho")
    assert password not in str(change.details)
    waiting = office.at_desk.get(reverse("office:people"), {"co-quan": DIVISION})
    assert [each.pk for each in waiting.context["without_post"]] == [stored.pk]
    assert office.appoint(DIVISION, stored, "officer").status_code == 302
    assert actor_for(stored).holds(number(DIVISION), "officer")
    again = office.at_desk.get(reverse("office:people"), {"co-quan": DIVISION})
    assert again.context["without_post"] == []


@pytest.mark.parametrize(
    ("full_name", "username"),
    [("Hồ Thị Thử", "long"), ("Hồ Thị Thử", "LONG"), ("Hồ Thị Thử", "co dau cach"), ("", "moi"), ("Hồ", ""),
     ("\u200b", "moi"), ("Hồ", "\u200b")],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused(office: Administered, full_name: str, username: str) -> None:
    before = everything()
    url = reverse("office:new_account", args=[number(DIVISION)])
    page = office.at_desk.post(url, {"full_name": full_name, "username": username})
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()
    assert everything() == before


def test_a_closed_account_is_out_at_once_and_comes_back(office: Administered) -> None:
    inside = office.client(office.officer)
    assert inside.get(reverse("office:desk")).status_code == 200
    url = reverse("office:person", args=[office.officer.pk])
    assert office.at_desk.post(url, {"action": "close"}).status_code == 302
    assert inside.get(reverse("office:desk")).status_code == 302
    assert actor_for(Account.objects.get(pk=office.officer.pk)).grants == ()
    assert "tài khoản đã đóng" in office.at_desk.get(url).content.decode()
    assert office.at_desk.post(url, {"action": "reopen"}).status_code == 302
    assert actor_for(Account.objects.get(pk=office.officer.pk)).holds(number(DIVISION), "officer")
    verbs = [entry["what"].partition(" tài")[0] for entry in office.at_desk.get(url).context["history"][:2]]
    assert verbs == ["Mở lại", "Đóng"]


def test_whoever_works_elsewhere_too_or_runs_the_system_is_not_closed_here(office: Administered) -> None:
    office.appoint(DIVISION, office.stranger, "officer")
    Account.objects.filter(pk=office.head.pk).update(is_staff=True)
    before = everything()
    expected = {office.stranger: "posts_elsewhere", office.head: "operators_account", office.admin: "own_account"}
    for account, code in expected.items():
        page = office.at_desk.post(reverse("office:person", args=[account.pk]), {"action": "close"})
        assert page.status_code == 422
        assert page.context["refused"].code == code
    answer = close_account(actor_for(office.admin), office.planner.pk)
    assert isinstance(answer, Refusal)
    assert everything() == before


def test_an_account_without_posts_belongs_to_whoever_it_was_made_for(office: Administered) -> None:
    made = make_account(SYSTEM, number(ELSEWHERE), "moi.ba.dinh", "Người Mới")
    assert isinstance(made, NewAccount)
    assert office.at_desk.get(reverse("office:person", args=[made.account.pk])).status_code == 404
    refused = make_account(actor_for(office.admin), number(ELSEWHERE), "thu", "Người Thử")
    assert isinstance(refused, Refusal)
    assert refused.code == "not_your_agency"


def test_the_record_is_read_page_by_page(office: Administered) -> None:
    for _ in range(12):
        office.at_desk.post(reverse("office:person", args=[office.officer.pk]), {"action": "close"})
        office.at_desk.post(reverse("office:person", args=[office.officer.pk]), {"action": "reopen"})
    url = reverse("office:person", args=[office.officer.pk])
    first = office.at_desk.get(url)
    second = office.at_desk.get(url + first.context["older"].partition("#")[0])
    assert (len(first.context["history"]), len(second.context["history"])) == (20, 5)
    assert second.context["older"] is None
    assert office.at_desk.get(url, {"truoc": "x"}).context["history"] == first.context["history"]


def test_the_way_in_is_in_the_head_for_administrators_only(office: Administered) -> None:
    hrefs = [item["href"] for item in office.at_desk.get(reverse("office:people")).context["nav_items"]]
    assert reverse("office:people") in hrefs
    others = office.client(office.head).get(reverse("office:my_account")).context
    assert reverse("office:people") not in [item["href"] for item in others["nav_items"]]
    assert [link["href"] for link in others["office"]["links"]] == [
        reverse("office:delegate"), reverse("office:my_account"),
    ]  # fmt: skip


WORDS = (
    "",
    "x",
    "\x00",
    "a\x00b",
    "\u202e\u200b",
    "²",
    "'; DROP TABLE organisation_account; --",
    "%_\\",
    "-1",
    "9" * 18,
    "9" * 40,
    "ệ" * 5000,
    "🦆",
    "<script>",
    "\ud800",
)


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_whatever_is_typed_is_answered_and_changes_nothing(office: Administered, word: str) -> None:
    office.at_desk.raise_request_exception = False
    before = everything()
    places = (number(DIVISION), 0, 10**30)
    asked = [reverse("office:people"), reverse("office:delegate"), reverse("office:my_account")]
    for name in ("appoint", "end_post", "new_account", "person", "revoke"):
        asked += [reverse(f"office:{name}", args=[place]) for place in places]
    names = (
        "ai",
        "tim",
        "co-quan",
        "nguoi",
        "truoc",
        "account",
        "role",
        "title",
        "valid_from",
        "valid_to",
        "last_day",
        "when",
        "full_name",
        "username",
        "action",
        "post",
        "receiver",
        "reason",
        "document",
        "confirmed",
    )
    sent = {name: word.encode("utf-8", "surrogatepass") for name in names}
    for address in asked:
        for answer in (office.at_desk.get(address, sent), office.at_desk.post(address, sent)):
            assert answer.status_code < 500, (address, word)
    # A word that is a lawful user name makes an account; nothing else may happen.
    assert Change.objects.exclude(verb="new_account").count() == before[-1]
    assert everything()[:2] == before[:2]
