"""Asks ClamAV's daemon whether a file is clean, by its INSTREAM protocol, where an address is configured.

`MOTCUA_CLAMD` is `tcp://host:port` or `unix:/path`. One connection a file; every wait has an end. A daemon that
is down, slow or confused is a `ScannerAwayError`: the file stays in quarantine and is asked about again. When that is,
is left to `intake`.
"""

import socket
import struct
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from motcua.files.refusals import UploadRefusedError

CHUNK = 1 << 16
CLEAN, NOT_ASKED = "clean", "not_asked"
LONGEST_ANSWER = 4096


class ScannerAwayError(Exception):
    """The daemon did not answer in time, or not with a verdict."""


def scan(path: Path, seconds: float) -> str:
    """`clean`, or `not_asked` where no daemon is configured.

    Raises UploadRefusedError for an infected file, ScannerAwayError when there is no verdict within `seconds`.
    """
    if not settings.MOTCUA_CLAMD:
        return NOT_ASKED
    until = time.monotonic() + seconds
    try:
        with _connected(settings.MOTCUA_CLAMD, seconds) as link:
            # It may have said why before it hung up.
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(link, path, until)
            return _verdict(_answer(link, until))
    except OSError as error:
        raise ScannerAwayError(type(error).__name__) from error


def answers(seconds: float = 3.0) -> bool:
    """True when the configured daemon is there and says so."""
    try:
        with _connected(settings.MOTCUA_CLAMD, seconds) as link:
            until = time.monotonic() + seconds
            link.settimeout(_left(until))
            link.sendall(b"zPING\0")
            return _answer(link, until) == "PONG"
    except OSError:
        return False


def _connected(address: str, seconds: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(min(seconds, 3.0))
        try:
            link.connect(parts.path)
        except OSError:
            link.close()
            raise
        return link
    return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=min(seconds, 3.0))


def _send(link: socket.socket, path: Path, until: float) -> None:
    link.settimeout(_left(until))
    link.sendall(b"zINSTREAM\0")
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            link.settimeout(_left(until))
            link.sendall(struct.pack("!L", len(chunk)) + chunk)
    link.sendall(struct.pack("!L", 0))


def _answer(link: socket.socket, until: float) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        link.settimeout(_left(until))
        part = link.recv(CHUNK)
        if not part:
            break
        said += part
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _verdict(said: str) -> str:
    if said.endswith(": OK"):
        return CLEAN
    if said.endswith(" FOUND"):
        name = said.removesuffix(" FOUND").partition(": ")[2]
        raise UploadRefusedError("virus", {"name": name[:80]})
    if "size limit exceeded" in said:
        raise UploadRefusedError("too_large_to_scan")
    raise ScannerAwayError(said[:80] or "hung up")
