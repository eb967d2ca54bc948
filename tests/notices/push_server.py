"""A push service, as a process of its own: writes down what it is given, still encrypted, and can say "gone".

    python push_server.py PORT LOG CONTROL

CONTROL is a JSON file: {"gone": [paths], "status": code}.
"""

import base64
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LOG = Path(sys.argv[2]).open("ab", buffering=0)  # noqa: SIM115
CONTROL = Path(sys.argv[3])


class Handler(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self) -> None:
        try:
            wishes = json.loads(CONTROL.read_text())
        except (OSError, ValueError):
            wishes = {}
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = 410 if self.path in wishes.get("gone", []) else wishes.get("status", 201)
        if status == 201:
            kept = {"path": self.path, "headers": dict(self.headers), "body": base64.b64encode(body).decode()}
            LOG.write(json.dumps(kept).encode() + b"\n")
            os.fsync(LOG.fileno())
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.daemon_threads = True
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()
