"""Whoever changes, removes, adds or moves an event is named; an honest journal never is."""

import struct
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.journals import HOUSE_PERMIT, LIFE, START, journal
from motcua.law.seal import (
    GENESIS,
    WHAT,
    Break,
    Head,
    content_hash,
    event_hash,
    export_event,
    link,
    verify_chain,
)

either = pytest.mark.parametrize("with_prev", [True, False], ids=["with prev", "without prev"])


def breaks(events, heads=()):
    return list(verify_chain(events, heads))


def resealed(event, prev):
    """The event as somebody would write it who knows the layout and recomputes its hash."""
    sealed = event_hash(
        prev,
        event.dossier_id,
        event.seq,
        event.at,
        event.type,
        event.actor,
        event.agency,
        event.payload,
        event.key,
    )
    return event._replace(prev=prev if event.prev is not None else None, hash=sealed)


def test_the_layout_is_the_documented_one():
    at = datetime(2018, 12, 28, 8, 30, 0, 5, tzinfo=UTC)
    micro = int(at.timestamp()) * 1_000_000 + 5
    content = sha256(
        b"motcua-content-1\0"
        + struct.pack(">qI", micro, 7)
        + struct.pack(">H", 6) + b"lodged"
        + struct.pack(">H", 7) + "Hòa".encode() + b"  x"
        + struct.pack(">H", 1) + b"k"
        + struct.pack(">I", 2) + b"{}"
    ).digest()  # fmt: skip
    event = sha256(b"motcua-event-1\0" + GENESIS + struct.pack(">QI", 12, 1) + content).digest()
    assert content_hash(at, "lodged", "Ho\u0300a  x", 7, b"{}", "k") == content
    assert event_hash(GENESIS, 12, 1, at, "lodged", "Hòa  x", 7, b"{}", "k") == event
    assert link(GENESIS, 12, 1, content) == event


@given(
    st.integers(0, 2**53 - 1),
    st.integers(1, 2**31),
    st.sampled_from(["type", "actor", "agency", "payload", "key", "at", "seq", "dossier_id", "prev"]),
)
def test_every_part_of_an_event_is_sealed(dossier, seq, part):
    sealed = {
        "prev": GENESIS, "dossier_id": dossier, "seq": seq, "at": START, "type": "a", "actor": "b",
        "agency": 3, "payload": b"c", "key": "d",
    }  # fmt: skip
    other = {
        "prev": b"\1" * 32, "dossier_id": dossier + 1, "seq": seq + 1,
        "at": START + timedelta(microseconds=1), "type": "ab", "actor": "", "agency": 4,
        "payload": b"cd", "key": "",
    }  # fmt: skip
    assert event_hash(**sealed) != event_hash(**{**sealed, part: other[part]})


def test_neighbouring_texts_cannot_trade_letters():
    assert content_hash(START, "ab", "c", 1, b"d") != content_hash(START, "a", "bc", 1, b"d")


@pytest.mark.parametrize(
    "wrong",
    [
        {"prev": b"short"}, {"dossier_id": -1}, {"seq": 2**32}, {"agency": -1}, {"at": datetime(2018, 1, 1)},
        {"type": "x" * 70_000},
    ],
)  # fmt: skip
def test_what_does_not_fit_the_layout_is_refused(wrong):
    fits = {
        "prev": GENESIS, "dossier_id": 1, "seq": 1, "at": START, "type": "a", "actor": "b", "agency": 1,
        "payload": b"",
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"."):
        event_hash(**{**fits, **wrong})


@given(st.lists(st.lists(st.sampled_from(LIFE), min_size=1, max_size=8), max_size=5), st.booleans())
def test_an_honest_journal_has_no_breaks(lives, with_prev):
    dossiers = [journal(number, types, with_prev=with_prev) for number, types in enumerate(lives, 5)]
    heads = [Head(life[-1].dossier_id, life[-1].seq, life[-1].hash) for life in dossiers]
    earlier = [Head(life[0].dossier_id, life[0].seq, life[0].hash, final=False) for life in dossiers]
    both = sorted(heads + earlier)
    assert breaks([event for life in dossiers for event in life], both) == []


