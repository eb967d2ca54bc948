"""The head of the residents' pages: whose house this is, who is in, for whom they act (a context processor).

Officials' way in is in the foot: these pages are the residents'.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from motcua.accounts.authority import Principal, of_resident
from motcua.accounts.door import ACTING_KEY
from motcua.accounts.identity import resident_of
from motcua.law.texts import Text
from motcua.notices import inbox

HOUSE = Text("Một Cửa thành phố Hà Nội", "Hanoi one-stop office")
# Pages of signing in and out: coming back to them makes no sense.
NOT_NEXT = ("/cong-dan/", "/tai-khoan/", "/cua-toi/tai-khoan/xoa/")


def portal_head(request: HttpRequest) -> dict[str, Any]:
    """The house's name everywhere; who is in and their menu, or the way in."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        if "/can-bo/" in request.path:
            return {"house_name": HOUSE, "portal": {"person": getattr(user, "full_name", "")}}
        if getattr(user, "side", "") == "resident":
            # Asked only by a page that shows the head: most answers of the office never do.
            return {"house_name": HOUSE, "portal": SimpleLazyObject(lambda: _resident_head(request))}
    query = {} if request.path.startswith(NOT_NEXT) or request.path == "/" else {"next": request.get_full_path()}
    sign_in = reverse("portal:sign_in") + (f"?{urlencode(query)}" if query and request.method == "GET" else "")
    return {"house_name": HOUSE, "portal": {"sign_in_url": sign_in, "office_url": reverse("office:home")}}


def _resident_head(request: HttpRequest) -> dict[str, Any]:
    others, acting = _acting(request)
    return {
        "resident": request.user.get_full_name(),  # type: ignore[union-attr]
        "links": _links(request),
        "principals": others,
        "acting": acting,
        "office_url": "",
    }


def _acting(request: HttpRequest) -> tuple[list[Principal], Principal | None]:
    resident = getattr(request, "resident", None) or resident_of(request.user)
    if resident is None:
        return [], None
    others = [each for each in of_resident(resident) if each.authority]
    chosen = request.session.get(ACTING_KEY, 0)
    return others, next((each for each in others if each.authority == chosen), None)


def _links(request: HttpRequest) -> list[dict[str, Any]]:
    pages = (
        ("/cua-toi/", _("Hồ sơ của tôi"), "folder"),
        ("/cua-toi/du-lieu/", _("Dữ liệu của tôi"), "shield-check"),
        ("/cua-toi/thong-bao/", _("Thông báo"), "bell"),
        (reverse("portal:account"), _("Tài khoản"), "user"),
    )
    unread = inbox.unread(request.user.pk or 0)
    return [
        {"href": href, "label": label, "icon": icon, "current": request.path == href,
         "count": unread if icon == "bell" else 0}
        for href, label, icon in pages
    ]  # fmt: skip
