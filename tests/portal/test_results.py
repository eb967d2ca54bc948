"""Checking a result as anybody, and a resident's own results: who sees what, and in which words."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from msgspec import structs

from dossiers.permits import Permit, set_watch
from dossiers.test_online import OnlinePermit
from motcua.dossiers.handle import Done, lodge
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.papers.results import codes, issuing, sharing
from motcua.papers.results.keys import KeyRing
from motcua.papers.results.tables import Delivery, IssuedResult, SharedLink
from motcua.portal.results import limits
from motcua.portal.results.box import box
from motcua.portal.results.words import masked
from papers.reading import words
from residents import resident, signed_in
from signing_city import content, corrected, followed, made_authority, numbered, ring

__all__ = ["made_authority", "ring"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_from_zero() -> None:
    """Nobody has asked yet."""
    cache.clear()


@pytest.fixture
def owner(ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A resident whose permit is signed, and ready to be collected."""
    set_watch(monkeypatch)
    return resident("Nguyễn Thị Hoà", number="001180000001")


def her_permit(owner: Any) -> Permit:
    """A permit in her name, numbered."""
    permit = Permit()
    lodging = permit.lodging()
    whose = structs.replace(lodging.applicant, account=owner.account_id)
    return numbered(_with(permit, whose))


def _with(permit: Permit, whose: Any) -> Permit:
    original = permit.lodging
    permit.lodging = lambda *given, **more: structs.replace(original(*given, **more), applicant=whose)  # type: ignore[method-assign]
    return permit


def ready(permit: Permit) -> IssuedResult:
    """Signed, announced, nothing owed."""
    issuing.issue_due()
    permit.act(c.MarkReady(task=permit.task()), permit.people.clerk)
    amounts = {each.id: each.amount - each.paid for each in permit.state.money if each.amount > each.paid}
    if amounts:
        permit.act(c.RecordPayment(amounts=amounts, method="cash", receipt="1"), permit.people.clerk)
    return IssuedResult.objects.get(dossier_id=permit.id, replaced_by="")


def page(client: Client, address: str, **data: Any) -> str:
    """The words of a page that is there."""
    answer = client.get(address, data)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def upload(client: Client, pdf: bytes, **more: str) -> str:
    """The answer to a file."""
    file = io.BytesIO(pdf)
    file.name = "tep.pdf"
    return str(client.post("/xac-minh/", {"tep": file, **more}).content.decode())


def test_the_qr_opens_a_page_with_a_masked_name(owner: Any, client: Client) -> None:
    result = ready(her_permit(owner))
    said = page(client, f"/xac-minh/{result.token}/")
    assert result.number in said
    assert "N… T… Hoà" in said
    assert "Nguyễn Thị Hoà" not in said
    assert "001180000001" not in said


def test_the_name_is_shown_to_whoever_knows_the_whole_number(owner: Any, client: Client) -> None:
    result = ready(her_permit(owner))
    assert "Nguyễn Thị Hoà" in page(client, f"/xac-minh/{result.token}/", so="001180000001")
    assert "Nguyễn Thị Hoà" not in page(client, f"/xac-minh/{result.token}/", so="00118000000")


def test_a_typed_code_finds_it_and_a_wrong_one_says_what_to_do(owner: Any, client: Client) -> None:
    result = ready(her_permit(owner))
    answer = client.get("/xac-minh/", {"ma": codes.shown(result.token).lower()})
    assert answer.status_code == 302
    assert answer["Location"] == f"/xac-minh/{result.token}/"
    wrong = client.get(f"/xac-minh/{codes.new_code()}/")
    assert wrong.status_code == 404
    assert "Không có văn bản nào mang mã này" in wrong.content.decode()


def test_an_uploaded_file_is_answered_in_plain_words(owner: Any, client: Client) -> None:
    result = ready(her_permit(owner))
    pdf = content(result)
    assert "Tệp này là thật" in upload(client, pdf)
    assert "Chữ ký nguyên vẹn, bao trọn tệp, có dấu thời gian." in upload(client, pdf)
    altered = upload(client, pdf + b"\n%")
    assert "Tệp này không phải bản đã ban hành" in altered
    assert "có phần được thêm vào sau khi ký" in altered
    assert "Không đọc được tệp" in upload(client, b"MZ" + b"\0" * 500)
    assert client.post("/xac-minh/", {}).status_code == 400


