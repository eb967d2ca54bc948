"""A mail server, as a process of its own: aiosmtpd that writes each mail down, and can be slow or refuse.

    python mail_server.py PORT LOG CONTROL

CONTROL is a JSON file: {"wait": seconds, "refuse": [addresses], "later": true (451), "mute": true (no answer)}.
"""

import asyncio
import hashlib
import json
import os
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

LOG = Path(sys.argv[2]).open("ab", buffering=0)  # noqa: SIM115
CONTROL = Path(sys.argv[3])


def wish(name: str, default: Any = None) -> Any:
    """What the test wants of it now."""
    try:
        return json.loads(CONTROL.read_text()).get(name, default)
    except (OSError, ValueError):
        return default


class Keeper:
    """What is done with a mail."""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _: Any) -> str:  # noqa: N802
        if address in wish("refuse", []):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        if wish("later"):
            return "451 later"
        await asyncio.sleep(wish("wait", 0))
        mail = message_from_bytes(envelope.content, policy=policy.default)
        said = {
            "to": envelope.rcpt_tos, "id": mail["Message-ID"], "subject": mail["Subject"], "from": mail["From"],
            "auto": mail["Auto-Submitted"], "text": mail.get_body(("plain",)).get_content(),
            "attached": [
                [each.get_filename(), each.get_content_type(), hashlib.sha256(each.get_content()).hexdigest()]
                for each in mail.iter_attachments()
            ],
        }  # fmt: skip
        LOG.write(json.dumps(said).encode() + b"\n")
        os.fsync(LOG.fileno())
        if wish("mute"):
            server.transport.abort()
        return "250 kept"


async def main() -> None:
    """Until it is killed."""
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Keeper(), enable_SMTPUTF8=False), "127.0.0.1", int(sys.argv[1])
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
