"""Uploads under attack: other people's, lying, bursting, at the limit, on a full disk, and in any order of requests."""

import base64
import hashlib
import io
import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from PIL import Image

from cities import City
from files.paperwork import OCTETS, TUS, Sender, document, photograph, sha
from motcua.files import allowance, apart, intake, parts, store, uploads
from motcua.files.body import turns
from motcua.files.models import Allowance, StoredFile, Upload
from motcua.files.refusals import UploadRefusedError
from motcua.organisation.models import Account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def person(name: str) -> Sender:
    """Somebody signed in."""
    account = Account.objects.create_user(username=name, password=None, full_name="Người Mẫu")
    client = Client()
    client.force_login(account, backend=BACKEND)
    made = Sender(client)
    made.account = account  # type: ignore[attr-defined]
    return made


@pytest.fixture
def two(db: None) -> tuple[Sender, Sender]:
    return person("chu-nhan"), person("ke-khac")


def test_another_persons_upload_does_not_exist(two: tuple[Sender, Sender]) -> None:
    owner, other = two
    content = document()
    where = owner.send(content, filename="a.pdf", bundle="d1", field="f")
    told = owner.client.get(f"{where}/tinh-trang/").json()
    begun = owner.create(9)["Location"]
    for address in (where, begun):
        assert other.head(address).status_code == 404
        assert other.patch(address, 0, b"x").status_code == 404
        assert other.delete(address).status_code == 404
        for rest in ("tinh-trang/", "tep.pdf", "trang/1/"):
            assert other.client.get(f"{address}/{rest}").status_code == 404
            assert Client().get(f"{address}/{rest}").status_code == 404
    upload = Upload.objects.get(pk=told["id"])
    account = other.account.pk  # type: ignore[attr-defined]
    with pytest.raises(LookupError):
        uploads.finished(upload.pk, account)
    assert uploads.of_digest(told["digest"], account) is None
    mine = [other.ready(photograph(100 + n, 90), bundle="d1", field="f")["id"] for n in range(2)]
    assert other.client.post("/tep/ghep/", {"upload": [mine[0], told["id"]]}).status_code == 409
    assert owner.client.get(f"{where}/tep.pdf").status_code == 200


def test_a_hash_alone_opens_nothing(two: tuple[Sender, Sender], rf: Any) -> None:
    owner, other = two
    digest = owner.ready(document(), bundle="d1", field="f")["digest"]
    request = rf.post("/", {"f": [digest, "../../etc/passwd", digest.upper(), "0" * 64]})
    taken = intake.from_form(request, "f", other.account.pk, "d1")  # type: ignore[attr-defined]
    assert taken.digests == ()
    # Nor in another draft of the same person.
    assert intake.from_form(request, "f", owner.account.pk, "d2").digests == ()  # type: ignore[attr-defined]
    assert intake.from_form(request, "f", owner.account.pk, "d1").digests == (digest,)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "..\\..\\boot.ini", "/etc/cron.d/x", "a\x00.pdf", "<img src=x onerror=alert(1)>.pdf",
     "a\r\nSet-Cookie: x=1.pdf", ".", "..", "", "tệp" * 300, "\u202egpj.exe"],
)  # fmt: skip
def test_names_lead_nowhere_and_run_nowhere(two: tuple[Sender, Sender], name: str, own_files: Path) -> None:
    owner, _other = two
    where = owner.send(document(), filename=name, bundle="../x", field="../../y")
    told = owner.client.get(f"{where}/tinh-trang/").json()
    assert told["state"] == "ready", told
    assert "<img src=x" not in told["html"]
    outside = [path for path in own_files.rglob("*") if path.is_file() and own_files not in path.parents]
    assert outside == []
    assert {path.relative_to(own_files).parts[0] for path in own_files.rglob("*") if path.is_file()} <= {
        each.digest[:2] for each in StoredFile.objects.all()
    }
    served = owner.client.get(f"{where}/tep.pdf")
    assert "\n" not in served["Content-Disposition"]
    assert "Set-Cookie" not in served


