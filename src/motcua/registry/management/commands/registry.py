"""The population register from the command line: taking people in, looking one up, making a population up."""

import csv
import json
import time
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from motcua.law.actor import Actor
from motcua.law.working_time import city_day
from motcua.organisation.models import Agency
from motcua.registry import businesses
from motcua.registry.checking import faults
from motcua.registry.csv_reading import BUSINESSES, UnreadableError, read_rows
from motcua.registry.importing import import_rows
from motcua.registry.importing_businesses import import_businesses
from motcua.registry.lookups import NoPurposeError, look_up
from motcua.registry.record import Source
from motcua.registry.synthetic.families import Places
from motcua.registry.synthetic.loading import Plan, mend, synthesize

OPERATOR = Actor(account=0, name="Người vận hành", kind="system")
NAMES = Path("content") / "hanoi-2018" / "registry" / "names.yaml"
WORTH_REBUILDING = 50_000
MOST_FAULTS = 200


class Command(BaseCommand):
    """`motcua registry import FILE`, `lookup NUMBER --reason ...`, `business CODE`, `synthesize`, `verify`, `mend`."""

    help = "the population register: import FILE.csv [--businesses], lookup NUMBER --reason WORDS, business CODE, ..."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument("verb", choices=["import", "lookup", "business", "synthesize", "verify", "mend"])
        parser.add_argument("what", nargs="?", default="", help="a CSV file, a personal number, or a tax code")
        parser.add_argument("--businesses", action="store_true", help="the file to import is one of businesses")
        parser.add_argument("--reason", default="", help="why somebody is looked up; written down and shown to them")
        parser.add_argument("--residents", type=int, default=1_000)
        parser.add_argument("--seed", type=int, default=2018)
        parser.add_argument("--processes", type=int, default=2)
        parser.add_argument("--names", default="", help="a file of names with their weights")
        parser.add_argument("--streets", default="", help="a CSV of streets by district (district, street)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Does it. A file with refused rows is an error, and the good rows are in."""
        verbs = {
            "import": self._import, "lookup": self._lookup, "business": self._business,
            "synthesize": self._synthesize, "verify": self._verify, "mend": self._mend,
        }  # fmt: skip
        verbs[verb](options)

    def _say(self, told: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in told.items()))

    def _import(self, options: dict[str, Any]) -> None:
        path = Path(options["what"])
        try:
            if options["businesses"]:
                by = Source(words=path.name[:200], by=OPERATOR.name)
                verdicts = import_businesses(read_rows(path.read_bytes(), BUSINESSES), by)
            else:
                verdicts = import_rows(read_rows(path.read_bytes()), OPERATOR, path.name)
        except OSError as error:
            raise CommandError(f"Không đọc được / cannot read {path}: {error.strerror}") from None
        except UnreadableError as error:
            raise CommandError(f"{error.text.vi} / {error.text.en}") from None
        counts = dict.fromkeys(("new", "changed", "unchanged", "refused"), 0)
        refused = []
        for each in verdicts:
            counts[each.outcome] += 1
            if each.faults:
                refused.append({"row": each.row, "faults": [[column, why.vi] for column, why in each.faults]})
        self._say(counts | ({"rows": refused} if options["json"] else {}), options)
        if not options["json"]:
            for told in refused:
                self.stderr.write(f"{told['row']}: " + "; ".join(f"{c}: {w}" for c, w in told["faults"]))
        if refused:
            raise CommandError(f"{len(refused)} dòng không nhận / rows were refused")

    def _lookup(self, options: dict[str, Any]) -> None:
        try:
            known = look_up(options["what"], purpose="inspection", who=OPERATOR, reason=options["reason"])
        except NoPurposeError as error:
            raise CommandError(f"{error.text.vi} / {error.text.en}") from None
        if known is None:
            raise CommandError("Không có trong cơ sở dữ liệu / not in the register")
        told = {"number": known.number, "name": known.name, "sex": known.sex, "birth": known.birth}
        self._say(told | {"residence": known.residence.text if known.residence else ""}, options)

    def _business(self, options: dict[str, Any]) -> None:
        found = businesses.find(options["what"])
        if found is None:
            raise CommandError("Không có trong cơ sở dữ liệu / not in the register")
        told = {
            "tax_code": found.pk, "name": found.name, "address": found.address, "commune": found.commune,
            "since": str(found.since or ""), "until": str(found.until or ""),
            "branches": [each.pk for each in found.branches.order_by("pk")],
            "story": [
                {"from": str(each.valid_from), "to": str(each.valid_to or ""), "known": each.known_from.isoformat(),
                 "until": each.known_to.isoformat() if each.known_to else "", "says": each.value}
                for each in businesses.story(found)
            ],
        }  # fmt: skip
        self._say(told, options)

    def _synthesize(self, options: dict[str, Any]) -> None:
        if options["residents"] < 1 or not 1 <= options["processes"] <= 16:
            raise CommandError("Số người phải lớn hơn 0 / the number of people must be above 0")
        begun = time.monotonic()
        plan = Plan(
            residents=options["residents"],
            names=_names(options["names"]),
            places=_places(options["streets"]),
            today=city_day(timezone.now()),
            seed=options["seed"],
            processes=options["processes"] if options["residents"] >= WORTH_REBUILDING else 1,
        )
        try:
            made = synthesize(plan, rebuild=options["residents"] >= WORTH_REBUILDING)
        except ValueError:
            raise CommandError("Đã có dân số giả định / there is a made-up population already") from None
        seconds = time.monotonic() - begun
        told = {
            "residents": made.residents,
            "households": made.households,
            "seconds": round(seconds, 1),
            "writing": round(made.writing, 1),
            "indexing": round(made.indexing, 1),
            "rate": round(made.residents / seconds),
        }
        self._say(told, options)

    def _verify(self, options: dict[str, Any]) -> None:
        found = list(islice(faults(), MOST_FAULTS))
        self._say({"faults": found if options["json"] else len(found)}, options)
        if found:
            if not options["json"]:
                self.stderr.write("\n".join(found))
            raise CommandError(f"{len(found)} chỗ không khớp / places do not fit")

    def _mend(self, options: dict[str, Any]) -> None:
        self._say({"mended": mend()}, options)


def _names(given: str) -> Path:
    path = Path(given) if given else next((root / NAMES for root in _roots() if (root / NAMES).is_file()), NAMES)
    if not path.is_file():
        raise CommandError(f"Không thấy tệp tên / no file of names: {path}")
    return path


def _roots() -> tuple[Path, ...]:
    return Path(__file__).resolve().parents[5], Path.cwd()


def _places(streets: str) -> Places:
    """Every commune that stands, the wards of the city three times as full; streets by the district's name."""
    rows = Agency.objects.filter(tier="commune", valid_to=None).select_related("parent").order_by("number")
    communes = list(rows)
    if not communes:
        raise CommandError("Chưa có phường, xã nào / there are no communes yet: motcua content load")
    named = _streets(Path(streets)) if streets else {}
    weights = [3 if each.kind == "phường" else 1 for each in communes]
    found = {each.code: named.get(each.parent.name_vi.split(" ", 1)[-1], []) for each in communes if each.parent}
    return Places([each.code for each in communes], list(accumulate(weights)), found)


def _streets(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                found.setdefault(row["district"], []).append(row["street"].replace("\t", " ").replace("\\", ""))
    except (OSError, KeyError, ValueError) as error:
        raise CommandError(f"Không đọc được tên phố / cannot read the streets: {error}") from None
    return found
