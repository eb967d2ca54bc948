"""What a PDF itself says: its signatures, whether they are whole and cover everything, and who stands behind them.

Pure: bytes and roots in, a `Finding` out. Needs no Django, so that `bounded` can run it in a process of its own
for files from outside. What the city has on record about a file is left to `checking`.
"""

import asyncio
import io
import logging
import sys
from datetime import UTC, datetime, timedelta

import msgspec
import pikepdf
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

MARK = "motcua-ket-qua:"
# A result has one; a file with hundreds is there to keep us busy.
MOST_SIGNATURES = 8
_ACTIVE = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData")


class Signature(msgspec.Struct, frozen=True):
    """One signature: by whom, and what holds of it. `stamped_at` is a time-stamp authority's word, None without."""

    signer: str
    organisation: str
    fingerprint: str
    serial: str
    intact: bool
    whole: bool
    trusted: bool
    complete: bool
    stamped_at: datetime | None = None
    revoked_at: datetime | None = None
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Intact, over the whole file, trusted, time-stamped, with all that is needed to check it later."""
        return self.intact and self.whole and self.trusted and self.complete and self.stamped_at is not None


class Finding(msgspec.Struct, frozen=True):
    """What was found. `token` is what the file says it is, which anybody can write; `problem` why it is unreadable."""

    readable: bool
    signatures: tuple[Signature, ...] = ()
    pages: int = 0
    is_archival: bool = False
    is_active: bool = False
    token: str = ""
    problem: str = ""


def examine(pdf: bytes, roots: list[bytes], lists: list[bytes] | None = None) -> Finding:
    """Reads `pdf`, trusting back to `roots` (DER); `lists` are CRLs newer than what the file carries.

    Never raises for anything in the file.
    """
    try:
        pages, archival, active, token = _structure(pdf)
    except Exception as error:
        return Finding(readable=False, problem=type(error).__name__)
    found: list[Signature] = []
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        for embedded in list(reader.embedded_regular_signatures)[:MOST_SIGNATURES]:
            found.append(_signature(embedded, reader, roots, lists or []))
    except Exception as error:
        return Finding(True, tuple(found), pages, archival, active, token, type(error).__name__)
    return Finding(True, tuple(found), pages, archival, active, token)


def _structure(pdf: bytes) -> tuple[int, bool, bool, str]:
    """Pages, whether the marks of PDF/A-2b are there, whether something in it acts by itself, and its token."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root
        archival = "/OutputIntents" in root and not opened.is_encrypted
        text = bytes(root.Metadata.read_bytes()[: 1 << 20]).decode("utf-8", "replace") if "/Metadata" in root else ""
        compact = text.replace(" ", "").replace("'", '"')
        archival = archival and (
            ("<pdfaid:part>2<" in compact and "<pdfaid:conformance>B<" in compact)
            or ('pdfaid:part="2"' in compact and 'pdfaid:conformance="B"' in compact)
        )
        names = root.get("/Names")
        active = "/OpenAction" in root or "/AA" in root or (names is not None and "/JavaScript" in names)
        active = active or any(mark.encode() in pdf for mark in _ACTIVE)
        token = ""
        if MARK in text:
            token = _leading(text.split(MARK, 1)[1][:64])
        return len(opened.pages), archival, active, token


def _leading(text: str) -> str:
    kept = ""
    for letter in text:
        if not (letter.isascii() and (letter.isalnum() or letter in "-_")):
            break
        kept += letter
    return kept[:40]


def _signature(
    embedded: EmbeddedPdfSignature, reader: PdfFileReader, roots: list[bytes], lists: list[bytes]
) -> Signature:
    certificate = embedded.signer_cert
    subject = certificate.subject.native
    moment = _gen_time(embedded)
    context, complete = _context(reader, roots, moment)
    problem, status = "", None
    try:
        status = asyncio.run(async_validate_pdf_signature(embedded, context, ts_validation_context=context))
    except (SignatureValidationError, ValueError, PdfError) as error:
        problem = str(error)[:200]
    revoked_at = _revoked_at(certificate, lists)
    stamped = _is_stamped(status)
    trusted = status is not None and status.trusted and status.docmdp_ok is not False
    if revoked_at is not None and (moment is None or not stamped or revoked_at <= moment):
        trusted, problem = False, problem or "revoked before the signature"
    return Signature(
        signer=str(subject.get("common_name", ""))[:200],
        organisation=str(subject.get("organization_name", ""))[:200],
        fingerprint=certificate.sha256.hex(),
        serial=f"{certificate.serial_number:x}",
        intact=bool(status and status.intact and status.valid),
        whole=bool(status and status.coverage == SignatureCoverageLevel.ENTIRE_FILE),
        trusted=bool(trusted),
        complete=complete,
        stamped_at=moment if stamped else None,
        revoked_at=revoked_at,
        problem=problem or _trouble(status),
    )


def _gen_time(embedded: EmbeddedPdfSignature) -> datetime | None:
    """What the time-stamp says, before it is believed; None without one."""
    for attribute in embedded.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]
            moment = token["encap_content_info"]["content"].parsed["gen_time"].native
            return moment if isinstance(moment, datetime) else None
    return None


def _context(reader: PdfFileReader, roots: list[bytes], moment: datetime | None) -> tuple[ValidationContext, bool]:
    """The file's own revocation data, judged as of the time-stamp; whether it carries any."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
        crls = [asn1_crl.CertificateList.load(each.get_object().data) for each in store.crls]
        answers = [asn1_ocsp.OCSPResponse.load(each.get_object().data) for each in store.ocsps]
        others = list(store.load_certs())
    except (NoDSSFoundError, ValidationInfoReadingError, ValueError, PdfError):
        crls, answers, others = [], [], []
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(each) for each in roots],
        other_certs=others,
        moment=moment or datetime.now(UTC),
        crls=crls,
        ocsps=answers,
        revocation_mode="require",
        time_tolerance=timedelta(minutes=2),
    )
    return context, bool(crls or answers)


def _is_stamped(status: PdfSignatureStatus | None) -> bool:
    validity = status.timestamp_validity if status is not None else None
    return validity is not None and validity.valid and validity.intact and validity.trusted


def _trouble(status: PdfSignatureStatus | None) -> str:
    if status is None or status.trust_problem_indic is None:
        return ""
    return str(status.trust_problem_indic)


def _revoked_at(certificate: asn1.Certificate, lists: list[bytes]) -> datetime | None:
    for each in lists:
        try:
            listed = asn1_crl.CertificateList.load(each)
            if listed.issuer != certificate.issuer:
                continue
            for entry in listed["tbs_cert_list"]["revoked_certificates"] or ():
                if entry["user_certificate"].native == certificate.serial_number:
                    moment: datetime = entry["revocation_date"].native
                    return moment
        except (ValueError, TypeError):
            continue
    return None


def main() -> None:
    """Examines the file named first; roots and lists follow, each `r:` or `c:` and a path. Prints the finding."""
    from motcua.papers.results.bounded import limit_myself

    logging.disable(logging.CRITICAL)
    limit_myself()
    roots: list[bytes] = []
    lists: list[bytes] = []
    for named in sys.argv[2:]:
        with open(named[2:], "rb") as stream:
            (roots if named.startswith("r:") else lists).append(stream.read())
    with open(sys.argv[1], "rb") as stream:
        found = examine(stream.read(), roots, lists)
    sys.stdout.buffer.write(msgspec.json.encode(found))


if __name__ == "__main__":
    main()
