"""The papers of a dossier as PDF, to whoever may see the dossier: printed once, the same bytes ever after."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.files import store as files
from motcua.files.models import StoredFile
from motcua.office.door import dossier_or_404, official
from motcua.papers.from_dossier import PAPERS, NothingToPrintError, kept_paper


@official()
def paper(request: HttpRequest, dossier_id: int, form: str) -> HttpResponse:
    """One of the papers, shown in the browser."""
    state = dossier_or_404(request, dossier_id)
    if form not in PAPERS:
        raise Http404
    try:
        stored = kept_paper(state.id, form)
    except NothingToPrintError:
        raise Http404 from None
    except files.NotStoredError as error:
        return render(request, "office/counter/not_printed.html", {"state": state, "why": str(error)}, status=503)
    return shown(stored)


def shown(stored: StoredFile) -> HttpResponse:
    """A stored paper, inline, under its own name."""
    answer = HttpResponse(b"".join(files.read(stored.digest)), content_type=stored.media_type)
    answer["Content-Disposition"] = f'inline; filename="{stored.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
