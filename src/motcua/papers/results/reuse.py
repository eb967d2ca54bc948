"""An issued result as a document of its owner, so that a later dossier need not ask for it again.

The store of documents is the register's; here is only what a result says to it.
"""

from motcua.law.working_time import city_day
from motcua.papers.results.tables import IssuedResult
from motcua.registry import documents


def keep(issued: IssuedResult, name: str, replaces: str, *, is_refusal: bool) -> None:
    """Enters the result; a refusal proves nothing, and who has no number in the register has no documents there."""
    if is_refusal or not issued.owner_number:
        return
    documents.add(
        issued.owner_number,
        f"result:{issued.procedure}",
        issued.digest,
        name,
        issued.dossier_id,
        issued.number or issued.code,
        city_day(issued.signed_at),
        revokes=replaces,
    )
