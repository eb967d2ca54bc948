"""The papers of a dossier as PDF, to whoever may see the dossier: printed once, the same bytes ever after."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.files import store as files
from motcua.office.door import dossier_or_404, official
from motcua.papers.from_dossier import PAPERS, NothingToPrintError, kept_paper
from motcua.papers.results.signed import signed_file
from motcua.papers.typeset import MEDIA_TYPE


@official()
def paper(request: HttpRequest, dossier_id: int, form: str) -> HttpResponse:
    """One of the papers, shown in the browser."""
    state = dossier_or_404(request, dossier_id)
    if form not in PAPERS:
        raise Http404
    try:
        stored = (signed_file(state) if form == "result" else None) or kept_paper(state.id, form)
    except NothingToPrintError:
        raise Http404 from None
    except files.NotStoredError as error:
        return render(request, "office/counter/not_printed.html", {"state": state, "why": str(error)}, status=503)
    return inline(b"".join(files.read(stored.digest)), stored.name)


def inline(pdf: bytes, name: str) -> HttpResponse:
    """A paper shown in the browser, under its own name when it is saved."""
    answer = HttpResponse(pdf, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
