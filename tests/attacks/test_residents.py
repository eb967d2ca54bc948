"""A resident's dossier against everybody else: every page that names a dossier, every command of the law.

The pages are found from the addresses, so that one added later is tried too.
"""

import typing
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from attacks.matrix import cast
from dossiers.permits import everything, hanoi, set_watch
from motcua.accounts.identity import as_actor
from motcua.accounts.models import Authority
from motcua.dossiers.handle import handle
from motcua.dossiers.journal import history
from motcua.dossiers.policy import may_see
from motcua.files import store as files
from motcua.law import commands as c
from motcua.law.dossier import Applicant, PaperGiven
from motcua.law.refusal import Refusal
from portal.own_permits import OwnPermit
from residents import resident, signed_in

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


@pytest.fixture
def permit() -> OwnPermit:
    """Filed by its owner, its draft laid before them."""
    digest = files.put(PDF, name="ban-ve.pdf").digest
    own = OwnPermit()
    papers = tuple(PaperGiven(id=each.id, copy=1, files=(digest,)) for each in own.lodging().papers)
    return own.filed(papers).accepted().drafted().shown()


def pages_of(permit: OwnPermit) -> Iterator[str]:
    """Every address of the portal that names this dossier by its number."""
    portal = next(each for each in get_resolver().url_patterns if getattr(each, "app_name", "") == "portal")
    digest = next(each.files[0] for each in permit.state.papers if each.files)
    for pattern in portal.url_patterns:
        assert isinstance(pattern, URLPattern)
        wanted = set(pattern.pattern.converters)
        if "dossier_id" in wanted and wanted <= {"dossier_id", "digest"}:
            values = {"dossier_id": permit.id, "digest": digest}
            yield reverse(f"portal:{pattern.name}", kwargs={name: values[name] for name in wanted})


ANSWERS = {"agrees": "yes", "words": "x", "reason": "x", "c1": "2", "note": "x", "do": "send"}


def test_to_everybody_else_a_dossier_does_not_exist(permit: OwnPermit) -> None:
    addresses = list(pages_of(permit))
    assert len(addresses) >= 6
    stranger = resident("Trần Văn Khác", number="000187000009")
    before, wrong = everything(), []
    for name, client in (("proven", signed_in(stranger)), ("unproven", signed_in(resident("Vũ Thị Mới")))):
        for address in addresses:
            for answer in (client.get(address), client.post(address, {"key": uuid4().hex, **ANSWERS})):
                if answer.status_code not in (404, 405):
                    wrong.append((name, address, answer.status_code))
    assert wrong == []
    assert everything() == before


def test_officials_and_visitors_stay_outside_the_residents_door(permit: OwnPermit) -> None:
    addresses = list(pages_of(permit))
    before, persons = everything(), cast()
    for name in ("counter", "control", "admin"):
        for address in addresses:
            assert persons[name].client.get(address).status_code == 403, (name, address)
            assert persons[name].client.post(address, ANSWERS).status_code == 403, (name, address)
    for address in addresses:
        assert Client().get(address).status_code == 302
        assert Client().post(address, ANSWERS).status_code == 302
    assert everything() == before


def test_residents_stay_outside_the_office(permit: OwnPermit) -> None:
    client = permit.client
    digest = next(each.files[0] for each in permit.state.papers if each.files)
    for address in (
        reverse("office:dossier", args=[permit.id]),
        reverse("office:scan", args=[permit.id, digest]),
        reverse("office:act", args=[permit.id, "answer_draft", 0]),
        reverse("office:accept_waiting", args=[permit.id]),
        reverse("office:online"),
        reverse("office:ratings"),
        reverse("office:rating_kiosk", args=[permit.id]),
    ):
        assert client.get(address).status_code in (302, 403), address
        assert client.post(address, ANSWERS).status_code in (302, 403), address


def filled(kind: type) -> Any:
    """A command of this kind with something in every part that must be given."""
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.required:
            values[field.name] = _value(field.type)
    return kind(**values)


def _value(hint: Any) -> Any:
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return inside[0]
    if origin is tuple or origin is dict:
        return (
            {"1": 2} if origin is dict else ((PaperGiven(id="drawings", copy=1),) if inside[0] is PaperGiven else (1,))
        )
    if hint is Applicant:
        return Applicant(kind="person", name="x")
    return {str: "x", int: 1, bool: True}.get(hint, hanoi("2019-01-07 17:00"))


@pytest.mark.parametrize("kind", typing.get_args(c.AnyCommand), ids=lambda kind: kind.__name__)
def test_no_command_of_a_stranger_changes_anything(kind: type, permit: OwnPermit) -> None:
    if kind is c.Lodge:
        return
    stranger = as_actor(resident("Trần Văn Khác", number="000187000009"))
    assert not may_see(stranger, permit.state)
    before = everything()
    assert isinstance(handle(permit.id, filled(kind), stranger, uuid4().hex), Refusal)
    assert everything() == before


# What an owner may do with a dossier whose draft lies with them; every other command is an office's.
OWN = {c.AnswerDraft, c.Withdraw}


@pytest.mark.parametrize("kind", typing.get_args(c.AnyCommand), ids=lambda kind: kind.__name__)
def test_an_owner_does_what_is_theirs_and_nothing_of_the_office(kind: type, permit: OwnPermit) -> None:
    if kind is c.Lodge:
        return
    before = everything()
    done = handle(permit.id, filled(kind), permit.actor, uuid4().hex)
    if kind in OWN:
        assert not isinstance(done, Refusal), done
    else:
        assert isinstance(done, Refusal), kind
        assert everything() == before


def test_who_acts_for_a_company_acts_on_its_dossiers_and_leaves_their_own_name() -> None:
    agent = resident("Trần Văn Thay", number="000187000005")
    company = resident("Công ty Mẫu", tax_code="0100000001", kind="business", proven=True)
    permit = OwnPermit(company).filed().accepted().drafted().shown()
    client = signed_in(agent)
    address = reverse("portal:my_draft", args=[permit.id])
    assert client.get(address).status_code == 404
    Authority.objects.create(
        kind="company", holder_number=agent.number, principal_number="0100000001", principal_name="Công ty Mẫu",
        valid_from=date(2018, 1, 1), how="counter", recorded_by=agent.account,
    )  # fmt: skip
    assert client.get(address).status_code == 200
    assert str(permit.id) in client.get(reverse("portal:mine")).content.decode()
    assert client.post(address, {"key": "k", "agrees": "yes"}).status_code == 302
    assert history(permit.id)[-1].actor_name == "Trần Văn Thay thay mặt Công ty Mẫu"
