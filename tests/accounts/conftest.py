"""A post box that catches one-time codes, and identity providers that run as processes of their own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
STARTS_WITHIN = 40


@pytest.fixture
def posted(settings: Any) -> Iterator[list[Any]]:
    """What this city has sent (`residents.Posted`), the newest last."""
    from residents import POSTED

    settings.MOTCUA_SEND_CODE, settings.MOTCUA_TELL_ACCOUNT = "residents.post", "residents.tell"
    POSTED.clear()
    yield POSTED
    POSTED.clear()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def provider(settings: Any, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts an identity provider in a process of its own and connects the city to it; returns its address.

    `mode` names how it misbehaves; "mock" is the library's provider instead of ours.
    """
    running: list[subprocess.Popen[bytes]] = []

    def start(mode: str = "right", **claims: Any) -> str:
        port = free_port()
        person = json.dumps({"sub": "person-1", "name": "Nguyễn Thị Mẫu"} | claims)
        if mode == "mock":
            command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true",
                       "--user-claims", person]  # fmt: skip
        else:
            command = [sys.executable, str(HERE / "provider_process.py"), str(port), mode, person]
        environment = os.environ | {"PYTHONWARNINGS": ""}
        with (tmp_path / f"provider-{port}.log").open("wb") as log:
            running.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                time.sleep(0.05)
        else:
            pytest.fail((tmp_path / f"provider-{port}.log").read_text())
        app = {
            "provider_id": "thu", "name": "Định danh thử", "client_id": "motcua", "secret": "bi-mat",
            "settings": {
                "server_url": address,
                "scope": ["openid", "profile", "email", "phone"],
                "claims": {"number": "personal_number", "level": "acr", "birth": "birthdate", "proven": ("2",)},
            },
        }  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 1.0 if mode == "slow" else 20.0
        return address

    yield start
    for each in running:
        each.terminate()
        each.wait(20)
