"""Kill -9 of the worker in the middle of sending, twenty times: the provider's own log says what really went out."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cities import ROOT, City
from motcua.site.home import Home, create
from notices.letters import phone, sent_by, states, tell_all, until
from notices.servers import Provider, provider

KILLS = 20
HERE = Path(__file__).parent


class Workers:
    """One worker after the other, on the test's database."""

    def __init__(self, city: City, folder: Path, channel: str, address: str) -> None:
        home = Home(folder / "home")
        create(home)
        self.channel = channel
        self.environment = os.environ | {
            "MOTCUA_HOME": str(home.path),
            "DATABASE_URL": city.dsn,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}",
            "PYTHONWARNINGS": "",
            f"MOTCUA_{channel.upper()}": address,
            "MOTCUA_NOTICES_LEASE": "2",
        }

    def start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, str(HERE / "sender.py"), self.channel, "25"]
        made = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert made.stdout is not None
        assert made.stdout.readline() == "ready\n"
        return made

    @staticmethod
    def kill(process: "subprocess.Popen[str]") -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def killed_again_and_again(workers: Workers, done: Any) -> int:
    """Kills a worker at a moment of chance, starts the next; returns how often one died before all was done."""
    rng = random.Random(3)
    in_the_middle = 0
    for _ in range(KILLS):
        process = workers.start()
        time.sleep(rng.uniform(0.0, 0.35))
        in_the_middle += not done()
        workers.kill(process)
    last = workers.start()
    try:
        until(done, seconds=240)
    finally:
        workers.kill(last)
    return in_the_middle


def to_whom(made: Provider) -> Counter[str]:
    return Counter(each["to"].lstrip("+") for each in made.kept())


@pytest.mark.slow
def test_twenty_kills_lose_and_double_nothing_at_a_gateway(fresh_city: City, tmp_path: Path, settings: Any) -> None:
    with provider("gateway", tmp_path) as gateway:
        gateway.wish(wait=0.01)
        address = f"http://127.0.0.1:{gateway.port}/send?name=gate"
        with sent_by(settings, sms=address):
            tell_all(1500)
            workers = Workers(fresh_city, tmp_path, "sms", address)
            assert killed_again_and_again(workers, lambda: set(states()) == {"sent"}) >= KILLS // 2
            assert to_whom(gateway) == Counter({phone(each)[1:]: 1 for each in range(1500)})


@pytest.mark.slow
def test_twenty_kills_lose_and_double_nothing_at_a_message_centre(
    fresh_city: City, tmp_path: Path, settings: Any
) -> None:
    """The centre knows no id of ours: its receipts, told until they are confirmed, say what it had."""
    with provider("smpp", tmp_path) as centre:
        centre.wish(wait=0.005)
        address = f"smpp://motcua:x@127.0.0.1:{centre.port}?name=centre&promises=1&window=20&timeout=10"
        with sent_by(settings, sms=address):
            tell_all(900)
            workers = Workers(fresh_city, tmp_path, "sms", address)
            assert killed_again_and_again(workers, lambda: set(states()) == {"delivered"}) >= KILLS // 2
            assert to_whom(centre) == Counter({phone(each)[1:]: 1 for each in range(900)})
