"""The same life over HTTP: the real server with two processes, sessions, rights, forms, eight posts a life.

The clerk files on the intake page, everybody else acts on the dossier's page; pages are not looked at in
between. Clients run on the same machine, so the server does not have the cores to itself.
"""

import http.client
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from argparse import Namespace
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks import five_steps
from benchmarks.people import hire
from benchmarks.timing import percentiles
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from motcua.dossiers.lives import made_up_applicant
from motcua.organisation.models import Account
from motcua.site.supervision import answers, free_port

CLIENTS = 4
FORM = {
    "form-subject.name": "Người Mẫu", "form-birth": "07/01/1990", "form-residence.text": "Số 1, phố Mẫu",
    "form-lived_elsewhere": "no", "form-status": "single", "form-purpose": "marriage", "form-filed_by": "self",
    "form-copies": "1", "sets": "1", "exempt-certificate": "poor", "proven-certificate": "poor",
}  # fmt: skip
PEER = 26.0  # lives/s: plain Django without rights or journal, one process, published beside our targets
STARTS_WITHIN = 60.0
ACTS: tuple[tuple[str, int, str, dict[str, str]], ...] = (
    ("forward", 1, "clerk", {}),
    ("draft", 2, "officer", {"result": "certificate", "text": "Chưa đăng ký kết hôn với ai"}),
    ("forward", 2, "officer", {}),
    ("sign", 3, "leader", {}),
    ("number", 4, "registrar", {}),
    ("ready", 5, "clerk", {}),
    ("hand_over", 5, "clerk", {"to_name": "Người nộp", "by_paper": "receipt"}),
)


def _session(account: Account) -> str:
    """A signed-in session; signing in itself is slow on purpose and not what is measured."""
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    return str(store.session_key)


class _Client:
    """One commune's staff at their browsers, over one connection that is kept."""

    def __init__(self, port: int, commune: five_steps.Commune, sessions: dict[tuple[int, str], str], seed: int) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.commune, self.sessions = commune, sessions
        self.rng = random.Random(seed)
        self.csrf = uuid.uuid4().hex
        self.spent: list[float] = []
        self.lives = 0

    def post(self, address: str, part: str, fields: dict[str, str]) -> str:
        """Where the answer leads. Raises AssertionError when the act was not done."""
        body = urlencode({**fields, "key": uuid.uuid4().hex, "csrfmiddlewaretoken": self.csrf})
        session = self.sessions[self.commune.number, part]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={self.csrf}",
        }
        begun = time.perf_counter()
        self.link.request("POST", address, body, headers)
        answer = self.link.getresponse()
        text = answer.read()
        self.spent.append((time.perf_counter() - begun) * 1000)
        if answer.status != 302:
            raise AssertionError(f"{address}: {answer.status} {text[:300]!r}")
        return urlsplit(answer.headers["Location"]).path

    def live(self) -> None:
        applicant = made_up_applicant(self.rng, "person", "")
        papers = {f"paper-{paper.id}": "1" for paper in five_steps.PAPERS}
        counts = {
            f"paper-{paper.id}-{kind}": "1"
            for paper in five_steps.PAPERS
            for kind in ("original", "certified", "copy")
            if getattr(paper, kind)
        }
        fields = {
            "do": "accept", "case": "first", "kind": "person", "name": applicant.name,
            "address": applicant.address.text, "agency": str(self.commune.number), **FORM, **papers, **counts,
        }  # fmt: skip
        done = self.post(f"/can-bo/tiep-nhan/{five_steps.PROCEDURE}/", "clerk", fields)
        dossier = done.rstrip("/").rpartition("/")[2]
        for action, task, part, more in ACTS:
            self.post(f"/can-bo/ho-so/{dossier}/{action}/{task}/", part, more)
        self.lives += 1

    def run(self, until: float, faults: list[str]) -> None:
        try:
            while time.perf_counter() < until and not faults:
                self.live()
        except (AssertionError, OSError, http.client.HTTPException) as fault:
            faults.append(str(fault))


def _played(port: int, sessions: dict[tuple[int, str], str], seconds: float) -> tuple[list[_Client], float]:
    communes = five_steps.communes()[:CLIENTS]
    clients = [_Client(port, commune, sessions, seed) for seed, commune in enumerate(communes)]
    faults: list[str] = []
    begun = time.perf_counter()
    threads = [threading.Thread(target=each.run, args=(begun + seconds, faults)) for each in clients]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    spent = time.perf_counter() - begun
    if faults:
        raise AssertionError(faults[0])
    return clients, spent


def run(options: Namespace) -> dict[str, Any]:
    """Warm up, then `--seconds` with four clients."""
    staff = hire(five_steps.communes()[:CLIENTS])
    sessions = {who: _session(account) for who, account in staff.items()}
    connection.close()
    port = free_port(8600)
    command = [sys.executable, "-m", "motcua.site.cli", "serve", "--port", str(port), "--workers", "2", "--with-parent"]
    environment = os.environ | {"MOTCUA_BASE_URL": f"http://127.0.0.1:{port}"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + STARTS_WITHIN
            while not answers(f"http://127.0.0.1:{port}"):
                if time.monotonic() > deadline or server.poll() is not None:
                    raise AssertionError("the server did not start")
                time.sleep(0.1)
            _played(port, sessions, min(2.0, options.seconds))
            clients, spent = _played(port, sessions, options.seconds)
        finally:
            server.terminate()
            server.wait(30)
    lives = sum(each.lives for each in clients)
    p50, p95 = percentiles([each for client in clients for each in client.spent])
    return {
        "rate": round(lives / spent, 1),
        "unit": "lives/s",
        "ratio": round(lives / spent / PEER, 2),
        "against": f"plain Django without rights or journal, {PEER:.0f} lives/s published",
        "lives": lives,
        "requests_a_second": round(sum(len(each.spent) for each in clients) / spent),
        "p50_ms": p50,
        "p95_ms": p95,
        "clients": CLIENTS,
        "server_processes": 2,
    }
