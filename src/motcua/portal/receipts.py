"""Anybody checks a receipt against the sealed journal: what is printed on it, against what was sealed that day.

The code alone opens nothing, for codes can be guessed: the random words in the receipt's QR code are asked for, too.
Shown is only what the asker holds already, and the way from it to the published seal; no name, paper or procedure.
"""

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import checkpoints, search
from motcua.dossiers.journal import history
from motcua.dossiers.worker import signing_key
from motcua.law import events as e
from motcua.law.codes import normalise_code_input
from motcua.law.dossier import Dossier
from motcua.law.merkle import checkpoint_hash, key_id
from motcua.law.proof import PROOF_WHAT, Proof, check_proof
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.portal.results import limits
from motcua.portal.seals import proof_of

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,40}")
LONGEST = 300


def check(request: HttpRequest) -> HttpResponse:
    """The form, and after it the verdict. What is typed comes by POST, so that no address carries the words."""
    asked = {name: request.POST.get(name, "").strip()[:LONGEST] for name in ("ma", "qr", "nhan", "hen")}
    context: dict[str, Any] = {"asked": asked, "crumbs": [
        (_("Niêm phong nhật ký"), reverse("portal:seals")), (_("Kiểm tra giấy tiếp nhận"), None),
    ]}  # fmt: skip
    status = 200
    if request.method == "POST":
        status, verdict = _verdict(request, asked)
        context |= verdict
    answer = render(request, "portal/check_receipt.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _verdict(request: HttpRequest, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
    if not asked["ma"] or not asked["qr"]:
        return 400, {"wrong": _("Hãy gõ mã hồ sơ và địa chỉ trong mã QR: mã hồ sơ đoán được, địa chỉ ấy thì không.")}
    if not limits.may_ask(request):
        return 429, {"wrong": _("Đã hỏi quá nhiều giấy không có. Hãy thử lại sau mười phút.")}
    words = _TOKEN.findall(asked["qr"])
    state = search.by_token(words[-1]) if words else None
    if state is None or not state.code or state.code != normalise_code_input(asked["ma"]):
        # Whether the code, the words or both are wrong is not told apart: that would let codes be guessed.
        limits.missed(request)
        return 404, {"wrong": _("Mã hồ sơ và mã QR này không cùng một giấy tiếp nhận nào trong nhật ký.")}
    made = proof_of(state)
    if made is None:
        return 202, {"waiting": True, "state": state}
    return 200, _shown(state, made, asked)


def _shown(state: Dossier, made: Proof, asked: dict[str, str]) -> dict[str, Any]:
    raw = checkpoints.raw_public_key(signing_key())
    covering = checkpoints.checkpoint(made.checkpoint.number)
    language = get_language() or "vi"
    published = {made.checkpoint.number: checkpoint_hash(covering)} if covering else {}
    faults = [PROOF_WHAT[each].within(language) for each in check_proof(made, {key_id(raw): raw}, published)]
    differences = _differences(state, asked)
    at = datetime.fromisoformat(made.checkpoint.at)
    return {
        "made": made,
        "state": state,
        "faults": [*faults, *differences],
        "sealed_at": at,
        "day": city_day(at).isoformat(),
        "hash": published[made.checkpoint.number].hex() if published else "",
        "steps": len(made.path),
        "proof": reverse("portal:proof", args=[state.token]),
    }


def _differences(state: Dossier, asked: dict[str, str]) -> list[str]:
    """What is typed from the receipt and is not what the sealed acceptance says."""
    entry = next((each for each in history(state.id) if isinstance(each.event, e.Accepted)), None)
    if entry is None or not isinstance(entry.event, e.Accepted):
        return []
    found = []
    for name, sealed, label in (
        ("nhan", entry.at, _("Giờ nhận trên giấy không phải giờ nhận trong nhật ký.")),
        ("hen", entry.event.due, _("Giờ hẹn trả trên giấy không phải giờ hẹn trong nhật ký lúc tiếp nhận.")),
    ):
        if asked[name] and not _same_minute(asked[name], sealed):
            found.append(label)
    return found


def _same_minute(written: str, sealed: datetime) -> bool:
    try:
        typed = datetime.fromisoformat(written)
    except ValueError:
        return False
    return typed.replace(tzinfo=CITY_ZONE, second=0) == sealed.astimezone(CITY_ZONE).replace(second=0, microsecond=0)
