"""How a city is founded in its home: keys, database, tables, content. Each step may be repeated without harm.

What a content pack holds and how it is loaded is left to `catalogue`; the demonstration's people and dossiers
to `seed_demo`.
"""

import os
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from django.core.management import CommandError, call_command, get_commands

import motcua
from motcua.site import embedded
from motcua.site.databases import as_owner, is_embedded
from motcua.site.home import Home, create

PACK = "hanoi-2018"

Tell = Callable[[str], None]


def repository_folder(name: str) -> Path | None:
    """A folder delivered beside the sources (`content`, `benchmarks`), or the working folder's own."""
    for root in (Path(motcua.__file__).resolve().parents[2], Path.cwd()):
        if (root / name).is_dir():
            return root / name
    return None


def default_pack() -> Path:
    """The content pack a city gets unless another is asked for. Raises CommandError when it is not there."""
    folder = repository_folder("content")
    if folder is None or not (folder / PACK).is_dir():
        raise CommandError(f"Không thấy gói nội dung {PACK} / the content pack {PACK} is not here: use --content")
    return folder / PACK


def found(home: Home, pack: Path | None, tell: Tell) -> None:
    """Bring the home to where the city can be served: made, migrated, and with `pack` loaded unless None."""
    create(home)
    if is_embedded():
        step(tell, "Khởi động PostgreSQL / starting PostgreSQL", lambda: embedded.ensure_running(home))
    step(tell, "Tạo bảng / making tables", _migrate)
    if pack is not None and home.record().get("content") != (seen := {"pack": str(pack), "sha256": digest(pack)}):
        step(tell, f"Nạp nội dung {pack.name} / loading content", lambda: _load(pack))
        home.note(content=seen)
    home.note(ready=True)


def digest(pack: Path) -> str:
    """What the pack's files hold, as one hash: a changed pack is loaded again, an unchanged one is not."""
    found = sha256()
    for path in sorted(path for path in pack.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(pack)}\0".encode() + sha256(path.read_bytes()).digest())
    return found.hexdigest()


def step(tell: Tell, what: str, do: Callable[[], object]) -> None:
    """Do one step; `tell` what it is before, and how many seconds it took after."""
    tell(f"  {what} ...")
    begun = time.monotonic()
    do()
    tell(f"  {what}: {time.monotonic() - begun:.1f} s")


def _migrate() -> None:
    with as_owner():
        call_command("migrate", verbosity=0, interactive=False)


def _load(pack: Path) -> None:
    if "content" not in get_commands():
        raise CommandError("Thiếu lệnh content / this installation lacks the command content")
    with Path(os.devnull).open("w") as nowhere:
        call_command("content", "load", str(pack), stdout=nowhere)
