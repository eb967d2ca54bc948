"""Keeping and dropping a view of the dashboard."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.dossiers import clock
from motcua.law.refusal import Refusal
from motcua.office.door import actor_of, official
from motcua.office.steering import words
from motcua.office.steering.asking import PARTS, READERS, asked, held
from motcua.steering import views


@official(*READERS)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keeps what the form says under its name, or drops one of one's own views."""
    account, mine = actor_of(request).account, held(request)
    here = reverse("office:desk_of_city")
    if number := request.POST.get("drop", ""):
        if not (number.isascii() and number.isdecimal()) or not views.remove(account, int(number[:18])):
            raise Http404
        messages.success(request, _("Đã bỏ khung nhìn."))
        return redirect(f"{here}?goc=1")
    told = QueryDict(request.POST.get("query", "")[:500])
    query = urlencode({name: told[name] for name in PARTS if told.get(name)})
    # A view of what one may not see is not kept.
    which = asked(QueryDict(query), clock.now(), mine)
    answer = views.save(
        account,
        which.agency if which.agency in mine else mine[0],
        request.POST.get("name", ""),
        query,
        clock.now(),
        shared=request.POST.get("shared") == "yes",
        default=request.POST.get("default") == "yes",
    )
    if isinstance(answer, Refusal):
        messages.error(request, answer.text.within(words.language()))
    else:
        messages.success(request, _("Đã lưu khung nhìn “%(name)s”.") % {"name": answer.name})
    return redirect(f"{here}?{query or 'goc=1'}")
