"""Files that a resident brings with a form: taken in with every check, kept over a mistake elsewhere on the page.

What was already taken in stands in the page as a signed mark that only its owner can send back, so that nobody comes
to another person's file by naming its hash.
"""

from typing import NamedTuple

from django.core import signing
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from motcua.files import store
from motcua.files.store import NotStoredError

_SALT = "motcua.brought"
MOST_FILES = 20


class Brought(NamedTuple):
    """The digests that came under one name, their marks for the next page, and what was wrong with the others."""

    digests: tuple[str, ...]
    marks: tuple[str, ...]
    faults: tuple[str, ...]


def brought(request: HttpRequest, name: str, account: int) -> Brought:
    """Everything sent under `name`: new files, and marks of those that were taken in before."""
    digests: dict[str, None] = {}
    faults = []
    for mark in request.POST.getlist(f"kept-{name}")[:MOST_FILES]:
        digest = _owned(mark, account)
        if digest:
            digests[digest] = None
    files: MultiValueDict[str, object] = request.FILES
    for upload in files.getlist(name)[:MOST_FILES]:
        try:
            digests[store.put(upload, name=getattr(upload, "name", "") or "").digest] = None  # type: ignore[arg-type]
        except NotStoredError as error:
            faults.append(f"{getattr(upload, 'name', '')}: {error}")
    kept = tuple(digests)
    return Brought(kept, tuple(signing.dumps([each, account], salt=_SALT) for each in kept), tuple(faults))


def _owned(mark: str, account: int) -> str:
    try:
        digest, owner = signing.loads(mark, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(digest) if owner == account else ""
