"""Two files of three megabytes sent by tus and prepared: how long the server works, part by part.

In one process over Django's test client, so the line costs nothing: what is left is the server's own time. The
examination runs in a process of its own and is told apart from receiving, since nobody has to wait for it.
"""

import io
import os
import resource
import time
from argparse import Namespace
from typing import Any

from benchmarks.timing import percentiles

SIZE = 3 * 1024 * 1024
PART = 512 * 1024
TARGET = 300.0  # ms
TUS = {"Tus-Resumable": "1.0.0"}


def photograph() -> bytes:
    """A noisy photograph of about three megabytes, as a telephone takes it."""
    from PIL import Image

    noise = Image.frombytes("RGB", (500, 375), os.urandom(500 * 375 * 3)).resize((4000, 3000))
    for quality in range(95, 40, -3):
        out = io.BytesIO()
        noise.save(out, "JPEG", quality=quality)
        if out.tell() <= SIZE:
            break
    return out.getvalue()


def scan() -> bytes:
    """A PDF of three megabytes: three pages scanned."""
    import img2pdf
    from PIL import Image

    pages = []
    for _ in range(3):
        out = io.BytesIO()
        Image.frombytes("L", (700, 990), os.urandom(700 * 990)).resize((1654, 2339)).save(out, "JPEG", quality=58)
        pages.append(out.getvalue())
    made: bytes = img2pdf.convert(pages)
    return made


def run(options: Namespace) -> dict[str, Any]:
    """For `--seconds`: pairs of files received and prepared; figures for one pair."""
    from django.conf import settings
    from django.test import Client

    from motcua.files import uploads
    from motcua.organisation.models import Account

    settings.ALLOWED_HOSTS.append("testserver")
    name = f"do-{time.time_ns()}"
    account = Account.objects.create_user(username=name, password=None, full_name="Người Gửi Mẫu")
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    pair = (photograph(), scan())
    receiving: list[float] = []
    worked, helped = 0.0, 0.0
    preparing: list[float] = []
    ended = time.perf_counter() + options.seconds
    while not receiving or time.perf_counter() < ended:
        begun, cpu = time.perf_counter(), time.process_time()
        sent = [_sent(client, content) for content in pair]
        received = time.perf_counter()
        worked += time.process_time() - cpu
        children = _of_children()
        states = [client.get(f"{where}/tinh-trang/").json()["state"] for where in sent]
        prepared = time.perf_counter()
        helped += _of_children() - children
        if states != ["ready", "ready"]:
            raise RuntimeError(f"not prepared: {states}")
        receiving.append((received - begun) * 1000)
        preparing.append((prepared - received) * 1000)
        uploads.remove_bundle(account.pk, "do")
    (p50, p95), (slow, slowest) = percentiles(receiving), percentiles(preparing)
    return {
        "rate": p50,
        "unit": "ms",
        "ratio": round(TARGET / p50, 2),
        "against": f"{TARGET:.0f} ms",
        "files_kb": [len(each) // 1024 for each in pair],
        "receive_p50_ms": p50,
        "receive_p95_ms": p95,
        "prepare_p50_ms": slow,
        "prepare_p95_ms": slowest,
        "receive_cpu_ms": round(worked / len(receiving) * 1000, 1),
        "prepare_cpu_ms": round(helped / len(receiving) * 1000, 1),
        "pairs": len(receiving),
    }


def _of_children() -> float:
    """Seconds that processes of ours have worked and ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sent(client: Any, content: bytes) -> str:
    said = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": "bundle ZG8="}
    where = client.generic("POST", "/tep/", content_type="text/plain", headers=said)["Location"]
    for at in range(0, len(content), PART):
        client.generic(
            "PATCH",
            where,
            content[at : at + PART],
            content_type="application/offset+octet-stream",
            headers=TUS | {"Upload-Offset": str(at)},
        )
    return str(where)
