"""Somebody wants a paper that the city never gave: bytes turned, pages added, keys of their own, codes borrowed."""

import hashlib
import io
import random
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from dossiers.permits import Permit, set_watch
from motcua.papers.results import bounded, checking, codes, issuing, layout, pades
from motcua.papers.results.examine import examine
from motcua.papers.results.keys import KeyRing
from motcua.papers.results.tables import IssuedResult, ResultWork
from motcua.papers.typeset import render
from signing_city import content, corrected, issued, made_authority, numbered, ring

__all__ = ["made_authority", "ring"]
pytestmark = pytest.mark.django_db
SAMPLE = 24


@pytest.fixture
def genuine(monkeypatch: pytest.MonkeyPatch, ring: KeyRing) -> IssuedResult:
    """A permit's signed file."""
    set_watch(monkeypatch)
    return issued(Permit())


def test_the_file_itself_is_genuine_and_so_is_its_code(genuine: IssuedResult) -> None:
    assert checking.by_file(content(genuine)).kind == "genuine"
    assert checking.by_file(content(genuine), codes.shown(genuine.token)).kind == "genuine"
    assert checking.by_code(codes.shown(genuine.token).lower()).kind == "on_record"
    assert checking.by_code(codes.new_code()).kind == "unknown"


def test_one_turned_byte_anywhere_is_found(genuine: IssuedResult, monkeypatch: pytest.MonkeyPatch) -> None:
    # In this process: the sample is about the judgement, the fence around it has tests of its own.
    monkeypatch.setattr(checking, "examine_stranger", examine)
    pdf, chance = content(genuine), random.Random(20181203)
    offsets = {0, 1, len(pdf) - 1, *(chance.randrange(len(pdf)) for _ in range(SAMPLE))}
    for offset in sorted(offsets):
        turned = bytearray(pdf)
        turned[offset] ^= 1 << chance.randrange(8)
        found = checking.by_file(bytes(turned))
        assert found.kind != "genuine", offset
        assert found.kind in ("altered", "unreadable", "elsewhere", "unknown"), offset


def test_a_turned_byte_of_the_signed_part_breaks_the_signature_itself(genuine: IssuedResult, ring: KeyRing) -> None:
    """Without our record too: any reader sees it."""
    pdf = content(genuine)
    start = int(pdf.split(b"/ByteRange [")[1].split()[1])
    chance = random.Random(7)
    for offset in [chance.randrange(start) for _ in range(8)]:
        turned = bytearray(pdf)
        turned[offset] ^= 1
        assert not any(each.holds for each in examine(bytes(turned), ring.roots()).signatures), offset


def test_what_is_added_after_signing_is_found(genuine: IssuedResult, ring: KeyRing) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(content(genuine)))
    writer.root["/Extra"] = writer.add_object(DictionaryObject({pdf_name("/Any"): pdf_name("/Thing")}))
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    added = out.getvalue()
    assert added.startswith(content(genuine))
    found = checking.by_file(added)
    assert found.kind == "altered"
    assert found.issued is not None
    assert found.finding is not None
    assert [each.whole for each in found.finding.signatures] == [False]
    assert checking.by_file(content(genuine) + b"\n").kind == "altered"


def test_a_page_laid_over_the_signed_one_is_found(genuine: IssuedResult) -> None:
    """The simplest of the shadow attacks: an annotation that covers what was signed, added without a new revision."""
    with pikepdf.open(io.BytesIO(content(genuine))) as opened:
        cover = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[50, 500, 500, 700], F=4,
            Contents=pikepdf.String("bốn tầng"),
        )  # fmt: skip
        opened.pages[0].Annots.append(opened.make_indirect(cover))
        out = io.BytesIO()
        opened.save(out)
    found = checking.by_file(out.getvalue())
    assert found.kind == "altered"
    assert found.finding is not None
    assert not any(each.holds for each in found.finding.signatures)