def test_a_replaced_result_says_so_and_leads_to_the_new_one(owner: Any, client: Client) -> None:
    permit = her_permit(owner)
    issuing.issue_due()
    first = IssuedResult.objects.get()
    corrected(permit)
    issuing.issue_due()
    said = page(client, f"/xac-minh/{first.token}/")
    assert "Đã được thay bằng bản khác" in said
    assert IssuedResult.objects.exclude(token=first.token).get().token in said
    assert "Đã được thay bằng bản khác" in upload(client, content(first))


def test_guessing_is_stopped_and_finding_costs_nothing(owner: Any, client: Client) -> None:
    result = ready(her_permit(owner))
    for _ in range(limits.MISSES + 5):
        page(client, f"/xac-minh/{result.token}/")
    for _ in range(limits.MISSES):
        client.get(f"/xac-minh/{codes.new_code()}/")
    assert client.get(f"/xac-minh/{codes.new_code()}/").status_code == 429
    # Somebody with an account behind the same address goes on.
    assert signed_in(owner).get(f"/xac-minh/{result.token}/").status_code == 200


def test_examining_is_limited(client: Client, ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILES", 1)
    assert "Không đọc được tệp" in upload(client, b"GIF89a")
    assert "hơi nhiều lần" in upload(client, b"GIF89a")


def test_the_proof_leads_to_a_signed_checkpoint(owner: Any, client: Client) -> None:
    result = ready(her_permit(owner))
    answer = client.get(f"/xac-minh/{result.token}/chung-cu.json")
    assert answer.status_code == 202
    assert client.get(f"/xac-minh/{codes.new_code()}/chung-cu.json").status_code == 404


def test_a_resident_finds_downloads_and_sees_the_box(owner: Any, rf: Any) -> None:
    permit = her_permit(owner)
    issuing.issue_due()
    client = signed_in(owner)
    result = IssuedResult.objects.get()
    assert "đang chuyển tới bạn" in page(client, "/cua-toi/ket-qua/")
    assert client.get(f"/cua-toi/ket-qua/{result.token}/tep/").status_code == 302
    ready(permit)
    assert result.number in page(client, "/cua-toi/ket-qua/")
    answer = client.get(f"/cua-toi/ket-qua/{result.token}/tep/")
    assert b"".join(answer.streaming_content) == content(result)  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert "sandbox" in answer["Content-Security-Policy"]
    shown = box(permit.state, rf.get("/"))
    assert shown is not None
    assert [each["open"] for each in shown["results"]] == [True]


def test_nobody_else_reads_it(owner: Any) -> None:
    result = ready(her_permit(owner))
    stranger = signed_in(resident("Trần Văn Lạ", number="001180000002"))
    for path in ("", "tep/"):
        assert stranger.get(f"/cua-toi/ket-qua/{result.token}/{path}").status_code == 404
    assert stranger.post(f"/cua-toi/ket-qua/{result.token}/chia-se/", {"ngay": "7"}).status_code == 404
    assert result.number not in page(stranger, "/cua-toi/ket-qua/")
    assert Client().get(f"/cua-toi/ket-qua/{result.token}/tep/").status_code == 302


def test_a_shared_link_works_until_it_is_ended_or_expires(owner: Any) -> None:
    result = ready(her_permit(owner))
    client, anybody = signed_in(owner), Client()
    made = client.post(f"/cua-toi/ket-qua/{result.token}/chia-se/", {"ngay": "7", "cho_ai": "Ngân hàng"})
    assert made.status_code == 302
    said = page(client, f"/cua-toi/ket-qua/{result.token}/")
    address = said.split('readonly value="')[1].split('"')[0].split("testserver")[1]
    assert address not in page(client, f"/cua-toi/ket-qua/{result.token}/")
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert not SharedLink.objects.filter(secret=token).exists()
    answer = anybody.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == content(result)  # type: ignore[attr-defined]
    link = SharedLink.objects.get()
    assert link.opened == 1
    client.post(f"/cua-toi/ket-qua/{result.token}/ngung-chia-se/", {"lien_ket": link.secret})
    assert anybody.get(address).status_code == 404
    again = sharing.share(result, owner.account_id, 1)
    assert again is not None
    SharedLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sharing.opened(again) is None


def test_what_goes_by_post_is_followed_and_told(owner: Any, rf: Any) -> None:
    permit = her_permit(owner)
    ready(permit)
    command = c.HandOverResult(
        task=permit.task(), to_name="Nguyễn Thị Hoà", by_paper="post", paper_number="RR123456785VN"
    )
    permit.act(command, permit.people.clerk)
    followed(permit.id)
    followed(permit.id)
    sent = Delivery.objects.get()
    assert (sent.tracking, sent.state) == ("RR123456785VN", "posted")
    shown = box(permit.state, rf.get("/"))
    assert shown is not None
    assert "đang trên đường" in shown["posted"][0]["words"]


def test_revocation_is_answered_to_machines(ring: KeyRing, client: Client) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import ocsp

    ring.demo.p12_of("001", "Quận")
    root = x509.load_der_x509_certificate(client.get("/chung-thu/goc.crt").content)
    assert root == ring.demo.root
    with ring.opened("001", "Quận") as ready_key:
        certificate = x509.load_der_x509_certificate(ready_key.certificate.dump())
    question = ocsp.OCSPRequestBuilder().add_certificate(certificate, root, SHA256()).build()
    body = question.public_bytes(Encoding.DER)

    def asked() -> Any:
        answer = client.post("/chung-thu/ocsp", body, content_type="application/ocsp-request")
        return ocsp.load_der_ocsp_response(answer.content).certificate_status

    assert asked() == ocsp.OCSPCertStatus.GOOD
    ring.demo.revoke(f"{certificate.serial_number:x}")
    assert asked() == ocsp.OCSPCertStatus.REVOKED
    listed = x509.load_der_x509_crl(client.get("/chung-thu/thu-hoi.crl").content)
    assert listed.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
    assert client.post("/chung-thu/ocsp", b"nonsense", content_type="application/ocsp-request").status_code == 200


def test_names_are_masked_so_that_the_given_name_remains() -> None:
    assert masked("Nguyễn Thị Ánh Tuyết") == "N… T… Á… Tuyết"
    assert masked("Páo") == "Páo"
    assert masked("") == ""


def test_without_keys_there_is_no_authority_to_ask(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MOTCUA_SIGNING_FOLDER = tmp_path / "none"
    assert client.get("/chung-thu/goc.crt").status_code == 404


def test_the_draft_is_read_by_its_applicant_once_it_was_shown(owner: Any) -> None:
    permit = OnlinePermit()
    lodging = permit.lodging(channel="online")
    whose = structs.replace(lodging.applicant, account=owner.account_id)
    by = Actor(account=owner.account_id, name=whose.name, kind="resident", assurance=2)
    done = lodge(permit.version, structs.replace(lodging, applicant=whose), by, "draft")
    assert isinstance(done, Done), done
    permit.id = done.dossier_id
    permit.act(c.Accept(), permit.people.clerk)
    permit.to("appraise")
    permit.act(c.DraftResult(task=permit.task(), result="permit", text="Cho phép ba tầng"), permit.people.officer)
    address, client = f"/cua-toi/ket-qua/du-thao/{permit.id}/", signed_in(owner)
    assert client.get(address).status_code == 404
    permit.act(c.ShowDraft(task=permit.task()), permit.people.officer)
    answer = client.get(address)
    assert answer.status_code == 200
    said = words(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert "BẢN DỰ THẢO" in said
    assert "Cho phép ba tầng" in said
    assert signed_in(resident("Trần Văn Lạ", number="001180000003")).get(address).status_code == 404
