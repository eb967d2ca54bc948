"""Pictures made into pages: upright, without their metadata, of a sensible size; bombs refused before decoding.

A page is a fresh JPEG: nothing of the sender's file but its pixels is in it, so neither a place nor a second file
hidden behind the picture comes along. Runs in the process apart; telling the type is left to `kinds`.
"""

import io
from pathlib import Path

import img2pdf
import pikepdf
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from motcua.files.findings import MILLION, MOST_PAGES, MOST_PIXELS, PREVIEW_WIDTH, RefusedError

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/heic": "HEIF",
}
# A sheet of A4 at 250 dots an inch: small print stays readable.
LONGEST_SIDE = 2900
QUALITY = 82
A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))


def pages_of(path: Path, media: str) -> list[bytes]:
    """The pages of a picture as JPEG, a TIFF's every page, else one. Raises RefusedError."""
    Image.MAX_IMAGE_PIXELS = None
    if media == "image/heic":
        pillow_heif.register_heif_opener()
    try:
        with Image.open(path, formats=[FORMATS[media]]) as picture:
            frames = getattr(picture, "n_frames", 1) if media == "image/tiff" else 1
            if frames > MOST_PAGES:
                raise RefusedError("too_many_pages", pages=frames, limit=MOST_PAGES)
            return [_page(picture, number, frames) for number in range(frames)]
    except RefusedError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, ZeroDivisionError) as error:
        raise RefusedError("picture_broken") from error


def _page(picture: Image.Image, number: int, frames: int) -> bytes:
    if frames > 1:
        picture.seek(number)
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise RefusedError("too_many_pixels", pixels=width * height // MILLION, limit=MOST_PIXELS // MILLION)
    # A large JPEG is decoded at half or a quarter of its size at once.
    picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    orientation = picture.getexif().get(0x0112, 1)
    page = _plain(picture)
    page.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if orientation in range(2, 9):
        page.getexif()[0x0112] = orientation
        page = ImageOps.exif_transpose(page)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=QUALITY, optimize=True, exif=b"", icc_profile=None, comment=b"")
    return out.getvalue()


def _plain(picture: Image.Image) -> Image.Image:
    """Grey or coloured, on white where it was transparent; a copy that carries nothing along."""
    if picture.mode.startswith(("I", "F")):
        # Shades of sixteen bits become those of eight.
        return picture.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
    if "A" in picture.mode or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    kept = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    kept.info.clear()
    return kept


def bound(pages: list[bytes]) -> bytes:
    """The pages as one PDF on A4, lying or standing as each picture does; the same pages give the same bytes."""
    layout = img2pdf.get_layout_fun(A4, fit=img2pdf.FitMode.into, auto_orient=True)
    made = img2pdf.convert(pages, layout_fun=layout, nodate=True, creator="", producer="")
    out = io.BytesIO()
    # Written again with an identifier made of its content: the first one has the hour in it.
    with pikepdf.open(io.BytesIO(made)) as pdf:
        del pdf.trailer["/ID"]
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def preview(page: bytes) -> bytes:
    """A page to look at on a phone, as WebP."""
    with Image.open(io.BytesIO(page), formats=["JPEG", "PNG"]) as picture:
        picture.draft("RGB", (PREVIEW_WIDTH, PREVIEW_WIDTH * 3))
        small = picture.convert("RGB")
        small.thumbnail((PREVIEW_WIDTH, PREVIEW_WIDTH * 3), Image.Resampling.LANCZOS, reducing_gap=2.0)
        out = io.BytesIO()
        small.save(out, "WEBP", quality=68, method=3)
        return out.getvalue()
