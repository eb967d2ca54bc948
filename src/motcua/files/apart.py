"""Runs `inspecting` in a process of its own, with a folder of its own and an end to its time.

The server only waits. A process that uses up its memory or its time, or dies of the file it opened, is a refusal
like any other: the file was too hard. What is examined is left to `inspecting`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import Any

from django.conf import settings

import motcua
from motcua.files.refusals import UploadRefusedError

# A busy machine may take long over what costs little; the process counts its own seconds of work.
SECONDS = 90.0


@dataclass(frozen=True)
class Made:
    """What came of it: the new PDF (None: the file is fine as it came), pages, pictures, what was removed."""

    pdf: Path | None
    pages: int
    previews: tuple[Path, ...]
    removed: tuple[str, ...]
    is_signed: bool


@contextmanager
def examined(act: str, files: list[Path], media: str = "") -> Iterator[Made]:
    """Within, what was made lies on the disk; afterwards it is gone. Raises UploadRefusedError."""
    place = Path(settings.MOTCUA_FILES) / "apart"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        answer = _ask(folder, {"act": act, "files": [str(each.absolute()) for each in files], "media": media})
        if "refused" in answer:
            raise UploadRefusedError(answer["refused"], answer["told"])
        yield Made(
            pdf=folder / answer["made"] if answer["made"] else None,
            pages=answer["pages"],
            previews=tuple(folder / each for each in answer["previews"]),
            removed=tuple(answer["removed"]),
            is_signed=answer["signed"],
        )


def _ask(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(motcua.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
    }
    # Not from the folder: nothing that lies there is ever imported.
    command = [sys.executable, "-P", "-m", "motcua.files.inspecting"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            said, _nothing = process.communicate(json.dumps(asked), timeout=SECONDS)
        except subprocess.TimeoutExpired:
            said = ""
        finally:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, SIGKILL)
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError:
        raise UploadRefusedError("too_hard") from None
    return answer
