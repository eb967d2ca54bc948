"""Files of an application: taken in by the room of files under the draft's bundle, and noted with the draft.

What a draft notes are the digests of what its owner saw prepared; the same digests go into the dossier.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.files import intake
from motcua.files.form_field import field_of
from motcua.files.uploads import Prepared
from motcua.filing.drafts import bundle_of
from motcua.filing.models import Draft

MOST_FILES = 20


def attached(request: HttpRequest, draft: Draft, name: str, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The files under `name` after this page: what the page still carries of the draft's own, with what was sent.

    What could not be taken, or is not yet examined, is told in `errors` under `name`.
    """
    taken = intake.from_form(request, name, draft.account_id, bundle_of(draft))
    said = list(taken.errors)
    if taken.waiting:
        said.append(_("Có tệp còn đang được kiểm tra. Hãy đợi một lát rồi bấm tiếp tục."))
    if len(taken.prepared) > MOST_FILES:
        said.append(_("Mỗi giấy tờ tối đa %(most)d tệp.") % {"most": MOST_FILES})
    if said:
        errors.setdefault(name, []).extend(said)
    return [_noted(each) for each in taken.prepared[:MOST_FILES]]


def _noted(file: Prepared) -> dict[str, Any]:
    return {
        "digest": file.digest,
        "name": file.name,
        "media": file.media,
        "size": file.size,
        "pages": file.pages,
        "previews": list(file.preview_digests),
    }


def upload_field(draft: Draft, name: str, label: str, errors: list[str], **more: Any) -> dict[str, Any]:
    """The question for files, as `files/upload_field.html` shows it."""
    return field_of(draft.account_id, bundle_of(draft), name, label=label, errors=errors, **more)
