"""Which key signs for which agency: PKCS #12 files, PKCS #11 tokens, or the demonstration authority.

`signing.toml` in the city's folder of keys says so. Where it names nothing for an agency and the demonstration
authority exists, that one issues. Files that others can read are refused. Who used a key when is kept by
`issuing`.
"""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from motcua.law.working_time import CITY_ZONE
from motcua.papers.results import timestamps
from motcua.papers.results.certificates import DemoAuthority

CONFIGURATION = "signing.toml"


class NoKeyError(Exception):
    """No key can sign now; the message says why, for an operator. The work waits."""


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One key. `agency` is an agency's code or `*`; `official` narrows it to one person's acts (their username)."""

    agency: str
    kind: Literal["pkcs12", "pkcs11"]
    official: str = ""
    file: str = ""
    passphrase_file: str = ""
    module: str = ""
    token: str = ""
    pin_file: str = ""
    key_label: str = ""
    certificate_label: str = ""


class Stamping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The time-stamp authority: its address and how long it is waited for."""

    url: str
    seconds: float = timestamps.SECONDS_TO_ANSWER


class Configuration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `signing.toml` says. `trust` names PEM files of roots, relative to the folder; `since` is the hour from
    which results are signed.
    """

    since: datetime | None = None
    key: tuple[Key, ...] = ()
    timestamp: Stamping | None = None
    trust: tuple[str, ...] = ()


class Ready(msgspec.Struct, frozen=True):
    """A key opened for signing, and what is needed around it."""

    signer: Signer
    certificate: asn1.Certificate
    is_demo: bool

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate."""
        return str(self.certificate.sha256.hex())

    @property
    def name(self) -> str:
        """To whom the certificate was issued."""
        return str(self.certificate.subject.native.get("common_name", ""))


