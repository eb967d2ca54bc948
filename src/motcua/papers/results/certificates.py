"""The DEMONSTRATION authority: a root, certificates for the agencies, their revocation, a time-stamp certificate.

It exists so that a city can be shown, tested and learnt on with signatures that are whole in every technical
respect. It has no legal force, every certificate of it says so, and a city in service uses the certificates of a
licensed authority instead (`keys.py`, signing.toml). Signing itself is left to `pades`.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, LOCK_UN, flock
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

MARK = "MINH HỌA - không có giá trị pháp lý"
ROOT_NAME = "Một Cửa, gốc chứng thực minh họa"
STAMP_NAME = "Một Cửa, dấu thời gian minh họa"
ROOT_PATH, CRL_PATH, OCSP_PATH = "/chung-thu/goc.crt", "/chung-thu/thu-hoi.crl", "/chung-thu/ocsp"
SECRET = 0o600
PRIVATE = 0o700
# A CRL is made anew whenever it is asked for; readers may keep it for so long.
CRL_LIFE = timedelta(days=1)
OCSP_LIFE = timedelta(hours=12)
SIGNER_LIFE = timedelta(days=3 * 365)
ROOT_LIFE = timedelta(days=15 * 365)
# Clocks of readers run a little behind.
BEFORE = timedelta(minutes=5)
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


class DemoAuthority:
    """The authority in one folder. Nothing exists until `create`; what exists is left as it is."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder = folder
        self._address = address

    @property
    def exists(self) -> bool:
        """True once the authority was made whole."""
        return (self.folder / "issued.json").exists()

    @property
    def passphrase(self) -> bytes:
        """What opens the PKCS #12 files."""
        return (self.folder / "passphrase").read_bytes()

    @property
    def made_at(self) -> datetime:
        """When the authority was made."""
        return self.root.not_valid_before_utc + BEFORE

    @property
    def root(self) -> x509.Certificate:
        """The root's certificate."""
        return x509.load_pem_x509_certificate((self.folder / "root.pem").read_bytes())

    def create(self) -> bool:
        """Makes root, revocation and time-stamp certificates; False when they were there already."""
        self.folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        with self._locked():
            if self.exists:
                return False
            key = rsa.generate_private_key(65537, 3072)
            name = _name(ROOT_NAME)
            root = (
                _begin(name, name, key.public_key(), ROOT_LIFE)
                .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
                .sign(key, SHA256())
            )
            keep_secret(self.folder / "root-key.pem", _pem(key))
            (self.folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
            keep_secret(self.folder / "passphrase", secrets.token_urlsafe(24).encode())
            (self.folder / "address").write_text(self._address, encoding="ascii")
            self._make_service("ocsp", "Một Cửa, trả lời thu hồi minh họa", ExtendedKeyUsageOID.OCSP_SIGNING)
            self._make_service("tsa", STAMP_NAME, ExtendedKeyUsageOID.TIME_STAMPING)
            self._record({})
        return True

    def p12_of(self, agency: str, name: str) -> Path:
        """The key file of an agency; issued now when there is none, or when the last one was revoked or ran out."""
        path = self.folder / f"{_plain(agency)}.p12"
        with self._locked():
            issued = self.issued()
            standing = [
                each
                for each in issued.values()
                if each["agency"] == agency and not each["revoked"] and datetime.fromisoformat(each["until"]) > _now()
            ]
            if path.exists() and standing:
                return path
            key = rsa.generate_private_key(65537, 2048)
            made = self._issue(
                _begin(_name(name), self.root.subject, key.public_key(), SIGNER_LIFE)
                .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
                .add_extension(
                    x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
                )
            )
            sealed = pkcs12.serialize_key_and_certificates(
                name.encode(), key, made, [self.root], BestAvailableEncryption(self.passphrase)
            )
            issued[f"{made.serial_number:x}"] = {
                "agency": agency, "name": name, "until": made.not_valid_after_utc.isoformat(), "revoked": "",
            }  # fmt: skip
            keep_secret(path, sealed)
            self._record(issued)
        return path

    def issued(self) -> dict[str, dict[str, Any]]:
        """Every certificate issued to an agency, by serial number in hexadecimal."""
        found: dict[str, dict[str, Any]] = json.loads((self.folder / "issued.json").read_text(encoding="utf-8"))
        return found

    def revoke(self, serial: str) -> bool:
        """Declares a certificate worthless from now on; False when there is none of this serial or it was before."""
        with self._locked():
            issued = self.issued()
            entry = issued.get(serial.lower())
            if entry is None or entry["revoked"]:
                return False
            entry["revoked"] = _now().isoformat()
            self._record(issued)
        return True

    def crl(self) -> bytes:
        """The list of revoked certificates as of now (DER)."""
        moment = _now()
        listed = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(moment)
            .next_update(moment + CRL_LIFE)
            .add_extension(x509.CRLNumber(int(moment.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.public_key()),  # type: ignore[arg-type]
                critical=False,
            )
        )
        for serial, entry in self.issued().items():
            if entry["revoked"]:
                listed = listed.add_revoked_certificate(
                    x509.RevokedCertificateBuilder()
                    .serial_number(int(serial, 16))
                    .revocation_date(datetime.fromisoformat(entry["revoked"]))
                    .build()
                )
        return listed.sign(self._key("root"), SHA256()).public_bytes(Encoding.DER)

    def ocsp(self, asked: bytes) -> bytes:
        """The answer to a question about one certificate (RFC 6960, DER). Never raises on a malformed question."""
        try:
            request = ocsp.load_der_ocsp_request(asked)
            serial, algorithm = request.serial_number, request.hash_algorithm
            ours = ocsp.OCSPRequestBuilder().add_certificate(self.root, self.root, algorithm).build()
            if (request.issuer_key_hash, request.issuer_name_hash) != (ours.issuer_key_hash, ours.issuer_name_hash):
                return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        except (ValueError, TypeError):
            return _unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        entry = self.issued().get(f"{serial:x}")
        services = [self._certificate(name).serial_number for name in ("tsa", "ocsp")]
        if entry is None and serial not in services:
            return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        revoked = datetime.fromisoformat(entry["revoked"]) if entry and entry["revoked"] else None
        moment = _now()
        answer = ocsp.OCSPResponseBuilder().add_response_by_hash(
            request.issuer_name_hash, request.issuer_key_hash, serial, algorithm,
            ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            moment, moment + OCSP_LIFE, revoked, None,
        )  # fmt: skip
        responder = self._certificate("ocsp")
        answer = answer.responder_id(ocsp.OCSPResponderEncoding.HASH, responder).certificates([responder])
        for extension in request.extensions:
            if isinstance(extension.value, x509.OCSPNonce):
                answer = answer.add_extension(extension.value, critical=False)
        return answer.sign(self._key("ocsp"), SHA256()).public_bytes(Encoding.DER)

    def ocsp_about(self, certificate: x509.Certificate) -> bytes:
        """What `ocsp` would answer about one of our certificates."""
        question = ocsp.OCSPRequestBuilder().add_certificate(certificate, self.root, SHA256()).build()
        return self.ocsp(question.public_bytes(Encoding.DER))

    def tsa(self) -> tuple[bytes, bytes]:
        """Certificate and key of the time-stamp authority (DER, PKCS #8)."""
        key = self._key("tsa")
        return (
            self._certificate("tsa").public_bytes(Encoding.DER),
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        )

    def _make_service(self, name: str, title: str, purpose: x509.ObjectIdentifier) -> None:
        key = rsa.generate_private_key(65537, 2048)
        begun = (
            _begin(_name(title), self.root.subject, key.public_key(), ROOT_LIFE)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        )
        if name == "ocsp":
            begun = begun.add_extension(x509.OCSPNoCheck(), critical=False)
        keep_secret(self.folder / f"{name}-key.pem", _pem(key))
        (self.folder / f"{name}.pem").write_bytes(self._issue(begun).public_bytes(Encoding.PEM))

    def _issue(self, begun: x509.CertificateBuilder) -> x509.Certificate:
        address = (self.folder / "address").read_text(encoding="ascii")
        about = [
            (AuthorityInformationAccessOID.OCSP, f"{address}{OCSP_PATH}"),
            (AuthorityInformationAccessOID.CA_ISSUERS, f"{address}{ROOT_PATH}"),
        ]
        listed = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{address}{CRL_PATH}")], None, None, None)
        return (
            begun.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.public_key()),  # type: ignore[arg-type]
                critical=False,
            )
            .add_extension(
                x509.AuthorityInformationAccess(
                    [x509.AccessDescription(kind, x509.UniformResourceIdentifier(place)) for kind, place in about]
                ),
                critical=False,
            )
            .add_extension(x509.CRLDistributionPoints([listed]), critical=False)
            .sign(self._key("root"), SHA256())
        )

    def _certificate(self, name: str) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.folder / f"{name}.pem").read_bytes())

    def _key(self, name: str) -> rsa.RSAPrivateKey:
        path = self.folder / f"{name}-key.pem"
        return _opened(path, path.stat().st_mtime_ns)

    def _record(self, issued: dict[str, dict[str, Any]]) -> None:
        draft = self.folder / "issued.draft"
        draft.write_text(json.dumps(issued, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(self.folder / "issued.json")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / ".lock").open("a") as handle:
            flock(handle, LOCK_EX)
            try:
                yield
            finally:
                flock(handle, LOCK_UN)


@lru_cache(maxsize=16)
def _opened(path: Path, _written: int) -> rsa.RSAPrivateKey:
    """A key of ours as it was written; proving again that its primes are such would cost more than signing."""
    key = load_pem_private_key(path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path.name} is not an RSA key")
    return key


def keep_secret(path: Path, content: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    draft = path.with_suffix(f".{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def _begin(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, life: timedelta) -> x509.CertificateBuilder:
    moment = _now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - BEFORE)
        .not_valid_after(moment + life)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(common)),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, _fitting(common)),
        ]
    )


def _fitting(text: str) -> str:
    """At most 64 bytes, as X.520 has it, without a broken letter."""
    return text.encode()[:64].decode(errors="ignore").strip() or "-"


def _usage(**allowed: bool) -> x509.KeyUsage:
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in every})


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _plain(agency: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in agency) or "-"


def _unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
