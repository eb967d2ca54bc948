"""Settlement: each difference between a provider's file and our books by its name; periods closed for good."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from cities import City
from dossiers.permits import official, rows_of, set_watch
from fees.counter import FEE, Owing, arrived, balances, sound, with_account
from motcua.fees import settling
from motcua.fees.cash import take_cash
from motcua.fees.checking import verify
from motcua.fees.incoming import take_in
from motcua.fees.models import Closing, Credit, Statement
from motcua.fees.settling import UnreadableStatementError, import_statement
from motcua.law.refusal import Refusal

MONDAY = date(2018, 12, 3)
HEAD = "external,at,amount,purpose,payment,account\n"


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, fresh_city: City) -> Any:
    """The city's clock, standing still."""
    return set_watch(monkeypatch)


def file_of(*rows: str) -> bytes:
    return (HEAD + "".join(f"{row}\n" for row in rows)).encode()


def row(external: str, amount: int | str, purpose: str = "", at: str = "2018-12-03T09:00:00+07:00") -> str:
    return f"{external},{at},{amount},{purpose},,0011012345678"


def verdicts(statement: Statement) -> dict[str, str]:
    return {line.external or str(line.no): line.verdict for line in statement.lines.all()}


def test_every_difference_has_its_name(watch: Any) -> None:
    with_account()
    permits = [Owing() for _ in range(4)]
    for number, permit in enumerate(permits[:3]):
        permit.paid_by_transfer(external=f"T{number}")
    new = permits[3].notice.reference
    content = file_of(
        row("T0", FEE), row("T1", FEE + 5), row("T1", FEE), row("NEW", FEE, f"{new} le phi"), row("BAD", "12k"),
        row("", FEE), row("T9", FEE, at="hôm qua"),
    )  # fmt: skip
    made = import_statement("transfer", "mb.csv", content, MONDAY, MONDAY)
    assert [(line.external, line.verdict) for line in made.lines.all()] == [
        ("T0", "matched"), ("T1", "amount_differs"), ("T1", "double"), ("NEW", "missing_here"), ("BAD", "unreadable"),
        ("", "unreadable"), ("T9", "unreadable"), ("T2", "missing_there"),
    ]  # fmt: skip
    assert (made.rows, made.differences) == (7, 7)
    assert made.lines.get(verdict="amount_differs").words == "+5"
    assert permits[3].state.owed == 0
    assert Credit.objects.count() == 4
    assert sound()
    again = import_statement("transfer", "other name.csv", content, MONDAY, MONDAY)
    assert again == made
    assert Statement.objects.count() == 1


def test_a_sound_file_has_no_difference(watch: Any) -> None:
    Owing().paid_by_transfer(external="T0")
    made = import_statement("transfer", "mb.csv", file_of(row("T0", FEE)), MONDAY, MONDAY)
    assert (made.differences, verdicts(made)) == (0, {"T0": "matched"})


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"external,at\n", b'external,at,amount\n"' + b"x" * 200_000 + b"\n" * 2],
)
def test_a_file_that_is_no_statement_is_refused_whole(watch: Any, content: bytes) -> None:
    with pytest.raises(UnreadableStatementError):
        import_statement("transfer", "x.csv", content, MONDAY, MONDAY)
    assert Statement.objects.count() == 0


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_rows_are_read_or_named(lines: list[str]) -> None:
    read = list(settling._read((HEAD + "\n".join(lines)).encode("utf-8", "surrogatepass").replace(b"\x00", b"0")))
    assert all(each.wrong or (each.external and each.amount and each.at) for each in read)


def test_a_drawer_is_counted_and_closed_once(watch: Any) -> None:
    permit = Owing()
    clerk, agency = permit.people.clerk, permit.place.commune
    take_cash(permit.id, clerk, "k")
    silent = settling.close_drawer(agency, clerk, FEE - 1_000)
    assert isinstance(silent, Refusal)
    assert silent.code == "difference_words"
    assert Closing.objects.count() == 0
    closed = settling.close_drawer(agency, clerk, FEE - 1_000, "Thiếu một tờ")
    assert isinstance(closed, Closing)
    assert (closed.expected, closed.difference) == (FEE, -1_000)
    assert balances() == {"difference": 1_000, "revenue": -FEE, "treasury": FEE - 1_000}
    again = settling.close_drawer(agency, clerk, 0)
    assert isinstance(again, Refusal)
    assert again.code == "already_closed"
    late = take_cash(Owing().id, clerk, "k2")
    assert isinstance(late, Refusal)
    assert late.code == "drawer_closed"
    watch.later(days=1)
    assert isinstance(take_cash(Owing().id, clerk, "k3"), list)
    stranger = settling.close_drawer(agency, permit.people.stranger, 0)
    assert isinstance(stranger, Refusal)
    assert sound()


