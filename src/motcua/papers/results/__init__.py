"""Results as files: typeset, signed by the agency's key, time-stamped, issued once, and checkable by anybody."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua.law.dossier import Dossier


def draft_pdf(state: "Dossier") -> str:
    """The digest of the readable draft, marked as one on every page, that a resident is shown before signing.

    Raises NothingToPrintError when nothing was drafted.
    """
    # Only here: `examine` runs in a process without Django, and comes by this file.
    from motcua.papers.results.drafts import draft

    return draft(state)
