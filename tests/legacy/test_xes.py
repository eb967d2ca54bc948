"""Any event log is read to its last usable event; what cannot be used is listed with the reason."""

import gzip
import os
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.legacy import xes
from motcua.legacy.xes import Case, EventLog, Skip

SHARED = Path(os.environ.get("MOTCUA_SHARED", Path(__file__).resolve().parents[3] / "shared"))
RECEIPT = SHARED / "data" / "07_event_logs" / "receipt_wabo_coselog.xes.gz"


def event(activity: str | None = "nhận", at: str | None = "2018-12-03T08:00:00+07:00", more: str = "") -> str:
    named = "" if activity is None else f"<string key='concept:name' value={quoteattr(activity)}/>"
    timed = "" if at is None else f"<date key='time:timestamp' value={quoteattr(at)}/>"
    return f"<event>{named}{timed}{more}</event>"


def trace(name: str | None, *events: str) -> str:
    named = "" if name is None else f"<string key='concept:name' value={quoteattr(name)}/>"
    return f"<trace>{named}{''.join(events)}</trace>"


def log(*traces: str, head: str = "<?xml version='1.0' encoding='UTF-8'?>\n", attributes: str = "") -> str:
    return f"{head}<log{attributes}>\n" + "\n".join(traces) + "\n</log>\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[list[Case], EventLog]]:
    """Writes a log and reads it."""

    def read(text: str | bytes, **options: object) -> tuple[list[Case], EventLog]:
        path = tmp_path / "log.xes"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found = EventLog(path, **options)
        return list(found), found

    return read


def at(hour: int, minute: int = 0, day: int = 3) -> str:
    return f"2018-12-{day:02}T{hour:02}:{minute:02}:00+07:00"


@pytest.mark.skipif(not RECEIPT.exists(), reason=f"the town hall's log is not at {RECEIPT} (set MOTCUA_SHARED)")
def test_the_receipts_of_a_town_hall_are_all_read():
    found = EventLog(RECEIPT)
    cases = list(found)
    assert (len(cases), sum(len(case.events) for case in cases)) == (1434, 8577)
    assert (found.cases_seen, found.events_seen, found.skipped) == (1434, 8577, [])
    assert len({case.id for case in cases}) == 1434
    assert len({event.activity for case in cases for event in case.events}) == 27
    first = next(case for case in cases if case.id == "case-10011")
    assert first.events[0].activity == "Confirmation of receipt"
    assert first.events[0].at == datetime(2011, 10, 11, 11, 45, 40, 276000, tzinfo=UTC)
    assert first.attributes["channel"] == "Internet"
    # A second reading starts anew.
    assert sum(1 for _ in found) == found.cases_seen == 1434


def test_everything_an_event_says_is_kept(read):
    more = (
        "<string key='org:resource' value='Lan'/><string key='org:group' value='Một cửa'/>"
        "<string key='lifecycle:transition' value='complete'/><int key='pages' value='12'/>"
        "<float key='fee' value='1.5'/><boolean key='online' value='true'/><id key='row' value='a-b'/>"
        "<date key='due' value='2018-12-07T17:00:00+07:00'/><int key='odd' value='twelve'/>"
        "<string key='address' value='Hà Nội'><string key='ward' value='Hàng Bạc'/></string>"
        "<list key='papers'><values><string key='paper' value='đơn'/></values></list>"
    )
    [case], found = read(log(trace("1", event(more=more))))
    [only] = case.events
    assert (only.activity, only.resource, only.group, only.lifecycle) == ("nhận", "Lan", "Một cửa", "complete")
    assert only.at == datetime(2018, 12, 3, 1, 0, tzinfo=UTC)
    kept = {key: value for key, value in only.attributes.items() if ":" not in key}
    assert kept == {
        "pages": 12, "fee": 1.5, "online": True, "row": "a-b", "odd": "twelve", "address": "Hà Nội",
        "due": datetime.fromisoformat("2018-12-07T17:00:00+07:00"), "address/ward": "Hàng Bạc", "papers/paper": "đơn",
    }  # fmt: skip
    assert (found.skipped, found.notes) == ([], [])


