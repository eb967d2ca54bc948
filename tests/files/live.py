"""The real server with the form of `page_urls`, which a test may kill and start again; and a raw sender."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from cities import ROOT, LiveCity
from files.paperwork import OCTETS, TUS, metadata


class Server:
    """A second server over the same city."""

    def __init__(self, city: LiveCity) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = city.environment | {
            "MOTCUA_BASE_URL": self.address,
            # A session made in the test counts in the server.
            "MOTCUA_SECRET_KEY": settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "files.page_settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        command = [sys.executable, "-m", "motcua.site.cli", "serve", "--port", str(self.port), "--workers", "1"]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """All of it, at once, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


@contextmanager
def served(city: LiveCity) -> Iterator[Server]:
    """Within, the server runs."""
    server = Server(city)
    server.start()
    try:
        yield server
    finally:
        server.kill()


class Wire:
    """A client that speaks to the socket itself, and may hang up wherever it likes."""

    def __init__(self, server: Any, session: str) -> None:
        self.server, self.cookie = server, f"motcua_session={session}"

    def ask(self, method: str, where: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """One whole request."""
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        said = TUS | {"Cookie": self.cookie} | {key.replace("_", "-"): value for key, value in headers.items()}
        link.request(method, where, body, said)
        answer = link.getresponse()
        answer.said = answer.read()  # type: ignore[attr-defined]
        link.close()
        return answer

    def create(self, length: int, **names: str) -> str:
        """A new upload's address."""
        answer = self.ask("POST", "/tep/", Upload_Length=str(length), Upload_Metadata=metadata(**names))
        assert answer.status == 201, answer.said  # type: ignore[attr-defined]
        return answer.headers["Location"]

    def offset(self, where: str) -> int:
        """What the server says it has."""
        answer = self.ask("HEAD", where)
        assert answer.status == 200
        return int(answer.headers["Upload-Offset"])

    def patch(self, where: str, offset: int, body: bytes) -> http.client.HTTPResponse:
        """One whole part."""
        return self.ask("PATCH", where, body, Upload_Offset=str(offset), Content_Type=OCTETS)

    def begin_patch(self, where: str, offset: int, said: int, body: bytes) -> socket.socket:
        """A part announced with `said` bytes of which only `body` is sent; gives the open line."""
        link = socket.create_connection(("127.0.0.1", self.server.port), timeout=60)
        head = (
            f"PATCH {where} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nTus-Resumable: 1.0.0\r\n"
            f"Cookie: {self.cookie}\r\nUpload-Offset: {offset}\r\nContent-Type: {OCTETS}\r\n"
            f"Content-Length: {said}\r\n\r\n"
        )
        link.sendall(head.encode() + body)
        return link

    def finish(self, where: str, content: bytes) -> None:
        """Goes on until everything is there, whatever happens on the way."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            at = self.offset(where)
            if at == len(content):
                return
            self.patch(where, at, content[at:])
        raise RuntimeError("the upload never came to its end")
