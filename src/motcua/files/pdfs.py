"""PDFs examined: readable by everybody, no bomb, nothing that runs; what runs is taken out or the file refused.

A document that has nothing to take out is kept byte for byte, so that signatures in it stay valid. JavaScript,
actions that start programs or send forms, attached files and media are removed, which breaks a signature: a
signed document with such parts is refused, and so are dynamic forms (XFA), which show each reader something
else. Runs in the process apart.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

from motcua.files.findings import MILLION, MOST_PAGES, MOST_PIXELS, RefusedError

MB = 1024 * 1024
# One stream may hold a sheet of A4 in colour at 600 dots an inch.
LARGEST_STREAM = 128 * MB
LARGEST_WHOLE = 1024 * MB
MOST_OBJECTS = 200_000
DEEPEST = 40
# After the end mark some writers leave line ends or padding.
LONGEST_TAIL = 1024
RUNNING = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView", "/ResetForm", "/Hide", "/SetOCGState",
}  # fmt: skip
PACKING = {"/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"}
SPELLING = {"/ASCIIHexDecode", "/ASCII85Decode", "/AHx", "/A85"}
MEDIA = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
TRIGGERS = {
    "/E", "/X", "/D", "/U", "/Fo", "/Bl", "/PO", "/PC", "/PV", "/PI", "/O", "/C", "/K", "/F", "/V", "/WC", "/WS",
    "/DS", "/WP", "/DP",
}  # fmt: skip


class Examined(NamedTuple):
    """A PDF that is taken: how many pages, what was removed (nothing: the bytes are as they came), if it is signed."""

    pages: int
    removed: tuple[str, ...]
    is_signed: bool


def examine(path: Path, cleaned: Path) -> Examined:
    """Examines the PDF; writes `cleaned` when something had to be removed. Raises RefusedError."""
    _refuse_tail(path)
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            return _examine(pdf, cleaned)
    except pikepdf.PasswordError as error:
        raise RefusedError("pdf_encrypted") from error
    except (MemoryError, OverflowError) as error:
        raise RefusedError("pdf_bomb") from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RefusedError("pdf_bomb" if "bad_alloc" in str(error) else "pdf_broken") from error


def _examine(pdf: pikepdf.Pdf, cleaned: Path) -> Examined:
    if pdf.is_encrypted:
        raise RefusedError("pdf_encrypted")
    pages = len(pdf.pages)
    if pages == 0:
        raise RefusedError("pdf_no_pages")
    if pages > MOST_PAGES:
        raise RefusedError("too_many_pages", pages=pages, limit=MOST_PAGES)
    if len(pdf.objects) > MOST_OBJECTS:
        raise RefusedError("too_hard")
    _refuse_bombs(pdf)
    cleaner = _Cleaner(pdf)
    cleaner.clean()
    if any("damaged" in said or "reconstruct" in said for said in pdf.get_warnings()):
        raise RefusedError("pdf_broken")
    removed = tuple(sorted(cleaner.removed))
    if removed and cleaner.is_signed:
        raise RefusedError("pdf_signed_active")
    if removed:
        pdf.remove_unreferenced_resources()
        pdf.save(cleaned, deterministic_id=True, linearize=False)
    return Examined(pages, removed, cleaner.is_signed)


def _refuse_tail(path: Path) -> None:
    """A second file may hang behind the end of the first."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(size - 64 * 1024, 0))
        tail = stream.read()
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise RefusedError("pdf_broken" if size <= len(tail) else "pdf_tail")
    if len(tail[end + 5 :].strip(b"\0\t\r\n \x1a")) > LONGEST_TAIL or b"PK\x03\x04" in tail[end:]:
        raise RefusedError("pdf_tail")


