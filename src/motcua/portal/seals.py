"""The public side of the seals: the list of signed checkpoints, the key, and the proof for a receipt.

Anybody can check them with `verifier/verify_motcua.py`, without this system and without its database.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import checkpoints, clock, search
from motcua.dossiers.journal import sealed_events
from motcua.dossiers.worker import signing_key
from motcua.law.dossier import Dossier
from motcua.law.merkle import checkpoint_hash, export_checkpoint, key_id
from motcua.law.proof import Proof, make_proof
from motcua.law.seal import GENESIS
from motcua.law.working_time import city_day
from motcua.reports.periods import midnight

DAYS_SHOWN, A_PAGE = 31, 100


def seals(request: HttpRequest) -> HttpResponse:
    """The newest checkpoints, in words for people and as a list for machines."""
    newest = checkpoints.newest(20)
    rows = [{"seal": each, "hash": checkpoint_hash(each).hex()} for each in newest]
    return render(request, "portal/seals.html", {"rows": rows})


def public_key(request: HttpRequest) -> JsonResponse:
    """The public half of the key that signs checkpoints."""
    raw = checkpoints.raw_public_key(signing_key())
    return JsonResponse({"algorithm": "Ed25519", "key_id": key_id(raw), "public_key": raw.hex()})


def published(request: HttpRequest) -> StreamingHttpResponse:
    """Every checkpoint, one JSON object a line, as the standalone verifier reads them."""

    def lines() -> Iterator[str]:
        for checkpoint, _leaves in checkpoints.all_checkpoints():
            line = export_checkpoint(checkpoint) | {"hash": checkpoint_hash(checkpoint).hex()}
            yield json.dumps(line, sort_keys=True) + "\n"

    return StreamingHttpResponse(lines(), content_type="application/jsonl; charset=utf-8")


def proof(request: HttpRequest, token: str) -> HttpResponse:
    """The proof that this receipt's acceptance is sealed; it shows nothing of what the dossier says."""
    state = search.by_token(token)
    if state is None:
        raise Http404
    made = proof_of(state)
    if made is None:
        answer = JsonResponse({"sealed": False}, status=202)
        answer["Retry-After"] = "60"
        return answer
    answer = HttpResponse(msgspec.json.format(msgspec.json.encode(made), indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="chung-cu-{state.code or state.id}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def proof_of(state: Dossier, *, disclosed: bool = False) -> Proof | None:
    """The proof that a dossier's acceptance (its first event before that) is sealed; None while it is not."""
    events = sealed_events(state.id)
    place = next((index for index, event in enumerate(events) if event.type == "accepted"), 0)
    covering = checkpoints.covering(state.id, events[place].seq)
    if covering is None:
        return None
    leaves = checkpoints.leaves_of(covering.number)
    head = next(leaf.seq for leaf in leaves if leaf.dossier_id == state.id)
    before = events[place - 1].hash if place else GENESIS
    return make_proof(state.code, before, events[place:head], leaves, covering, disclosed=disclosed)


def days(request: HttpRequest) -> HttpResponse:
    """The last days, each with the seal that closed it: what a newspaper or anybody else may keep."""
    today = city_day(clock.now())
    shown = [today - timedelta(days=back) for back in range(DAYS_SHOWN)]
    found = checkpoints.closing([(midnight(day), midnight(day + timedelta(days=1))) for day in shown])
    rows = [
        {"day": day, "seal": each, "hash": checkpoint_hash(each).hex(), "is_open": day == today}
        for day, each in zip(shown, found, strict=True) if each is not None
    ]  # fmt: skip
    return render(request, "portal/seal_days.html", {"rows": rows, "crumbs": _crumbs(_("Từng ngày"))})


def day(request: HttpRequest, written: str) -> HttpResponse:
    """Every seal of one day, a page at a time by number. Raises Http404 for what is no day."""
    try:
        wanted = date.fromisoformat(written)
        since, until = midnight(wanted), midnight(wanted + timedelta(days=1))
        after = int(request.GET.get("sau", "0"))
        found = checkpoints.between(since, until, after, A_PAGE + 1)
    except (ValueError, OverflowError, DataError):
        raise Http404 from None
    rows = [{"seal": each, "hash": checkpoint_hash(each).hex()} for each in found[:A_PAGE]]
    last = checkpoints.closing([(since, until)])[0]
    context = {
        "day": wanted,
        "rows": rows,
        "closing": {"seal": last, "hash": checkpoint_hash(last).hex()} if last else None,
        "is_open": wanted == city_day(clock.now()),
        "first": request.path if after else None,
        "next": f"{request.path}?sau={rows[-1]['seal'].number}" if len(found) > A_PAGE else None,
        "crumbs": _crumbs(written, reverse("portal:seal_days")),
    }
    return render(request, "portal/seal_day.html", context)


def _crumbs(last: str, above: str = "") -> list[tuple[str, str | None]]:
    crumbs: list[tuple[str, str | None]] = [(_("Niêm phong nhật ký"), reverse("portal:seals"))]
    return [*crumbs, *([(_("Từng ngày"), above)] if above else []), (last, None)]
