"""A numbered result becomes one signed file: made, checked, recorded, and replaced when it is corrected."""

import io
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from django.utils import timezone

from dossiers.permits import Permit, set_watch
from motcua.dossiers.journal import history
from motcua.dossiers.rows import encode_state
from motcua.files import store
from motcua.law import commands as c
from motcua.law.evolve import fold
from motcua.papers.results import codes, draft_pdf, issuing, pades
from motcua.papers.results.examine import examine
from motcua.papers.results.keys import KeyRing, NoKeyError
from motcua.papers.results.tables import IssuedResult, KeyUse, ResultWork
from papers.reading import words
from signing_city import content, corrected, issued, made_authority, numbered, ring

__all__ = ["made_authority", "ring"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def permit(monkeypatch: pytest.MonkeyPatch) -> Permit:
    """A house permit of December 2018."""
    set_watch(monkeypatch)
    return Permit()


def test_a_numbered_result_is_signed_checked_and_recorded_once(permit: Permit, ring: KeyRing) -> None:
    result = issued(permit)
    state = permit.state
    assert [each.file for each in state.issued] == [result.digest]
    assert state.issued[0].number == state.number == result.number
    assert result.owner_name == state.applicant.name
    found = examine(content(result), ring.roots(), [ring.demo.crl()])
    assert found.is_archival
    assert not found.is_active
    assert found.token == result.token
    assert [each.holds for each in found.signatures] == [True]
    assert found.signatures[0].stamped_at == result.signed_at
    assert found.signatures[0].fingerprint == result.certificate
    assert issuing.issue_due() == 0
    assert ResultWork.objects.filter(next_at=None).count() == 1
    assert [use.outcome for use in KeyUse.objects.all()] == ["signed"]


def test_the_state_with_the_signed_file_is_the_fold_of_the_journal(permit: Permit, ring: KeyRing) -> None:
    issued(permit)
    state = permit.state
    assert state.issued
    assert encode_state(fold(state.id, [(entry.event, entry.at) for entry in history(state.id)])) == encode_state(state)


def test_following_twice_makes_no_second_work(permit: Permit, ring: KeyRing) -> None:
    from motcua.papers.results import following

    numbered(permit)
    following.follow([permit.id])
    assert ResultWork.objects.count() == 1


def test_nothing_is_signed_where_signing_was_not_set_up(permit: Permit, ring: KeyRing) -> None:
    shutil.rmtree(ring.folder)
    numbered(permit)
    assert ResultWork.objects.count() == 0


def test_what_was_numbered_before_signing_began_stays_on_paper(permit: Permit, ring: KeyRing) -> None:
    (ring.folder / "signing.toml").write_text("since = 2019-06-01T00:00:00Z\n", encoding="utf-8")
    numbered(permit)
    assert ResultWork.objects.count() == 0


def test_a_configuration_that_cannot_be_read_passes_no_result_by(permit: Permit, ring: KeyRing) -> None:
    (ring.folder / "signing.toml").write_text("since = yesterday", encoding="utf-8")
    numbered(permit)
    issuing.issue_due()
    work = ResultWork.objects.get()
    assert work.next_at is not None
    assert "signing.toml" in work.last_error
    (ring.folder / "signing.toml").write_text("since = 2018-01-01T00:00:00Z", encoding="utf-8")
    ResultWork.objects.update(next_at=timezone.now())
    issuing.issue_due()
    assert IssuedResult.objects.count() == 1


def test_what_became_work_by_mistake_is_put_aside(permit: Permit, ring: KeyRing) -> None:
    numbered(permit)
    (ring.folder / "signing.toml").write_text("since = 2019-06-01T00:00:00Z\n", encoding="utf-8")
    issuing.issue_due()
    assert ResultWork.objects.get().next_at is None
    assert "before signing began" in ResultWork.objects.get().last_error
    assert permit.state.issued == ()


def test_structure_is_sound_and_its_fonts_are_embedded(permit: Permit, ring: KeyRing) -> None:
    pdf = content(issued(permit))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        assert "/DSS" in opened.Root
        assert len(opened.Root.DSS.OCSPs) >= 1
        assert len(opened.Root.DSS.Certs) >= 3
        assert opened.Root.Perms.DocMDP is not None
        fonts = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and "/FontDescriptor" in each]
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(each.FontDescriptor.keys()) for each in fonts)
        widgets = [each for each in opened.pages[0].Annots if each.Subtype == "/Widget"]
        assert len(widgets) == 1
        assert "/N" in widgets[0].AP