def test_a_signature_moved_to_another_paper_is_found(genuine: IssuedResult, ring: KeyRing) -> None:
    """The signature's bytes are kept, the words before them are others."""
    pdf = content(genuine)
    at = pdf.find(b"stream")
    shadow = pdf[:at] + bytes(reversed(pdf[at : at + 40])) + pdf[at + 40 :]
    assert not any(each.holds for each in examine(shadow, ring.roots()).signatures)
    assert checking.by_file(shadow).kind != "genuine"


def test_somebody_elses_signed_paper_with_our_code_is_found(
    genuine: IssuedResult, ring: KeyRing, tmp_path: Path
) -> None:
    forger = KeyRing(tmp_path / "forger", "http://127.0.0.1:8107")
    forger.demo.create()
    story = layout.ResultStory(genuine.dossier_id)
    form = layout.numbered_result(story, genuine.token)
    made = issuing.signed_form(form, forger, "001", "Ủy ban nhân dân quận Ba Đình", "")
    found = checking.by_file(made.pdf)
    assert found.kind == "altered"
    assert found.finding is not None
    assert [(each.intact, each.trusted) for each in found.finding.signatures] == [(True, False)]


def test_a_paper_signed_by_a_stranger_is_nothing_of_ours(genuine: IssuedResult, tmp_path: Path) -> None:
    forger = KeyRing(tmp_path / "forger", "http://127.0.0.1:8107")
    forger.demo.create()
    form = layout.numbered_result(layout.ResultStory(genuine.dossier_id), codes.new_code())
    made = issuing.signed_form(form, forger, "001", "Quận", "")
    assert checking.by_file(made.pdf).kind == "elsewhere"


def test_our_own_key_does_not_make_a_second_result(genuine: IssuedResult, ring: KeyRing) -> None:
    """Whoever got at the key has a signature that holds, and still no file that the city let out."""
    form = layout.numbered_result(layout.ResultStory(genuine.dossier_id), genuine.token)
    made = issuing.signed_form(form, ring, "001", "Quận", "")
    assert examine(made.pdf, ring.roots()).signatures[0].holds
    assert checking.by_file(made.pdf).kind == "altered"


