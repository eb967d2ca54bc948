"""What every test may ask for: a database, a city of its own, a running server, a browser.

`db` tests run in a transaction that is undone. `fresh_city` is a database of one's own for tests that commit
or use several connections; `live_city` is the real server on it. How the databases are made is left to
`cities`.
"""

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from cities import City, LiveCity, connected_to, drop_city, new_city, server, tests_home
from motcua.site.home import Home, create

os.environ["MOTCUA_HOME"] = str(tests_home().path)
os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.site.settings"
# Playwright's synchronous face runs an event loop in this thread, which Django would take for an async view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
for setting in (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "MOTCUA_BASE_URL",
    "MOTCUA_HOSTS",
    "MOTCUA_DATABASE_ROLE",
    "MOTCUA_SMS",
    "MOTCUA_EMAIL",
    "MOTCUA_PUSH",
    "MOTCUA_NOTICES_SANDBOX",
):
    os.environ.pop(setting, None)

hypothesis_settings.register_profile("dev", deadline=None, max_examples=100)
hypothesis_settings.register_profile("ci", deadline=None, max_examples=300, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "dev")

CHROMIUM = "/usr/bin/chromium"
SERVER_STARTS_WITHIN = 60


def pytest_configure(config: pytest.Config) -> None:
    """Settings that differ in tests: fast passwords, static files unhashed."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def city_server() -> Iterator[Home]:
    """The tests' PostgreSQL, running."""
    home = tests_home()
    with server(home):
        yield home


@pytest.fixture(scope="session")
def django_db_setup(city_server: Home, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's door: this worker's copy of the template instead of a database made by Django."""
    from django.db import connection

    with django_db_blocker.unblock():
        city = new_city(city_server)
        connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = city.database
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = before
        drop_city(city)


@pytest.fixture
def fresh_city(request: pytest.FixtureRequest, city_server: Home, django_db_blocker: Any) -> Iterator[City]:
    """A city that nobody else uses. Django is connected to it; what the test commits is dropped with it."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("a test takes either db or fresh_city: the first is undone, the second really commits")
    with django_db_blocker.unblock():
        city = new_city(city_server)
        try:
            with connected_to(city.database):
                yield city
        finally:
            drop_city(city)


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    """Every test stores its files in a folder of its own."""
    settings.MOTCUA_FILES = tmp_path / "files"
    settings.MOTCUA_FILES.mkdir(mode=0o700)
    settings.MOTCUA_EXPORTS = tmp_path / "exports"
    return Path(settings.MOTCUA_FILES)


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Static files as the real server has them, collected once."""
    home = Home(tmp_path_factory.mktemp("static") / "home")
    create(home)
    environment = os.environ | {"MOTCUA_HOME": str(home.path)}
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)
    return home.static


@pytest.fixture
def live_city(fresh_city: City, tmp_path: Path, collected_static: Path) -> Iterator[LiveCity]:
    """The real server over a fresh city; its address. Django in the test sees the same database."""
    from django.conf import settings

    home = Home(tmp_path / "home")
    create(home)
    home.note(ready=True)
    home.static.symlink_to(collected_static)
    settings.MOTCUA_FILES = home.files
    settings.MOTCUA_EXPORTS = home.exports
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = LiveCity(f"http://127.0.0.1:{port}")
    address.city, address.home = fresh_city, home
    address.environment = os.environ | {
        "MOTCUA_HOME": str(home.path),
        "MOTCUA_BASE_URL": address,
        "DATABASE_URL": fresh_city.dsn,
        "PYTHONWARNINGS": "",
    }
    command = [sys.executable, "-m", "motcua.site.cli", "serve", "--port", str(port), "--workers", "1"]
    log = home.logs / "serve.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=address.environment, stdout=output, stderr=output) as process,
    ):
        address.process = process
        try:
            _wait_for(address, process, log)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SERVER_STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright, unable to leave this machine."""
    if not Path(CHROMIUM).exists():
        reason = f"{CHROMIUM} is missing: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    arguments = [
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    # A page that was asked for by a press is there a moment later; on a busy machine a long one.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=arguments, chromium_sandbox=os.geteuid() != 0
        )
        loop = asyncio._get_running_loop()
        yield running
        # The last test may have been one without a browser.
        asyncio._set_running_loop(loop)
        running.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Playwright's loop counts as running in this thread until the last test; tests without a browser have none.

    A result is signed in a loop of its own, which cannot be begun within another; and Django keeps one connection
    for a thread with a loop and another for one without, so that a fixture of a whole module and the tests on it
    must be in the same state.
    """
    if "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of a reader in Hanoi. A script that fails or is refused by the content policy fails the test."""
    context = browser.new_context(
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(20_000)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    context.close()
    assert faults == []


@pytest.fixture
def secret() -> str:
    """A password nobody else has."""
    return secrets.token_urlsafe(16)


@pytest.fixture(autouse=True)
def looks_again() -> Iterator[None]:
    """Forgets what the process remembers of calendars, agencies and procedures, which a rollback may have undone."""
    from motcua.calendars.lookup import forget
    from motcua.catalogue.versions import forget_catalogue
    from motcua.organisation.directory import forget_directory

    for each in (forget, forget_catalogue, forget_directory):
        each()
    yield
    for each in (forget, forget_catalogue, forget_directory):
        each()
