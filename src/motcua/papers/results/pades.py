"""From a PDF to a signed one: PAdES B-LT in one revision, with a visible block, a time-stamp and all that a reader
needs to check it later.

The revocation data lie in the same revision as the signature, so that it covers the whole file and nothing may be
added to it. Which key signs is left to `keys`, what the block shows to `layout`, checking to `examine`.
"""

import io
from datetime import UTC, datetime, timedelta

import msgspec
from asn1crypto import x509 as asn1
from cryptography import x509
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    InvalidCertificateError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

from motcua.papers.results.keys import KeyRing, Ready

FIELD = "KetQua"
SECONDS_TO_FETCH = 10
_FAILURES = (
    SigningError, TimestampRequestError, PdfError, ValidationError, PathValidationError, PathBuildingError,
    InvalidCertificateError, RevokedError, OSError, ValueError,
)  # fmt: skip


class NotSignedError(Exception):
    """The file was not signed; the message says why, for an operator. `waits` is True when it may work later."""


class Place(msgspec.Struct, frozen=True):
    """Where the visible block stands: page from 0, and a box in points from the lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


class _Block(ImportedPdfPage):
    """The block's picture: the only page of a PDF held in memory."""

    def __init__(self, content: bytes) -> None:
        super().__init__("")  # type: ignore[no-untyped-call]
        self._content = content

    def render(self) -> bytes:
        reader = PdfFileReader(io.BytesIO(self._content))
        imported = self._ensure_writer.import_page_as_xobject(reader)
        self.resources.xobject["/Khoi"] = imported
        left, bottom, right, top = imported.get_object()["/BBox"]
        self.box.width, self.box.height = int(abs(right - left)), int(abs(top - bottom))
        return b"/Khoi Do"


def sign(
    pdf: bytes, ready: Ready, ring: KeyRing, stamper: TimeStamper, block: bytes, place: Place, agency: str
) -> bytes:
    """The signed file. May wait for the time-stamp authority and, outside a demonstration, for the certificate
    authority: hold no connection.

    Raises NotSignedError, with nothing made: a certificate that was revoked or is trusted by nobody, an authority
    that does not answer, a file that cannot be signed.
    """
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=True,
        validation_context=trust(ring, ready),
        signer_key_usage={"non_repudiation"},
        name=agency,
        location="Hà Nội",
        reason="Ban hành kết quả giải quyết thủ tục hành chính",
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )
    box = (round(place.left), round(place.bottom), round(place.right), round(place.top))
    style = StaticStampStyle(
        background=_Block(block),
        border_width=0,
        background_layout=SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins(0, 0, 0, 0)),
    )
    signer = PdfSigner(
        meta,
        ready.signer,
        timestamper=stamper,
        stamp_style=style,
        new_field_spec=SigFieldSpec(FIELD, on_page=place.page, box=box),
    )
    made = io.BytesIO()
    try:
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=made)
    except _FAILURES as error:
        raise NotSignedError(_why(error)) from error
    return made.getvalue()


def _why(error: BaseException) -> str:
    """What lies behind it, in words where it is a revoked certificate or a silent authority."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, RevokedError):
            return f"Chứng thư đã bị thu hồi / the certificate was revoked: {at}"
        if isinstance(at, TimestampRequestError):
            return f"Máy chủ dấu thời gian không trả lời / no time-stamp: {at}"
        at = at.__cause__ or at.__context__
    return f"{type(error).__name__}: {error}"


def trust(ring: KeyRing, ready: Ready | None = None) -> ValidationContext:
    """What signatures made here are trusted back to, with fresh revocation data.

    The demonstration's own data are at hand; those of another authority are fetched from where its certificates
    say, within a time limit.
    """
    roots = [asn1.Certificate.load(each) for each in ring.roots()]
    lists, answers = [], []
    if ring.demo.exists:
        lists.append(ring.demo.crl())
        stamp, _key = ring.demo.tsa()
        answers.append(ring.demo.ocsp_about(x509.load_der_x509_certificate(stamp)))
        if ready is not None and ready.is_demo:
            answers.append(ring.demo.ocsp_about(x509.load_der_x509_certificate(ready.certificate.dump())))
    # The demonstration's certificates name an address of this very city, which may not be up yet.
    elsewhere = ready is not None and not ready.is_demo
    backend = RequestsFetcherBackend(per_request_timeout=SECONDS_TO_FETCH) if elsewhere else None
    return ValidationContext(
        trust_roots=roots,
        allow_fetching=elsewhere,
        fetcher_backend=backend,
        crls=lists,
        ocsps=answers,
        revocation_mode="require" if not elsewhere else "hard-fail",
        time_tolerance=timedelta(seconds=30),
    )


def moment_of_signing() -> datetime:
    """The hour the block shows: the server's, before the time-stamp authority is asked."""
    return datetime.now(UTC)
