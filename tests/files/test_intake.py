"""From what people send to what a clerk sees: told by content, turned, stripped, cleaned, refused with a sentence."""

import io
import os
import time
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from files.paperwork import EICAR, Clamd, Sender, bomb, changed, clamd, document, photograph, pixel_bomb, sha
from motcua.files import intake, parts, scanning, store, uploads
from motcua.files.models import Allowance, StoredFile, Upload
from motcua.files.refusals import StillCheckingError, UploadRefusedError


def prepared(sender: Sender, content: bytes, **names: str) -> uploads.Prepared:
    told = sender.ready(content, **names)
    assert told["state"] == "ready", told["words"]
    return uploads.finished(told["id"], sender.account.pk)  # type: ignore[attr-defined]


def refused(sender: Sender, content: bytes, **names: str) -> str:
    told = sender.ready(content, **names)
    assert told["state"] == "refused", told
    upload = Upload.objects.get(pk=told["id"])
    assert not parts.path_of(upload.pk).exists()
    assert StoredFile.objects.count() == 0
    assert not Allowance.objects.exclude(bytes=0, number=0).exists()
    with pytest.raises(UploadRefusedError):
        uploads.finished(upload.pk, upload.account)
    return str(told["words"])


def kept(digest: str) -> bytes:
    return b"".join(store.read(digest))


def first_picture(pdf: bytes) -> Image.Image:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        image = next(iter(opened.pages[0].get_images().values()))
        return pikepdf.PdfImage(image).as_pil_image().convert("RGB")


def test_a_pdf_that_is_fine_is_kept_byte_for_byte(sender: Sender) -> None:
    content = document(3)
    found = prepared(sender, content, filename="Đơn.pdf", filetype="application/pdf")
    assert found.digest == found.original_digest == sha(content)
    assert (found.pages, len(found.preview_digests), found.media) == (3, 3, "application/pdf")
    assert kept(found.digest) == content
    assert StoredFile.objects.get(pk=found.digest).passing_until is not None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_upright_and_says_nothing_of_where_it_was_taken(
    sender: Sender, orientation: int
) -> None:
    content = photograph(640, 480, orientation)
    found = prepared(sender, content, filename="IMG_1.jpg", filetype="image/jpeg")
    assert (found.original_digest, found.original_media, found.pages) == (sha(content), "image/jpeg", 1)
    pdf = kept(found.digest)
    for secret in (b"MO-TA-BI-MAT", b"GHI-CHU-BI-MAT", b"Exif", b"GPS"):
        assert secret not in pdf
    upright = first_picture(pdf)
    assert upright.size == ((640, 480) if orientation < 5 else (480, 640))
    width, height = upright.size
    # Where the red corner belongs once the picture stands as its orientation says.
    x, y = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    red, green, _blue = upright.getpixel((10 + x * (width - 20), 10 + y * (height - 20)))
    assert (red > 180, green < 80) == (True, True)
    assert not StoredFile.objects.filter(pk=found.original_digest).exists()


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "HEIF"])
def test_every_kind_of_picture_becomes_a_pdf(sender: Sender, form: str) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    found = prepared(sender, photograph(form=form, place=form != "TIFF"), filename="anh")
    assert (found.pages, found.media) == (1, "application/pdf")
    preview = Image.open(io.BytesIO(kept(found.preview_digests[0])))
    assert (preview.format, preview.size) == ("WEBP", (640, 480))


def test_a_large_photograph_is_made_of_a_sensible_size(sender: Sender) -> None:
    found = prepared(sender, photograph(6000, 4000), filename="to.jpg")
    assert max(first_picture(kept(found.digest)).size) <= 2900
    assert found.size < 3 * 1024 * 1024


def test_what_is_transparent_or_of_sixteen_bits_is_on_white_and_readable(sender: Sender) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert first_picture(kept(prepared(sender, out.getvalue()).digest)).getpixel((20, 20)) == (255, 255, 255)
    out = io.BytesIO()
    Image.new("I;16", (40, 40), 32768).save(out, "PNG")
    assert 120 <= first_picture(kept(prepared(sender, out.getvalue()).digest)).getpixel((20, 20))[0] <= 136


def test_a_tiff_of_several_pages_keeps_them(sender: Sender) -> None:
    out = io.BytesIO()
    Image.new("L", (80, 60), 255).save(out, "TIFF", save_all=True, append_images=[Image.new("L", (60, 80), 9)])
    assert prepared(sender, out.getvalue(), filename="fax.tif").pages == 2


