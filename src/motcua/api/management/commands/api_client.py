"""Programs of other houses, and apps: registers them, changes their secrets, shuts them out."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from motcua.api.clients import WrongScopeError, new_secret, register_app, register_partner, shut_out
from motcua.api.models import Client
from motcua.api.scopes import SCOPES


class Command(BaseCommand):
    """`motcua api_client partner NAME --scopes ...`, `app`, `list`, `secret ID`, `shut-out ID`."""

    help = "registers the programs that connect: partner NAME, app NAME, list, secret ID, shut-out ID"

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and with which client."""
        parser.add_argument("verb", choices=["partner", "app", "list", "secret", "shut-out"])
        parser.add_argument("name", nargs="?", default="", help="the name of a new client, or the id of one")
        parser.add_argument("--scopes", default="", help=f"separated by spaces: {' '.join(SCOPES)}")
        parser.add_argument("--redirect", action="append", default=[], help="where an app is called back")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, verb: str, name: str, scopes: str, redirect: list[str], **more: Any) -> None:
        """Does it and prints what came of it; a secret is printed once and kept nowhere."""
        try:
            told = self._do(verb, name, scopes.split(), redirect)
        except WrongScopeError as error:
            raise CommandError(f"Quyền không đúng / wrong scopes: {error}") from None
        if more["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for each in told if isinstance(told, list) else [told]:
            self.stdout.write("\n".join(f"{key}: {value}" for key, value in each.items()) + "\n")

    def _do(self, verb: str, name: str, scopes: list[str], redirect: list[str]) -> Any:
        if verb == "list":
            return [_told(client) for client in Client.objects.order_by("created", "pk")]
        if not name:
            raise CommandError("Cần tên hoặc mã / a name or an id is needed")
        if verb == "partner":
            made = register_partner(name, scopes)
            return _told(made.client) | {"secret": made.secret}
        if verb == "app":
            return _told(register_app(name, scopes, redirect).client)
        client = Client.objects.filter(client_id=name).first()
        if client is None:
            raise CommandError("Không có chương trình nào mang mã này / no client has this id")
        if verb == "secret":
            return _told(client) | {"secret": new_secret(client)}
        shut_out(client)
        return _told(client)


def _told(client: Client) -> dict[str, Any]:
    return {"id": client.client_id, "name": client.name, "scopes": client.scopes, "callbacks": client.redirect_uris}
