"""What the register knows of a resident, since when, and who asked for it; and the way to say that it is wrong.

A fact is never edited here: saying that one is wrong hands in a dossier, and only what is granted is written.
"""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.accounts.door import actor_behind, resident, resident_behind
from motcua.accounts.identity import number_of
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.handle import Done, lodge
from motcua.law import codes
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.dossier import Address, Applicant
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.organisation.naming import full_name
from motcua.registry import contesting
from motcua.registry.facts import FACTS, WrongFactError, read_fact, said
from motcua.registry.households import members_of
from motcua.registry.lookups import accesses, by_number, look_up
from motcua.registry.models import Member, Resident, Statement
from motcua.registry.purposes import purposes

SHOWN = 30
RELATIONS = {
    "head": gettext_lazy("chủ hộ"),
    "spouse": gettext_lazy("vợ, chồng"),
    "child": gettext_lazy("con"),
    "parent": gettext_lazy("cha, mẹ"),
    "grandchild": gettext_lazy("cháu"),
    "sibling": gettext_lazy("anh, chị, em"),
    "other": gettext_lazy("người khác"),
}


@resident(2)
def my_data(request: HttpRequest) -> HttpResponse:
    """The facts, each with what it rests on; and who looked."""
    actor = actor_behind(request)
    number = number_of(resident_behind(request))
    known = look_up(number, purpose="own", who=actor)
    person = by_number(number) if known is not None else None
    before = request.GET.get("truoc", "")
    seen = (
        accesses(person.pk, SHOWN + 1, int(before) if before.isdecimal() and len(before) < 19 else 0) if person else []
    )
    context = {
        "person": person,
        "facts": _facts(person) if person else [],
        "household": _household(person) if person else None,
        "seen": [_access(row, actor) for row in seen[:SHOWN]],
        "more": seen[SHOWN - 1].pk if len(seen) > SHOWN else None,
        "crumbs": [(_("Của tôi"), "/cua-toi/"), (_("Dữ liệu của tôi"), None)],
    }
    return render(request, "portal/data/my_data.html", context)


def _facts(person: Resident) -> list[dict[str, Any]]:
    """Every fact that is known, in words, with its source and since when we hold it."""
    language = get_language() or "vi"
    rows = Statement.objects.filter(resident=person, known_to=None).order_by("fact", "-valid_from")
    last: dict[int, Statement] = {}
    for row in rows:
        last.setdefault(row.fact, row)
    found = []
    for what, (number, _shape, name) in FACTS.items():
        value = getattr(person, what)
        if not value:
            continue
        row = last.get(number)
        found.append(
            {
                "what": what,
                "name": name.within(language),
                "value": said(what, value, language),
                "since": row.known_from if row is not None else person.known_at,
                "source": _source(row.source if row is not None else person.source, row.dossier if row else 0),
            }
        )
    return found


def _source(words: str, dossier: int) -> str:
    if dossier:
        return _("theo hồ sơ bạn đã nộp")
    return {"synthetic": _("dữ liệu minh họa")}.get(words, words or _("ghi lần đầu"))


def _access(row: Any, me: Actor) -> dict[str, Any]:
    """One look-up in words: who, of which agency, why, for which dossier, and what they were shown."""
    language = get_language() or "vi"
    agency = directory().by_number.get(row.agency)
    own, purpose = row.account == me.account, purposes().get(row.purpose)
    who = row.name if row.account else _("Hệ thống của thành phố")
    return {
        "at": row.at,
        "who": _("Bạn") if own else f"{who}, {full_name(directory(), row.agency).within(language)}" if agency else who,
        "why": purpose.name.within(language) if purpose else row.purpose,
        "reason": row.reason if not own else "",
        "what": ", ".join(FACTS[what][2].within(language) for what in row.shown if what in FACTS),
        "dossier": codes.reference(row.dossier) if row.dossier else "",
    }


def _household(person: Resident) -> dict[str, Any] | None:
    """The household the person belongs to today, and what they are in it."""
    place = Member.objects.filter(resident=person, valid_to=None).select_related("household").first()
    if place is None:
        return None
    living = members_of(place.household_id, city_day(clock.now()))
    return {
        "code": place.household.code,
        "since": place.valid_from,
        "members": [
            {"name": each.resident.name, "relation": str(RELATIONS.get(each.relation, each.relation)),
             "me": each.resident_id == person.pk}
            for each in living
        ],
    }  # fmt: skip


