"""Fees come to the đồng as the circulars say, and every account adds up."""

from decimal import Decimal
from types import SimpleNamespace

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from motcua.law.fees import (
    Exemption,
    Fee,
    FeeInputs,
    Fixed,
    PageTier,
    Percentage,
    PerCopy,
    PerPage,
    charge,
    counts_needed,
    from_acceptance,
    money,
    owed,
    reached,
)
from motcua.law.texts import Text

# Circular 226/2016/TT-BTC, article 4: certified copies.
CERTIFICATION = PerPage((PageTier(1, 2_000), PageTier(3, 1_000)), cap_per_copy=200_000)
# Circular 244/2016/TT-BTC, article 4: criminal records.
CRIMINAL_RECORD = PerCopy(amount=5_000, free_copies=2, base=200_000)
STUDENT = Exemption(
    "student",
    Text("Sinh viên", "Student"),
    proof=Text("Thẻ sinh viên", "Student card"),
    rule=PerCopy(amount=5_000, free_copies=2, base=100_000),
)
POOR = Exemption("poor", Text("Hộ nghèo", "Poor household"), proof=Text("Giấy chứng nhận hộ nghèo"))
IN_TIME = Exemption("in_time", Text("Đăng ký đúng hạn", "Registered in time"))
HALF = Exemption("half", Text("Giảm nửa", "Half"), percent_off=50)


def fee(rule, **more):
    return Fee("the_fee", Text("Phí"), "phi", rule, **more)


@pytest.mark.parametrize(
    ("pages", "copies", "amount"),
    [
        (0, 1, 0), (1, 1, 2_000), (2, 1, 4_000), (3, 1, 5_000), (10, 1, 12_000), (10, 3, 36_000),
        (197, 1, 199_000), (198, 1, 200_000), (199, 1, 200_000), (1000, 1, 200_000), (1000, 4, 800_000), (5, 0, 0),
    ],
)  # fmt: skip
def test_a_certified_copy_by_the_page_of_the_original(pages, copies, amount):
    assert charge(fee(CERTIFICATION), FeeInputs(pages=pages, copies=copies)).amount == amount


@pytest.mark.parametrize(("copies", "amount"), [(1, 200_000), (2, 200_000), (3, 205_000), (5, 215_000)])
def test_a_criminal_record_with_two_copies_in_the_price(copies, amount):
    record = fee(CRIMINAL_RECORD, exemptions=(STUDENT,))
    assert charge(record, FeeInputs(copies=copies)).amount == amount
    student = FeeInputs(copies=copies, exemptions=("student",), proven=("student",))
    assert charge(record, student).amount == amount - 100_000


@pytest.mark.parametrize(
    ("value", "amount"),
    [(0, 0), (99, 0), (100, 1), (299, 1), (300, 2), (1_234_567, 6_173), (2_500_000_000, 12_500_000)],
)
def test_half_a_percent_is_rounded_to_the_nearest_dong_half_up(value, amount):
    registration = fee(Percentage("value", Decimal("0.5")))
    charged = charge(registration, FeeInputs(values={"value": value}))
    assert charged.amount == amount
    assert charged.lines[0].text.vi.startswith("0,5% của")
    assert ("làm tròn" in charged.lines[0].text.vi) == (value % 200 != 0)


def test_a_percentage_keeps_within_its_bounds_and_says_so():
    bounded = fee(Percentage("value", Decimal(2), minimum=50_000, maximum=500_000))
    low, high = (charge(bounded, FeeInputs(values={"value": value})) for value in (1_000_000, 100_000_000))
    assert (low.amount, high.amount) == (50_000, 500_000)
    assert "tối thiểu 50.000 đ" in low.lines[0].text.vi
    assert "at most 500,000 VND" in high.lines[0].text.en


def test_a_percentage_needs_its_field():
    with pytest.raises(KeyError):
        charge(fee(Percentage("value", Decimal(2))), FeeInputs())


def test_an_exemption_holds_only_with_its_proof():
    permit = fee(Fixed(75_000), exemptions=(POOR, IN_TIME, HALF))
    assert charge(permit, FeeInputs()).amount == 75_000
    unproven = charge(permit, FeeInputs(exemptions=("poor",)))
    assert (unproven.amount, unproven.unproven, unproven.exemption) == (75_000, ("poor",), "")
    proven = charge(permit, FeeInputs(exemptions=("poor",), proven=("poor",)))
    assert (proven.amount, proven.unproven, proven.exemption) == (0, (), "poor")
    assert charge(permit, FeeInputs(exemptions=("in_time",))).amount == 0
    assert charge(permit, FeeInputs(proven=("poor",))).amount == 75_000
    assert charge(permit, FeeInputs(exemptions=("made_up",), proven=("made_up",))).amount == 75_000


