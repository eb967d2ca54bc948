"""A message centre speaking SMPP 3.4, as a process of its own, which can be slow, dead, deaf or double.

Written from the specification with `struct`, so that the client's library is not tested against itself. What it
accepted is in its log, one JSON line a message, synced before it answers; receipts are repeated until confirmed.

    python smpp_server.py PORT LOG CONTROL

CONTROL is a JSON file read before each answer: {"wait": seconds, "mute": true, "throttle": n of each 10,
"receipts": "good" | "none" | "failed", "double": true, "quick": true, "unknown": [numbers]}.
"""

import asyncio
import contextlib
import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

BIND = {1: 0x80000001, 2: 0x80000002, 9: 0x80000009}
SUBMIT, DELIVER, ENQUIRE, UNBIND = 0x4, 0x5, 0x15, 0x6
DELIVER_ANSWER = 0x80000005


class Centre:
    """Everything the process knows."""

    def __init__(self, log: Path, control: Path) -> None:
        self.log = log.open("ab", buffering=0)
        self.control = control
        self.number = 0
        # For measurements: the wishes are read once, and the log outlives the process but no power cut.
        self.wishes = json.loads(control.read_text()) if control.exists() else {}
        self.quick = self.wishes.get("quick", False)
        self.waiting: dict[int, bytes] = {}
        self.writers: set[asyncio.StreamWriter] = set()

    def wish(self, name: str, default: Any = None) -> Any:
        """What the test wants of it now."""
        if self.quick:
            return self.wishes.get(name, default)
        try:
            return json.loads(self.control.read_text()).get(name, default)
        except (OSError, ValueError):
            return default

    def note(self, **values: Any) -> None:
        """One line, on the disk before anybody hears of it."""
        self.log.write(json.dumps(values).encode() + b"\n")
        if not self.quick:
            os.fsync(self.log.fileno())


def pdu(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    """One PDU."""
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def cstring(raw: bytes, at: int) -> tuple[bytes, int]:
    """A text ended by nought."""
    end = raw.index(b"\0", at)
    return raw[at:end], end + 1


def taken_apart(body: bytes) -> dict[str, Any]:
    """What the tests want to know of a submit_sm."""
    _, at = cstring(body, 0)
    at += 2
    source, at = cstring(body, at)
    at += 2
    target, at = cstring(body, at)
    at += 3
    _, at = cstring(body, at)
    validity, at = cstring(body, at)
    registered, _, coding, _, length = body[at : at + 5]
    at += 5
    words = body[at : at + length]
    at += length
    found: dict[int, bytes] = {}
    while at < len(body):
        tag, size = struct.unpack(">HH", body[at : at + 4])
        found[tag] = body[at + 4 : at + 4 + size]
        at += 4 + size
    words = found.get(0x0424, words)
    return {
        "source": source.decode(), "to": target.decode(), "coding": coding, "registered": registered,
        "validity": validity.decode(), "mark": struct.unpack(">H", found[0x0204])[0],
        "text": words.decode("utf-16-be" if coding == 8 else "latin-1"),
    }  # fmt: skip


def receipt(sequence: int, reference: str, message: dict[str, Any], state: str) -> bytes:
    """A deliver_sm that reports."""
    words = f"id:{reference} sub:001 dlvrd:001 submit date:1901070900 done date:1901070901 stat:{state} err:000 text:"
    short = words.encode()
    body = b"\0" + b"\1\1" + message["to"].encode() + b"\0" + b"\5\0" + message["source"].encode() + b"\0"
    body += bytes([4, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0, len(short)]) + short
    for tag, value in (
        (0x001E, reference.encode() + b"\0"),
        (0x0427, bytes([2 if state == "DELIVRD" else 5])),
        (0x0204, struct.pack(">H", message["mark"])),
    ):
        body += struct.pack(">HH", tag, len(value)) + value
    return pdu(DELIVER, 0, sequence, body)


async def serve(centre: Centre, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One line with one client."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            size, command, _status, sequence = struct.unpack(">IIII", await reader.readexactly(16))
            body = await reader.readexactly(size - 16)
            if command in BIND:
                writer.write(pdu(BIND[command], 0, sequence, b"centre\0"))
                centre.writers.add(writer)
                for each in list(centre.waiting.values()):
                    writer.write(each)
            elif command == SUBMIT:
                await submitted(centre, writer, sequence, body)
            elif command == DELIVER_ANSWER:
                centre.waiting.pop(sequence, None)
            elif command == ENQUIRE:
                writer.write(pdu(0x80000015, 0, sequence))
            elif command == UNBIND:
                writer.write(pdu(0x80000006, 0, sequence))
                break
            await writer.drain()
    centre.writers.discard(writer)
    writer.close()


async def submitted(centre: Centre, writer: asyncio.StreamWriter, sequence: int, body: bytes) -> None:
    """A message came."""
    message = taken_apart(body)
    centre.number += 1
    if centre.number % 10 < centre.wish("throttle", 0):
        centre.note(throttled=message["to"])
        writer.write(pdu(0x80000004, 0x58, sequence, b"\0"))
        return
    reference = f"c{os.getpid():x}{centre.number:07x}"
    if message["to"] in centre.wish("unknown", []):
        writer.write(pdu(0x80000004, 0x0B, sequence, b"\0"))
        return
    centre.note(reference=reference, **message)
    await asyncio.sleep(centre.wish("wait", 0))
    if centre.wish("mute", False):
        writer.transport.abort()
    else:
        answer = pdu(0x80000004, 0, sequence, reference.encode() + b"\0")
        writer.write(answer * (2 if centre.wish("double", False) else 1))
    wanted = centre.wish("receipts", "good")
    if wanted != "none":
        told = receipt(centre.number, reference, message, "DELIVRD" if wanted == "good" else "UNDELIV")
        centre.waiting[centre.number] = told
        for each in centre.writers:
            each.write(told * (2 if centre.wish("double", False) else 1))


async def main() -> None:
    """Until it is killed."""
    centre = Centre(Path(sys.argv[2]), Path(sys.argv[3]))
    server = await asyncio.start_server(lambda r, w: serve(centre, r, w), "127.0.0.1", int(sys.argv[1]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
