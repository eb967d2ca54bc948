"""A paper printed and kept: what was handed out can be printed again, byte for byte, for as long as it is kept.

Which dossier a kept paper belongs to is recorded by whoever asks for it, by the file's digest.
"""

from motcua.files import store
from motcua.files.models import StoredFile
from motcua.papers import forms
from motcua.papers.typeset import MEDIA_TYPE, render

_NAME: dict[type, str] = {
    forms.Receipt: "giay-tiep-nhan",
    forms.SupplementSlip: "phieu-bo-sung",
    forms.RefusalSlip: "phieu-tu-choi",
    forms.ApologySlip: "phieu-xin-loi",
    forms.ControlSlip: "phieu-kiem-soat",
    forms.Book: "so-theo-doi",
    forms.HandoverList: "danh-sach-ban-giao",
    forms.Decision: "ket-qua",
    forms.Result: "ket-qua-ky-so",
    forms.Checklist: "huong-dan",
}


def seal_paper(form: forms.Form) -> StoredFile:
    """Renders the form and stores it; the same form twice is one file.

    Raises what `render` raises, and `store.NotStoredError` when the disk does not take it.
    """
    return store.put(render(form), name=file_name(form), media=MEDIA_TYPE)


def file_name(form: forms.Form) -> str:
    """What the file is called when somebody saves it: `giay-tiep-nhan-000.00.19.H26-190107-0001.pdf`."""
    mark = getattr(form, "code", "") or getattr(form, "procedure_code", "") or form.head.number.replace("/", "-")
    return "-".join(filter(None, (_NAME[type(form)], mark))) + ".pdf"
