"""The demonstration authority's public side: its root, what it revoked, and answers about one certificate.

Where a city uses a licensed authority there is nothing here: that one answers itself.
"""

import base64
import binascii
from urllib.parse import unquote

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from motcua.papers.results.certificates import DemoAuthority
from motcua.papers.results.ring import city_ring

LARGEST_QUESTION = 4096


def _authority() -> DemoAuthority:
    authority = city_ring().demo
    if not authority.exists:
        raise Http404
    return authority


@require_GET
def root(request: HttpRequest) -> HttpResponse:
    """The root's certificate (DER)."""
    return HttpResponse(_authority().root.public_bytes(Encoding.DER), content_type="application/pkix-cert")


@require_GET
def crl(request: HttpRequest) -> HttpResponse:
    """What was revoked (DER)."""
    answer = HttpResponse(_authority().crl(), content_type="application/pkix-crl")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


# A machine asks, without a session and without a form of ours; nothing is changed by it.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def ocsp(request: HttpRequest, asked: str = "") -> HttpResponse:
    """One question about one certificate (RFC 6960, by POST or in the address)."""
    question = b""
    if request.method == "POST":
        length = request.headers.get("Content-Length") or "0"
        if length.isdecimal() and int(length) <= LARGEST_QUESTION:
            question = request.read(LARGEST_QUESTION)
    elif len(asked) <= 2 * LARGEST_QUESTION:
        try:
            question = base64.b64decode(unquote(asked), validate=True)
        except (binascii.Error, ValueError):
            question = b""
    return HttpResponse(_authority().ocsp(question), content_type="application/ocsp-response")