@either
@pytest.mark.parametrize("seq", [1, 3, 6])
@pytest.mark.parametrize(
    "change",
    [
        {"payload": b'{"kind":"accepted","seq":9}'}, {"at": START}, {"actor": "official:9"}, {"agency": 2},
        {"type": "refused"}, {"key": "again"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_altered_content_is_named(seq, change, with_prev):
    events = journal(HOUSE_PERMIT, LIFE, with_prev=with_prev)
    events[seq - 1] = events[seq - 1]._replace(**change)
    head = Head(HOUSE_PERMIT, 6, events[-1].hash)
    assert breaks(events) == breaks(events, [head]) == [Break(HOUSE_PERMIT, seq, "altered")]


@pytest.mark.parametrize("value", [b"", b"\0" * 31, b"\0" * 32])
def test_an_overwritten_hash_is_named(value):
    events = journal(HOUSE_PERMIT, LIFE)
    events[2] = events[2]._replace(hash=value)
    assert breaks(events) == [Break(HOUSE_PERMIT, 3, "altered")]


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_content_altered_together_with_its_own_hash_is_named(seq):
    events = journal(HOUSE_PERMIT, LIFE)
    forged = events[seq - 1]._replace(payload=b"{}")
    events[seq - 1] = resealed(forged, forged.prev)
    assert breaks(events) == [Break(HOUSE_PERMIT, seq, "altered")]


def test_without_a_stored_prev_the_event_after_a_resealed_one_is_named():
    events = journal(HOUSE_PERMIT, LIFE, with_prev=False)
    events[2] = resealed(events[2]._replace(payload=b"{}"), events[1].hash)
    assert breaks(events) == [Break(HOUSE_PERMIT, 4, "altered")]


def test_an_altered_prev_is_named():
    for seq in (1, 4):
        events = journal(HOUSE_PERMIT, LIFE)
        events[seq - 1] = events[seq - 1]._replace(prev=b"\7" * 32)
        assert breaks(events) == [Break(HOUSE_PERMIT, seq, "altered")]


@either
def test_two_altered_events_are_both_named(with_prev):
    events = journal(HOUSE_PERMIT, LIFE, with_prev=with_prev)
    for seq in (2, 3):
        events[seq - 1] = events[seq - 1]._replace(payload=b"{}")
    assert breaks(events) == [Break(HOUSE_PERMIT, 2, "altered"), Break(HOUSE_PERMIT, 3, "altered")]


@either
@pytest.mark.parametrize("gone", [(1,), (3,), (2, 3), (2, 4)])
def test_events_taken_out_are_named(gone, with_prev):
    events = [event for event in journal(HOUSE_PERMIT, LIFE, with_prev=with_prev) if event.seq not in gone]
    assert breaks(events) == [Break(HOUSE_PERMIT, seq, "missing") for seq in gone]


@either
@pytest.mark.parametrize("gone", [1, 3, 4, 5])
def test_an_event_taken_out_with_the_rest_renumbered_is_named(gone, with_prev):
    events = journal(HOUSE_PERMIT, LIFE, with_prev=with_prev)
    head = Head(HOUSE_PERMIT, 6, events[-1].hash, final=False)
    left = [event for event in events if event.seq != gone]
    closed_up = [event._replace(seq=seq) for seq, event in enumerate(left, 1)]
    assert Break(HOUSE_PERMIT, gone, "missing") in breaks(closed_up, [head])
    assert not {"altered", "inserted", "reordered"} & {each.what for each in breaks(closed_up, [head])}


@either
@pytest.mark.parametrize(("one", "two"), [(1, 2), (3, 4), (2, 6)])
def test_events_that_changed_places_are_named(one, two, with_prev):
    events = journal(HOUSE_PERMIT, LIFE, with_prev=with_prev)
    first, second = events[one - 1], events[two - 1]
    events[one - 1], events[two - 1] = second._replace(seq=one), first._replace(seq=two)
    found = breaks(events)
    assert {Break(HOUSE_PERMIT, one, "reordered"), Break(HOUSE_PERMIT, two, "reordered")} <= set(found)
    assert {each.what for each in found} == {"reordered"}


@either
@pytest.mark.parametrize("resealing", [True, False], ids=["sealed onto the chain", "with a made-up hash"])
@pytest.mark.parametrize("seq", [1, 3, 6])
def test_an_event_put_in_with_the_rest_moved_up_is_named(seq, resealing, with_prev):
    events = journal(HOUSE_PERMIT, LIFE, with_prev=with_prev)
    forged = events[seq - 1]._replace(type="approved", payload=b'{"who":"nobody"}', hash=b"\5" * 32)
    if resealing:
        forged = resealed(forged, events[seq - 2].hash if seq > 1 else GENESIS)
    later = [event._replace(seq=event.seq + 1) for event in events[seq - 1 :]]
    # Two events for the last place hold equally well; only the known head tells which is genuine.
    heads = [Head(HOUSE_PERMIT, 6, events[-1].hash)] if seq == 6 else []
    assert breaks([*events[: seq - 1], forged, *later], heads) == [Break(HOUSE_PERMIT, seq, "inserted")]


def test_a_second_event_under_a_taken_number_is_named():
    events = journal(HOUSE_PERMIT, LIFE)
    twin = events[2]._replace(payload=b"{}")
    assert breaks([*events[:3], twin, *events[3:]]) == [Break(HOUSE_PERMIT, 3, "inserted")]
    assert breaks([*events[:2], twin, *events[2:]]) == [Break(HOUSE_PERMIT, 3, "inserted")]


def test_a_copy_of_an_earlier_event_at_the_end_is_named():
    events = journal(HOUSE_PERMIT, LIFE)
    assert breaks([*events, events[1]._replace(seq=7)]) == [Break(HOUSE_PERMIT, 7, "inserted")]


@either
def test_an_event_added_after_the_known_end_is_named(with_prev):
    events = journal(HOUSE_PERMIT, LIFE, with_prev=with_prev)
    added = resealed(events[-1]._replace(seq=7, type="approved"), events[-1].hash)
    head = Head(HOUSE_PERMIT, 6, events[-1].hash)
    assert breaks([*events, added], [head]) == [Break(HOUSE_PERMIT, 7, "inserted")]
    assert breaks([*events, added], [head._replace(final=False)]) == []


def test_a_tail_cut_off_is_named_by_either_head():
    events = journal(HOUSE_PERMIT, LIFE)
    for final in (True, False):
        head = Head(HOUSE_PERMIT, 6, events[-1].hash, final)
        assert breaks(events[:4], [head]) == [Break(HOUSE_PERMIT, 5, "tail_cut")]
    rolled_back = Head(HOUSE_PERMIT, 4, events[3].hash)
    sealed_before = Head(HOUSE_PERMIT, 6, events[5].hash, final=False)
    assert breaks(events[:4], [rolled_back, sealed_before]) == [Break(HOUSE_PERMIT, 5, "tail_cut")]


def test_a_whole_chain_written_anew_is_named_by_its_checkpointed_head():
    events = journal(HOUSE_PERMIT, LIFE)
    anew = journal(HOUSE_PERMIT, ["lodged", "accepted", "refused", "forwarded", "signed", "returned"])
    sealed_before = Head(HOUSE_PERMIT, 5, events[4].hash, final=False)
    assert breaks(anew, [Head(HOUSE_PERMIT, 6, anew[-1].hash)]) == []
    assert breaks(anew, [sealed_before]) == [Break(HOUSE_PERMIT, 5, "rewritten")]


def test_dossiers_that_vanished_are_named_wherever_they_stood():
    lives = {number: journal(number, LIFE) for number in (3, 5, 8)}
    heads = [Head(number, 6, lives[number][-1].hash) for number in (3, 5, 8)]
    for gone in (3, 5, 8):
        left = [event for number, life in lives.items() if number != gone for event in life]
        assert breaks(left, heads) == [Break(gone, 0, "dossier_missing")]
    assert [each.dossier for each in breaks([], heads)] == [3, 5, 8]


def test_a_dossier_given_another_ones_events_is_named():
    events = [event._replace(dossier_id=9) for event in journal(HOUSE_PERMIT, LIFE)]
    assert {each.what for each in breaks(events)} == {"altered"}


def test_a_journal_out_of_order_is_the_callers_mistake():
    with pytest.raises(ValueError, match="not ordered"):
        breaks([*journal(5, LIFE), *journal(3, LIFE)])


def test_a_row_numbered_absurdly_is_named_without_searching_for_ever():
    events = journal(HOUSE_PERMIT, LIFE)
    absurd = events[-1]._replace(seq=2**62, hash=b"\1" * 32)
    found = breaks([*events, absurd])
    assert Break(HOUSE_PERMIT, 2**62, "altered") in found
    assert Break(HOUSE_PERMIT, 7, "missing") in found
    assert breaks([events[0]._replace(seq=0, hash=b"\1" * 32), *events]) == [Break(HOUSE_PERMIT, 0, "inserted")]


def test_a_long_journal_broken_in_one_place_is_named_there():
    events = journal(HOUSE_PERMIT, ["note"] * 2500)
    events[1200] = events[1200]._replace(actor="official:9")
    assert breaks(events) == [Break(HOUSE_PERMIT, 1201, "altered")]


@given(st.data())
def test_any_tampering_of_any_journal_is_noticed(data):
    types = data.draw(st.lists(st.sampled_from(LIFE), min_size=2, max_size=9))
    events = journal(HOUSE_PERMIT, types, with_prev=data.draw(st.booleans()))
    head = Head(HOUSE_PERMIT, len(events), events[-1].hash, final=data.draw(st.booleans()))
    tampered = list(events)
    for _ in range(data.draw(st.integers(1, 3))):
        spot = data.draw(st.integers(0, len(tampered) - 1))
        act = data.draw(st.sampled_from(["alter", "remove", "swap", "copy", "renumber"]))
        if act == "alter":
            tampered[spot] = tampered[spot]._replace(payload=data.draw(st.binary(max_size=4)))
        elif act == "remove" and len(tampered) > 1:
            del tampered[spot]
        elif act == "swap":
            other = data.draw(st.integers(0, len(tampered) - 1))
            a, b = tampered[spot], tampered[other]
            tampered[spot], tampered[other] = b._replace(seq=a.seq), a._replace(seq=b.seq)
        elif act == "copy":
            tampered.insert(spot, tampered[spot])
        else:
            tampered = [event._replace(seq=seq) for seq, event in enumerate(tampered, 1)]
    tampered.sort(key=lambda event: event.seq)
    found = breaks(tampered, [head])
    assert (found == []) == (tampered == events)
    assert all(each.what in WHAT for each in found)


def test_an_exported_event_carries_all_that_is_sealed():
    event = journal(HOUSE_PERMIT, LIFE)[1]
    line = export_event(event)
    assert line["at"] == "2018-12-28T08:44:00.000000Z"
    assert line["hash"] == event.hash.hex()
    assert line["prev"] == event.prev.hex()
    assert set(line) == {
        "dossier", "seq", "at", "type", "actor", "agency", "key", "payload", "prev", "hash",
    }  # fmt: skip
    assert "prev" not in export_event(event._replace(prev=None))
