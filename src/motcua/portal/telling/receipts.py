"""Where a gateway for text messages reports what became of them; open to it alone, by its signature."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from motcua.notices import receipts


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """204 when it was heard, also when it had been heard before."""
    if int(request.headers.get("Content-Length") or 0) > receipts.LARGEST:
        return HttpResponseBadRequest()
    try:
        receipts.take(provider, request.body, request.headers.get("X-Signature", ""))
    except receipts.UntrustedError:
        return HttpResponseForbidden()
    except ValueError:
        return HttpResponseBadRequest()
    return HttpResponse(status=204)
