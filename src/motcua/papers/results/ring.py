"""The key ring of this city, as its settings say, and since when results are signed."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from motcua.papers.results.keys import KeyRing


def city_ring() -> KeyRing:
    """The keys in the city's home."""
    return KeyRing(Path(settings.MOTCUA_SIGNING_FOLDER), settings.MOTCUA_BASE_URL)


def signing_since() -> datetime | None:
    """Results numbered from this hour on become signed files; None while signing was not set up."""
    return city_ring().since()