def test_the_same_photograph_gives_the_same_pdf(sender: Sender) -> None:
    one = prepared(sender, photograph(), filename="1.jpg")
    # The hour is in no part of it.
    time.sleep(1.1)
    two = prepared(sender, photograph(), filename="2.jpg")
    assert one.digest == two.digest
    assert one.upload != two.upload


def test_several_photographs_become_the_pages_of_one_pdf(sender: Sender) -> None:
    ids = [sender.ready(photograph(300 + n, 400), filename=f"{n}.jpg", bundle="d1", field="so")["id"] for n in range(3)]
    answer = sender.client.post("/tep/ghep/", {"upload": ids})
    assert answer.status_code == 200
    found = uploads.finished(answer.json()["id"], sender.account.pk)  # type: ignore[attr-defined]
    assert (found.pages, len(found.preview_digests)) == (3, 3)
    assert [each.state for each in uploads.of_bundle(sender.account.pk, "d1", "so")] == ["ready"]  # type: ignore[attr-defined]
    with pikepdf.open(io.BytesIO(kept(found.digest))) as pdf:
        assert len(pdf.pages) == 3
    # The pictures of the pages outlive the uploads they came from.
    assert all(store.path_of(each).exists() for each in found.preview_digests)
    assert Allowance.objects.get(pk=str(sender.account.pk)).number == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("ids", [[], ["x"], ["6b3c1f6e-0000-4000-8000-000000000000"] * 2])
def test_what_cannot_be_joined_is_said(sender: Sender, ids: list[str]) -> None:
    answer = sender.client.post("/tep/ghep/", {"upload": ids})
    assert answer.status_code == 409
    assert "Không ghép được" in answer.json()["words"]


@pytest.mark.parametrize(
    ("content", "names", "words"),
    [
        (b"MZ\x90\x00" * 30, {"filename": "don.pdf"}, "nói là PDF nhưng bên trong không phải"),
        (photograph(60, 60), {"filename": "don.pdf", "filetype": "application/pdf"}, "bên trong là JPEG"),
        (document(), {"filename": "anh.jpg", "filetype": "image/jpeg"}, "bên trong là PDF"),
        (b"<svg onload=alert(1)></svg>", {"filename": "anh.svg", "filetype": "image/svg+xml"}, "Chỉ nhận tệp PDF"),
        (b"<html><script>", {"filename": "anh.png"}, "nói là PNG nhưng"),
        (b"PK\x03\x04" + b"x" * 99, {"filename": "ho-so.docx"}, "Chỉ nhận tệp PDF"),
        (photograph()[:3000], {"filename": "a.jpg"}, "Không mở được ảnh"),
        (pixel_bomb(), {"filename": "a.png"}, "900 triệu điểm ảnh"),
        (document(2)[:9000], {"filename": "a.pdf"}, "bị hỏng"),
        (b"%PDF-1.7\n<html><script>alert(1)</script>\n%%EOF", {"filename": "a.pdf"}, "bị hỏng"),
        (document() + b"PK\x03\x04" + b"\0" * 40, {"filename": "a.pdf"}, "gắn ở cuối"),
        (bomb(1), {"filename": "a.pdf"}, "phình quá lớn"),
        (bomb(2), {"filename": "a.pdf"}, "phình quá lớn"),
    ],
    ids=["exe", "picture-as-pdf", "pdf-as-picture", "svg", "html", "docx", "half-picture", "pixel-bomb", "half-pdf",
         "html-in-pdf", "zip-behind-pdf", "bomb", "bomb-in-bomb"],
)  # fmt: skip
def test_what_is_not_taken_is_refused_with_a_sentence_and_leaves_nothing(
    sender: Sender, content: bytes, names: dict[str, str], words: str
) -> None:
    assert words in refused(sender, content, bundle="d1", **names)


def test_an_empty_file_is_said_to_be_empty(sender: Sender) -> None:
    where = sender.create(0, filename="a.pdf")["Location"]
    assert "rỗng" in sender.client.get(f"{where}/tinh-trang/").json()["words"]


