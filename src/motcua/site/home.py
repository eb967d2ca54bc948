"""The folder in which one city lives: its database, stored files, keys and logs.

`MOTCUA_HOME` names it (default `.motcua/` in the working folder), so several cities can stand side by side.
Where the embedded database keeps its data, and how it is run, is left to `embedded_place` and `embedded`.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VARIABLE = "MOTCUA_HOME"
LAYOUT = 1
PRIVATE = 0o700
SECRET_FILE = 0o600


class HomeError(Exception):
    """The home is missing or cannot be used; the message says why, in both languages."""


@dataclass(frozen=True)
class Home:
    """The layout of a city's folder. Nothing is created until `create`."""

    path: Path

    @property
    def record_file(self) -> Path:
        """`home.json`: the layout's version, when it was made, and what had to be kept elsewhere."""
        return self.path / "home.json"

    @property
    def data(self) -> Path:
        """The embedded database's data, unless the record names another place."""
        return self.path / "pg"

    @property
    def run(self) -> Path:
        """The database's socket, unless the record names another place."""
        return self.path / "run"

    @property
    def files(self) -> Path:
        """Stored files, addressed by their content."""
        return self.path / "files"

    @property
    def exports(self) -> Path:
        """Lists that somebody ordered, for a week; nothing here need be backed up."""
        return self.path / "exports"

    @property
    def keys(self) -> Path:
        """The signing key and Django's secret; readable by the owner alone."""
        return self.path / "keys"

    @property
    def logs(self) -> Path:
        """Logs of the database and of the processes."""
        return self.path / "logs"

    @property
    def static(self) -> Path:
        """Style sheets, scripts and fonts collected and compressed for serving."""
        return self.path / "static"

    @property
    def signing_key_file(self) -> Path:
        """The Ed25519 key (PKCS #8, PEM) with which checkpoints of the journal are signed."""
        return self.keys / "signing.pem"

    @property
    def secret_file(self) -> Path:
        """Django's secret key, as text."""
        return self.keys / "django-secret"

    def record(self) -> dict[str, Any]:
        """What `home.json` says; empty when there is none.

        Raises HomeError when the file is damaged or was written by a later version.
        """
        try:
            found = json.loads(self.record_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise HomeError(
                f"Không đọc được {self.record_file}: {error} / cannot read {self.record_file}: {error}"
            ) from error
        if not isinstance(found, dict) or not isinstance(found.get("layout"), int):
            raise HomeError(f"{self.record_file} không đúng dạng / {self.record_file} is not a record of a city's home")
        if found["layout"] > LAYOUT:
            raise HomeError(
                f"{self.path} do phiên bản motcua mới hơn tạo ra / {self.path} was made by a later version of motcua"
            )
        return found

    def note(self, **values: Any) -> None:
        """Write `values` into the record, whole or not at all; None removes an entry."""
        record = self.record() | values
        kept = {name: value for name, value in record.items() if value is not None}
        text = json.dumps(kept, ensure_ascii=False, indent=2) + "\n"
        draft = self.record_file.with_suffix(f".{os.getpid()}.draft")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.record_file)

    def is_made(self) -> bool:
        """True once the folder, its keys and its record exist."""
        return self.record_file.exists()

    def is_ready(self) -> bool:
        """True once `motcua init` has come to its end: migrated, and its content loaded."""
        return self.is_made() and bool(self.record().get("ready"))

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold the home's lock called `name`; others wait. The system frees it when the holder dies."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / f".{name}.lock").open("a") as handle:
            flock(handle, LOCK_EX)
            try:
                yield
            finally:
                flock(handle, LOCK_UN)


def current_home() -> Home:
    """The home named by `MOTCUA_HOME`, or `.motcua` in the working folder."""
    return Home(Path(os.environ.get(VARIABLE) or ".motcua").absolute())


def create(home: Home) -> None:
    """Make the folders, the keys and the record; what exists already is left as it is."""
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        with home.locked("home"):
            for folder in (home.run, home.files, home.keys, home.logs):
                if not folder.exists():
                    folder.mkdir(mode=PRIVATE)
            _keep_secret(home.signing_key_file, _new_signing_key)
            _keep_secret(home.secret_file, lambda: secrets.token_urlsafe(64).encode())
            if not home.is_made():
                home.note(layout=LAYOUT, created=datetime.now(UTC).isoformat(timespec="seconds"))
    except OSError as error:
        raise HomeError(
            f"Không tạo được {home.path}: {error.strerror} / cannot make {home.path}: {error.strerror}"
        ) from error


def signing_key(home: Home) -> Ed25519PrivateKey:
    """The key that signs the journal's checkpoints. Raises HomeError when it is missing or damaged."""
    try:
        key = serialization.load_pem_private_key(home.signing_key_file.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise HomeError(
            f"Không đọc được khóa ký {home.signing_key_file} / cannot read the key {home.signing_key_file}"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise HomeError(
            f"{home.signing_key_file} không phải khóa Ed25519 / {home.signing_key_file} is not an Ed25519 key"
        )
    return key


def is_demonstration(home: Home) -> bool:
    """True for a city of made-up people. A damaged record does not say so; its reader will complain of it."""
    try:
        return bool(home.record().get("demo"))
    except HomeError:
        return False


def django_secret(home: Home) -> str:
    """Django's secret of this home; a passing one where there is no home yet."""
    try:
        return home.secret_file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(64)


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _keep_secret(path: Path, make: Any) -> None:
    if path.exists():
        return
    # A draft first: a secret cut short by a full disk would be taken for a whole one the next time.
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_FILE)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(make())
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