def test_what_is_served_cannot_run(two: tuple[Sender, Sender]) -> None:
    owner, _other = two
    content = document()
    where = owner.send(content)
    owner.client.get(f"{where}/tinh-trang/")
    served = owner.client.get(f"{where}/tep.pdf")
    assert sha(b"".join(served.streaming_content)) == sha(content)  # type: ignore[attr-defined]
    assert served["Content-Type"] == "application/pdf"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    assert served["Content-Disposition"].startswith("attachment;")
    assert "private" in served["Cache-Control"]
    picture = owner.client.get(f"{where}/trang/1/")
    assert (picture["Content-Type"], picture["Content-Security-Policy"]) == (
        "image/webp",
        served["Content-Security-Policy"],
    )
    for number in (0, 2, 99):
        assert owner.client.get(f"{where}/trang/{number}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-3", 206, (0, 4)), ("bytes=4-", 206, (4, None)), ("bytes=-5", 206, (-5, None)),
        ("bytes=0-99999999", 200, (0, None)), ("bytes=99999999-", 416, None), ("bytes=-0", 416, None),
        ("bytes=5-2", 416, None), ("bytes=0-1,4-5", 200, (0, None)), ("lines=1-2", 200, (0, None)),
        ("bytes=" + "9" * 400 + "-", 200, (0, None)),
    ],
)  # fmt: skip
def test_ranges_are_those_of_the_file(
    two: tuple[Sender, Sender], asked: str, status: int, span: tuple[int, int | None] | None
) -> None:
    owner, _other = two
    content = document()
    where = owner.send(content)
    owner.client.get(f"{where}/tinh-trang/")
    served = owner.client.get(f"{where}/tep.pdf", headers={"Range": asked})
    assert served.status_code == status
    if span is not None:
        wanted = content[span[0] : span[1]]
        assert b"".join(served.streaming_content) == wanted  # type: ignore[attr-defined]
        assert served["Content-Length"] == str(len(wanted))
    again = owner.client.get(f"{where}/tep.pdf", headers={"If-None-Match": f'"{sha(content)}"'})
    assert again.status_code == 304


def test_a_picture_that_is_a_second_file_as_well_is_only_a_picture_afterwards(two: tuple[Sender, Sender]) -> None:
    owner, _other = two
    tail = b"PK\x03\x04chay.exe<html><script>alert(1)</script>"
    content = photograph(place=False) + tail
    told = owner.ready(content, filename="a.jpg")
    assert told["state"] == "ready"
    kept = b"".join(store.read(told["digest"]))
    for word in (b"PK\x03\x04", b"chay.exe", b"<script>"):
        assert word not in kept


def _frames(number: int) -> bytes:
    out = io.BytesIO()
    small = Image.new("1", (8, 8))
    small.save(out, "TIFF", save_all=True, append_images=[small] * (number - 1))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _frames(300),
        b"%PDF-1.7\n" + b"[" * 200_000 + b"\n%%EOF",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF",
        b"\x89PNG\r\n\x1a\n" + os.urandom(4000),
        b"\xff\xd8\xff" + os.urandom(4000),
        b"II*\x00" + os.urandom(4000),
        b"\x00\x00\x00\x18ftypheic" + os.urandom(4000),
        b"RIFF\xff\xff\xff\xffWEBP" + os.urandom(4000),
    ],
    ids=["frames", "brackets", "pages-in-circles", "png", "jpeg", "tiff", "heic", "webp"],
)
def test_hostile_files_are_refused_and_the_server_goes_on(two: tuple[Sender, Sender], content: bytes) -> None:
    owner, _other = two
    assert owner.ready(content)["state"] == "refused"
    assert StoredFile.objects.count() == 0
    assert list((parts.folder().parent / "apart").iterdir()) == []
    assert owner.ready(document())["state"] == "ready"


