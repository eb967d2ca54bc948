"""Headers that keep pages to themselves: nothing runs, loads or frames them but what we serve.

Those Django sets itself (HSTS, nosniff, referrer, framing) are left to its own middleware and the settings.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# No 'unsafe-inline' anywhere: a style or script within a page does not run, ours neither.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
# The counter scans QR codes with a camera; nothing else of the device is asked for.
DEVICE_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeaders:
    """Adds the content and device policies; keeps a signed-in person's pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then add what the answer does not set itself."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault("Permissions-Policy", DEVICE_POLICY)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
