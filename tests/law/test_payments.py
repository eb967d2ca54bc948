"""References that check themselves, the states of a payment, and how money that came in is shared out."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.law import payments as p

numbers = st.integers(1, 31**7 - 1)


@given(numbers, numbers)
def test_no_two_notices_share_a_reference(one: int, other: int) -> None:
    assert (p.reference(one) == p.reference(other)) == (one == other)


def test_neighbours_look_nothing_alike() -> None:
    alike = [
        sum(a == b for a, b in zip(p.reference(n)[2:], p.reference(n + 1)[2:], strict=True)) for n in range(1, 300)
    ]
    assert max(alike) <= 4


@given(numbers, st.data())
def test_one_wrong_letter_is_noticed(number: int, data: st.DataObject) -> None:
    right = p.reference(number)
    at = data.draw(st.integers(2, len(right) - 1))
    wrong = data.draw(st.sampled_from([each for each in p.LETTERS if each != right[at]]))
    assert p.as_reference(right[:at] + wrong + right[at + 1 :]) is None


@given(numbers, st.data())
def test_two_letters_exchanged_are_noticed(number: int, data: st.DataObject) -> None:
    right = list(p.reference(number))
    one, other = data.draw(st.integers(2, 9)), data.draw(st.integers(2, 9))
    swapped = right.copy()
    swapped[one], swapped[other] = right[other], right[one]
    if swapped != right:
        assert p.as_reference("".join(swapped)) is None


@given(numbers)
def test_a_reference_is_known_however_it_is_typed(number: int) -> None:
    right = p.reference(number)
    typed = right[:2] + right[2:].replace("0", "o").replace("1", "l").replace("5", "s").replace("V", "u")
    assert p.as_reference(f" {typed[:4].lower()} {typed[4:]}") == right


@given(numbers, st.text(max_size=20), st.text(max_size=20))
def test_a_reference_is_found_in_what_a_bank_hands_on(number: int, before: str, after: str) -> None:
    right = p.reference(number)
    assert right in p.references_in(f"{before} {right} {after}")
    assert right in p.references_in(f"MBVCB.1234.{right}.CT tu 00123 NGUYEN VAN AN")
    assert right in p.references_in(f"{right[:5]} {right[5:]} le phi")


@given(st.text(max_size=60))
def test_a_purpose_is_what_banks_take(text: str) -> None:
    plain = p.purpose(text)
    assert plain.isascii()
    assert len(plain) <= 25
    assert plain == plain.strip()
    assert p.purpose("Lệ phí cấp giấy phép xây dựng nhà ở") == "LE PHI CAP GIAY PHEP XAY"


def test_every_step_not_listed_is_forbidden() -> None:
    """All sixty-four pairs: whatever is not in the list, a payment cannot do."""
    allowed = {pair for pair in product(p.STATES, p.STATES) if p.may_become(*pair)}
    assert allowed == set(p.ALLOWED)
    # Nothing that was paid is unpaid again, nothing comes back to the beginning, nothing leaves the end.
    assert all(after in p.PAID for before, after in allowed if before in p.PAID)
    assert not any(after == "created" for _, after in allowed)
    assert not any(before == "refunded" for before, _ in allowed)
    assert not any(after in ("refunded", "partly_refunded") for before, after in allowed if before not in p.PAID)
    # From wherever it still may go on, money that arrives is taken.
    assert all((state, "succeeded") in allowed for state in p.STATES if state not in p.PAID)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.booleans())
def test_not_one_dong_appears_or_is_lost(amount: int, owed: int, held: int, ended: bool) -> None:
    shared = p.share(amount, owed, held, ended=ended)
    assert shared.paid + shared.held + shared.back == amount + held
    assert min(shared.paid, shared.held, shared.back) >= 0
    assert shared.paid in (0, owed)
    assert not (shared.held and (shared.paid or shared.back))


@pytest.mark.parametrize(
    ("amount", "owed", "held", "ended", "shared"),
    [
        (75_000, 75_000, 0, False, p.Sharing(paid=75_000)),
        (70_000, 75_000, 0, False, p.Sharing(held=70_000, difference="short")),
        (5_000, 75_000, 70_000, False, p.Sharing(paid=75_000)),
        (9_000, 75_000, 70_000, False, p.Sharing(paid=75_000, back=4_000, difference="over")),
        (80_000, 75_000, 0, False, p.Sharing(paid=75_000, back=5_000, difference="over")),
        (75_000, 0, 0, False, p.Sharing(back=75_000, difference="twice")),
        (75_000, 75_000, 10_000, True, p.Sharing(back=85_000, difference="ended")),
    ],
)
def test_part_over_and_late_payments(amount: int, owed: int, held: int, ended: bool, shared: p.Sharing) -> None:
    assert p.share(amount, owed, held, ended=ended) == shared


@pytest.mark.parametrize("wrong", [(0, 1, 0), (-1, 1, 0), (1, -1, 0), (1, 1, -1)])
def test_amounts_that_cannot_be_are_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        p.share(*wrong)
