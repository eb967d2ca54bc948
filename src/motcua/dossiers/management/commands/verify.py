"""`motcua verify`: proves that nothing was altered, or names what was."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from motcua.dossiers.checkpoints import kept_hashes, raw_public_key
from motcua.dossiers.verify import verify
from motcua.dossiers.worker import kept_seals, signing_key
from motcua.law.merkle import key_id


class Command(BaseCommand):
    """Exit 0 when everything holds, 1 when anything is broken."""

    requires_system_checks: list[str] = []
    help = "Kiểm tra mọi dấu niêm, mọi chuỗi, dựng lại mọi hồ sơ / checks every seal, chain and dossier."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Output and trusted keys."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--key", action="append", default=[], help="a trusted public key, in hex (repeatable)")
        parser.add_argument("--kept", type=Path, help="a list of checkpoint hashes kept outside the database")

    def handle(self, *_: Any, **options: Any) -> None:
        """Verify and say so."""
        keys = [raw_public_key(signing_key()), *(bytes.fromhex(key) for key in options["key"])]
        kept = kept_hashes(options["kept"] or kept_seals())
        verdict = verify({key_id(key): key for key in keys}, kept, self._progress(options["json"]))
        if options["json"]:
            broken = [{"dossier": each.dossier, "seq": each.seq, "what": each.what} for each in verdict.broken]
            counts = {"dossiers": verdict.dossiers, "events": verdict.events, "checkpoints": verdict.checkpoints}
            self.stdout.write(json.dumps(counts | {"broken": broken}))
        else:
            self.stdout.write(
                f"{verdict.dossiers} hồ sơ, {verdict.events} sự kiện, {verdict.checkpoints} mốc niêm phong"
                f" / {verdict.dossiers} dossiers, {verdict.events} events, {verdict.checkpoints} checkpoints"
            )
            for each in verdict.broken:
                place = f"hồ sơ {each.code or each.dossier}, bước {each.seq}" if each.dossier else f"mốc {each.seq}"
                self.stdout.write(f"HỎNG {place}: {each.text.vi} / {each.text.en}")
            if not verdict.broken:
                self.stdout.write(self.style.SUCCESS("Nguyên vẹn / nothing was altered"))
        if verdict.broken:
            sys.exit(1)

    def _progress(self, quiet: bool) -> Any:
        def say(count: int) -> None:
            if not quiet and count % 10_000 == 0:
                self.stderr.write(f"… {count}")

        return say
