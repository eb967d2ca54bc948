"""`motcua signing demo-authority|tsa|status|revoke|retry`: the keys that sign results, and the results that wait."""

import json
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models.functions import Now

from motcua.papers.results import timestamps
from motcua.papers.results.keys import KeyRing, NoKeyError
from motcua.papers.results.ring import city_ring
from motcua.papers.results.tables import IssuedResult, KeyUse, ResultWork

SHOWN = 50


class Command(BaseCommand):
    """Exits with 1 when results wait for something that an operator has to mend."""

    help = "Ký số kết quả: khóa, dấu thời gian, việc đang chờ / signing results: keys, time-stamps, what waits"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb each."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("demo-authority", help="make the demonstration authority; it has no legal force")
        stamps = verbs.add_parser("tsa", help="run the local time-stamp authority (demonstration and tests)")
        stamps.add_argument("--port", type=int, default=8318, help="port on the loopback address (default: 8318)")
        status = verbs.add_parser("status", help="which keys there are, what was issued, what waits and why")
        status.add_argument("--json", action="store_true", help="print it as JSON")
        revoke = verbs.add_parser("revoke", help="revoke a certificate of the demonstration authority")
        revoke.add_argument("serial", help="its serial number in hexadecimal, as `status` lists it")
        verbs.add_parser("retry", help="try everything that waits at once")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do it."""
        ring = city_ring()
        match options["verb"]:
            case "demo-authority":
                self._make(ring)
            case "tsa":
                self._stamp(ring, options["port"])
            case "status":
                self._status(ring, as_json=options["json"])
            case "revoke":
                if not ring.demo.exists or not ring.demo.revoke(options["serial"]):
                    raise CommandError(
                        "Không có chứng thư ấy, hoặc đã thu hồi / no such certificate, or revoked before"
                    )
                self.stdout.write("Đã thu hồi / revoked")
            case _:
                tried = ResultWork.objects.filter(next_at__isnull=False, leased_until=None).update(next_at=Now())
                self.stdout.write(f"{tried} việc sẽ thử lại / will be tried again")

    def _make(self, ring: KeyRing) -> None:
        made = ring.demo.create()
        said = "Đã lập / made" if made else "Đã có sẵn / was there already"
        self.stdout.write(f"{said}: {ring.demo.folder}")
        self.stdout.write("MINH HỌA: chữ ký không có giá trị pháp lý / DEMONSTRATION: signatures have no legal force")

    def _stamp(self, ring: KeyRing, port: int) -> None:
        if not ring.demo.exists:
            raise CommandError("Hãy chạy motcua signing demo-authority trước / run motcua signing demo-authority first")
        serving = timestamps.server(port, *ring.demo.tsa())
        for number in (signal.SIGTERM, signal.SIGINT):
            # From another thread: within a handler the server would wait for itself.
            signal.signal(number, lambda *_: threading.Thread(target=serving.shutdown).start())
        self.stdout.write(f"http://127.0.0.1:{serving.server_address[1]}/")
        self.stdout.flush()
        serving.serve_forever(poll_interval=0.1)
        serving.server_close()

    def _status(self, ring: KeyRing, *, as_json: bool) -> None:
        waiting = ResultWork.objects.filter(next_at__isnull=False)
        troubled = waiting.exclude(last_error="")
        said: dict[str, Any] = {
            "issued": IssuedResult.objects.count(),
            "waiting": waiting.count(),
            "troubled": troubled.count(),
            "reasons": sorted({each[:200] for each in troubled.values_list("last_error", flat=True)[:SHOWN]}),
            "demonstration": ring.demo.exists,
            "certificates": ring.demo.issued() if ring.demo.exists else {},
            "key_uses": KeyUse.objects.count(),
        }
        try:
            since = ring.since()
            said["since"] = since.isoformat() if since else None
            said["keys"] = [f"{key.kind} {key.agency} {key.official}".strip() for key in ring.configuration().key]
        except NoKeyError as error:
            said["configuration"] = str(error)
        if as_json:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self._tell(said)
        if said["troubled"] or "configuration" in said:
            raise SystemExit(1)

    def _tell(self, said: dict[str, Any]) -> None:
        self.stdout.write(
            f"{said['issued']} kết quả đã ban hành, {said['waiting']} đang chờ, {said['troubled']} vướng"
            " / issued, waiting, in trouble"
        )
        self.stdout.write(f"ký từ / signing since: {said.get('since') or 'chưa thiết lập / not set up'}")
        for reason in [*said["reasons"], *filter(None, [said.get("configuration")])]:
            self.stdout.write(f"  {reason}")
        for key in said.get("keys", ()):
            self.stdout.write(f"  {key}")
        for serial, each in said["certificates"].items():
            fate = f"thu hồi / revoked {each['revoked']}" if each["revoked"] else each["until"]
            self.stdout.write(f"  {serial}  {each['agency']:<8} {each['name']}  {fate}")