def test_a_day_is_closed_against_its_statement_and_stays_closed(watch: Any) -> None:
    permit = Owing()
    clerk, agency = permit.people.clerk, permit.place.commune
    permit.paid_by_transfer(external="T0")
    today = settling.close_channel(agency, "transfer", MONDAY, clerk)
    assert isinstance(today, Refusal)
    watch.later(days=1)
    uncovered = settling.close_channel(agency, "transfer", MONDAY, clerk)
    assert isinstance(uncovered, Refusal)
    assert uncovered.code == "not_yet"
    import_statement("transfer", "mb.csv", file_of(row("T0", FEE)), MONDAY, MONDAY)
    assert settling.open_days(agency, "transfer", MONDAY, MONDAY + timedelta(days=1)) == [MONDAY]
    closed = settling.close_channel(agency, "transfer", MONDAY, clerk)
    assert isinstance(closed, Closing)
    assert balances() == {"revenue": -FEE, "treasury": FEE}
    again = settling.close_channel(agency, "transfer", MONDAY, clerk)
    assert isinstance(again, Refusal)
    assert again.code == "already_closed"
    late = take_in(arrived(5_000, "quên ghi"))
    assert late.held == 5_000
    assert Closing.objects.get().expected == FEE
    assert sound()


def test_a_month_is_closed_when_its_days_are(watch: Any) -> None:
    permit = Owing()
    clerk, agency = permit.people.clerk, permit.place.commune
    permit.paid_by_transfer(external="T0")
    import_statement("transfer", "mb.csv", file_of(row("T0", FEE)), MONDAY, MONDAY)
    watch.to("2019-01-02 09:00")
    early = settling.close_month(agency, "transfer", MONDAY, permit.head)
    assert isinstance(early, Refusal)
    settling.close_channel(agency, "transfer", MONDAY, clerk)
    not_head = settling.close_month(agency, "transfer", MONDAY, clerk)
    assert isinstance(not_head, Refusal)
    assert not_head.code == "not_head"
    month = settling.close_month(agency, "transfer", MONDAY, permit.head)
    assert isinstance(month, Closing)
    assert (month.period, month.day, month.counted) == ("month", date(2018, 12, 1), FEE)


def test_who_decides_serves_at_the_place_itself(watch: Any) -> None:
    permit = Owing()
    elsewhere = official(30, "Người Khác", (permit.place.district, "one_stop_head"))
    refused = settling.close_month(permit.place.commune, "transfer", MONDAY, elsewhere)
    assert isinstance(refused, Refusal)
    assert refused.code == "not_head"


def test_verify_names_what_was_altered_behind_its_back(watch: Any, fresh_city: City) -> None:
    import psycopg
    from django.db import connection

    permit = Owing()
    permit.paid_by_transfer()
    assert verify() == []
    connection.close()
    with psycopg.connect(fresh_city.owner_dsn, autocommit=True) as owner:
        owner.execute("UPDATE fees_account SET balance = balance + 1 WHERE kind = 'bank'")
        owner.execute("UPDATE fees_notice SET paid = paid - 1")
        owner.execute("UPDATE fees_receiptbook SET last = last + 1")
        owner.execute("UPDATE fees_credit SET held = 7")
    assert {each.code for each in verify()} == {
        "sum_differs", "receivable_differs", "receipt_gap", "suspense_differs", "paid_differs", "notice_differs",
    }  # fmt: skip
    with pytest.raises(SystemExit):
        call_command("fees", "verify", "--json", stdout=io.StringIO())


def test_the_verb_reads_a_file_and_says_what_differs(watch: Any, tmp_path: Any) -> None:
    Owing().paid_by_transfer(external="T0")
    path = tmp_path / "mb.csv"
    path.write_bytes(file_of(row("T0", FEE + 1)))
    out = io.StringIO()
    call_command("fees", "settle", "--channel", "transfer", "--day", "2018-12-03", "--file", str(path), stdout=out)
    assert "amount_differs: T0" in out.getvalue()
    out = io.StringIO()
    call_command("fees", "verify", stdout=out)
    assert "Sổ tiền khớp" in out.getvalue()


def test_accounts_are_loaded_whole_or_not_at_all(watch: Any, tmp_path: Any) -> None:
    from cities import PACK
    from motcua.fees.accounts import account_for, load_accounts

    assert load_accounts(PACK / "money" / "accounts.yaml") == (1, [])
    assert load_accounts(PACK / "money" / "accounts.yaml") == (1, [])
    commune = Owing().place.commune
    found = account_for(commune, MONDAY)
    assert found is not None
    assert found.demonstration
    assert account_for(commune, date(2017, 1, 1)) is None
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        "accounts:\n"
        "  - {agency: HN, bin: '1', account: '2', bank: A, holder: B, valid_from: 2018-01-01}\n"
        "  - {agency: nowhere, bin: '970403', account: '2', bank: A, holder: B, valid_from: 2018-01-01}\n"
    )
    loaded, said = load_accounts(wrong)
    assert (loaded, len(said)) == (0, 2)
    for text in ("", "[]", "accounts: 5", "accounts: [1, {}]", "a: [", "accounts:\n - agency: HN\n   x: 1"):
        wrong.write_text(text)
        assert load_accounts(wrong)[0] == 0
        assert load_accounts(wrong)[1]
    assert rows_of("SELECT count(*) FROM fees_collectingaccount") == [(1,)]
