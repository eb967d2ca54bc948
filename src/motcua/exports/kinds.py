"""Which lists can be ordered: each room names its own in `apps.py`, as `exports = {"reports.dossiers": "path"}`.

The function behind a name takes the parameters (texts) and the account, and returns a table whose rows are read
only when they are written. It says itself what the account may see: PermissionDenied when nothing, ValueError for
parameters that mean nothing. It is asked when the list is ordered, again when it is made, and when it is fetched.
"""

from collections.abc import Callable

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from motcua.organisation.models import Account
from motcua.tables.table import Table

Make = Callable[[dict[str, str], Account], Table]


class UnknownKindError(LookupError):
    """No room makes a list of this name (any more)."""


def known() -> dict[str, str]:
    """The lists of this installation and where each is made. Raises ImproperlyConfigured for a name stated twice."""
    found: dict[str, str] = {}
    for room in apps.get_app_configs():
        for name, path in getattr(room, "exports", {}).items():
            if name in found:
                raise ImproperlyConfigured(f"two rooms make an export called {name!r}")
            found[name] = path
    return found


def maker(kind: str) -> Make:
    """Who makes a kind. Raises UnknownKindError."""
    path = known().get(kind)
    if path is None:
        raise UnknownKindError(kind)
    found: Make = import_string(path)
    return found