def test_telephones_call_every_picture_a_jpeg(sender: Sender) -> None:
    found = prepared(sender, photograph(form="PNG"), filename="IMG.jpg", filetype="image/jpeg")
    assert found.original_media == "image/png"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"encryption": pikepdf.Encryption(owner="chu", user="khach")}, "mật khẩu"),
        ({"encryption": pikepdf.Encryption(owner="chu", user="")}, "mật khẩu"),
    ],
)
def test_a_locked_pdf_is_refused(sender: Sender, how: dict[str, Any], words: str) -> None:
    assert words in refused(sender, changed(lambda _pdf: None, **how))


def test_a_dynamic_form_is_refused(sender: Sender) -> None:
    def dynamic(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pdf.make_stream(b"<xdp/>"))

    assert "XFA" in refused(sender, changed(dynamic))


def test_a_pdf_without_pages_and_one_with_too_many_are_refused(sender: Sender) -> None:
    def empty(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[:]

    def long(pdf: pikepdf.Pdf) -> None:
        while len(pdf.pages) < 201:
            pdf.pages.append(pdf.pages[0])

    assert "không có trang" in refused(sender, changed(empty))
    assert "201 trang" in refused(sender, changed(long))


def _running(pdf: pikepdf.Pdf) -> None:
    name = pikepdf.Name
    pdf.Root.OpenAction = pikepdf.Dictionary(S=name.JavaScript, JS="app.alert(1)")
    pdf.Root.AA = pikepdf.Dictionary(WC=pikepdf.Dictionary(S=name.JavaScript, JS="app.alert(2)"))
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=["x", pikepdf.Dictionary(S=name.JavaScript, JS="app.alert(3)")])
    )
    pdf.attachments["chay.exe"] = b"MZ-CHAY"
    launch = pikepdf.Dictionary(S=name.Launch, F="calc.exe")
    uri = pikepdf.Dictionary(S=name.URI, URI="https://vi-du.example/")
    marks = [
        pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 9, 9], A=launch),
        pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 9, 9], A=uri),
        pikepdf.Dictionary(Type=name.Annot, Subtype=name.RichMedia, Rect=[0, 0, 9, 9]),
    ]
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(each) for each in marks]))


def test_what_runs_or_hangs_on_is_taken_out_and_said(sender: Sender) -> None:
    content = changed(_running)
    told = sender.ready(content, filename="don.pdf")
    assert "Đã bỏ khỏi tệp" in told["html"]
    found = uploads.finished(told["id"], sender.account.pk)  # type: ignore[attr-defined]
    assert found.removed == ("action", "attachment", "javascript", "media")
    assert found.digest != found.original_digest == sha(content)
    pdf = kept(found.digest)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        flat = b"".join(each.unparse(resolved=True) for each in opened.objects if not isinstance(each, pikepdf.Stream))
        assert [str(each.get("/Subtype")) for each in opened.pages[0].Annots] == ["/Link", "/Link"]
    for word in (b"alert", b"calc.exe", b"MZ-CHAY", b"JavaScript", b"Launch"):
        assert word not in pdf + flat
    assert b"https://vi-du.example/" in flat


def test_a_signed_document_with_parts_that_run_is_refused_and_a_clean_one_kept_as_it_is(sender: Sender) -> None:
    def signed(pdf: pikepdf.Pdf) -> None:
        value = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"x")
        box = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="ky", V=pdf.make_indirect(value))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[pdf.make_indirect(box)], SigFlags=3)

    def both(pdf: pikepdf.Pdf) -> None:
        signed(pdf)
        _running(pdf)

    assert "ký số" in refused(sender, changed(both))
    content = changed(signed)
    assert prepared(sender, content).digest == sha(content)


# The scanner


@pytest.fixture
def scanner(settings: Any) -> Any:
    """A scanner that the city asks; nobody remembers one that was away."""
    intake._scanner.away_until = 0.0
    with clamd() as server:
        settings.MOTCUA_CLAMD = server.address
        yield server
    intake._scanner.away_until = 0.0


def test_a_clean_file_is_scanned_as_it_came(sender: Sender, scanner: Clamd) -> None:
    content = photograph()
    assert prepared(sender, content).scanned == "clean"
    assert scanner.scanned == [sha(content)]


def test_an_infected_file_is_refused_by_its_name(sender: Sender, scanner: Clamd) -> None:
    assert "Eicar-Test-Signature" in refused(sender, document() + b"\n%" + EICAR, filename="a.pdf")


def test_a_file_the_scanner_finds_too_large_is_refused(sender: Sender, scanner: Clamd) -> None:
    scanner.limit = 100
    assert "quá lớn để quét" in refused(sender, document(), filename="a.pdf")


