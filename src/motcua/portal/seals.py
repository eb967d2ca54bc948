"""The public side of the seals: the list of signed checkpoints, the key, and the proof for a receipt.

Anybody can check them with `verifier/verify_motcua.py`, without this system and without its database.
"""

import json
from collections.abc import Iterator

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render

from motcua.dossiers import checkpoints, search
from motcua.dossiers.journal import sealed_events
from motcua.dossiers.worker import signing_key
from motcua.law.merkle import checkpoint_hash, export_checkpoint, key_id
from motcua.law.proof import make_proof
from motcua.law.seal import GENESIS


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
    events = sealed_events(state.id)
    place = next((index for index, event in enumerate(events) if event.type == "accepted"), 0)
    covering = checkpoints.covering(state.id, events[place].seq)
    if covering is None:
        answer = JsonResponse({"sealed": False}, status=202)
        answer["Retry-After"] = "60"
        return answer
    leaves = checkpoints.leaves_of(covering.number)
    head = next(leaf.seq for leaf in leaves if leaf.dossier_id == state.id)
    before = events[place - 1].hash if place else GENESIS
    made = make_proof(state.code, before, events[place:head], leaves, covering, disclosed=False)
    answer = HttpResponse(msgspec.json.format(msgspec.json.encode(made), indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="chung-cu-{state.code or state.id}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