class _WarmSigner(SimpleSigner):
    """Signs with an RSA key without proving each time that it is one: the file was opened a moment ago."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        key = load_der_private_key(self.signing_key.dump(), None, unsafe_skip_rsa_key_validation=True)
        named = self.get_signature_mechanism_for_digest(digest_algorithm).signature_algo
        if not isinstance(key, RSAPrivateKey) or named != "rsassa_pkcs1v15":
            return super().sign_raw(data, digest_algorithm)
        return key.sign(data, PKCS1v15(), get_pyca_cryptography_hash(digest_algorithm))


class KeyRing:
    """The keys of one city, in its folder `keys/signing`."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder = folder
        self.demo = DemoAuthority(folder / "demo", address)

    def configuration(self) -> Configuration:
        """What `signing.toml` says; empty without one. Raises NoKeyError when it cannot be read."""
        path = self.folder / CONFIGURATION
        try:
            return msgspec.toml.decode(path.read_bytes(), type=Configuration)
        except FileNotFoundError:
            return Configuration()
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            raise NoKeyError(f"{path} không đọc được / cannot be read: {error}") from error

    def since(self) -> datetime | None:
        """From when on results are signed: as configured, otherwise since the demonstration authority was made.

        None while signing was not set up. Raises NoKeyError when the configuration cannot be read: whoever asks then
        waits, instead of passing results by.
        """
        named = self.configuration().since
        if named is not None:
            return named if named.tzinfo is not None else named.replace(tzinfo=CITY_ZONE)
        return self.demo.made_at if self.demo.exists else None

    def choose(self, agency: str, official: str = "") -> Key | None:
        """The key that is named for this agency: the official's own first, then the agency's, then any agency's."""
        named = [key for key in self.configuration().key if key.agency in (agency, "*")]
        fitting = [key for key in named if key.official in ("", official)]
        fitting.sort(key=lambda key: (not key.official, key.agency == "*"))
        return fitting[0] if fitting else None

    @contextmanager
    def opened(self, agency: str, name: str, official: str = "") -> Iterator[Ready]:
        """The key that signs for `agency` (its code; `name` is printed in a demonstration certificate).

        Raises NoKeyError when there is none, when it cannot be opened, or when its certificate is not valid now.
        """
        key = self.choose(agency, official)
        if key is not None and key.kind == "pkcs11":
            with self._token(key) as ready:
                yield _valid(ready)
            return
        if key is not None:
            yield _valid(self._from_file(self.folder / key.file, self._secret(key.passphrase_file), is_demo=False))
        elif self.demo.exists:
            yield _valid(self._from_file(self.demo.p12_of(agency, name), self.demo.passphrase, is_demo=True))
        else:
            raise NoKeyError(
                f"Chưa có khóa ký cho {agency}: khai báo trong {CONFIGURATION} hoặc chạy motcua signing demo-authority"
                f" / no key signs for {agency}: name one in {CONFIGURATION} or run motcua signing demo-authority"
            )

    def timestamper(self) -> TimeStamper:
        """Who stamps the time: the configured authority, otherwise the demonstration's own.

        Raises NoKeyError when there is neither.
        """
        named = self.configuration().timestamp
        if named is not None:
            return timestamps.remote(named.url, named.seconds)
        if not self.demo.exists:
            raise NoKeyError("Chưa có máy chủ dấu thời gian / no time-stamp authority is configured")
        return timestamps.local(*self.demo.tsa())

    def roots(self) -> list[bytes]:
        """The certificates (DER) that signatures are trusted back to. A demonstration's root is one of them only
        where the city made one. Raises NoKeyError when a named file cannot be read."""
        found = []
        for name in self.configuration().trust:
            try:
                pem = (self.folder / name).read_bytes()
                found += [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem)]
            except (OSError, ValueError) as error:
                raise NoKeyError(f"{self.folder / name}: {error}") from error
        if self.demo.exists:
            found.append(self.demo.root.public_bytes(Encoding.DER))
        return found

    def _secret(self, name: str) -> bytes:
        return _private(self.folder / name).read_bytes().strip() if name else b""

    def _from_file(self, path: Path, passphrase: bytes, *, is_demo: bool) -> Ready:
        try:
            signer = _WarmSigner.load_pkcs12_data(_private(path).read_bytes(), (), passphrase or None)
        except (OSError, ValueError) as error:
            raise NoKeyError(f"{path}: {error}") from error
        if signer is None or signer.signing_cert is None:
            raise NoKeyError(f"{path}: không mở được, sai mật khẩu? / cannot be opened, wrong passphrase?")
        return Ready(signer, signer.signing_cert, is_demo)

    @contextmanager
    def _token(self, key: Key) -> Iterator[Ready]:
        try:
            from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
            from pyhanko.sign.pkcs11 import PKCS11SigningContext
        except ImportError as error:
            raise NoKeyError(
                "Ký bằng thiết bị cần thư viện python-pkcs11: cài thêm rồi thử lại"
                " / signing by a token needs the library python-pkcs11: install it and try again"
            ) from error
        import pkcs11  # type: ignore[import-not-found]

        named = PKCS11SignatureConfig(
            module_path=key.module,
            token_criteria=TokenCriteria(label=key.token) if key.token else None,
            cert_label=key.certificate_label or key.key_label,
            key_label=key.key_label or None,
            user_pin=self._secret(key.pin_file).decode() or None,
        )
        try:
            with PKCS11SigningContext(named) as signer:
                if signer.signing_cert is None:
                    raise NoKeyError(f"{key.token}: không có chứng thư / no certificate on the token")
                yield Ready(signer, signer.signing_cert, is_demo=False)
        except pkcs11.PKCS11Error as error:
            raise NoKeyError(f"{key.token or key.module}: {type(error).__name__} {error}") from error


def _private(path: Path) -> Path:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise NoKeyError(f"{path}: người khác đọc được; đặt quyền 0600 / others can read it; give it the mode 0600")
    return path


def _valid(ready: Ready) -> Ready:
    moment = datetime.now(UTC)
    if not ready.certificate.not_valid_before <= moment <= ready.certificate.not_valid_after:
        raise NoKeyError(
            f"Chứng thư của {ready.name} hết hạn {ready.certificate.not_valid_after:%d/%m/%Y}: chưa ký, chờ chứng thư"
            f" mới / the certificate ran out; nothing was signed, the work waits for a new one"
        )
    return ready
