"""The page on which an owner says anew how the result is to be received."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.accounts.door import resident
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.filing.communes import commune_code, commune_said
from motcua.filing.handing_in import delivery_of
from motcua.filing.reading import Delivery, ways
from motcua.filing.receiving import change_delivery, may_change
from motcua.law.codes import reference
from motcua.law.dossier import Address, Dossier
from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day
from motcua.portal.mine.owning import mine_or_404

LONGEST = 300


@resident()
def my_delivery(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """GET shows the wish as it stands; POST changes it, or says what is missing."""
    state, _actor = mine_or_404(request, dossier_id)
    procedure = versions.procedure_version(state.version)
    if not may_change(state, procedure):
        messages.info(request, _("Không còn đổi cách nhận được: kết quả đã có hoặc hồ sơ đã xong."))
        return redirect("portal:my_dossier", dossier_id)
    stands = delivery_of(state.id)
    typed = {name: str(value).strip()[:LONGEST] for name, value in request.POST.items()}
    if request.method != "POST":
        commune = commune_said(stands.address.commune) if stands.address.commune else ""
        typed = {"way": stands.way, "name": stands.name, "phone": stands.phone, "address": stands.address.text,
                 "commune": commune}  # fmt: skip
        return _page(request, state, procedure, typed, {})
    wanted, faults = _read(typed, procedure)
    if faults:
        return _page(request, state, procedure, typed, faults)
    refused = change_delivery(state, procedure, wanted, request.POST.get("key", "")[:64] or uuid4().hex)
    if refused is not None:
        return _page(request, state, procedure, typed, {"": refused.text.within(get_language() or "vi")})
    messages.success(request, _("Đã ghi cách nhận kết quả."))
    return redirect("portal:my_dossier", dossier_id)


def _read(typed: dict[str, str], procedure: Procedure) -> tuple[Delivery, dict[str, str]]:
    """The wish as typed, and what is wrong with it."""
    way, faults = typed.get("way", ""), {}
    if way not in ways(procedure):
        return Delivery(), {"way": _("Hãy chọn cách nhận kết quả.")}
    if way != "post":
        return Delivery(way), {}
    needed = {
        "name": _("Cần ghi tên người nhận."),
        "phone": _("Bưu tá cần số điện thoại của người nhận."),
        "address": _("Cần ghi địa chỉ nhận kết quả."),
    }
    faults = {name: said for name, said in needed.items() if not typed.get(name)}
    commune = commune_code(typed.get("commune", ""), city_day(clock.now()))
    if commune and not commune.isdecimal():
        faults["commune"] = _("Chưa rõ phường, xã nào: hãy chọn trong danh sách.")
    address = Address(typed.get("address", ""), commune)
    return Delivery(way, typed.get("name", ""), typed.get("phone", ""), address), faults


def way_words(way: str) -> str:
    """A way of receiving the result."""
    return {
        "electronic": _("Bản điện tử, trong tài khoản của tôi"),
        "person": _("Đến nhận tại quầy"),
        "post": _("Gửi qua bưu điện"),
    }.get(way, "")


def _page(
    request: HttpRequest, state: Dossier, procedure: Procedure, typed: dict[str, str], faults: dict[str, str]
) -> HttpResponse:
    language = get_language() or "vi"
    code = state.code or reference(state.id)
    labels = {
        "name": _("Người nhận"),
        "phone": _("Điện thoại người nhận"),
        "address": _("Số nhà, đường, thôn"),
        "commune": _("Phường, xã"),
    }
    context: dict[str, Any] = {
        "state": state,
        "code": code,
        "name": procedure.name.within(language),
        "errors": list(faults.items()),
        "way": {
            "id": "way", "name": "way", "kind": "radios", "label": _("Bạn nhận kết quả thế nào?"), "required": True,
            "choices": [(each, way_words(each)) for each in ways(procedure)], "value": typed.get("way", ""),
            "errors": [faults["way"]] if "way" in faults else [],
        },
        "by_post": [
            {"id": name, "name": name, "kind": "text", "label": label, "value": typed.get(name, ""),
             "required": name != "commune", "errors": [faults[name]] if name in faults else []}
            for name, label in labels.items()
        ] if "post" in ways(procedure) else [],
        "key": request.POST.get("key") or uuid4().hex,
        "crumbs": [
            (_("Của tôi"), reverse("portal:mine")),
            (code, reverse("portal:my_dossier", args=[state.id])),
            (_("Cách nhận kết quả"), None),
        ],
    }  # fmt: skip
    return render(request, "portal/mine/delivery.html", context, status=422 if faults else 200)
