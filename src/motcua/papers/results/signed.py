"""The signed file of a dossier's present result, for whoever prints it at a counter."""

from motcua.files.models import StoredFile
from motcua.law.dossier import Dossier


def signed_file(state: Dossier) -> StoredFile | None:
    """The file that was let out under the present number, None while there is none (before, or without signing)."""
    last = state.issued[-1] if state.issued else None
    if last is None or last.number != state.number:
        return None
    return StoredFile.objects.filter(pk=last.file).first()
