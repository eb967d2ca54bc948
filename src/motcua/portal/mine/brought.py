"""Files that a resident brings to a dossier already handed in: taken in by the room of files, under a bundle of the
dossier's own, so that what was sent before a mistake or a cut line is still there afterwards.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.files import intake, uploads
from motcua.files.form_field import field_of

MOST_FILES = 20


class Brought(NamedTuple):
    """The digests that came under one name, and what was wrong with the others."""

    digests: tuple[str, ...]
    faults: tuple[str, ...]


def bundle_of(dossier_id: int, times: int) -> str:
    """Under what the files of one answer are kept apart; `times` is how often the dossier was asked."""
    return f"supplement-{dossier_id}-{times}"


def brought(request: HttpRequest, name: str, account: int, bundle: str) -> Brought:
    """Everything the page carries under `name`: what was sent along now and what was taken in before."""
    taken = intake.from_form(request, name, account, bundle)
    faults = list(taken.errors)
    if taken.waiting:
        faults.append(_("Có tệp còn đang được kiểm tra. Hãy đợi một lát rồi gửi."))
    if len(taken.prepared) > MOST_FILES:
        faults.append(_("Mỗi giấy tờ tối đa %(most)d tệp.") % {"most": MOST_FILES})
    return Brought(tuple(each.digest for each in taken.prepared[:MOST_FILES]), tuple(faults))


def keep(came: Iterable[Brought]) -> None:
    """The dossier has these files now: they stay, byte for byte what their owner saw."""
    uploads.keep(digest for each in came for digest in each.digests)


def file_field(
    account: int, bundle: str, name: str, label: str, *, required: bool, errors: list[str]
) -> dict[str, Any]:
    """The question for files, as `files/upload_field.html` shows it."""
    return field_of(account, bundle, name, label=label, required=required, errors=errors)