def test_another_reader_says_that_the_signature_is_valid_and_whole(
    permit: Permit, ring: KeyRing, tmp_path: Any
) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is missing: apt-get install poppler-utils")
    place = tmp_path / "result.pdf"
    place.write_bytes(content(issued(permit)))
    said = subprocess.run(["pdfsig", "-nocert", place], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_the_draft_says_on_its_pages_that_it_is_one(permit: Permit, ring: KeyRing) -> None:
    permit.accept().to("approve") if _has_step(permit, "approve") else permit.accept().to("sign")
    digest = draft_pdf(permit.state)
    assert draft_pdf(permit.state) == digest
    text = words(b"".join(store.read(digest)))
    assert "BẢN DỰ THẢO" in text
    assert "Cho phép xây dựng nhà ở ba tầng" in text
    assert examine(b"".join(store.read(digest)), ring.roots()).signatures == ()


def _has_step(permit: Permit, name: str) -> bool:
    return any(step.id == name for step in permit.procedure.process.steps)


def test_a_corrected_result_replaces_the_earlier_one(permit: Permit, ring: KeyRing) -> None:
    first = issued(permit)
    corrected(permit)
    issuing.issue_due()
    first.refresh_from_db()
    second = IssuedResult.objects.exclude(token=first.token).get()
    assert first.replaced_by == second.token
    assert permit.state.issued[-1].replaces == first.digest
    assert f"thay thế văn bản số {first.number}" in words(content(second))


def test_a_number_that_no_longer_stands_is_not_issued(permit: Permit, ring: KeyRing) -> None:
    numbered(permit)
    corrected(permit)
    issuing.issue_due()
    assert [each.seq for each in IssuedResult.objects.all()] == [ResultWork.objects.order_by("-seq")[0].seq]
    assert len(permit.state.issued) == 1
    assert ResultWork.objects.order_by("seq")[0].last_error.startswith("superseded")


def test_a_revoked_certificate_signs_nothing_and_the_work_waits(permit: Permit, ring: KeyRing) -> None:
    numbered(permit)
    agency, name = "001", "Ủy ban nhân dân quận Ba Đình"
    ring.demo.p12_of(agency, name)
    serial = next(iter(ring.demo.issued()))
    original = type(ring.demo).p12_of
    ring.demo.revoke(serial)

    def still_the_old_one(self: Any, _agency: str, _name: str) -> Any:
        return self.folder / f"{agency}.p12"

    type(ring.demo).p12_of = still_the_old_one  # type: ignore[method-assign]
    try:
        issuing.issue_due()
    finally:
        type(ring.demo).p12_of = original  # type: ignore[method-assign]
    work = ResultWork.objects.get()
    assert work.digest == ""
    assert work.next_at is not None
    assert "thu hồi" in work.last_error
    assert permit.state.issued == ()
    assert IssuedResult.objects.count() == 0
    ResultWork.objects.update(next_at=timezone.now())
    issuing.issue_due()
    assert IssuedResult.objects.count() == 1


def test_an_expired_certificate_is_refused_in_words(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.papers.results import certificates

    past = datetime.now(UTC).replace(microsecond=0) - timedelta(days=4 * 365)
    monkeypatch.setattr(certificates, "_now", lambda: past)
    ring.demo.p12_of("002", "Ủy ban nhân dân quận Hoàn Kiếm")
    with pytest.raises(NoKeyError, match="hết hạn"), ring.opened("002", "Ủy ban nhân dân quận Hoàn Kiếm"):
        pass


def test_a_key_that_others_can_read_is_refused(ring: KeyRing) -> None:
    ring.demo.p12_of("002", "Quận").chmod(0o644)
    with pytest.raises(NoKeyError, match="0600"), ring.opened("002", "Quận"):
        pass


def test_keys_of_the_authority_are_private(ring: KeyRing) -> None:
    ring.demo.p12_of("002", "Quận")
    secrets = [*ring.demo.folder.glob("*-key.pem"), *ring.demo.folder.glob("*.p12"), ring.demo.folder / "passphrase"]
    assert len(secrets) >= 5
    assert {oct(each.stat().st_mode & 0o777) for each in secrets} == {"0o600"}


def test_without_a_time_stamp_nothing_is_let_out(permit: Permit, ring: KeyRing) -> None:
    (ring.folder / "signing.toml").write_text(
        'since = 2018-01-01T00:00:00Z\n[timestamp]\nurl = "http://127.0.0.1:9/"\nseconds = 1.0\n', encoding="utf-8"
    )
    numbered(permit)
    issuing.issue_due()
    work = ResultWork.objects.get()
    assert work.digest == ""
    assert "dấu thời gian" in work.last_error
    assert permit.state.issued == ()


def test_a_file_that_does_not_hold_is_not_let_out(
    permit: Permit, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbered(permit)
    genuine = pades.sign
    monkeypatch.setattr(pades, "sign", lambda *given: genuine(*given) + b"\n%")
    issuing.issue_due()
    assert ResultWork.objects.get().digest == ""
    assert permit.state.issued == ()


def test_codes_are_read_as_people_type_them() -> None:
    code = codes.new_code()
    assert codes.parse(codes.shown(code).lower()) == code
    assert codes.parse(" ".join(code.replace("0", "O").replace("1", "l"))) == code
    assert codes.parse(code[:-1]) is None
    assert codes.parse(code[:-1] + "U") is None


def test_handing_over_by_account_waits_for_ready_and_for_money(permit: Permit, ring: KeyRing) -> None:
    from motcua.papers.results.handing import hand_over_ready

    result = issued(permit)
    assert not result.to_hand
    IssuedResult.objects.update(to_hand=True)
    assert hand_over_ready() == 0
    permit.act(c.MarkReady(task=permit.task()), permit.people.clerk)
    owed = permit.state.owed
    if owed:
        assert hand_over_ready() == 0
        amounts = {each.id: each.amount - each.paid for each in permit.state.money}
        permit.act(c.RecordPayment(amounts=amounts, method="cash", receipt="1"), permit.people.clerk)
    assert hand_over_ready() == 1
    assert permit.state.phase == "ended"
    assert not IssuedResult.objects.filter(to_hand=True).exists()
    assert hand_over_ready() == 0


@pytest.mark.parametrize(("way", "expected"), [("electronic", 1), ("post", 0), ("person", 0), ("", 1)])
def test_who_asked_for_the_post_or_the_counter_is_not_served_by_account(
    way: str, expected: int, permit: Permit, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from motcua.papers.results import handing

    issued(permit)
    IssuedResult.objects.update(to_hand=True)
    permit.act(c.MarkReady(task=permit.task()), permit.people.clerk)
    amounts = {each.id: each.amount - each.paid for each in permit.state.money if each.amount > each.paid}
    if amounts:
        permit.act(c.RecordPayment(amounts=amounts, method="cash", receipt="1"), permit.people.clerk)
    monkeypatch.setattr(handing, "wished", lambda _dossier: way)
    assert handing.hand_over_ready() == expected
    assert not IssuedResult.objects.filter(to_hand=True).exists()
