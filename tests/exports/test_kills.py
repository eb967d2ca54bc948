"""Kill -9 of the worker in the middle of a list: nothing half is offered, it is made again, told about once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cities import ROOT, City
from motcua.site.home import Home, create

HERE = Path(__file__).parent
KILLS = 2


def started(environment: dict[str, str]) -> "subprocess.Popen[str]":
    worker = subprocess.Popen(
        [sys.executable, str(HERE / "maker.py")], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def ended(worker: "subprocess.Popen[str]") -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert worker.stdout is not None
    worker.stdout.close()


def until(there: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_a_killed_workers_list_is_made_again_and_nothing_is_doubled(
    fresh_city: City, tmp_path: Path, settings: Any
) -> None:
    from exports.conftest import official
    from motcua.exports import orders
    from motcua.exports.models import READY, Export
    from motcua.notices.models import Notice

    home = Home(tmp_path / "home")
    create(home)
    settings.MOTCUA_EXPORTS = home.exports
    environment = os.environ | {
        "MOTCUA_HOME": str(home.path),
        "DATABASE_URL": fresh_city.dsn,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}",
        "PYTHONWARNINGS": "",
        "MOTCUA_EXPORTS_LEASE": "1",
    }
    hoa = official("hoa")
    number = orders.order(hoa, "test.rows", {"rows": "400", "pause": "0.01"}, "xlsx").pk

    def now() -> Export:
        return Export.objects.get(pk=number)

    for kill in range(1, KILLS + 1):
        worker = started(environment)
        until(lambda kill=kill: now().attempts == kill and now().done >= 20)
        ended(worker)
        assert not Export.objects.filter(state=READY).exists()
        with pytest.raises(orders.NotThereError):
            orders.fetch(hoa, number)
    worker = started(environment)
    try:
        until(lambda: not now().is_open)
    finally:
        ended(worker)
    whole = now()
    assert (whole.state, whole.done, whole.attempts) == (READY, 400, KILLS + 1)
    found, stream = orders.fetch(hoa, number)
    with stream:
        assert len(stream.read()) == found.size
    assert [each.name for each in home.exports.glob("*.xlsx")] == [whole.file]
    assert Notice.objects.filter(event=f"export/{number}").count() == 1
