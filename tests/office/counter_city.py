"""A ward's counter in the real Hanoi of 2018: its clerk, its neighbour's clerk, and a browser for each."""

from datetime import date, datetime
from typing import Any

from django.test import Client

from motcua.catalogue.versions import procedure_version
from motcua.dossiers import store
from motcua.dossiers.handle import handle
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.law.working_time import CITY_ZONE
from motcua.organisation.appointments import Post, appoint_all
from motcua.organisation.directory import directory
from motcua.organisation.models import Account

MORNING = datetime(2018, 12, 17, 9, 10, tzinfo=CITY_ZONE)
HANG_BAC, HANG_BUOM, HOAN_KIEM = "00061", "00046", "002"
BIRTH, HOUSE, COPIES = "1.001193", "1.009994", "2.000815"


def number_of(code: str) -> int:
    """The agency's number."""
    return directory().by_code[code].number


def clerk(username: str, agency: str, *roles: str, name: str = "Trần Văn Minh") -> Client:
    """Somebody with these posts at the agency, signed in."""
    account = Account.objects.create_user(username, full_name=name)
    made = appoint_all(
        SYSTEM,
        [Post(account.pk, number_of(agency), role, date(2018, 1, 1)) for role in roles or ("reception",)],
    )
    assert all(type(each).__name__ == "Appointment" for each in made), made
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.account = account  # type: ignore[attr-defined]
    return client


def person(**more: str) -> dict[str, str]:
    """An applicant as typed at the counter."""
    return {
        "kind": "person",
        "name": "Nguyễn Thị Ánh Tuyết",
        "number": "001190000001",
        "birth": "07/01/1990",
        "phone": "0912 345 678",
        "address": "Số 12 ngõ Gạch",
        "commune": "Phường Hàng Bạc",
        "key": "k" * 32,
        "sets": "1",
        **more,
    }


def house_form(**more: str) -> dict[str, str]:
    """A complete application for a house permit, all papers ticked."""
    papers = ("application", "land_right", "drawings")
    return {
        **person(),
        "case": "new",
        **{f"paper-{paper}": "yes" for paper in papers},
        "form-owner.name": "Nguyễn Thị Ánh Tuyết",
        "form-owner_address.text": "Số 12 ngõ Gạch",
        "form-owner_address.commune": "Phường Hàng Bạc",
        "form-site.text": "Số 14 ngõ Gạch",
        "form-site.commune": "Phường Hàng Bạc",
        "form-plot_number": "27",
        "form-plot_area": "72,5",
        "form-land_paper": "red_book",
        "form-land_paper_number": "BA 123456",
        "form-floors": "4",
        "form-height": "13,2",
        "rows-form-storeys": "2",
        "form-storeys[0].level": "ground",
        "form-storeys[0].use": "Phòng khách",
        "form-storeys[0].area": "60",
        "form-storeys[1].level": "upper",
        "form-storeys[1].use": "Phòng ngủ",
        "form-storeys[1].area": "60,5",
        "form-footprint": "60",
        "form-high": "no",
        "form-adjoining": "no",
        "form-designed_by": "self",
        **more,
    }


def press(client: Client, code: str, button: str, data: dict[str, Any]) -> Any:
    """The intake page sent with one of its buttons."""
    return client.post(f"/can-bo/tiep-nhan/{code}/", {**data, "do": button})


def walk(dossier_id: int, until: str = "ready") -> Dossier:
    """The dossier's way through its offices, each step as its own official would do it, until that phase."""
    for turn in range(30):
        stored = store.read(dossier_id)
        assert stored is not None
        state = stored[0]
        if state.phase == until or (until == "number" and state.number):
            return state
        done = handle(dossier_id, next_command(state), SYSTEM, f"walk {turn}")
        assert not isinstance(done, Refusal), done
    raise AssertionError("the way has no end")


def next_command(state: Dossier) -> c.AnyCommand:
    """What the official who holds the dossier would do next."""
    task = state.tasks[0]
    step = procedure_version(state.version).process.step(task.step)
    if task.received_at is None:
        return c.Receive(tasks=(task.no,))
    if "ready" in step.actions and state.number:
        return c.MarkReady(task=task.no)
    if "number" in step.actions:
        return c.NumberResult(task=task.no)
    if "sign" in step.actions:
        return c.Sign(task=task.no)
    if "assign" in step.actions:
        return c.Assign(task=task.no, to=1, to_name="Đỗ Quang Huy")
    if "draft" in step.actions and state.draft is None:
        return c.DraftResult(task=task.no, result="permit", text="Được phép xây dựng nhà ở bốn tầng.\nCao 13,2 m.")
    return c.Forward(task=task.no)