@pytest.mark.parametrize("trouble", ["down", "slow", "nonsense"])
def test_without_a_verdict_the_file_stays_in_quarantine_until_there_is_one(
    sender: Sender, scanner: Clamd, settings: Any, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(intake, "PAGE_WAITS", 0.3)
    if trouble == "down":
        settings.MOTCUA_CLAMD = "tcp://127.0.0.1:9"
    scanner.slow = 1.0 if trouble == "slow" else 0.0
    scanner.says = "stream: what?\0" if trouble == "nonsense" else ""
    content = document()
    told = sender.ready(content, filename="a.pdf", bundle="d1")
    assert told["state"] == "checking"
    assert StoredFile.objects.count() == 0
    for each in ("tep.pdf", "trang/1/"):
        assert sender.client.get(f"/tep/{told['id']}/{each}").status_code == 404
    with pytest.raises(StillCheckingError):
        uploads.finished(told["id"], sender.account.pk)  # type: ignore[attr-defined]
    settings.MOTCUA_CLAMD, scanner.slow, scanner.says = scanner.address, 0.0, ""
    assert intake.work() == 0, "tried again before its pause was over"
    Upload.objects.update(next_at="2020-01-01T00:00Z")
    assert intake.work() == 1
    found = uploads.finished(told["id"], sender.account.pk)  # type: ignore[attr-defined]
    assert (found.digest, found.scanned) == (sha(content), "clean")


def test_a_page_does_not_wait_for_a_scanner_that_was_just_away(
    sender: Sender, scanner: Clamd, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MOTCUA_CLAMD = "tcp://127.0.0.1:9"
    sender.ready(document(), filename="a.pdf")
    asked: list[int] = []
    monkeypatch.setattr(scanning, "scan", lambda *_: asked.append(1))
    assert sender.ready(document(), filename="b.pdf")["state"] == "checking"
    assert asked == []


def test_a_scanner_behind_a_socket_file_is_asked_as_well(tmp_path: Any, settings: Any) -> None:
    settings.MOTCUA_CLAMD = f"unix:{tmp_path}/none.sock"
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(scanning.ScannerAwayError):
        scanning.scan(tmp_path / "a", 0.2)


def test_the_operator_is_told_of_a_scanner_that_is_away(scanner: Clamd, settings: Any, sender: Sender) -> None:
    from motcua.site import diagnosis

    assert [each.state for each in diagnosis._uploads()] == ["good"]
    settings.MOTCUA_CLAMD = "tcp://127.0.0.1:9"
    sender.ready(document())
    assert [each.state for each in diagnosis._uploads()] == ["warning"]
    Upload.objects.update(completed_at="2020-01-01T00:00Z")
    assert [each.state for each in diagnosis._uploads()] == ["warning", "warning"]


def test_what_killed_processes_left_is_swept(sender: Sender, own_files: Any) -> None:
    from motcua.files import sweeping

    old = [own_files / "apart" / "tmp1", own_files / "in-x", own_files / "parts" / ("0" * 32)]
    fresh = own_files / "apart" / "tmp2"
    for each in (old[0], fresh):
        each.mkdir(parents=True)
        (each / "made.pdf").write_bytes(b"x")
    old[2].parent.mkdir()
    for each in old[1:]:
        each.write_bytes(b"x")
    for each in old:
        os.utime(each, (1, 1))
    sweeping.sweep()
    assert [each.exists() for each in (*old, fresh)] == [False, False, False, True]


# Forms without scripts


def test_an_ordinary_form_goes_the_same_way(sender: Sender) -> None:
    content = document()
    found = intake.take(SimpleUploadedFile("Đơn.pdf", content, "application/pdf"), sender.account.pk, "d1", "don")  # type: ignore[attr-defined]
    assert (found.digest, found.pages) == (sha(content), 1)
    with pytest.raises(UploadRefusedError, match="rỗng"):
        intake.take(SimpleUploadedFile("a.pdf", b""), sender.account.pk)  # type: ignore[attr-defined]


def test_a_form_brings_new_files_keeps_old_ones_and_drops_what_is_ticked(sender: Sender, rf: Any) -> None:
    account = sender.account.pk  # type: ignore[attr-defined]
    old = prepared(sender, document(text="cũ"), bundle="d1", field="don")
    gone = prepared(sender, document(text="bỏ"), bundle="d1", field="don")
    foreign = "0" * 64
    files = [SimpleUploadedFile(f"{n}.jpg", photograph(200 + n, 300), "image/jpeg") for n in range(2)]
    request = rf.post("/", {"don": [old.digest, gone.digest, foreign, *files], "don-drop": [str(gone.upload)]})
    taken = intake.from_form(request, "don", account, "d1")
    assert (taken.errors, taken.waiting) == ([], [])
    assert old.digest in taken.digests
    assert not {gone.digest, foreign} & set(taken.digests)
    # Two photographs sent together are two pages of one paper.
    assert sorted(each.pages for each in taken.prepared) == [1, 2]
    bad = rf.post("/", {"don": [old.digest, SimpleUploadedFile("virus.exe", b"MZ")]})
    taken = intake.from_form(bad, "don", account, "d1")
    assert taken.digests == (old.digest,)
    assert taken.errors[0].startswith("virus.exe: Chỉ nhận")


# Once a dossier has them


def test_what_a_dossier_has_stays_and_its_sender_has_room_again(sender: Sender) -> None:
    found = prepared(sender, document(), bundle="d1")
    assert uploads.keep([found.digest, "unknown", ""]) == 1
    assert uploads.keep([found.digest]) == 0
    assert StoredFile.objects.get(pk=found.digest).passing_until is None
    assert set(Allowance.objects.values_list("bytes", "number")) == {(0, 0)}
    assert sender.delete(f"/tep/{found.upload}").status_code == 403
    assert kept(found.digest)


def test_the_pictures_of_what_a_dossier_has_go_by_the_clock_and_the_paper_stays(sender: Sender) -> None:
    from motcua.files import sweeping

    found = prepared(sender, document(2), bundle="d1")
    other = prepared(sender, document(2, text="khác"), bundle="d2")
    uploads.keep([found.digest])
    StoredFile.objects.filter(media_type="image/webp").update(passing_until=timezone.now())
    sweeping.sweep()
    assert kept(found.digest)
    assert Upload.objects.get(pk=found.upload).previews == []
    assert not any(store.path_of(each).exists() for each in found.preview_digests)
    # Those of a draft are somebody's still.
    assert all(kept(each) for each in other.preview_digests)


def test_what_was_sent_for_a_draft_lives_as_long_as_the_draft_is_saved(sender: Sender) -> None:
    found = prepared(sender, document(), bundle="d1")
    soon = timezone.now() + timedelta(days=3)
    Upload.objects.update(expires_at=soon)
    StoredFile.objects.update(passing_until=soon)
    assert uploads.prolong(sender.account.pk, "d2") == 0  # type: ignore[attr-defined]
    assert uploads.prolong(sender.account.pk, "d1") == 1  # type: ignore[attr-defined]
    assert uploads.prolong(sender.account.pk, "d1") == 0, "once a day is enough"  # type: ignore[attr-defined]
    late = timezone.now() + timedelta(days=80)
    assert Upload.objects.get().expires_at > late
    assert all(each.passing_until > late for each in StoredFile.objects.all())  # type: ignore[operator]
    assert found.digest in {each.pk for each in StoredFile.objects.all()}


def test_what_two_people_sent_stays_while_one_of_them_has_it(sender: Sender) -> None:
    one, two = (prepared(sender, document(), bundle=f"d{n}") for n in (1, 2))
    assert sender.delete(f"/tep/{one.upload}").status_code == 204
    assert kept(two.digest)
    assert sender.delete(f"/tep/{two.upload}").status_code == 204
    assert not store.path_of(two.digest).exists()
    assert StoredFile.objects.count() == 0


def test_a_scan_from_the_counter_of_the_same_content_makes_it_stay(sender: Sender) -> None:
    content = document()
    found = prepared(sender, content)
    store.put(content, name="quét.pdf")
    assert sender.delete(f"/tep/{found.upload}").status_code == 204
    assert kept(found.digest) == content


def test_dead_drafts_are_swept_only_where_somebody_tells_what_dossiers_have(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    from motcua.files import sweeping

    found = prepared(sender, document(), bundle="d1")
    Upload.objects.update(expires_at="2020-01-01T00:00Z")
    assert sweeping._somebody_keeps(), "a room of this house tells"
    monkeypatch.setattr(sweeping, "_somebody_keeps", lambda: False)
    assert sweeping.sweep() == 0
    assert kept(found.digest)
    monkeypatch.undo()
    assert sweeping.sweep() >= 1
    assert not store.path_of(found.digest).exists()
