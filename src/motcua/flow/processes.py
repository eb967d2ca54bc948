"""The process of each version that dossiers ran under, kept in memory: versions never change."""

from functools import lru_cache

from motcua.catalogue import versions
from motcua.catalogue.versions import UnknownProcedureError
from motcua.law.process import Process


@lru_cache(maxsize=4096)
def process_of(version: int) -> Process | None:
    """The process of a version; None when it is not known."""
    try:
        return versions.procedure_version(version).process
    except UnknownProcedureError:
        return None
