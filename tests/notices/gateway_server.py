"""A gateway for text messages over HTTP, as a process of its own: knows each id once, and can be slow or broken.

    python gateway_server.py PORT LOG CONTROL

CONTROL is a JSON file: {"wait": seconds, "status": code instead of the answer, "after": true (kept, then no answer),
"forget": true (409 is never said)}. The log has one JSON line for each message accepted for the first time.
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LOG = Path(sys.argv[2]).open("ab", buffering=0)  # noqa: SIM115
CONTROL = Path(sys.argv[3])
KNOWN: dict[str, str] = {}
LOCK = threading.Lock()


def wish(name: str, default: Any = None) -> Any:
    """What the test wants of it now."""
    try:
        return json.loads(CONTROL.read_text()).get(name, default)
    except (OSError, ValueError):
        return default


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    # Otherwise head and body wait for each other, forty milliseconds each time.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(wish("wait", 0))
        if (status := wish("status")) is not None:
            self._say(status, {})
            return
        with LOCK:
            is_new = body["id"] not in KNOWN
            if is_new:
                KNOWN[body["id"]] = f"g{len(KNOWN)}"
                LOG.write(json.dumps(body).encode() + b"\n")
                os.fsync(LOG.fileno())
        if wish("after"):
            self.close_connection = True
            return
        self._say(202 if is_new else 409, {"reference": KNOWN[body["id"]]})

    def do_GET(self) -> None:
        reference = KNOWN.get(self.path.rsplit("/", 1)[1])
        self._say(200 if reference else 404, {"reference": reference, "status": "accepted"} if reference else {})

    def _say(self, status: int, said: dict[str, Any]) -> None:
        raw = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        pass


if __name__ == "__main__":
    if LOG.tell():
        for line in Path(sys.argv[2]).read_text().splitlines():
            KNOWN[json.loads(line)["id"]] = f"g{len(KNOWN)}"
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.daemon_threads = True
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()
