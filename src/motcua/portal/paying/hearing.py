"""Where providers tell what came in: signed messages, answered at once, taken in once."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from motcua.dossiers import clock
from motcua.fees import hearing
from motcua.fees.sandbox import MOST_BYTES
from motcua.fees.signing import NotGenuineError

log = logging.getLogger("motcua.fees")


@csrf_exempt
@require_POST
def hear(request: HttpRequest, channel: str) -> HttpResponse:
    """200 for what was taken in now or before; otherwise a code and nothing else: a forger learns nothing."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        verdict = hearing.hear(channel, request.headers, request.body, clock.now())
    except hearing.UnknownChannelError:
        return HttpResponse(status=404)
    except NotGenuineError as error:
        log.warning("a message for %s was not taken in: %s", channel, error.reason)
        return HttpResponse(status=401)
    except ValueError:
        log.warning("a genuine message for %s makes no sense", channel)
        return HttpResponse(status=400)
    return HttpResponse(verdict, content_type="text/plain")
