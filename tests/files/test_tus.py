"""tus 1.0.0 as its text says it: each status, each header, and the offset that is really on the disk."""

import base64
import hashlib
from typing import Any

import pytest
from django.utils import timezone

from files.paperwork import OCTETS, TUS, Sender, document, metadata, sha
from motcua.files import parts, uploads
from motcua.files.models import Allowance, Upload
from motcua.organisation.models import Account


def upload_of(where: str) -> Upload:
    return Upload.objects.get(pk=where.rsplit("/", 1)[1])


def promised(content: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


def test_a_client_learns_what_the_server_can(client: Any, db: None) -> None:
    answer = client.options("/tep/")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,creation-with-upload,termination,checksum,expiration"
    assert answer["Tus-Max-Size"] == str(50 * 1024 * 1024)
    assert answer["Tus-Checksum-Algorithm"] == "sha1,sha256,md5"


def test_an_upload_is_created_and_received_in_parts(sender: Sender) -> None:
    content = document(2)
    names = {"filename": "Đơn xin phép.pdf", "filetype": "application/pdf", "bundle": "d1", "field": "don"}
    made = sender.create(len(content), **names)
    assert made.status_code == 201
    assert "Upload-Expires" in made
    where = made["Location"]
    half = len(content) // 2
    assert sender.patch(where, 0, content[:half])["Upload-Offset"] == str(half)
    told = sender.head(where)
    assert (told.status_code, told["Upload-Offset"], told["Upload-Length"]) == (200, str(half), str(len(content)))
    assert told["Cache-Control"] == "no-store"
    assert told["Upload-Metadata"] == metadata(**names)
    last = sender.patch(where, half, content[half:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(content)))
    upload = upload_of(where)
    assert (upload.state, upload.name, upload.bundle, upload.field) == ("checking", "Đơn xin phép.pdf", "d1", "don")
    assert parts.digest_of(upload.pk) == sha(content)


def test_creation_may_bring_the_first_bytes(sender: Sender) -> None:
    made = sender.create(10, b"%PDF-", filename="a.pdf")
    assert (made.status_code, made["Upload-Offset"]) == (201, "5")
    assert sender.patch(made["Location"], 5, b"12345")["Upload-Offset"] == "10"


def test_an_offset_that_is_not_the_disks_is_a_conflict_and_changes_nothing(sender: Sender) -> None:
    where = sender.create(10)["Location"]
    sender.patch(where, 0, b"12345")
    for lie in (0, 4, 6, 10, 999):
        assert sender.patch(where, lie, b"xxxxx").status_code == 409
    assert parts.path_of(upload_of(where).pk).read_bytes() == b"12345"


@pytest.mark.parametrize("offset", ["-1", "", "1e3", "٣", "9" * 30, "0x1"])
def test_an_offset_that_is_no_number_is_refused(sender: Sender, offset: str) -> None:
    where = sender.create(10)["Location"]
    assert sender.patch(where, 0, b"x", Upload_Offset=offset).status_code == 400


def test_another_version_is_told_which_one_there_is(sender: Sender) -> None:
    where = sender.create(10)["Location"]
    for version in ("0.2.2", None):
        headers = {"Upload-Offset": "0"} | ({"Tus-Resumable": version} if version else {})
        answer = sender.client.generic("PATCH", where, b"x", content_type=OCTETS, headers=headers)
        assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_too_large_is_said_before_a_byte_is_sent(sender: Sender) -> None:
    answer = sender.create(50 * 1024 * 1024 + 1)
    assert answer.status_code == 413
    assert "50 MB" in answer.content.decode()
    assert Upload.objects.count() == 0
    assert not Allowance.objects.exclude(bytes=0).exists()


def test_more_than_was_announced_is_refused(sender: Sender) -> None:
    where = sender.create(4)["Location"]
    assert sender.patch(where, 0, b"12345").status_code == 413
    assert sender.head(where)["Upload-Offset"] == "0"
    assert sender.create(4, b"12345").status_code == 413


def test_a_wrong_kind_of_content_is_refused(sender: Sender) -> None:
    where = sender.create(4)["Location"]
    answer = sender.client.patch(where, b"1234", content_type="text/plain", headers=TUS | {"Upload-Offset": "0"})
    assert answer.status_code == 415


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_a_part_with_its_checksum_is_taken_and_a_wrong_one_leaves_nothing(sender: Sender, algorithm: str) -> None:
    where = sender.create(10)["Location"]
    assert sender.patch(where, 0, b"12345", Upload_Checksum=promised(b"12345", algorithm)).status_code == 204
    wrong = sender.patch(where, 5, b"6789x", Upload_Checksum=promised(b"67890", algorithm))
    assert (wrong.status_code, sender.head(where)["Upload-Offset"]) == (460, "5")
    assert sender.patch(where, 5, b"67890", Upload_Checksum=promised(b"67890", algorithm)).status_code == 204
    assert list(parts.folder().glob("*.aside")) == []


@pytest.mark.parametrize("said", ["crc32 AAAA", "sha1", "sha1 ***", ""])
def test_a_checksum_that_cannot_be_read_is_refused(sender: Sender, said: str) -> None:
    where = sender.create(10)["Location"]
    assert sender.patch(where, 0, b"12345", Upload_Checksum=said).status_code == 400
    assert sender.head(where)["Upload-Offset"] == "0"


def test_a_part_somebody_else_is_writing_is_locked(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.files import tus

    monkeypatch.setattr(tus, "WAIT_FOR_LOCK", 0.05)
    where = sender.create(10)["Location"]
    with parts.writing(upload_of(where).pk):
        assert sender.patch(where, 0, b"12345").status_code == 423
    assert sender.patch(where, 0, b"12345").status_code == 204


def test_a_terminated_upload_is_gone_with_its_bytes_and_its_allowance(sender: Sender) -> None:
    where = sender.create(10, b"12345", filename="a.pdf", bundle="d1")["Location"]
    upload = upload_of(where)
    assert sender.delete(where).status_code == 204
    assert sender.head(where).status_code == 410
    assert sender.patch(where, 5, b"67890").status_code == 410
    assert not parts.path_of(upload.pk).exists()
    assert set(Allowance.objects.values_list("bytes", "number")) == {(0, 0)}
    upload.refresh_from_db()
    assert (upload.name, upload.metadata) == ("", "")


def test_an_expired_upload_is_gone(sender: Sender) -> None:
    from motcua.files.sweeping import sweep

    where = sender.create(10, b"12345")["Location"]
    Upload.objects.update(expires_at=timezone.now() - timezone.timedelta(seconds=1))
    assert sweep() == 1
    assert sender.head(where).status_code == 410
    assert list(parts.folder().iterdir()) == []


def test_a_part_that_was_lost_is_gone_and_not_pretended(sender: Sender) -> None:
    where = sender.create(10, b"12345")["Location"]
    parts.remove(upload_of(where).pk)
    assert sender.head(where).status_code == 410


def test_what_nobody_knows_is_not_found(sender: Sender) -> None:
    assert sender.head("/tep/6b3c1f6e-0000-4000-8000-000000000000").status_code == 404


def test_without_signing_in_nothing_begins(client: Any, db: None) -> None:
    answer = Sender(client).create(10)
    assert answer.status_code == 401
    assert Upload.objects.count() == 0


@pytest.mark.parametrize("headers", [{"Origin": "https://noi-khac.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_page_elsewhere_cannot_use_the_session(sender: Sender, headers: dict[str, str]) -> None:
    assert sender.create(10, headers=headers).status_code == 403
    assert Upload.objects.count() == 0


def test_a_form_cannot_disguise_itself(sender: Sender) -> None:
    where = sender.create(10)["Location"]
    assert sender.client.post(where, {"a": "b"}).status_code == 412
    over = TUS | {"X-HTTP-Method-Override": "DELETE"}
    assert sender.client.get(where, headers=over).status_code == 405
    assert sender.client.post(where, headers=over).status_code == 204


def test_another_way_of_signing_in_can_be_mounted(rf: Any, db: None) -> None:
    from motcua.files import tus

    account = Account.objects.create_user(username="doi-tac", password=None, full_name="Đối Tác Mẫu")

    def by_token(request: Any) -> int | None:
        return account.pk if request.headers.get("Authorization") == "Bearer dung" else None

    mounted = tus.view(authenticate=by_token, needs=("files",))
    headers = TUS | {"Upload-Length": "3", "Authorization": "Bearer dung", "Origin": "https://app.example"}
    made = mounted(rf.post("/api/v1/uploads/", headers=headers, content_type="text/plain"))
    assert (made.status_code, mounted.needs) == (201, ("files",))
    assert made["Location"].startswith("/api/v1/uploads/")
    refused = mounted(rf.post("/api/v1/uploads/", headers=headers | {"Authorization": "Bearer sai"}))
    assert refused.status_code == 401
    assert uploads.of_bundle(account.pk, "")[0].length == 3


def test_killed_after_the_last_byte_and_before_the_row_said_so(sender: Sender) -> None:
    content = document()
    where = sender.create(len(content))["Location"]
    parts.path_of(upload_of(where).pk).write_bytes(content)
    assert sender.head(where)["Upload-Offset"] == str(len(content))
    assert upload_of(where).state == "checking"
    assert sender.patch(where, len(content), b"").status_code == 204
