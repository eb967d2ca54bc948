"""The door of the office: who comes in, with which posts, and the head of every page behind it.

Each view of the office stands behind `official`. What somebody may see or do once inside is asked of
`dossiers.policy` and of the law.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from msgspec import structs

from motcua.dossiers import store
from motcua.dossiers.policy import may_see
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier
from motcua.organisation.directory import actor_for, directory, roles
from motcua.reports.scope import OVERSEEING

View = Callable[..., HttpResponse]
POST_KEY = "post"


def official(*needed: str) -> Callable[[View], View]:
    """Lets officials in who hold one of the `needed` roles (any post when none is named).

    Sets `request.actor` to all posts held today, or to the one chosen in the head of the page.
    """

    def door(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            everything = actor_for(request.user)  # type: ignore[arg-type]
            request.all_posts = everything  # type: ignore[attr-defined]
            request.actor = _chosen(request, everything)  # type: ignore[attr-defined]
            held = {grant.role for grant in request.actor.grants}  # type: ignore[attr-defined]
            if not held or (needed and not held & set(needed)):
                return render(request, "office/no_post.html", {"needed": needed}, status=403)
            return view(request, *args, **kwargs)

        inside.needs = needed  # type: ignore[attr-defined]
        return inside

    return door


def _chosen(request: HttpRequest, everything: Actor) -> Actor:
    agency = request.session.get(POST_KEY)
    grants = tuple(grant for grant in everything.grants if str(grant.agency) == str(agency))
    return structs.replace(everything, grants=grants) if grants else everything


def actor_of(request: HttpRequest) -> Actor:
    """The actor the door let in."""
    return request.actor  # type: ignore[attr-defined,no-any-return]


def dossier_or_404(request: HttpRequest, dossier_id: int) -> Dossier:
    """The dossier if the actor may see it; otherwise it does not exist for them."""
    stored = store.read(dossier_id)
    if stored is None or not may_see(actor_of(request), stored[0]):
        raise Http404
    return stored[0]


def office_head(request: HttpRequest) -> dict[str, Any]:
    """What the head of an office page shows: posts to switch between, search, the way out (a context processor)."""
    everything: Actor | None = getattr(request, "all_posts", None)
    if everything is None:
        return {}
    language = get_language() or "vi"
    agencies, cards = directory(), roles()
    chosen = str(request.session.get(POST_KEY, ""))
    posts: dict[str, str] = {}
    for grant in everything.grants:
        title = grant.title or (cards[grant.role].name.within(language) if grant.role in cards else grant.role)
        place = agencies[grant.agency].name.within(language)
        key = str(grant.agency)
        posts[key] = f"{posts[key]}, {title}" if key in posts else f"{place} · {title}"
    switcher = [{"value": key, "label": label, "current": key == chosen} for key, label in posts.items()]
    if len(switcher) > 1:
        switcher.insert(0, {"value": "", "label": _("Tất cả vị trí của tôi"), "current": not chosen})
    return {
        "office": {
            "home_url": reverse("office:home"),
            "posts": switcher,
            "post_url": reverse("office:switch_post"),
            "person": everything.name,
            "links": [
                {"href": reverse("office:delegate"), "label": _("Ủy quyền"), "icon": "users"},
                {"href": reverse("office:my_account"), "label": _("Tài khoản của tôi"), "icon": "user"},
            ],
            "logout_url": reverse("account_logout"),
            "search_url": reverse("office:search"),
            "search_value": request.GET.get("q", ""),
        },
        "nav_items": _nav(request, actor_of(request)),
    }


COUNTER_ROLES = {"reception", "results", "one_stop_head"}
PROVING_ROLES = {"reception", "one_stop_head"}
CONTROL_ROLES = set(OVERSEEING)


def _nav(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    held = {grant.role for grant in actor.grants}
    items = [("office:desk", _("Việc cần làm"), "inbox", True)]
    items += [
        ("office:counter", pgettext("quầy", "Tiếp nhận"), "file-text", bool(held & COUNTER_ROLES)),
        ("office:results", _("Trả kết quả"), "package-check", bool(held & COUNTER_ROLES)),
        ("office:book", _("Sổ theo dõi"), "folder", bool(held & COUNTER_ROLES)),
        ("office:handovers", _("Bàn giao"), "send", True),
        ("office:signing", _("Ký duyệt"), "signature", "leader" in held),
        ("office:figures", _("Số liệu"), "gauge", True),
        ("office:people", _("Con người, vị trí"), "users", "admin" in held),
        (
            "office:prove_resident",
            _("Định danh, làm thay"),
            "shield-check",
            bool(held & {"reception", "one_stop_head"}),
        ),
        ("office:register", _("Dân cư"), "user", bool(held & (COUNTER_ROLES | CONTROL_ROLES | {"officer"}))),
        ("office:register_keep", _("Dữ liệu dân cư"), "table-2", "control" in held),
        ("office:online", _("Trực tuyến"), "monitor", bool(held & (COUNTER_ROLES | CONTROL_ROLES))),
        ("office:telling", _("Thông báo"), "bell", True),
    ]
    items += [("office:money", _("Tiền phí"), "banknote", bool(held & COUNTER_ROLES))]
    return [
        {"href": reverse(name), "label": label, "icon": icon, "current": request.path == reverse(name), "count": None}
        for name, label, icon, shown in items
        if shown
    ]
