"""What the addresses of these pages may say."""

from django.http import Http404, HttpRequest

LARGEST = 2**63 - 1


def key_in(request: HttpRequest, name: str) -> int:
    """A key for paging; 0 when none is named. Raises Http404 for what is no key."""
    words = request.GET.get(name, "")
    if not words:
        return 0
    if not (words.isascii() and words.isdecimal()) or int(words[:20]) > LARGEST:
        raise Http404
    return int(words)
