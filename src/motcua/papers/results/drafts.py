"""The draft a resident is shown before signing (domain of civil status: at most a day, silence agrees)."""

from motcua.files import store
from motcua.law.dossier import Dossier
from motcua.papers.results.layout import drafted_result
from motcua.papers.typeset import MEDIA_TYPE, render


def draft(state: Dossier) -> str:
    """The digest of the draft as a PDF, kept like any file; the same draft twice is one file."""
    return store.put(
        render(drafted_result(state)), name=f"du-thao-{state.code or state.id}.pdf", media=MEDIA_TYPE
    ).digest
