"""A paper handed out is kept, and printed again it is the same file."""

import hashlib

import pytest

from motcua.files import store
from motcua.files.models import StoredFile
from motcua.papers.sealing import file_name, seal_paper
from motcua.papers.typeset import render
from papers.samples import BOOK, CHECKLIST, HANDOVER_LIST, RECEIPT, SAMPLES


@pytest.mark.django_db
def test_a_reprint_is_the_same_file() -> None:
    first, again = seal_paper(RECEIPT), seal_paper(RECEIPT)
    assert first.digest == again.digest
    assert StoredFile.objects.count() == 1
    kept = b"".join(store.read(first.digest))
    assert kept == render(RECEIPT)
    assert hashlib.sha256(kept).hexdigest() == first.digest
    assert first.media_type == "application/pdf"


def test_a_file_is_called_after_what_it_is() -> None:
    assert file_name(RECEIPT) == "giay-tiep-nhan-000.00.02.H26-181217-0042.pdf"
    assert file_name(HANDOVER_LIST) == "danh-sach-ban-giao-214-BPTNTRKQ.pdf"
    assert file_name(CHECKLIST) == "huong-dan-1.009994.pdf"
    assert file_name(BOOK) == "so-theo-doi-214-BPTNTRKQ.pdf"
    assert len({file_name(form) for form in SAMPLES.values()}) == len(SAMPLES)