@pytest.mark.parametrize("name", ["UNKNOWN", "__INVALID__", "", " "])
def test_a_resource_may_be_missing_or_unknown(read, name):
    more = f"<string key='org:resource' value='{name}'/>"
    [case], found = read(log(trace("1", event(more=more), event())))
    assert [each.resource for each in case.events] == [None, None]
    assert found.skipped == []


@pytest.mark.parametrize(
    ("attributes", "prefix"),
    [("", ""), (" xmlns='http://www.xes-standard.org/'", ""), (" xmlns:x='http://www.xes-standard.org/'", "x:")],
)
def test_with_and_without_namespaces(read, attributes, prefix):
    text = log(trace("1", event()), attributes=attributes)
    for element in ("log", "trace", "event", "string", "date"):
        text = text.replace(f"<{element}", f"<{prefix}{element}").replace(f"</{element}", f"</{prefix}{element}")
    cases, found = read(text)
    assert [(case.id, len(case.events)) for case in cases] == [("1", 1)]
    assert found.skipped == []


def test_defaults_and_classifiers_of_the_log_are_not_taken_for_events(read):
    head = (
        "<extension name='Time' prefix='time' uri='x'/><global scope='event'><string key='concept:name' value='no'/>"
        "<event/></global><classifier name='a' keys='b'/><string key='concept:name' value='the log'><trace/></string>"
    )
    cases, found = read(log(head, trace("1", event())))
    assert [case.id for case in cases] == ["1"]
    assert (found.cases_seen, found.events_seen, found.skipped) == (1, 1, [])


def test_what_cannot_be_used_is_listed_by_case_and_place(read):
    text = log(
        trace("a", event(), event(None), event(at=None), event(at="yesterday"), event("  "), event("trả", at(9))),
        trace("b"),
        trace("c", event(at="")),
        event(),
    )
    cases, found = read(text)
    assert [(case.id, [each.index for each in case.events]) for case in cases] == [("a", [0, 5])]
    assert found.skipped == [
        Skip("a", 1, "the event has no activity (concept:name)"),
        Skip("a", 2, "the event has no time (time:timestamp)"),
        Skip("a", 3, "“yesterday” is not a time"),
        Skip("a", 4, "the event has no activity (concept:name)"),
        Skip("b", None, "the case has no events"),
        Skip("c", 0, "“” is not a time"),
        Skip("c", None, "none of its events can be used"),
        Skip("", None, "line 6: an event outside of any case"),
    ]
    assert found.events_seen == 8
    used = sum(len(case.events) for case in cases)
    assert used + sum(skip.event is not None for skip in found.skipped) + 1 == found.events_seen


def test_events_out_of_order_are_put_in_order_and_equal_times_keep_theirs(read):
    events = [event("a", at(10)), event("b", at(9)), event("c", at(10)), event("d", at(9)), event("e", at(11))]
    [case], found = read(log(trace("1", *events)))
    assert [each.activity for each in case.events] == ["b", "d", "a", "c", "e"]
    assert [each.index for each in case.events] == [1, 3, 0, 2, 4]
    assert case.reordered == 2
    assert found.notes == [Skip("1", None, "2 events out of order were put in order")]
    assert found.skipped == []


def test_cases_of_one_name_and_of_none_are_told_apart(read):
    cases, found = read(log(*[trace(name, event()) for name in ("1", "1#2", "1", None, "1", " ")]))
    assert [case.id for case in cases] == ["1", "1#2", "1#3", "#4", "1#4", "#6"]
    assert found.skipped == []
    assert len(found.notes) == 4


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2018-12-03T08:00:00.123+07:00", datetime(2018, 12, 3, 1, 0, 0, 123000, tzinfo=UTC)),
        ("2018-12-03T08:00:00.1234567Z", datetime(2018, 12, 3, 8, 0, 0, 123456, tzinfo=UTC)),
        ("2018-12-03t08:00:00z", datetime(2018, 12, 3, 8, 0, tzinfo=UTC)),
        (" 2018-12-03 08:00+0700 ", datetime(2018, 12, 3, 1, 0, tzinfo=UTC)),
        ("2018-12-03T08:00:00", datetime(2018, 12, 3, 1, 0, tzinfo=UTC)),
        ("2018-12-03", datetime(2018, 12, 2, 17, 0, tzinfo=UTC)),
        ("2018-02-30T08:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("1543798800000", None),
    ],
)
def test_times_are_instants_or_refused(read, written, instant):
    cases, found = read(log(trace("1", event(at=written))))
    assert [each.at for case in cases for each in case.events] == ([instant] if instant else [])
    assert len(found.skipped) == (0 if instant else 2)
    without_zone = instant is not None and not ("+" in written or written.upper().endswith("Z"))
    assert len(found.notes) == without_zone


