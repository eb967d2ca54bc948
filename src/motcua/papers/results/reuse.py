"""An issued result as a document of its owner, so that a later dossier need not ask for it again.

The store of documents is the register's; here is only what a result says to it.
"""

from typing import Protocol

from motcua.papers.results.tables import IssuedResult


class Documents(Protocol):
    """What the register offers: `registry.documents.add`."""

    def __call__(
        self,
        owner_number: str,
        kind: str,
        digest: str,
        name: str,
        dossier_id: int,
        code: str,
        valid_from: object,
        valid_to: object = None,
        revokes: str = "",
    ) -> object:
        """Adds a document to its owner's."""


_into: list[Documents] = []


def keep_in(documents: Documents) -> None:
    """Names the store that results are entered into."""
    _into[:] = [documents]


def keep(issued: IssuedResult, name: str, replaces: str, *, is_refusal: bool) -> None:
    """Enters the result; a refusal proves nothing, and who has no number in the register has no documents there."""
    if is_refusal or not issued.owner_number:
        return
    for add in _into:
        add(
            issued.owner_number, f"result:{issued.procedure}", issued.digest, issued.name, issued.dossier_id,
            issued.code, issued.signed_at, revokes=replaces,
        )  # fmt: skip
