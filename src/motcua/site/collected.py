"""Static files collected, hashed and compressed into the home, again only when one of them has changed.

How they are served is left to WhiteNoise.
"""

from hashlib import sha256

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from motcua import __version__
from motcua.site.home import Home


def collect_static(home: Home) -> bool:
    """Bring the home's static files up to date; True when there was something to do."""
    fingerprint = _fingerprint()
    stamp = home.static / ".collected"
    with home.locked("static"):
        if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
            return False
        call_command("collectstatic", interactive=False, verbosity=0, clear=home.static.exists())
        stamp.write_text(fingerprint, encoding="ascii")
    return True


def _fingerprint() -> str:
    digest = sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = storage.path(path)
            modified = storage.get_modified_time(path).timestamp()
            digest.update(f"{seen}\0{storage.size(path)}\0{modified}\n".encode())
    return digest.hexdigest()
