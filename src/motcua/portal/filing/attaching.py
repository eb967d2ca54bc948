"""Files of an application: taken in as they arrive, kept with the draft, shown to their owner and to nobody else."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.files import store
from motcua.files.store import NotStoredError

MOST_FILES = 20


def attached(request: HttpRequest, name: str, saved: Any, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The files under `name` after this page: those saved, without what was dropped, with what was sent.

    What could not be taken is told in `errors` under `name`.
    """
    dropped = request.POST.get("do", "").removeprefix("drop:")
    kept = [each for each in saved or () if f"{name}:{each['digest']}" != dropped]
    for upload in request.FILES.getlist(name):
        said = getattr(upload, "name", "") or "tệp"
        if len(kept) >= MOST_FILES:
            errors.setdefault(name, []).append(_too_many(said))
            continue
        try:
            stored = store.put(upload, name=said)
        except NotStoredError as error:
            errors.setdefault(name, []).append(f"{said}: {error}")
            continue
        one = {"digest": stored.digest, "name": stored.name, "media": stored.media_type, "size": stored.size}
        if one["digest"] not in {each["digest"] for each in kept}:
            kept.append(one)
    return kept


def _too_many(said: str) -> str:
    return _("%(name)s: mỗi giấy tờ tối đa %(most)d tệp.") % {"name": said, "most": MOST_FILES}
