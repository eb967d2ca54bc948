"""The shell of the installable portal: its manifest, its service worker, and the page shown without a line.

What the worker keeps and sends is written in `static/portal/offline/worker.js`. Pages about a person are kept only
on a device whose owner asked for it: many people sit at one computer of a commune's office.
"""

import hashlib
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

SHELL = (
    "motcua/css/tokens.css",
    "motcua/css/base.css",
    "motcua/css/portal.css",
    "motcua/js/once.js",
    "portal/offline/page.js",
    "motcua/img/icon.svg",
    "motcua/fonts/be-vietnam-pro-latin-400-normal.woff2",
    "motcua/fonts/be-vietnam-pro-vietnamese-400-normal.woff2",
    "motcua/fonts/be-vietnam-pro-latin-600-normal.woff2",
    "motcua/fonts/be-vietnam-pro-vietnamese-600-normal.woff2",
)
ICONS = (("icon.svg", "any", "image/svg+xml"), ("icon-192.png", "192x192", "image/png"),
         ("icon-512.png", "512x512", "image/png"))  # fmt: skip
WORKER = "portal/offline/worker.js"
# Shows the messages that are pushed to this device.
PUSHED = "notices/push_worker.js"


@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: which files make the shell, and the code that keeps them.

    Asked for anew at each visit; it differs when a file of the shell does, and then the browser takes the new one.
    """
    files = [static(name) for name in SHELL]
    code, pushed = static(WORKER), static(PUSHED)
    told = {
        "version": hashlib.sha256("\n".join([*files, code, pushed]).encode()).hexdigest()[:16],
        "files": files,
        "page": reverse("portal:without_line"),
        "home": reverse("portal:home"),
    }
    text = f"self.motcua = {json.dumps(told)};\nimportScripts({json.dumps(code)}, {json.dumps(pushed)});\n"
    return HttpResponse(text, content_type="text/javascript", headers={"Service-Worker-Allowed": "/"})


def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone shows when the portal is put on its first screen."""
    told = {
        "id": "/",
        "name": _("Một Cửa"),
        "short_name": _("Một Cửa"),
        "description": _("Nộp, theo dõi và nhận kết quả thủ tục hành chính ở một nơi."),
        "lang": request.LANGUAGE_CODE,  # type: ignore[attr-defined]
        "start_url": "/cua-toi/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#9e1b1e",
        "icons": [{"src": static(f"motcua/img/{name}"), "sizes": sizes, "type": kind} for name, sizes, kind in ICONS],
        "shortcuts": [
            {"name": _("Theo dõi hồ sơ"), "url": reverse("portal:find")},
            {"name": _("Tìm thủ tục"), "url": reverse("portal:search")},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


def without_line(request: HttpRequest) -> HttpResponse:
    """Shown by the browser itself when there is no line and nothing kept; part of the shell, so it names nobody."""
    return render(request, "portal/offline/without_line.html")


@never_cache
def this_device(request: HttpRequest) -> HttpResponse:
    """Where one says whether this phone is one's own, and sees and removes what it keeps."""
    crumbs = [(_("Trang đầu"), reverse("portal:home")), (_("Máy này"), None)]
    return render(request, "portal/offline/this_device.html", {"crumbs": crumbs})
