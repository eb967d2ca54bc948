"""The web server as it really runs: it serves what it should, and nothing that falls takes it down for long."""

import json
import signal
import subprocess
import sys
import urllib.request
from contextlib import suppress

import psutil
import pytest
from playwright.sync_api import Page

from cities import LiveCity, until
from motcua.site.running import running
from motcua.site.supervision import answers, free_port


def alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def test_static_files_are_named_by_their_content_compressed_and_kept(live_city: LiveCity) -> None:
    manifest = json.loads((live_city.home.static / "staticfiles.json").read_text())
    name = manifest["paths"]["motcua/css/base.css"]
    assert name != "motcua/css/base.css"
    request = urllib.request.Request(f"{live_city}/static/{name}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_city_knows_its_web_server_and_ends_it_in_order(live_city: LiveCity) -> None:
    assert [(each.verb, each.address) for each in running(live_city.home)] == [("serve", str(live_city))]
    done = subprocess.run(
        [sys.executable, "-m", "motcua.site.cli", "stop"],
        env=live_city.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"serve ({live_city.process.pid})" in done.stdout
    assert live_city.process.wait(20) == 0
    assert not answers(live_city)
    assert running(live_city.home) == []


def test_a_killed_web_worker_is_replaced(live_city: LiveCity) -> None:
    server = psutil.Process(live_city.process.pid)
    workers = [
        each
        for each in server.children()
        if "spawn_main" in " ".join(each.cmdline()) or each.cmdline() == server.cmdline()
    ]
    assert workers
    for worker in workers:
        worker.kill()
    until(lambda: not any(alive(worker) for worker in workers), live_city.process)
    until(lambda: answers(live_city), live_city.process)


def test_workers_leave_when_their_server_is_killed(live_city: LiveCity) -> None:
    family = psutil.Process(live_city.process.pid).children(recursive=True)
    assert family
    live_city.process.send_signal(signal.SIGKILL)
    live_city.process.wait()
    gone, left = psutil.wait_procs(family, timeout=30)
    assert left == []
    assert not answers(live_city)
    assert len(gone) == len(family)


def test_a_port_in_use_is_said_in_a_sentence(live_city: LiveCity) -> None:
    port = live_city.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "motcua.site.cli", "serve", "--port", port],
        env=live_city.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"port {port} is in use" in done.stderr
    assert free_port(int(port)) > int(port)
    with pytest.raises(OSError, match="no free port"):
        free_port(int(port), tries=1)


def test_a_page_opens_in_a_browser_without_breaking_the_content_policy(live_city: LiveCity, page: Page) -> None:
    answer = page.goto(f"{live_city}/tai-khoan/login/")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("form").count() >= 1