def _refuse_bombs(pdf: pikepdf.Pdf) -> None:
    whole = 0
    for each in pdf.objects:
        if not isinstance(each, pikepdf.Stream):
            continue
        width, height = _number(each, "/Width"), _number(each, "/Height")
        if width * height > MOST_PIXELS:
            raise RefusedError("too_many_pixels", pixels=width * height // MILLION, limit=MOST_PIXELS // MILLION)
        whole += _unpacked(each)
        if whole > LARGEST_WHOLE:
            raise RefusedError("pdf_bomb")


def _number(of: pikepdf.Object, key: str) -> int:
    found = of.get(key, 0)
    return int(found) if isinstance(found, int) else 0


def _unpacked(stream: pikepdf.Stream) -> int:
    """How large the stream is once unpacked, found out without keeping more than is allowed of it."""
    named = stream.get("/Filter")
    filters = [str(named)] if isinstance(named, pikepdf.Name) else [str(each) for each in named or ()]
    data: bytes = stream.read_raw_bytes()
    for name in filters:
        if name in ("/FlateDecode", "/Fl"):
            data = _inflated(data)
        elif name in PACKING or (name in SPELLING and len(filters) > 1):
            # Unpacked by the library, within the memory of this process.
            return len(data) + len(stream.read_bytes())
        else:
            break
        if len(data) > LARGEST_STREAM:
            raise RefusedError("pdf_bomb")
    return len(data)


def _inflated(data: bytes) -> bytes:
    worker = zlib.decompressobj()
    try:
        return worker.decompress(data, LARGEST_STREAM + 1)
    except zlib.error as error:
        raise RefusedError("pdf_broken") from error


class _Cleaner:
    """Takes out what runs or carries along, and remembers what it was."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf, self.removed, self.is_signed = pdf, set[str](), False

    def clean(self) -> None:
        """The catalogue first, then every object."""
        root = self.pdf.Root
        form = root.get("/AcroForm")
        if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
            raise RefusedError("pdf_xfa")
        names = root.get("/Names")
        if isinstance(names, pikepdf.Dictionary):
            self._drop(names, "/JavaScript", "javascript")
            self._drop(names, "/EmbeddedFiles", "attachment")
        self._drop(root, "/Collection", "attachment")
        self._drop(root, "/AF", "attachment")
        for each in self.pdf.objects:
            for inside in _within(each, 0):
                self._clean(inside)

    def _drop(self, of: Any, key: str, what: str) -> None:
        if key in of:
            del of[key]
            self.removed.add(what)

    def _clean(self, found: Any) -> None:
        kind = found.get("/Type")
        if (kind == pikepdf.Name.Sig or found.get("/FT") == pikepdf.Name.Sig) and (
            "/ByteRange" in found or "/V" in found
        ):
            self.is_signed = True
        started = found.get("/AA")
        if isinstance(started, pikepdf.Dictionary) and set(started.keys()) <= TRIGGERS:
            self._drop(found, "/AA", "action")
        if "/EF" in found and (kind == pikepdf.Name.Filespec or "/F" in found or "/UF" in found):
            self._drop(found, "/EF", "attachment")
        self._clean_action(found, kind)
        marks = found.get("/Annots")
        if isinstance(marks, pikepdf.Array):
            kept = [each for each in marks if not _is_media(each)]
            if len(kept) != len(marks):
                found["/Annots"] = pikepdf.Array(kept)
                self.removed.add("media")

    def _clean_action(self, found: Any, kind: Any) -> None:
        act = found.get("/S")
        if not isinstance(act, pikepdf.Name) or str(act) not in RUNNING or kind not in (None, pikepdf.Name.Action):
            return
        if "/P" in found and "/K" in found:
            # An element of the document's structure that is called like an action.
            return
        what = "javascript" if act == pikepdf.Name.JavaScript else "action"
        for key in list(found.keys()):
            del found[key]
        self.removed.add(what)


def _within(found: Any, depth: int) -> Iterator[Any]:
    """The dictionaries in an object, itself first; other objects are met on their own."""
    if depth > DEEPEST:
        raise RefusedError("too_hard")
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        yield found
        children = [found[key] for key in list(found.keys())] if isinstance(found, pikepdf.Dictionary) else []
    elif isinstance(found, pikepdf.Array):
        children = list(found)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Dictionary | pikepdf.Array) and not child.is_indirect:
            yield from _within(child, depth + 1)


def _is_media(mark: Any) -> bool:
    return isinstance(mark, pikepdf.Dictionary) and str(mark.get("/Subtype", "")) in MEDIA