def test_a_log_that_breaks_off_gives_what_was_before_and_one_reason(read):
    whole = log(trace("1", event()), trace("2", event("a"), event("b", at(9)), event("c", at(10))))
    broken = whole[: whole.index('value="c"')]
    cases, found = read(broken)
    assert [(case.id, len(case.events), case.complete) for case in cases] == [("1", 1, True), ("2", 2, False)]
    [skip] = found.skipped
    assert skip.case == "2"
    assert skip.reason.startswith(f"XML error at line 4, byte {broken.encode().rindex(b'<string'):,}: unclosed token")
    assert found.events_seen == 3


def test_an_error_in_the_middle_names_line_and_byte(read):
    text = log(trace("1", event()), trace("2", event(), "<oops", event()), trace("3", event()))
    cases, found = read(text)
    assert [case.id for case in cases] == ["1", "2"]
    [skip] = found.skipped
    assert "XML error at line 4, byte " in skip.reason
    assert skip.reason.endswith("nothing after it was read")


def test_gzip_is_known_by_its_bytes_and_a_cut_one_gives_what_was_before(read):
    traces = [trace(str(n), event(more=f"<string key='x' value='{os.urandom(64).hex()}'/>")) for n in range(2000)]
    packed = gzip.compress(log(*traces).encode())
    cases, found = read(packed)
    assert (len(cases), found.skipped) == (2000, [])
    cases, found = read(packed[: len(packed) // 2])
    assert 900 < len(cases) < 1100
    assert [case.id for case in cases] == [str(n) for n in range(len(cases))]
    [skip] = found.skipped
    assert "cannot be read on after" in skip.reason
    spoilt = bytearray(packed)
    spoilt[len(packed) // 2] ^= 0xFF
    cases, found = read(bytes(spoilt))
    assert len(found.skipped) == 1
    assert len(cases) > 900
    halves = gzip.compress(log(*traces).encode()[:50_000]) + gzip.compress(log(*traces).encode()[50_000:])
    cases, found = read(halves)
    assert (len(cases), found.skipped) == (2000, [])


def test_what_follows_a_whole_log_does_no_harm(read):
    cases, found = read(gzip.compress(log(trace("1", event())).encode()) + b"rubbish")
    assert (len(cases), found.skipped) == (1, [])
    assert "after the end of the log" in found.notes[0].reason
    cases, found = read(log(trace("1", event())) + "<more/>")
    assert (len(cases), found.skipped, len(found.notes)) == (1, [], 1)


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize(
    "declared",
    [
        f"<!DOCTYPE log [<!ENTITY l0 'ha'>{LAUGHS}]>",
        "<!DOCTYPE log [<!ENTITY secret SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE log SYSTEM 'http://127.0.0.1/xes.dtd'>",
        "<!DOCTYPE log PUBLIC 'x' 'file:///etc/passwd'>",
        "<!DOCTYPE log [<!ENTITY % all SYSTEM 'file:///etc/passwd'> %all;]>",
    ],
)
def test_entities_and_foreign_documents_are_refused(read, declared):
    text = log(trace("&l9;", event()), head=f"<?xml version='1.0'?>{declared}\n").replace("&amp;", "&")
    cases, found = read(text)
    assert cases == []
    [skip] = found.skipped
    assert "refused" in skip.reason
    assert "root:" not in skip.reason


def test_a_plain_document_type_is_harmless(read):
    cases, found = read(log(trace("1", event()), head="<!DOCTYPE log>\n"))
    assert (len(cases), found.skipped) == (1, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no element found"),
        ("not XML", "XML error at line 1, byte 0"),
        ("<html><trace/></html>", "this is <html>, not an XES log"),
        (b"\x1f\x8b\x08\x00rubbish", "cannot be read on"),
        ("<log>" + "<string key='a' value='b'>" * 200, "nested more than"),
        (b"<log><trace>\xff\xfe</trace></log>", "XML error"),
    ],
)
def test_files_that_are_no_logs_say_so(read, text, words):
    cases, found = read(text)
    assert cases == []
    [skip] = found.skipped
    assert words in skip.reason


def test_a_missing_file_says_so(tmp_path):
    found = EventLog(tmp_path / "nothing.xes")
    assert list(found) == []
    assert "cannot be read on after 0 bytes" in found.skipped[0].reason


def test_other_encodings_are_read(read):
    text = log(trace("é", event("Réception")), head="<?xml version='1.0' encoding='ISO-8859-1'?>\n")
    [case], _ = read(text.encode("latin-1"))
    assert (case.id, case.events[0].activity) == ("é", "Réception")
    [case], _ = read(log(trace("hồ sơ", event()), head="<?xml version='1.0' encoding='UTF-16'?>\n").encode("utf-16"))
    assert case.id == "hồ sơ"


@pytest.mark.parametrize("name", ["AUTF-8", "gb18030", "idna"])
def test_an_encoding_that_cannot_be_read_is_said_in_a_sentence(read, name):
    text = log(trace("1", event()), head=f"<?xml version='1.0' encoding='{name}'?>\n")
    cases, found = read(text.encode())
    assert cases == []
    assert len(found.skipped) == 1
    assert "encoding" in found.skipped[0].reason


def test_a_case_too_long_is_cut_and_says_by_how_much(read):
    cases, found = read(log(trace("1", *[event()] * 30), trace("2", event())), most_events=10)
    assert [(case.id, len(case.events)) for case in cases] == [("1", 10), ("2", 1)]
    assert found.skipped == [Skip("1", 10, "the last 20 events: the case is larger than is read (10 events)")]
    assert found.events_seen == 31


def test_a_case_too_large_is_cut(read, monkeypatch):
    monkeypatch.setattr(xes, "MOST_CHARACTERS", 10_000)
    large = event(more=f"<string key='note' value='{'x' * 3000}'/>")
    cases, found = read(log(trace("1", *[large] * 5), trace("2", large)))
    assert [(case.id, len(case.events)) for case in cases] == [("1", 3), ("2", 1)]
    assert [(skip.case, skip.event) for skip in found.skipped] == [("1", 3)]


def test_a_tag_without_end_is_refused(read, monkeypatch):
    monkeypatch.setattr(xes, "LONGEST_TAG", 200_000)
    cases, found = read(log(trace("1", event()), f"<trace a='{'x' * 1_000_000}'/>"))
    assert [case.id for case in cases] == ["1"]
    assert "a tag is longer than" in found.skipped[0].reason


def test_memory_holds_one_case_whatever_the_length_of_the_log(tmp_path):
    def peak(number: int) -> int:
        path = tmp_path / "long.xes"
        with path.open("w") as file:
            file.write("<log>")
            for n in range(number):
                file.write(trace(str(n), *[event(more="<string key='note' value='x'/>")] * 10))
            file.write("</log>")
        tracemalloc.start()
        found = EventLog(path)
        assert sum(len(case.events) for case in found) == number * 10
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(300), peak(3000)
    # Only the ids grow: far under a kilobyte a case, where ten events take several.
    assert many - few < 2700 * 1000


def test_events_are_given_as_soon_as_their_case_ends(tmp_path):
    path = tmp_path / "log.xes"
    text = log(*[trace(str(n), event(more=f"<string key='x' value='{'y' * 500}'/>")) for n in range(1000)])
    path.write_text(text)
    found = EventLog(path)
    first = next(iter(found))
    assert first.id == "0"
    assert found.cases_seen < 500


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_no_spoilt_log_brings_the_reader_down(tmp_path_factory, rubbish, place):
    whole = log(trace("1", event(), event("b", at(9))), trace("2", event())).encode()
    path = tmp_path_factory.mktemp("spoilt") / "log.xes"
    path.write_bytes(whole[:place] + rubbish + whole[place:])
    found = EventLog(path)
    cases = list(found)
    assert len(cases) <= found.cases_seen
    listed = sum(skip.event is not None for skip in found.skipped)
    outside = sum("outside of any case" in skip.reason for skip in found.skipped)
    assert sum(len(case.events) for case in cases) + listed + outside == found.events_seen
