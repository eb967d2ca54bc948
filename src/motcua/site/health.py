"""The address at which a machine asks whether the web server can serve.

What is wrong when it cannot is left to `motcua doctor`.
"""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """200 once the database answers; otherwise the error page answers 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
