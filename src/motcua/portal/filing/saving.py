"""A draft as data, for a page that was filled in without a line: read, and saved with the revision it was made from.

What another device changed meanwhile is answered with 409 and the present content, and nothing is saved. Files,
papers and money are only sent by their pages.
"""

import json
import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from motcua.accounts.door import resident, resident_behind
from motcua.catalogue import versions
from motcua.filing import drafts
from motcua.filing.drafts import Conflict
from motcua.filing.models import Draft
from motcua.filing.steps import ABOUT, DELIVERY, group_key
from motcua.law.procedure import Procedure
from motcua.portal.filing.answers import ABOUT_PARTS, DELIVERY_PARTS, LONGEST, plain_answers

MOST_BYTES = 1024 * 1024


@require_http_methods(["GET", "POST"])
@resident()
def draft_json(request: HttpRequest, draft: uuid.UUID) -> JsonResponse:
    """GET gives the present content; POST `{"revision": n, "steps": {...}}` saves all of it or nothing."""
    account = resident_behind(request).account
    found = drafts.find(draft, account)
    if found is None:
        return JsonResponse({"error": "unknown"}, status=404)
    if request.method == "GET":
        return JsonResponse(_content(found))
    if found.dossier is not None:
        return JsonResponse({"error": "submitted", "dossier": found.dossier}, status=409)
    procedure = versions.procedure_version(found.version)
    wanted = _read(request, procedure)
    if wanted is None:
        return JsonResponse({"error": "malformed"}, status=400)
    revision, steps = wanted
    with transaction.atomic():
        for step, content in steps.items():
            saved = drafts.save(draft, account, step, drafts.content(found, step) | content, revision)
            if saved is None or isinstance(saved, Conflict):
                transaction.set_rollback(True)
                break
    present = drafts.find(draft, account)
    if present is None:
        return JsonResponse({"error": "unknown"}, status=404)
    if steps and (saved is None or isinstance(saved, Conflict)):
        step = saved.step if isinstance(saved, Conflict) else ""
        return JsonResponse({"error": "conflict", "step": step, **_content(present)}, status=409)
    return JsonResponse(_content(present))


def _content(draft: Draft) -> dict[str, Any]:
    procedure = versions.procedure_version(draft.version)
    keys = [*(group_key(number) for number in range(len(procedure.form))), ABOUT, DELIVERY]
    return {
        "draft": str(draft.uuid),
        "procedure": draft.procedure,
        "version": draft.version,
        "case": draft.case,
        "revision": draft.revision,
        "revisions": draft.revisions,
        "updated": draft.updated_at.isoformat(),
        "known": sorted(name for name in draft.sources if not name.startswith("paper.")),
        "steps": {key: drafts.content(draft, key) for key in keys},
    }


def _read(request: HttpRequest, procedure: Procedure) -> tuple[int, dict[str, dict[str, Any]]] | None:
    """The revision and the steps that were sent, in the shape the draft keeps; None for what cannot be read."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("steps"), dict):
        return None
    revision = said.get("revision")
    if not isinstance(revision, int) or isinstance(revision, bool) or revision < 0:
        return None
    groups = {group_key(number): group for number, group in enumerate(procedure.form)}
    steps: dict[str, dict[str, Any]] = {}
    for key, given in said["steps"].items():
        if key in groups:
            steps[key] = plain_answers(groups[key].fields, given)
        elif key in (ABOUT, DELIVERY) and isinstance(given, dict):
            parts = ABOUT_PARTS if key == ABOUT else DELIVERY_PARTS
            steps[key] = {part: str(given[part])[:LONGEST] for part in parts if isinstance(given.get(part), str)}
        else:
            return None
    return revision, steps
