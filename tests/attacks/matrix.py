"""Who is who in the access matrix: one account for every kind of person, one dossier for every situation.

Ba Đình district and its ward Phúc Xá, with neighbours that must see nothing. What is expected of each is left
to the tests.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from uuid import uuid4

from django.test import Client

from dossiers.permits import People, Permit
from motcua.dossiers.handle import Done, lodge
from motcua.law import commands as c
from motcua.law.actor import SYSTEM, Actor
from motcua.law.dossier import PaperGiven
from motcua.organisation.appointments import Post, appoint_all
from motcua.organisation.directory import actor_for, directory
from motcua.organisation.models import Account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "counter": (("00001", "reception"), ("00001", "results")),
    "one-stop head": (("00001", "one_stop_head"),),
    "counter next door": (("00004", "reception"), ("00004", "results")),
    "district counter": (("001", "reception"),),
    "head": (("001/XD", "head"),),
    "officer": (("001/XD", "officer"),),
    "colleague": (("001/XD", "officer"),),
    "officer of another division": (("001/TNMT", "officer"),),
    "officer of another district": (("002/XD", "officer"),),
    "leader": (("001", "leader"),),
    "leader next door": (("002", "leader"),),
    "registrar": (("001", "registrar"),),
    "planner": (("QHKT", "officer"),),
    "other department": (("NV", "officer"),),
    "control": (("HN", "control"),),
    "admin": (("HN", "admin"),),
    "resident": (),
}


class Person(NamedTuple):
    """Somebody who can sign in."""

    account: int
    actor: Actor
    client: Client


def cast() -> dict[str, Person]:
    """An account for each role, signed in."""
    agencies, found = directory().by_code, {}
    for index, (name, posts) in enumerate(ROLES.items()):
        account = Account.objects.create_user(f"matrix{index}", full_name=f"Người thứ {index}")
        wanted = [Post(account.pk, agencies[code].number, role, date(2018, 1, 1)) for code, role in posts]
        answers = appoint_all(SYSTEM, wanted)
        assert all(type(each).__name__ == "Appointment" for each in answers), answers
        client = Client(raise_request_exception=False)
        client.force_login(account, backend=BACKEND)
        found[name] = Person(account.pk, actor_for(account), client)
    return found


def _asked(permit: Permit) -> None:
    permit.at_officer()
    asked = c.AskOpinion(task=permit.task(), agency=permit.place.planning, question="Chỉ giới?", limit="2 working_days")
    permit.act(asked, permit.people.officer)


def _supplement(permit: Permit) -> None:
    permit.at_officer()
    wanted = c.RequestSupplement(items=("drawings",), reason="Thiếu", task=permit.task())
    permit.act(wanted, permit.people.officer)


def _ready(permit: Permit) -> None:
    permit.to("hand_over").act(c.MarkReady(task=permit.task()), permit.people.clerk)


def _ended(permit: Permit) -> None:
    _ready(permit)
    handed = c.HandOverResult(task=permit.task(), to_name="Hoà", by_paper="receipt")
    permit.act(handed, permit.people.clerk)


SITUATIONS: dict[str, Callable[[Permit], object]] = {
    "fresh": lambda permit: None,
    "accepted": lambda permit: None,
    "at district": lambda permit: permit.to("assign"),
    "opinion asked": _asked,
    "supplement": _supplement,
    "ready": _ready,
    "ended": _ended,
}


def dossiers(persons: dict[str, Person], scan: str = "") -> dict[str, Permit]:
    """One dossier in each situation, carried there by the cast; each has `scan` attached when given."""
    found = {}
    for situation, go in SITUATIONS.items():
        permit = Permit()
        permit.people = People(
            clerk=persons["counter"].actor,
            district_clerk=persons["district counter"].actor,
            head=persons["head"].actor,
            officer=persons["officer"].actor,
            other_officer=persons["colleague"].actor,
            planner=persons["planner"].actor,
            leader=persons["leader"].actor,
            registrar=persons["registrar"].actor,
            stranger=persons["counter next door"].actor,
        )
        papers = permit.lodging().papers
        if scan:
            papers = (PaperGiven(id=papers[0].id, original=1, files=(scan,)), *papers[1:])
        name = f"Đoàn {situation.title()}"
        if situation == "fresh":
            lodging = permit.lodging(name=name, papers=papers)
            done = lodge(permit.version, lodging, permit.people.clerk, uuid4().hex)
            assert isinstance(done, Done)
            permit.id = done.dossier_id
        else:
            permit.accept(name=name, papers=papers)
        go(permit)
        found[situation] = permit
    return found