def test_a_signature_without_a_time_stamp_does_not_hold(
    genuine: IssuedResult, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine_sign = pades.PdfSigner
    monkeypatch.setattr(pades, "PdfSigner", lambda *given, timestamper, **more: genuine_sign(*given, **more))
    form = layout.numbered_result(layout.ResultStory(genuine.dossier_id), genuine.token)
    with pytest.raises(pades.NotSignedError, match="does not hold"):
        issuing.signed_form(form, ring, "001", "Quận", "")


def test_a_signature_made_after_revocation_does_not_hold(genuine: IssuedResult, ring: KeyRing) -> None:
    pdf = content(genuine)
    before = examine(pdf, ring.roots(), [ring.demo.crl()])
    assert before.signatures[0].holds
    assert ring.demo.revoke(before.signatures[0].serial)
    later = examine(pdf, ring.roots(), [ring.demo.crl()]).signatures[0]
    # Revoked within the very second of its making, so not before it.
    assert later.revoked_at is not None
    assert later.holds == (later.stamped_at is not None and later.revoked_at > later.stamped_at)


def test_the_code_of_another_result_is_not_this_file(genuine: IssuedResult) -> None:
    other = issued(Permit())
    assert checking.by_file(content(genuine), other.token).kind == "other_file"


def test_the_earlier_of_two_results_says_so(monkeypatch: pytest.MonkeyPatch, ring: KeyRing) -> None:
    set_watch(monkeypatch)
    permit = Permit()
    first = issued(permit)
    pdf = content(first)
    corrected(permit)
    issuing.issue_due()
    found = checking.by_file(pdf)
    assert found.kind == "genuine"
    assert found.successor is not None
    assert found.successor.token != first.token


def test_a_row_that_the_journal_does_not_know_is_believed_by_nobody(genuine: IssuedResult) -> None:
    forged = b"%PDF-1.7 forged"
    from motcua.files import store

    digest = store.put(forged, name="x.pdf").digest
    IssuedResult.objects.filter(token=genuine.token).update(digest=digest)
    assert checking.by_code(genuine.token).kind == "damaged"
    assert checking.by_file(forged).kind == "damaged"


def test_a_kept_file_that_rotted_is_named(genuine: IssuedResult) -> None:
    from motcua.files import store

    place = store.path_of(genuine.digest)
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    assert checking.by_code(genuine.token).kind == "damaged"


HOSTILE = {
    "empty": b"",
    "not a pdf": b"GIF89a" + b"\0" * 100,
    "header only": b"%PDF-1.7\n",
    "loop of references": b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/AcroForm 1 0 R/Fields[1 0 R]/Kids[1 0 R]>>"
    b"endobj\ntrailer<</Root 1 0 R/Size 2/Prev 9>>\nstartxref\n9\n%%EOF",
    "deep nesting": b"%PDF-1.7\n1 0 obj\n"
    + b"[" * 200_000
    + b"]" * 200_000
    + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "huge numbers": b"%PDF-1.7\n1 0 obj<</Length 99999999999999999999>>stream\nx\nendstream endobj\n"
    b"trailer<</Root 1 0 R/Size 999999999>>\nstartxref\n99999999999\n%%EOF",
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_file_is_an_answer_not_a_fault(genuine: IssuedResult, kind: str) -> None:
    found = checking.by_file(HOSTILE[kind])
    assert found.kind in ("unreadable", "unknown")


def test_a_bomb_is_stopped_by_the_fence(genuine: IssuedResult, ring: KeyRing) -> None:
    """A metadata stream of two gigabytes in two megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * (1 << 24)) for _ in range(128)) + packer.flush()
    bomb = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"4 0 obj<</Type/Metadata/Subtype/XML/Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    assert len(bomb) < 4_000_000
    found = bounded.examine_stranger(bomb, ring.roots(), [])
    assert not found.readable


def test_work_without_end_is_stopped(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "SECONDS_TO_WAIT", 0.05)
    assert bounded.examine_stranger(b"%PDF-1.7", ring.roots(), []) == bounded.Finding(readable=False, problem="time")


def test_the_examiner_writes_nothing_and_knows_no_secrets(tmp_path: Path) -> None:
    script = (
        "from motcua.papers.results.bounded import limit_myself; limit_myself()\n"
        "try:\n with open('x', 'w') as there: there.write('y' * 10)\nexcept OSError: print('refused')\n"
    )
    environment = {"PYTHONPATH": str(bounded.SOURCES)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "refused", done.stderr
    assert (tmp_path / "x").stat().st_size == 0


def test_a_work_row_turned_to_another_file_is_not_recorded(monkeypatch: pytest.MonkeyPatch, ring: KeyRing) -> None:
    """What the journal says stands: the file of an issued number is never exchanged."""
    set_watch(monkeypatch)
    permit = numbered(Permit())
    issuing.issue_due()
    other = render(layout.numbered_result(layout.ResultStory(permit.id), codes.new_code()))
    from motcua.files import store

    ResultWork.objects.update(digest=store.put(other, name="x.pdf").digest, next_at="2018-01-01T00:00Z")
    issuing.issue_due()
    assert len(permit.state.issued) == 1
    assert permit.state.issued[0].file == IssuedResult.objects.get().digest != hashlib.sha256(other).hexdigest()


def test_another_program_sees_the_change_too(genuine: IssuedResult, tmp_path: Any) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is missing: apt-get install poppler-utils")
    turned = bytearray(content(genuine))
    turned[2000] ^= 1
    (tmp_path / "turned.pdf").write_bytes(turned)
    said = subprocess.run(["pdfsig", "-nocert", tmp_path / "turned.pdf"], capture_output=True, text=True, check=False)
    assert "Signature is Valid" not in said.stdout
