"""`motcua fees`: the books checked, the providers asked, statements compared, accounts loaded."""

import json
import sys
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.dossiers import clock
from motcua.fees import accounts, settling, working
from motcua.fees.checking import verify
from motcua.fees.providers import ProviderSilentError, available
from motcua.law.working_time import city_day


class Command(BaseCommand):
    """Four verbs about money."""

    help = "Tiền phí: kiểm tra, đối soát / money: verify, reconcile, settle, accounts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("verify", help="check the books; exit 1 when anything differs")
        check.add_argument("--json", action="store_true")
        verbs.add_parser("reconcile", help="ask every provider about what is open, once")
        settle = verbs.add_parser("settle", help="compare a provider's statement with our books")
        settle.add_argument("--channel", required=True)
        settle.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD (default: yesterday)")
        settle.add_argument("--until", type=date.fromisoformat, help="last day, for a month's file")
        settle.add_argument("--file", type=Path, help="its file (default: asked of the provider)")
        settle.add_argument("--json", action="store_true")
        load = verbs.add_parser("accounts", help="load the agencies' collecting accounts from a file")
        load.add_argument("path", type=Path)

    def handle(self, *_: Any, **options: Any) -> None:
        """Do what was asked."""
        getattr(self, f"_{options['verb']}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        found = verify(lambda count: self.stderr.write(f"… {count}") if not options["json"] else None)
        if options["json"]:
            self.stdout.write(json.dumps({"problems": [each._asdict() for each in found]}))
        else:
            for each in found:
                self.stdout.write(f"LỆCH / DIFFERS {each.code}: {each.which} ({each.figures})")
            if not found:
                self.stdout.write(self.style.SUCCESS("Sổ tiền khớp / the books are sound"))
        if found:
            sys.exit(1)

    def _reconcile(self, _options: dict[str, Any]) -> None:
        working.by_the_clock()
        did = working.look_for_credits() + working.ask_about_payments() + working.give_back()
        self.stdout.write(f"{did} khoản đã hỏi / asked about")

    def _settle(self, options: dict[str, Any]) -> None:
        first = options["day"] or city_day(clock.now()) - timedelta(days=1)
        last = options["until"] or first
        content, name = self._statement(options, first)
        try:
            made = settling.import_statement(options["channel"], name, content, first, last)
        except settling.UnreadableStatementError as error:
            raise CommandError(str(error)) from error
        rows = made.lines.exclude(verdict="matched")
        if options["json"]:
            listed = [
                {"no": row.no, "external": row.external, "verdict": row.verdict, "amount": row.amount, "ours": row.ours}
                for row in rows
            ]
            self.stdout.write(json.dumps({"rows": made.rows, "differences": listed}))
            return
        for row in rows:
            self.stdout.write(f"{row.verdict}: {row.external} {row.amount} / {row.ours} {row.words}")
        self.stdout.write(f"{made.rows} dòng, {made.differences} khác biệt / rows, differences")

    def _statement(self, options: dict[str, Any], day: date) -> tuple[bytes, str]:
        if options["file"]:
            try:
                return options["file"].read_bytes(), options["file"].name
            except OSError as error:
                raise CommandError(str(error)) from error
        provider = available().get(options["channel"])
        if provider is None:
            raise CommandError("Không có kênh này / no such channel")
        try:
            return provider.statement(day), f"{options['channel']}-{day}.csv"
        except ProviderSilentError as error:
            raise CommandError(f"Kênh không trả lời / the provider does not answer: {error}") from error

    def _accounts(self, options: dict[str, Any]) -> None:
        try:
            loaded, wrong = accounts.load_accounts(options["path"])
        except OSError as error:
            raise CommandError(str(error)) from error
        for each in wrong:
            self.stderr.write(each)
        if wrong:
            sys.exit(1)
        self.stdout.write(f"{loaded} tài khoản / accounts")
