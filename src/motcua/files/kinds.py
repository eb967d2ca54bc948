"""What a file really is, told from its first bytes; its name and its sender's word count for nothing."""

MEDIA_TYPES = {
    "application/pdf": ("pdf", "PDF"),
    "image/jpeg": ("jpg", "JPEG"),
    "image/png": ("png", "PNG"),
    "image/webp": ("webp", "WebP"),
    "image/tiff": ("tif", "TIFF"),
    "image/heic": ("heic", "HEIC"),
}

_MAGIC = (
    (b"%PDF-", 0, "application/pdf"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"II*\x00", 0, "image/tiff"),
    (b"MM\x00*", 0, "image/tiff"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypheix", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
)


def media_type(head: bytes) -> str | None:
    """The media type of a file that begins with `head` (32 bytes are enough), or None if none is accepted."""
    for mark, offset, kind in _MAGIC:
        if head[offset : offset + len(mark)] == mark:
            return kind
    return None
