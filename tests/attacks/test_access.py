"""The access matrix: every kind of person against every situation of a dossier and every way to reach it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from attacks.matrix import ROLES, SITUATIONS, Person, cast, dossiers
from dossiers.permits import Permit, everything, set_watch
from motcua.dossiers.policy import may_see
from motcua.files import store as files
from motcua.office.desk.action_forms import FORMS

pytestmark = pytest.mark.django_db

ALL = set(SITUATIONS)
AT_DISTRICT = ALL - {"fresh", "accepted"}
# Which situations each person may see. Nobody not named here sees anything.
SEES: dict[str, set[str]] = {
    "counter": ALL,
    "one-stop head": ALL,
    "leader": ALL,
    "control": ALL,
    "district counter": AT_DISTRICT,
    "registrar": AT_DISTRICT,
    "head": AT_DISTRICT,
    "officer": AT_DISTRICT,
    "colleague": AT_DISTRICT,
    "planner": {"opinion asked"},
}
# Who may do what where; everybody else is refused, in whatever words.
MAY: dict[tuple[str, str], set[str]] = {
    ("fresh", "accept"): {"counter", "one-stop head"},
    ("fresh", "decline"): {"counter", "one-stop head"},
    ("fresh", "withdraw"): {"counter", "one-stop head"},
    ("accepted", "forward"): {"counter", "one-stop head"},
    ("accepted", "withdraw"): {"counter", "one-stop head"},
    ("accepted", "stop"): {"one-stop head"},
    ("at district", "receive"): {"head", "officer", "colleague"},
    ("at district", "assign"): {"head"},
    ("at district", "stop"): {"head", "leader"},
    ("opinion asked", "give_opinion"): {"planner"},
    ("opinion asked", "draft"): {"officer"},
    ("opinion asked", "refuse"): {"officer"},
    ("opinion asked", "sign"): set(),
    ("opinion asked", "reassign"): {"head"},
    ("supplement", "supplement"): {"counter", "one-stop head", "officer", "colleague"},
    ("supplement", "draft"): set(),
    ("ready", "hand_over"): {"counter", "one-stop head"},
    ("ready", "draft"): set(),
    ("ended", "note"): set(),
    ("ended", "withdraw"): set(),
    ("ended", "forward"): set(),
}
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


@pytest.fixture
def persons() -> dict[str, Person]:
    """One of each."""
    return cast()


@pytest.fixture
def scan() -> str:
    """A scan in the store."""
    return files.put(PDF, name="don.pdf").digest


@pytest.fixture
def permits(persons: dict[str, Person], scan: str) -> dict[str, Permit]:
    """One dossier in each situation."""
    return dossiers(persons, scan)


def test_everybody_sees_what_is_theirs_and_nothing_else(
    persons: dict[str, Person], permits: dict[str, Permit], scan: str
) -> None:
    wrong = []
    for name, person in persons.items():
        for situation, permit in permits.items():
            sees = situation in SEES.get(name, set())
            if may_see(person.actor, permit.state) != sees:
                wrong.append((name, situation, "policy"))
            task = next((task.no for task in permit.state.tasks), 0)
            for address in (
                reverse("office:dossier", args=[permit.id]),
                reverse("office:scan", args=[permit.id, scan]),
                reverse("office:act", args=[permit.id, "note", 0]),
                reverse("office:act", args=[permit.id, "draft", task]),
            ):
                status = person.client.get(address).status_code
                # Without any post the office is closed altogether, whatever the address.
                hidden = 403 if not ROLES[name] else 404
                if status != (200 if sees else hidden):
                    wrong.append((name, situation, address, status))
    assert wrong == []


def test_papers_are_printed_only_for_those_who_see(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    address = reverse("office:paper", args=[permits["accepted"].id, "receipt"])
    for name, person in persons.items():
        status = person.client.get(address).status_code
        if "accepted" in SEES.get(name, set()):
            assert status in (200, 403), (name, status)
        else:
            assert status in (403, 404), (name, status)
    assert persons["counter"].client.get(address).status_code == 200


def test_without_signing_in_nothing_of_the_office_is_shown(permits: dict[str, Permit], scan: str) -> None:
    anybody = Client()
    permit = permits["accepted"]
    before = everything()
    for address in (
        reverse("office:dossier", args=[permit.id]),
        reverse("office:dossier", args=[1]),
        reverse("office:scan", args=[permit.id, scan]),
        reverse("office:paper", args=[permit.id, "receipt"]),
        reverse("office:act", args=[permit.id, "forward", 1]),
        reverse("office:desk"),
    ):
        for answer in (anybody.get(address), anybody.post(address, {"key": uuid4().hex})):
            assert answer.status_code == 302, address
            assert answer["Location"].startswith(reverse("account_login")), address
    assert everything() == before


def answers(action: str, permit: Permit, persons: dict[str, Person]) -> dict[str, Any]:
    """A complete form for an action."""
    return {
        "key": uuid4().hex,
        "seen": str(permit.state.seq),
        "words": "Có lý do",
        "reason": "not_eligible",
        "ground": "Luật",
        "to": str(persons["officer" if action == "assign" else "colleague"].account),
        "agrees": "yes",
        "result": "permit",
        "text": "Đồng ý",
        "papers": ["drawings"],
        "to_name": "Hoà",
        "by_paper": "receipt",
        "path": "applicant.name",
        "value": "x",
    } | ({} if action in ("assign", "reassign") else {"to": ""})


@pytest.mark.parametrize(("situation", "action"), MAY)
def test_who_may_do_what_and_nobody_else(situation: str, action: str, persons: dict[str, Person]) -> None:
    wrong = []
    permits = dossiers(persons)
    for name, person in persons.items():
        permit = permits[situation]
        kind = "opinion" if action == "give_opinion" else "step"
        task = next((task.no for task in permit.state.tasks if task.kind == kind), 0)
        before, seq = everything(), permit.state.seq
        address = reverse("office:act", args=[permit.id, action, task])
        status = person.client.post(address, answers(action, permit, persons)).status_code
        may = name in MAY[situation, action]
        expected = 302 if may else 422 if situation in SEES.get(name, set()) else 404 if ROLES[name] else 403
        if status != expected:
            wrong.append((name, status, expected))
        if may:
            assert permit.state.seq > seq, name
            permits = dossiers(persons)
        elif everything() != before:
            wrong.append((name, "changed something", status))
    assert wrong == []


def test_bulk_does_nothing_to_what_is_not_ones_own(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    ticked = [f"{permit.id}:{task.no}" for permit in permits.values() for task in permit.state.tasks]
    before = everything()
    for name in ("counter next door", "officer of another district", "leader next door", "other department", "admin"):
        for action in ("receive", "assign", "forward", "sign"):
            form = {"task": ticked, "action": action, "confirmed": "yes", "key": uuid4().hex, "to": "1"}
            answer = persons[name].client.post(reverse("office:bulk"), form)
            assert answer.status_code in (302, 403), (name, action)
    assert everything() == before


def test_lists_search_and_control_show_nobody_elses(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    pages = [
        reverse("office:desk"),
        reverse("office:search") + "?q=doan",
        reverse("office:handovers"),
        reverse("office:signing"),
        reverse("office:control"),
        reverse("office:control_dossiers"),
        reverse("office:counter"),
        reverse("office:results"),
        reverse("office:book"),
    ]
    leaks = []
    for name, person in persons.items():
        if SEES.get(name):
            continue
        for page in pages:
            answer = person.client.get(page, follow=True)
            assert answer.status_code in (200, 403), (name, page, answer.status_code)
            text = answer.content.decode()
            leaks += [(name, page) for permit in permits.values() if permit.state.code and permit.state.code in text]
            leaks += [(name, page, "name") for situation in SITUATIONS if f"Đoàn {situation.title()}" in text]
    assert leaks == []


def test_a_post_chosen_in_the_head_narrows_and_never_widens(
    persons: dict[str, Person], permits: dict[str, Permit]
) -> None:
    client = persons["counter next door"].client
    for post in (permits["accepted"].place.commune, 1, "", "x", 10**30):
        assert client.post(reverse("office:switch_post"), {"post": str(post)}).status_code == 302
        assert client.get(reverse("office:dossier", args=[permits["accepted"].id])).status_code == 404


def test_a_tracking_page_shows_the_code_and_how_far_it_is_and_nobodys_name(permits: dict[str, Permit]) -> None:
    anybody = Client()
    for situation, permit in permits.items():
        state = permit.state
        page = anybody.get(reverse("portal:follow", args=[state.token]))
        assert page.status_code == 200, situation
        text = page.content.decode()
        for secret in (state.applicant.name, state.applicant.number, state.applicant.phone, "Nghĩa Dũng", "Người thứ"):
            assert secret not in text, (situation, secret)
    assert anybody.get(reverse("portal:follow", args=["A" * 20])).status_code == 404


# --- Every address has its policy ---------------------------------------------------------------------------

PUBLIC = {
    "portal": {
        "home", "search", "life_event", "procedure", "find", "follow", "proof", "seals", "public_key", "published",
        "seal_days", "seal_day", "check_receipt",
        "key", "seal", "sign_in", "passkey", "provider", "sign_up", "sign_up_code", "forgotten", "new_password",
        "rate_by_link", "provider_message", "pay_by_token", "worker", "without_line", "this_device", "manifest",
        # Anybody checks a result and its certificate; a shared one opens by its own token. Receipts of messages
        # come from other houses' machines, each signed.
        "check_result", "checked_result", "result_proof", "shared_result", "certificate_root", "certificate_crl",
        "certificate_ocsp", "certificate_ocsp_get", "notice_receipts",
    },
    "city": None,
    "opendata": None,
    # Uploads stand behind the account that sent them: tests/files tries each address.
    "files": None,
}  # fmt: skip
OTHERS = {"phong-cach/", "tai-khoan/", "quan-tri/", "ngon-ngu/", "healthz"}


def _deep(entry: Any) -> Iterator[Any]:
    for each in entry.url_patterns:
        if hasattr(each, "url_patterns"):
            yield from _deep(each)
        else:
            yield each


def test_every_address_has_a_policy() -> None:
    unguarded = []
    for entry in get_resolver().url_patterns:
        prefix = str(entry.pattern)
        if prefix.startswith(tuple(OTHERS)):
            continue
        assert isinstance(entry, URLResolver), prefix
        if entry.app_name == "office":
            for pattern in entry.url_patterns:
                assert isinstance(pattern, URLPattern)
                if not hasattr(pattern.callback, "needs"):
                    unguarded.append(pattern.name)
        elif entry.app_name == "portal":
            # A resident's page stands behind their door, which says how surely they must be known.
            own = {pattern.name for pattern in entry.url_patterns if hasattr(pattern.callback, "assurance")}
            assert {pattern.name for pattern in entry.url_patterns} - own <= (PUBLIC["portal"] or set())
        elif entry.app_name == "api":
            # Getting a token, and the description of the interface, are anybody's.
            without = {pattern.name for pattern in _deep(entry) if not hasattr(pattern.callback, "needs")}
            assert without <= {"token", "revoke", "description", "openapi-json", "api-root"}
        else:
            assert entry.app_name in PUBLIC, entry.app_name
    assert unguarded == []


def test_every_action_there_is_has_its_form_and_no_other_is_answered(
    persons: dict[str, Person], permits: dict[str, Permit]
) -> None:
    client, permit = persons["counter"].client, permits["accepted"]
    for action in ("close", "move_due", "record_step", "lodge", "x" * 50):
        assert action not in FORMS
        for answer in (
            client.get(reverse("office:act", args=[permit.id, action, 0])),
            client.post(reverse("office:act", args=[permit.id, action, 0]), {"key": uuid4().hex}),
        ):
            assert answer.status_code == 404
