"""Time-stamps of RFC 3161: asking an authority over HTTP, and the local authority for tests and demonstrations.

A remote authority is asked without a database connection and within a time limit. The local one is a process of
its own on the loopback address (`motcua signing tsa`), so that what is tested is what would run.
"""

import logging
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import keys, tsp, x509
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

log = logging.getLogger("motcua.signing")

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LARGEST_QUERY = 64 * 1024
SECONDS_TO_ANSWER = 10.0


def remote(address: str, seconds: float = SECONDS_TO_ANSWER) -> TimeStamper:
    """The authority at `address`; asking it gives up after so many seconds without a byte."""
    return RequestsHTTPTimeStamper(address, timeout=(min(seconds, 5.0), seconds))  # type: ignore[no-untyped-call]


@lru_cache(maxsize=4)
def local(certificate: bytes, key: bytes) -> TimeStamper:
    """The local authority within this process, for an installation without a process for it."""
    return DummyTimeStamper(x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key))


def server(port: int, certificate: bytes, key: bytes) -> ThreadingHTTPServer:
    """The local authority as an HTTP server on the loopback address; `serve_forever` is left to the caller."""
    stamper = local(certificate, key)

    class Handler(BaseHTTPRequestHandler):
        """One question a request."""

        timeout = 30

        def do_POST(self) -> None:
            """Answers a time-stamp query."""
            length = self.headers.get("Content-Length", "")
            if self.headers.get("Content-Type") != QUERY or not length.isdecimal() or int(length) > LARGEST_QUERY:
                self.send_error(400)
                return
            try:
                asked = tsp.TimeStampReq.load(self.rfile.read(int(length)), strict=True)
                answer = stamper.request_tsa_response(asked).dump()  # type: ignore[attr-defined]
            except (ValueError, TypeError, KeyError):
                self.send_error(400)
                return
            self.send_response(200)
            self.send_header("Content-Type", REPLY)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Into the log of signing, where it is asked for."""
            log.debug(format, *args)

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