@resident(2)
def contest(request: HttpRequest) -> HttpResponse:
    """Says which fact is wrong and what is right; hands in a dossier about it."""
    actor, me = actor_behind(request), resident_behind(request)
    person = by_number(number_of(me))
    if person is None:
        return redirect("portal:my_data")
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        done = _hand_in(request, actor, person, errors)
        if done is not None:
            messages.success(
                request, _("Đã gửi. Cơ quan sẽ đối chiếu và trả lời; dữ liệu chưa thay đổi cho đến khi có kết quả.")
            )
            return redirect("portal:my_dossier", done.dossier_id)
    context = {
        "errors": errors,
        "fields": _fields(request, person, dict(errors)),
        "key": request.POST.get("key") or uuid4().hex,
        "crumbs": [
            (_("Của tôi"), "/cua-toi/"),
            (_("Dữ liệu của tôi"), reverse("portal:my_data")),
            (_("Báo thông tin sai"), None),
        ],
    }
    return render(request, "portal/data/contest.html", context, status=422 if errors else 200)


def _fields(request: HttpRequest, person: Resident, told: dict[str, str]) -> list[dict[str, Any]]:
    language = get_language() or "vi"
    choices = [("", "")]
    for what, (_no, _shape, name) in FACTS.items():
        value = getattr(person, what)
        held = said(what, value, language) if value else _("chưa ghi")
        choices.append((what, f"{name.within(language)}: {held}"))
    given = request.POST if request.method == "POST" else request.GET
    labels = (
        ("what", "choice", _("Thông tin nào sai?"), {"choices": choices}),
        (
            "proposed",
            "text",
            _("Đúng phải là"),
            {"hint": _("Ngày sinh ghi như 02/05/1980; địa chỉ ghi số nhà, đường, phường.")},
        ),
        ("reason", "textarea", _("Vì sao bạn biết là sai? Có giấy tờ nào chứng minh?"), {"rows": 4}),
    )
    return [
        {"id": name, "name": name, "kind": kind, "label": label, "value": given.get(name, ""), "required": True,
         "errors": [told[name]] if name in told else [], **more}
        for name, kind, label, more in labels
    ]  # fmt: skip


def _hand_in(request: HttpRequest, actor: Actor, person: Resident, errors: list[tuple[str, str]]) -> Done | None:
    """Lodges the dossier and binds it to the fact; what is wrong goes to `errors`."""
    language = get_language() or "vi"
    what, proposed = request.POST.get("what", ""), request.POST.get("proposed", "").strip()
    reason = request.POST.get("reason", "").strip()[:1000]
    if what not in FACTS:
        errors.append(("what", _("Hãy chọn thông tin sai.")))
    if not reason:
        errors.append(("reason", _("Hãy viết vì sao.")))
    if what in FACTS:
        try:
            read_fact(what, proposed, city_day(clock.now()))
        except WrongFactError as error:
            errors.append(("proposed", error.text.within(language)))
    agency = _agency(person)
    if agency is None and not errors:
        errors.append(("", _("Chưa xác định được phường, xã nơi bạn cư trú. Hãy đến Một cửa gần nhất.")))
    if errors or agency is None:
        return None
    present = getattr(person, what)
    form = {"what": what, "proposed": proposed, "reason": reason}
    form |= {"present": said(what, present, "vi")[:300]} if present else {}
    version, _procedure = versions.current_version(contesting.PROCEDURE, city_day(clock.now()))
    address = person.permanent or person.temporary or person.present or {}
    applicant = Applicant(
        kind="person", name=person.name, number=person.number, account=actor.account,
        birth=person.birth if len(person.birth) == 10 else "",
        address=Address(text=address.get("text", ""), commune=address.get("commune", "")),
    )  # fmt: skip
    command = c.Lodge(case="correct", channel="online", agency=agency, applicant=applicant, form=form)
    done = lodge(version, command, actor, f"contest/{actor.account}/{request.POST.get('key', '')[:64]}")
    if isinstance(done, Refusal):
        errors.append(("", done.text.within(language)))
        return None
    contesting.note(done.dossier_id, person, what, proposed)
    return done


def _agency(person: Resident) -> int | None:
    agencies = directory()
    for place in (person.permanent, person.temporary, person.present):
        found = agencies.by_code.get((place or {}).get("commune", ""))
        if found is not None:
            return found.number
    offering = versions.offering_agencies(contesting.PROCEDURE, city_day(clock.now()))
    return offering[0] if offering else None
