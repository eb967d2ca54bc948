"""How far a dossier is. Without signing in only that: no name, no papers (Circular 01/2018, art. 16).

A code can be guessed: day, office and a number. Alone it says neither what is asked for nor which steps there are; the
random words of the receipt's QR code do.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import checkpoints, clock, store
from motcua.dossiers import search as dossiers
from motcua.dossiers.clock_face import dossier_face
from motcua.dossiers.stage_line import stage_line
from motcua.law.codes import normalise_code_input, parse_reference, reference
from motcua.law.dossier import NATIONAL_STATUSES, Dossier, national_status
from motcua.law.procedure import Procedure


def find(request: HttpRequest) -> HttpResponse:
    """Asks for the code on the receipt, which shows how far the dossier is; the receipt's words lead to its page."""
    typed = request.GET.get("ma", "").strip()[:80]
    if not typed:
        return render(request, "portal/find.html", {"typed": ""})
    state = dossiers.by_code(normalise_code_input(typed)) or dossiers.by_token(typed) or _by_reference(typed)
    if state is None:
        return render(request, "portal/find.html", {"typed": typed, "unknown": True}, status=404)
    if typed == state.token:
        return redirect("portal:follow", typed)
    return _show(request, state, by_token=False)


def _by_reference(typed: str) -> Dossier | None:
    """The dossier filed online that was given this reference; a counter's dossier has none."""
    number = parse_reference(typed)
    stored = store.read(number) if number is not None else None
    return stored[0] if stored is not None and stored[0].channel == "online" else None


def follow(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code on the receipt opens."""
    state = dossiers.by_token(token)
    if state is None:
        return render(request, "portal/find.html", {"typed": "", "unknown": True}, status=404)
    return _show(request, state, by_token=True)


def _show(request: HttpRequest, state: Dossier, *, by_token: bool) -> HttpResponse:
    language = get_language() or "vi"
    now = clock.now()
    procedure = versions.procedure_version(state.version)
    status = national_status(state)
    context = {
        "code": state.code or (reference(state.id) if state.channel == "online" else _("chưa cấp mã")),
        "name": procedure.name.within(language) if by_token else "",
        "status": NATIONAL_STATUSES[status][int(language.startswith("en"))],
        "advice": _advice(state, status),
        "clock": dossier_face(state, now),
        "due": state.due_at,
        "moved": state.promised_at if state.promised_at != state.due_at else None,
        "stages": _stages(state, procedure, naming=by_token),
        "pay": reverse("portal:pay_by_token", args=[state.token]) if by_token and _owes(state) else None,
        "proof": reverse("portal:proof", args=[state.token]) if by_token else None,
        "sealed": checkpoints.covering(state.id, state.seq) if by_token else None,
        "crumbs": [(_("Trang đầu"), reverse("portal:home")), (_("Theo dõi hồ sơ"), None)],
    }
    answer = render(request, "portal/follow.html", context)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _stages(state: Dossier, procedure: Procedure, *, naming: bool) -> list[dict[str, Any]]:
    line = stage_line(state, procedure, naming_agencies=False)
    return line if naming else [each | {"name": _("Chặng %(n)d") % {"n": n}} for n, each in enumerate(line, start=1)]


def _owes(state: Dossier) -> bool:
    return state.owed > 0 and state.phase != "ended" and state.outcome != "refused"


def _advice(state: Dossier, status: int) -> dict[str, str] | None:
    match status:
        case 5:
            return {
                "kind": "warning",
                "title": _("Bạn cần bổ sung giấy tờ"),
                "text": _("Xem phiếu yêu cầu bổ sung đã nhận, mang giấy tờ đến nơi nộp hồ sơ, không cần lấy số."),
            }
        case 6:
            return {
                "kind": "warning",
                "title": _("Có khoản cần nộp"),
                "text": _("Hồ sơ đi tiếp sau khi khoản tiền trong thông báo được nộp."),
            }
        case 9:
            return {
                "kind": "success",
                "title": _("Đã có kết quả"),
                "text": _("Mang giấy tiếp nhận hồ sơ đến nơi nộp để nhận kết quả."),
            }
        case 3:
            return {
                "kind": "info",
                "title": _("Hồ sơ không được tiếp nhận"),
                "text": _("Lý do ghi trên phiếu từ chối. Bạn có thể nộp lại khi đã đủ điều kiện."),
            }
        case _:
            return None
