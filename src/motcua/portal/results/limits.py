"""How often somebody may ask for what is not there, or have a file examined; counted in this process.

An account is counted before an address, so that a whole office behind one address is not locked out by one of it.
What was found costs nothing: only misses and examinations are counted.
"""

from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 600
MISSES, FILES = 40, 20


def may_ask(request: HttpRequest) -> bool:
    """False after too many codes that do not exist."""
    return int(cache.get(_key(request, "miss"), 0)) < MISSES


def missed(request: HttpRequest) -> None:
    """One more code that does not exist."""
    _count(_key(request, "miss"))


def may_examine(request: HttpRequest) -> bool:
    """Counts one more file; False after too many."""
    return _count(_key(request, "file")) <= FILES


def _count(key: str) -> int:
    cache.add(key, 0, WINDOW)
    try:
        return int(cache.incr(key))
    except ValueError:
        return 1


def _key(request: HttpRequest, what: str) -> str:
    who = f"a{request.user.pk}" if request.user.is_authenticated else f"i{request.META.get('REMOTE_ADDR', '')}"
    return f"xac-minh/{what}/{who}"
