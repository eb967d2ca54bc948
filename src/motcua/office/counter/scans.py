"""Scans at intake: stored as soon as they arrive, so that a mistake elsewhere on the page loses none of them.

What was stored travels in the page as a signed name, so that nobody can attach a file they never sent.
"""

from typing import NamedTuple

from django.core import signing
from django.http import HttpRequest

from motcua.files import store
from motcua.files.store import NotStoredError

SALT = "motcua.office.counter.scan"


class Scan(NamedTuple):
    """A stored scan: its digest, and the name it came with."""

    digest: str
    name: str

    @property
    def token(self) -> str:
        """The scan as the page carries it."""
        return signing.dumps([self.digest, self.name], salt=SALT)


class Scans:
    """The scans of one page, by the name of the question or paper they belong to, and what went wrong."""

    def __init__(self, request: HttpRequest, names: list[str]) -> None:
        self.kept: dict[str, list[Scan]] = {}
        self.errors: dict[str, list[str]] = {}
        dropped = set(request.POST.getlist("drop"))
        for name in names:
            for token in request.POST.getlist(f"kept-{name}"):
                scan = _read(token)
                if scan is not None and f"{name}:{scan.digest}" not in dropped:
                    self._keep(name, scan)
            for upload in request.FILES.getlist(name):
                self._take(name, upload)

    def _take(self, name: str, upload: object) -> None:
        said = getattr(upload, "name", "") or "tệp"
        try:
            stored = store.put(upload, name=said)  # type: ignore[arg-type]
        except NotStoredError as error:
            self.errors.setdefault(name, []).append(f"{said}: {error}")
        else:
            self._keep(name, Scan(stored.digest, stored.name))

    def _keep(self, name: str, scan: Scan) -> None:
        held = self.kept.setdefault(name, [])
        if scan.digest not in {each.digest for each in held}:
            held.append(scan)

    def digests(self, name: str) -> tuple[str, ...]:
        """The digests kept under `name`."""
        return tuple(scan.digest for scan in self.kept.get(name, ()))


def _read(token: str) -> Scan | None:
    try:
        digest, name = signing.loads(token, salt=SALT, max_age=2 * 24 * 3600)
    except (signing.BadSignature, ValueError):
        return None
    return Scan(str(digest), str(name))
