"""Files as people send them, good and bad, made for the tests; and small doors to send them through."""

import base64
import hashlib
import io
import socketserver
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
import typst
from PIL import Image, ImageDraw

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def photograph(
    width: int = 640, height: int = 480, orientation: int = 1, form: str = "JPEG", place: bool = True
) -> bytes:
    """A photograph with a red corner at the top left, a place and an orientation in its metadata."""
    picture = Image.new("RGB", (width, height), "white")
    drawer = ImageDraw.Draw(picture)
    drawer.rectangle((0, 0, width // 4, height // 4), fill=(220, 0, 0))
    for at in range(0, height, 16):
        drawer.line((width // 3, at, width, at), fill=(0, 0, 90), width=3)
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = "MO-TA-BI-MAT"
    if place:
        tags.get_ifd(0x8825)[1], tags.get_ifd(0x8825)[2] = "N", (21.0, 1.0, 42.0)
    out = io.BytesIO()
    extra = {"comment": b"GHI-CHU-BI-MAT"} if form == "JPEG" else {}
    picture.save(out, form, exif=tags, **extra)
    return out.getvalue()


def document(pages: int = 1, text: str = "Giấy tờ mẫu") -> bytes:
    """A plain PDF."""
    body = "#pagebreak()".join(f"= {text}\nTrang {number + 1}. #lorem(60)" for number in range(pages))
    return typst.compile(body.encode(), format="pdf")


def changed(change: Any, **how: Any) -> bytes:
    """A PDF that `change` has worked on."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document(2))) as pdf:
        change(pdf)
        pdf.save(out, **how)
    return out.getvalue()


def bomb(layers: int = 1, megabytes: int = 300) -> bytes:
    """A PDF of some hundred kilobytes whose page unpacks to hundreds of megabytes."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"\0" * 1024 * 1024) for _ in range(megabytes)) + packer.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        stream = pikepdf.Stream(pdf, b"")
        stream.write(data, filter=[pikepdf.Name.FlateDecode] * layers)
        pdf.pages[0].Contents = pdf.make_indirect(stream)
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def pixel_bomb() -> bytes:
    """A PNG of a hundred kilobytes and nine hundred million pixels."""
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


def sha(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def metadata(**values: str) -> str:
    """The header of tus that carries names."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = "application/offset+octet-stream"


class Sender:
    """A tus client of our own over Django's test client, saying only what it is told to."""

    def __init__(self, client: Any, address: str = "/tep/") -> None:
        self.client, self.address = client, address

    def create(
        self, length: int, body: bytes | None = None, headers: dict[str, str] | None = None, **names: str
    ) -> Any:
        said = TUS | {"Upload-Length": str(length), "Upload-Metadata": metadata(**names)} | (headers or {})
        kind = OCTETS if body is not None else "text/plain"
        return self.client.generic("POST", self.address, body or b"", content_type=kind, headers=said)

    def patch(self, where: str, offset: int, body: bytes, **headers: str) -> Any:
        said = TUS | {"Upload-Offset": str(offset)} | {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.generic("PATCH", where, body, CONTENT_TYPE=OCTETS, content_type=OCTETS, headers=said)

    def head(self, where: str) -> Any:
        return self.client.head(where, headers=TUS)

    def delete(self, where: str) -> Any:
        return self.client.delete(where, headers=TUS)

    def send(self, content: bytes, step: int = 1 << 20, **names: str) -> str:
        """The whole content, in parts; gives the address of the upload."""
        where = self.create(len(content), **names)["Location"]
        for at in range(0, len(content), step):
            answer = self.patch(where, at, content[at : at + step])
            assert answer.status_code == 204, answer.content
        return str(where)

    def ready(self, content: bytes, **names: str) -> dict[str, Any]:
        """Sends the content and asks how it went."""
        answer = self.client.get(f"{self.send(content, **names)}/tinh-trang/")
        return dict(answer.json())


class Clamd(socketserver.ThreadingTCPServer):
    """A small scanner that speaks clamd's INSTREAM: finds EICAR, and may be slow, mute or talk nonsense."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Scan)
        self.slow, self.says, self.scanned, self.limit = 0.0, "", [], 100 * 1024 * 1024

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Scan(socketserver.BaseRequestHandler):
    server: Clamd

    def handle(self) -> None:
        asked = b""
        while not asked.endswith(b"\0"):
            asked += self._take(1)
        if asked == b"zPING\0":
            self.request.sendall(b"PONG\0")
            return
        assert asked == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self._take(4))[0]:
            content += self._take(size)
            if len(content) > self.server.limit:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.scanned.append(sha(content))
        time.sleep(self.server.slow)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.request.sendall(self.server.says.encode() or found)

    def _take(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            part = self.request.recv(size - len(got))
            if not part:
                raise ConnectionError
            got += part
        return got


@contextmanager
def clamd() -> Iterator[Clamd]:
    """Within, the scanner listens."""
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(5)
