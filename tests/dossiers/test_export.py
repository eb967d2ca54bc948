"""The exported journal convinces the standalone verifier, and a single changed letter in it does not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from motcua.dossiers import worker
from motcua.dossiers.checkpoints import raw_public_key
from motcua.site.home import Home, create
from permit_office import Office

VERIFIER = Path(__file__).resolve().parents[2] / "verifier" / "verify_motcua.py"


def test_the_exported_journal_is_checked_without_the_system(fresh_city: Any, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create(home)
    settings.MOTCUA_HOME, settings.MOTCUA_SIGNING_KEY = home.path, home.signing_key_file
    office = Office()
    for number in range(3):
        office.to_sign(number)
    worker.seal_now()
    file = tmp_path / "journal.jsonl"
    call_command("export_journal", str(file))
    command = [
        sys.executable,
        str(VERIFIER),
        "journal",
        str(file),
        "--key",
        raw_public_key(worker.signing_key()).hex(),
        "--json",
    ]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert json.loads(checked.stdout)["dossiers"] == 3
    file.write_text(file.read_text().replace("Đồng ý", "Dong y", 1))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
