"""Five hundred residents who sign in at once by the portal's page: argon2, limits, session and history included.

The real server with two processes, and all the clients on the same two cores, so that the server does not have
them to itself. Everybody comes from one address, as from a computer room, and each has a connection of their own.
"""

import http.client
import os
import subprocess
import sys
import threading
import time
import uuid
from argparse import Namespace
from typing import Any
from urllib.parse import urlencode

import psutil
from benchmarks.timing import percentiles
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection

from motcua.accounts.hashing import SizedArgon2
from motcua.accounts.models import ResidentAccount
from motcua.organisation.models import Account
from motcua.site.supervision import answers, free_port

PEOPLE = 500
PASSWORD = "mot cau de nho lam"
STARTS_WITHIN = 60.0
GIVES_UP_AFTER = 120.0


def house(people: int) -> list[str]:
    """The phone numbers of so many residents, opened where they are not there yet; all with one password."""
    phones = [f"0999{number:06d}" for number in range(people)]
    known = set(ResidentAccount.objects.filter(phone__in=phones).values_list("phone", flat=True))
    kept = make_password(PASSWORD)
    missing = [phone for phone in phones if phone not in known]
    accounts = Account.objects.bulk_create(
        Account(username=f"nd-bench-{phone}", full_name="Người Mẫu", side="resident", password=kept)
        for phone in missing
    )
    ResidentAccount.objects.bulk_create(
        ResidentAccount(account=account, phone=phone) for account, phone in zip(accounts, missing, strict=True)
    )
    return phones


class _Person:
    """Somebody who asks for the page and sends it, all at one signal."""

    def __init__(self, port: int, phone: str) -> None:
        self.port, self.phone = port, phone
        self.spent, self.fault = 0.0, ""

    def come_in(self, signal: threading.Barrier) -> None:
        csrf = uuid.uuid4().hex
        body = urlencode({"identifier": self.phone, "password": PASSWORD, "csrfmiddlewaretoken": csrf})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{settings.CSRF_COOKIE_NAME}={csrf}",
        }
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GIVES_UP_AFTER)
        try:
            signal.wait(GIVES_UP_AFTER)
            begun = time.perf_counter()
            link.request("POST", "/cong-dan/dang-nhap/", body, headers)
            answer = link.getresponse()
            answer.read()
            self.spent = (time.perf_counter() - begun) * 1000
            if answer.status != 302 or not answer.headers.get("Location", "").startswith("/cua-toi/"):
                self.fault = f"{answer.status}"
        except (OSError, http.client.HTTPException, threading.BrokenBarrierError) as error:
            self.fault = type(error).__name__
        finally:
            link.close()


def figures(port: int, people: int = PEOPLE) -> dict[str, Any]:
    """Everybody at once against the server on `port`: how many came in, how soon, and how many a second."""
    phones = house(people)
    connection.close()
    everybody = [_Person(port, phone) for phone in phones]
    signal = threading.Barrier(len(everybody) + 1)
    threads = [threading.Thread(target=each.come_in, args=(signal,), daemon=True) for each in everybody]
    for each in threads:
        each.start()
    signal.wait(GIVES_UP_AFTER)
    begun = time.perf_counter()
    for each in threads:
        each.join(GIVES_UP_AFTER)
    spent = time.perf_counter() - begun
    faults = [each.fault or "no answer" for each in everybody if each.fault or not each.spent]
    p50, p95 = percentiles([each.spent for each in everybody])
    return {
        "people": people,
        "came_in": people - len(faults),
        "faults": sorted(set(faults)),
        "seconds": round(spent, 1),
        "a_second": round(people / spent, 1),
        "p50_ms": round(p50),
        "p95_ms": round(p95),
    }


def hash_ms(times: int = 12) -> float:
    """How long one password takes, alone."""
    hasher, spent = SizedArgon2(), []
    kept = hasher.encode(PASSWORD, "0123456789abcdef")
    for _ in range(times):
        begun = time.perf_counter()
        hasher.verify(PASSWORD, kept)
        spent.append((time.perf_counter() - begun) * 1000)
    return round(sorted(spent)[times // 2], 1)


def run(_options: Namespace) -> dict[str, Any]:
    """A small group to warm up, then everybody; with the memory the server took meanwhile."""
    alone = hash_ms()
    port = free_port(8640)
    command = [sys.executable, "-m", "motcua.site.cli", "serve", "--port", str(port), "--workers", "2", "--with-parent"]
    environment = os.environ | {"MOTCUA_BASE_URL": f"http://127.0.0.1:{port}"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + STARTS_WITHIN
            while not answers(f"http://127.0.0.1:{port}"):
                if time.monotonic() > deadline or server.poll() is not None:
                    raise AssertionError("the server did not start")
                time.sleep(0.1)
            figures(port, 20)
            found = figures(port)
            family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
            memory = sum(each.memory_info().rss for each in family) // 1024 // 1024
        finally:
            server.terminate()
            server.wait(30)
    return {
        "rate": found["a_second"],
        "unit": "sign-ins/s",
        "ratio": round(found["a_second"] * alone / 1000, 2),
        "against": "passwords one after another on one core",
        **found,
        "hash_ms": alone,
        "server_mb": memory,
        "server_processes": 2,
    }