@pytest.mark.parametrize("trouble", ["dies", "hangs", "babbles"])
def test_an_examination_that_falls_is_a_refusal(
    two: tuple[Sender, Sender], monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    owner, _other = two
    acts = {"dies": "kill -9 $$", "hangs": "sleep 60", "babbles": "echo not-json"}
    real = subprocess.Popen
    monkeypatch.setattr(apart, "SECONDS", 0.5)
    monkeypatch.setattr(
        apart.subprocess, "Popen", lambda _command, **how: real(["/bin/sh", "-c", acts[trouble]], **how)
    )
    told = owner.ready(document())
    assert (told["state"], "quá phức tạp" in told["words"]) == ("refused", True)


def test_the_examination_is_bound_in_memory_time_and_files() -> None:
    import resource
    import sys

    said = subprocess.run(
        [sys.executable, "-c", "from motcua.files import inspecting as i; i._bind(); import resource as r;"
         "print([r.getrlimit(x)[0] for x in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)])"],
        capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert said.stdout.strip() == str([1536 * 1024 * 1024, 30, 256 * 1024 * 1024, 0])
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] != 30


def test_the_disk_is_full_while_a_part_arrives(two: tuple[Sender, Sender], monkeypatch: pytest.MonkeyPatch) -> None:
    owner, _other = two
    where = owner.create(10)["Location"]
    real = os.write

    def full(handle: int, data: Any) -> int:
        if os.fstat(handle).st_size >= 4:
            raise OSError(28, "No space left on device")
        return real(handle, data[:4])

    monkeypatch.setattr(parts.os, "write", full)
    assert owner.patch(where, 0, b"1234567890").status_code == 507
    monkeypatch.undo()
    assert owner.head(where)["Upload-Offset"] == "4"
    assert owner.patch(where, 4, b"567890").status_code == 204


@pytest.fixture
def tiny_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A disk of one megabyte for the files."""
    place = tmp_path / "tiny"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("only root may mount a disk of one megabyte")
    settings.MOTCUA_FILES = place / "files"
    settings.MOTCUA_UPLOAD_SPARE = 0
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_really_full_disk_keeps_what_fitted_and_says_so(two: tuple[Sender, Sender], tiny_disk: Path) -> None:
    owner, _other = two
    assert owner.create(5_000_000).status_code == 507
    where = owner.create(900_000)["Location"]
    (tiny_disk / "ballast").write_bytes(b"x" * 700_000)
    assert owner.patch(where, 0, b"y" * 900_000).status_code == 507
    there = int(owner.head(where)["Upload-Offset"])
    assert 0 < there < 900_000
    (tiny_disk / "ballast").unlink()
    assert owner.patch(where, there, b"y" * (900_000 - there)).status_code == 204


def test_turns_are_bound_for_all_and_for_each(settings: Any) -> None:
    from motcua.files.body import BusyError

    settings.MOTCUA_UPLOADS_AT_ONCE, settings.MOTCUA_UPLOADS_EACH = 3, 2
    with turns.one(1), turns.one(1):
        with pytest.raises(BusyError), turns.one(1):
            pass
        with turns.one(2), pytest.raises(BusyError), turns.one(3):
            pass
    with turns.one(1), turns.one(2), turns.one(3):
        pass


# What commits


def at_once(number: int, act: Any) -> list[Any]:
    """`act` in as many threads, let go together."""
    gate = threading.Barrier(number)

    def one(n: int) -> Any:
        gate.wait()
        try:
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_fifty_creations_at_the_limit_do_not_pass_it_together(fresh_city: City, settings: Any) -> None:
    settings.MOTCUA_UPLOADS_OF_BUNDLE = (1_000_000, 7)
    settings.MOTCUA_UPLOADS_OF_PERSON = (2_500_000, 11)

    def begin(n: int) -> str:
        try:
            uploads.begin(7, 100_000, bundle=f"d{n % 5}")
        except UploadRefusedError as error:
            return error.code
        return "made"

    said = at_once(50, begin)
    assert said.count("made") == 11
    assert set(said) <= {"made", "person_full", "bundle_full"}
    assert Upload.objects.count() == 11
    assert Allowance.objects.get(pk="7").bytes == 1_100_000
    assert sum(each.number for each in Allowance.objects.filter(key__contains="/")) == 11
    removed = at_once(22, lambda n: uploads.remove(list(Upload.objects.order_by("pk"))[n % 11]))
    assert len(removed) == 22
    assert {(each.bytes, each.number) for each in Allowance.objects.all()} == {(0, 0)}


def test_limits_are_sums_and_nothing_is_counted(fresh_city: City, django_assert_num_queries: Any) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        allowance.reserve(7, "d1", 10)
    assert not [each["sql"] for each in asked if "COUNT(" in each["sql"].upper()]


def test_a_day_has_an_end_for_one_person_only(fresh_city: City, settings: Any) -> None:
    settings.MOTCUA_UPLOADS_A_DAY = 3
    for _ in range(3):
        uploads.remove(uploads.begin(7, 10))
    with pytest.raises(UploadRefusedError, match="Ngày mai"):
        uploads.begin(7, 10)
    uploads.begin(8, 10)


def test_parallel_parts_never_mix(fresh_city: City, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from motcua.files import tus

    monkeypatch.setattr(tus, "WAIT_FOR_LOCK", 0.2)
    settings.MOTCUA_UPLOADS_AT_ONCE = settings.MOTCUA_UPLOADS_EACH = 16
    owner = person("song-song")
    content = os.urandom(400_000)
    where = owner.create(len(content))["Location"]

    def send(n: int) -> int:
        client = Client()
        client.cookies = owner.client.cookies
        return int(Sender(client).patch(where, 0, content[: 40_000 + n * 10_000]).status_code)

    said = at_once(8, send)
    assert said.count(204) == 1
    assert set(said) <= {204, 409, 423}
    there = int(owner.head(where)["Upload-Offset"])
    assert parts.path_of(Upload.objects.get().pk).read_bytes() == content[:there]


def test_ten_finishing_at_once_make_one_file(fresh_city: City, settings: Any) -> None:
    settings.MOTCUA_UPLOADS_AT_ONCE = settings.MOTCUA_UPLOADS_EACH = 16
    owner = person("mot-luc")
    content = document()
    where = owner.send(content)

    def ask(_n: int) -> str:
        client = Client()
        client.cookies = owner.client.cookies
        return str(client.get(f"{where}/tinh-trang/").json()["state"])

    assert set(at_once(10, ask)) <= {"checking", "ready"}
    intake.work()
    upload = Upload.objects.get()
    assert (upload.state, upload.digest, upload.attempts) == ("ready", sha(content), 1)
    assert StoredFile.objects.filter(media_type="application/pdf").count() == 1


def test_the_same_content_put_and_taken_back_at_once_is_never_half_there(fresh_city: City) -> None:
    content = document()
    digest = sha(content)

    def act(n: int) -> None:
        if n % 2:
            store.put(content, name="a.pdf", passing_until=timezone.now() if n % 4 == 1 else None)
        else:
            uploads.discard([digest])

    for _ in range(5):
        at_once(8, act)
        assert StoredFile.objects.filter(pk=digest).exists() == store.path_of(digest).exists()
    assert StoredFile.objects.get(pk=digest).passing_until is None
    assert store.is_whole(digest)


# Any order of requests


class Anyhow(RuleBasedStateMachine):
    """One upload, whatever a client does to it, beside a model that knows only what tus says."""

    @initialize(length=st.integers(0, 60))
    def begin(self, length: int) -> None:
        self.sender = person(f"bat-ky-{Account.objects.count()}")
        self.length, self.model, self.gone = length, b"", False
        self.where = self.sender.create(length, bundle="d")["Location"]
        self.id = self.where.rsplit("/", 1)[1]

    @rule(shift=st.sampled_from([0, 0, 0, -1, 1, 7]), body=st.binary(max_size=40))
    def patch(self, shift: int, body: bytes) -> None:
        offset = max(len(self.model) + shift, 0)
        status = self.sender.patch(self.where, offset, body).status_code
        self._expect(status, offset, body)

    @rule(
        body=st.binary(min_size=1, max_size=40),
        right=st.booleans(),
        algorithm=st.sampled_from(["sha1", "sha256", "md5"]),
    )
    def patch_with_checksum(self, body: bytes, right: bool, algorithm: str) -> None:
        seal = hashlib.new(algorithm, body if right else body + b"x").digest()
        said = f"{algorithm} {base64.b64encode(seal).decode()}"
        offset = len(self.model)
        status = self.sender.patch(self.where, offset, body, Upload_Checksum=said).status_code
        if not right and not self.gone and offset < self.length and offset + len(body) <= self.length:
            assert status == 460
        else:
            self._expect(status, offset, body)

    def _expect(self, status: int, offset: int, body: bytes) -> None:
        if self.gone:
            assert status == 410
        elif offset != len(self.model):
            assert status == 409
        elif len(self.model) == self.length:
            assert status == 204
        elif len(body) > self.length - offset:
            assert status == 413
        else:
            assert status == 204
            self.model += body

    @rule(version=st.sampled_from(["0.9", "", "1.0.1"]))
    def speak_another_version(self, version: str) -> None:
        answer = self.sender.client.generic(
            "PATCH",
            self.where,
            b"x",
            content_type=OCTETS,
            headers=TUS | {"Tus-Resumable": version, "Upload-Offset": "0"},
        )
        assert answer.status_code == 412

    @precondition(lambda self: not self.gone)
    @rule()
    def terminate(self) -> None:
        assert self.sender.delete(self.where).status_code == 204
        self.gone = True

    @invariant()
    def the_offset_is_what_is_there(self) -> None:
        if not hasattr(self, "where"):
            return
        told = self.sender.head(self.where)
        if self.gone:
            assert told.status_code == 410
            assert not parts.path_of(Upload.objects.get(pk=self.id).pk).exists()
            return
        assert int(told["Upload-Offset"]) == len(self.model)
        assert parts.path_of(Upload.objects.get(pk=self.id).pk).read_bytes() == self.model
        row = Allowance.objects.get(pk=str(self.sender.account.pk))  # type: ignore[attr-defined]
        assert (row.bytes, row.number) == (self.length, 1)


@pytest.mark.django_db
def test_any_order_of_requests_agrees_with_the_model() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Anyhow,
        settings=settings(
            max_examples=20, stateful_step_count=12, suppress_health_check=list(HealthCheck), deadline=None
        ),
    )