def test_of_several_exemptions_the_best_for_the_payer_holds():
    permit = fee(Fixed(75_001), exemptions=(HALF, POOR))
    assert charge(permit, FeeInputs(exemptions=("half",))).amount == 37_500
    both = charge(permit, FeeInputs(exemptions=("half", "poor"), proven=("poor",)))
    assert (both.amount, both.exemption) == (0, "poor")
    worse = Exemption("odd", Text("Không lợi"), rule=Fixed(90_000))
    assert charge(fee(Fixed(75_000), exemptions=(worse,)), FeeInputs(exemptions=("odd",))).amount == 75_000


def test_filing_online_may_cost_less():
    business = fee(Fixed(100_000), by_channel={"online": Fixed(0)})
    assert charge(business, FeeInputs(channel="online")).amount == 0
    assert charge(business, FeeInputs(channel="counter")).amount == 100_000
    assert charge(business, FeeInputs(channel="post")).amount == 100_000


def test_a_fee_of_another_case_is_not_due():
    renewal = fee(Fixed(15_000), cases=("renewal",))
    for other in ("new", ""):
        not_due = charge(renewal, FeeInputs(case=other))
        assert (not_due.amount, not_due.lines) == (0, ())
    assert charge(renewal, FeeInputs(case="renewal")).amount == 15_000
    assert charge(fee(Fixed(1)), FeeInputs(case="anything")).amount == 1


def test_an_account_reads_like_an_account():
    charged = charge(fee(CERTIFICATION), FeeInputs(pages=5, copies=2))
    assert [(line.text.vi, line.amount) for line in charged.lines] == [
        ("2 trang từ trang 1 × 2.000 đ × 2 bản", 8_000),
        ("3 trang từ trang 3 × 1.000 đ × 2 bản", 6_000),
    ]
    capped = charge(fee(CERTIFICATION), FeeInputs(pages=300))
    assert (capped.lines[-1].text.vi, capped.lines[-1].amount) == ("Tối đa 200.000 đ mỗi bản", -102_000)
    copies = charge(fee(CRIMINAL_RECORD), FeeInputs(copies=4))
    assert [line.text.vi for line in copies.lines] == ["Mức thu cố định", "2 bản từ bản thứ 3 × 5.000 đ"]
    assert money(1_250_000) == "1.250.000"


amounts = st.integers(0, 10_000_000)
rules = st.one_of(
    st.builds(Fixed, amounts),
    st.builds(PerCopy, amounts, st.integers(0, 5), amounts),
    st.builds(
        lambda starts, prices, cap: PerPage(
            tuple(PageTier(start, price) for start, price in zip([1, *sorted(starts)], prices, strict=False)), cap
        ),
        st.sets(st.integers(2, 300), max_size=3),
        st.lists(amounts, min_size=4, max_size=4),
        st.none() | amounts,
    ),
    st.builds(Percentage, st.just("value"), st.decimals(0, 100, places=3)),
)
inputs = st.builds(
    FeeInputs,
    pages=st.integers(0, 500),
    copies=st.integers(0, 50),
    values=st.fixed_dictionaries({"value": st.integers(0, 10**12)}),
    exemptions=st.sampled_from([(), ("half",), ("poor",), ("half", "poor")]),
    proven=st.sampled_from([(), ("poor",)]),
)


@given(rules, inputs)
def test_the_lines_add_up_and_nobody_pays_less_than_nothing(rule, given_inputs):
    charged = charge(fee(rule, exemptions=(HALF, POOR)), given_inputs)
    assert charged.amount == sum(line.amount for line in charged.lines)
    assert isinstance(charged.amount, int)
    full = charge(fee(rule), given_inputs).amount
    assert 0 <= charged.amount <= full
    assert all(line.text.vi and line.text.en for line in charged.lines)


@given(st.integers(0, 400), st.integers(0, 20))
def test_a_certified_copy_equals_counting_page_by_page(pages, copies):
    one = sum(2_000 if page < 3 else 1_000 for page in range(1, pages + 1))
    charged = charge(fee(CERTIFICATION), FeeInputs(pages=pages, copies=copies))
    assert charged.amount == copies * min(one, 200_000)


@given(st.integers(0, 10**15), st.decimals(0, 100, places=2))
def test_a_percentage_is_never_half_a_dong_off(value, percent):
    amount = charge(fee(Percentage("value", percent)), FeeInputs(values={"value": value})).amount
    assert abs(2 * (amount * 10_000 - value * int(percent * 100))) <= 10_000


