"""VietQR: the published checksums, reading back what was written, and what an altered code is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.vietqr import NotVietQRError, VietQR, build, crc16, parse

CARD = "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN6304"
ACCOUNT = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN6304"
# As our collection of facts has it: its inner length says 12 for thirteen digits, so it has a checksum but no reading.
MISPRINTED = ACCOUNT.replace("01130011", "01120011")

ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=25)
codes = st.builds(
    VietQR,
    bin=st.from_regex(r"[0-9]{6}", fullmatch=True),
    account=st.from_regex(r"[0-9A-Za-z]{1,19}", fullmatch=True),
    amount=st.none() | st.integers(1, 10**13 - 1),
    once=st.booleans(),
    kind=st.sampled_from(["account", "card"]),
    bill=ascii_text,
    purpose=ascii_text,
)


@pytest.mark.parametrize(
    ("text", "crc"), [("123456789", 0x29B1), (MISPRINTED, 0xF4E5), (CARD, 0x4F52), (ACCOUNT, 0x9E6F)]
)
def test_the_published_checksums_hold(text: str, crc: int) -> None:
    assert crc16(text.encode()) == crc


def test_a_static_code_is_written_as_published() -> None:
    assert build(VietQR("970403", "0011012345678")) == ACCOUNT + "9E6F"
    assert build(VietQR("970403", "9704031101234567", kind="card")) == CARD + "4F52"


def test_a_length_that_lies_is_refused_though_its_checksum_holds() -> None:
    with pytest.raises(NotVietQRError):
        parse(MISPRINTED + "F4E5")


@given(codes)
def test_what_is_written_is_read_back(code: VietQR) -> None:
    assert parse(build(code)) == code


@given(codes, st.data())
def test_no_flipped_bit_passes(code: VietQR, data: st.DataObject) -> None:
    """A CRC of sixteen bits finds every single flipped bit, and every burst of up to sixteen."""
    written = bytearray(build(code).encode())
    bit = data.draw(st.integers(0, len(written) * 8 - 1))
    written[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(NotVietQRError):
        parse(written.decode("latin-1"))


@given(codes, st.data())
def test_no_short_burst_of_errors_passes(code: VietQR, data: st.DataObject) -> None:
    written = int.from_bytes(build(code).encode(), "big")
    size = len(build(code))
    burst = data.draw(st.integers(1, 2**15 - 1)) | 1
    altered = written ^ (burst << data.draw(st.integers(0, size * 8 - 16)))
    with pytest.raises(NotVietQRError):
        parse(altered.to_bytes(size, "big").decode("latin-1"))


@given(st.text(max_size=200))
def test_any_other_text_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(NotVietQRError):
        parse(text)


@given(st.lists(st.tuples(st.integers(0, 99), st.text("0123456789AV", max_size=12)), max_size=8))
def test_garbage_with_a_right_checksum_is_refused(fields: list[tuple[int, str]]) -> None:
    body = "".join(f"{tag:02}{len(value):02}{value}" for tag, value in fields) + "6304"
    with pytest.raises(NotVietQRError):
        parse(body + f"{crc16(body.encode()):04X}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"bin": "97040"},
        {"bin": "97040x"},
        {"account": ""},
        {"account": "1" * 20},
        {"account": "12 34"},
        {"amount": 0},
        {"amount": -1},
        {"amount": 10**13},
        {"purpose": "Lệ phí"},
        {"purpose": "x" * 26},
        {"bill": "a\n"},
    ],
)
def test_what_a_bank_would_not_take_is_not_written(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        VietQR(**({"bin": "970403", "account": "1"} | wrong))  # type: ignore[arg-type]
