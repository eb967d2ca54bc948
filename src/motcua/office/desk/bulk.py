"""The same act on many dossiers: each is decided on its own, and each that is refused says why."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.catalogue import versions
from motcua.dossiers import store
from motcua.dossiers.handle import handle
from motcua.dossiers.policy import may_see
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier
from motcua.law.refusal import Refusal
from motcua.office.desk.colleagues import colleagues
from motcua.office.desk.labels import action_label
from motcua.office.door import actor_of, official

MOST = 200
ACTIONS = ("receive", "assign", "forward", "sign")


def chosen_tasks(request: HttpRequest, actor: Actor) -> list[tuple[Dossier, int]]:
    """The dossiers and task numbers ticked, as far as the actor may see them."""
    found: list[tuple[Dossier, int]] = []
    for value in request.POST.getlist("task")[:MOST]:
        dossier_id, _colon, number = value.partition(":")
        if dossier_id.isdecimal() and number.isdecimal() and len(dossier_id) < 19 and len(number) < 10:
            stored = store.read(int(dossier_id))
            if stored is not None and may_see(actor, stored[0]):
                found.append((stored[0], int(number)))
    return found


def _command(action: str, number: int, to: tuple[int, str]) -> Any:
    match action:
        case "receive":
            return c.Receive(tasks=(number,))
        case "assign":
            return c.Assign(task=number, to=to[0], to_name=to[1])
        case "sign":
            return c.Sign(task=number)
        case _:
            return c.Forward(task=number)


@require_POST
@official()
def bulk(request: HttpRequest) -> HttpResponse:
    """Does it to all that are ticked, after a page that says what and to how many."""
    action = request.POST.get("action", "")
    actor = actor_of(request)
    tasks = chosen_tasks(request, actor)
    if action not in ACTIONS or not tasks:
        return redirect("office:desk")
    people = _people(tasks) if action == "assign" else {}
    to = (int(request.POST["to"]), people[request.POST["to"]]) if request.POST.get("to", "") in people else (0, "")
    if request.POST.get("confirmed") != "yes" or (action == "assign" and not to[0]):
        return _ask(request, action, tasks, people)
    key = request.POST.get("key") or uuid4().hex
    language = get_language() or "vi"
    done, refused = [], []
    for state, number in tasks:
        outcome = handle(state.id, _command(action, number, to), actor, f"{key}/{number}")
        if isinstance(outcome, Refusal):
            refused.append({"state": state, "why": outcome.text.within(language), "ground": outcome.ground})
        else:
            done.append(outcome.state)
    context = {"done": done, "refused": refused, "label": action_label(action)}
    return render(request, "office/bulk_done.html", context)


def _people(tasks: list[tuple[Dossier, int]]) -> dict[str, str]:
    """Who can take every one of the tasks."""
    shared: dict[str, str] | None = None
    for state, number in tasks:
        here = dict(colleagues(state, state.task(number), versions.procedure_version(state.version)))
        shared = here if shared is None else {key: name for key, name in shared.items() if key in here}
    return shared or {}


def _ask(request: HttpRequest, action: str, tasks: list[tuple[Dossier, int]], people: dict[str, str]) -> HttpResponse:
    language = get_language() or "vi"
    rows = [
        {
            "value": f"{state.id}:{number}",
            "code": state.code,
            "applicant": state.applicant.name,
            "name": versions.procedure_version(state.version).name.within(language),
        }
        for state, number in tasks
    ]
    field = {
        "id": "f-to", "name": "to", "label": _("Giao cho"), "kind": "choice", "required": True, "value": "",
        "choices": [("", ""), *people.items()], "errors": [],
    }  # fmt: skip
    context = {
        "rows": rows,
        "action": action,
        "label": action_label(action),
        "field": field if action == "assign" else None,
        "nobody": action == "assign" and not people,
        "key": request.POST.get("key") or uuid4().hex,
    }
    return render(request, "office/bulk_ask.html", context)