WRITTEN = """
id: certification
name: {vi: Phí chứng thực bản sao từ bản chính, en: Fee for certifying copies}
kind: phi
rule:
  kind: per_page
  tiers: [{from_page: 1, amount: 2000}, {from_page: 3, amount: 1000}]
  cap_per_copy: 200000
by_channel:
  online: {kind: percentage, basis: value, percent: 0.5}
exemptions:
  - {id: poor, name: {vi: Hộ nghèo}, proof: {vi: Giấy chứng nhận hộ nghèo}}
timing: before
source: Thông tư 226/2016/TT-BTC, Điều 4
"""


def test_a_fee_is_written_in_a_content_file():
    read = msgspec.convert(yaml.safe_load(WRITTEN), Fee)
    assert read.rule == CERTIFICATION
    assert read.by_channel["online"].percent == Decimal("0.5")
    assert msgspec.json.decode(msgspec.json.encode(read), type=Fee) == read


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("rule", {"kind": "fixed", "amount": -1}),
        ("rule", {"kind": "fixed", "amount": 1.5}),
        ("rule", {"kind": "fixed", "amount": 1, "amonut": 2}),
        ("rule", {"kind": "by_moonlight"}),
        ("rule", {"kind": "per_page", "tiers": []}),
        ("rule", {"kind": "per_page", "tiers": [{"from_page": 2, "amount": 1}]}),
        ("rule", {"kind": "per_page", "tiers": [{"from_page": 1, "amount": 1}, {"from_page": 1, "amount": 2}]}),
        ("rule", {"kind": "per_copy", "amount": 1, "free_copies": -1}),
        ("rule", {"kind": "percentage", "basis": "value", "percent": 101}),
        ("rule", {"kind": "percentage", "basis": "value", "percent": 1, "minimum": 5, "maximum": 4}),
        ("exemptions", [{"id": "a", "name": {"vi": "A"}}, {"id": "a", "name": {"vi": "B"}}]),
        ("exemptions", [{"id": "a", "name": {"vi": "A"}, "percent_off": 0}]),
        ("by_channel", {"pigeon": {"kind": "fixed", "amount": 1}}),
        ("timing", "some day"),
        ("kind", "tax"),
    ],
)
def test_a_mistake_in_a_content_file_is_named(path, wrong):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({**yaml.safe_load(WRITTEN), path: wrong}, Fee)
    assert f"$.{path}" in str(caught.value) or "exemptions" in str(caught.value)


@pytest.mark.parametrize("wrong", [{"pages": -1}, {"copies": -1}, {"values": {"value": -1}}])
def test_negative_counts_are_the_callers_mistake(wrong):
    with pytest.raises(ValueError, match="negative"):
        charge(fee(Fixed(1)), FeeInputs(**wrong))


def named(name, rule, **more):
    return Fee(name, Text("Phí"), "phi", rule, **more)


def test_what_is_owed_is_reckoned_from_form_counts_and_exemptions():
    procedure = SimpleNamespace(
        fees=(
            named("copies", CERTIFICATION),
            named("permit", Fixed(75_000), exemptions=(POOR,)),
            named("later", Fixed(9), timing="on_notice"),
            named("other", Fixed(7), cases=("renew",)),
            named("land", Percentage("value", Decimal("0.5"))),
        ),
        fields=lambda: (),
    )
    assert counts_needed(procedure, "new", "counter") == ("pages", "copies")
    charges = owed(procedure, "new", "counter", {}, {"permit": ["poor"]}, {"permit": ["poor"]}, {"pages": 3})
    assert {each.fee: each.amount for each in charges} == {"copies": 5_000, "permit": 0, "later": 9}
    assert from_acceptance(procedure, charges) == {"copies": 5_000}
    unproven = owed(procedure, "new", "counter", {"value": 1_000}, {"permit": ["poor"]})
    assert {each.fee: each.amount for each in unproven} == {"copies": 2_000, "permit": 75_000, "later": 9, "land": 5}


def test_how_an_amount_was_reached_is_said_only_when_it_adds_up():
    plain = named("permit", Fixed(75_000), exemptions=(POOR,))
    told = reached(plain, 75_000, "new", "counter", {})
    assert [line.amount for line in told.lines] == [75_000]
    assert reached(plain, 0, "new", "counter", {}).exemption == "poor"
    assert reached(plain, 74_999, "new", "counter", {}) is None
    paged = reached(named("copies", CERTIFICATION), 5_000, "new", "counter", {})
    assert sum(line.amount for line in paged.lines) == 5_000
    assert reached(fee(Percentage("value", Decimal("0.5"))), 5, "new", "counter", {}) is None
