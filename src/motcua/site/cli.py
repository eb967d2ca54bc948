"""`motcua`: Django's management command line under the product's name.

Before a verb runs, its home is looked for and its database started; verbs that need neither are let through.
What the verbs do is left to the commands of the rooms.
"""

import os
import sys
from collections.abc import Sequence

from motcua import __version__
from motcua.site.embedded import ensure_running
from motcua.site.embedded_place import EmbeddedError, settle
from motcua.site.home import HomeError, create, current_home

SETTINGS = "motcua.site.settings"
# They make the home they need, or look after it themselves.
SELF_RELIANT = {"init", "demo", "stop", "doctor", "bench"}
# They read code and files only.
WITHOUT_CITY = {
    "help", "version", "check", "makemigrations", "makemessages", "compilemessages", "collectstatic",
    "findstatic", "diffsettings", "translations",
}  # fmt: skip
NOT_FOR_USERS = {"createcachetable", "flush", "inspectdb", "loaddata", "runserver", "startapp", "startproject"}
AS_OWNER = {"migrate", "sqlmigrate"}
OWNERS_ACTS = (["registry", "synthesize"], ["registry", "mend"], ["reports", "rebuild"])
NO_CITY = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb. Exits with 0, 1 when the verb failed, 2 when there is no city, 130 when interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        _prepare(given)
        _run(given)
    except (HomeError, EmbeddedError, RuntimeError) as error:
        _say(str(error))
        raise SystemExit(NO_CITY if isinstance(error, HomeError) else 1) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of our output has left, as in `motcua ... | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


def needs_city(arguments: Sequence[str]) -> bool:
    """Whether the verb and its arguments need an initialised home and its database."""
    verb = arguments[0] if arguments else "help"
    if verb.startswith("-") or verb in WITHOUT_CITY | SELF_RELIANT or {"-h", "--help"} & set(arguments):
        return False
    if verb == "content" and arguments[1:2] in (["check"], ["schema"], ["preview"]):
        return False
    return not (verb == "due" and any(each.split("=")[0] == "--calendar" for each in arguments[1:]))


def _prepare(arguments: Sequence[str]) -> None:
    home = current_home()
    verb = arguments[0] if arguments else "help"
    if verb in ("init", "demo") and not {"-h", "--help", "--remove"} & set(arguments):
        # Ahead of Django, whose settings are read from the home.
        create(home)
        if not os.environ.get("DATABASE_URL"):
            settle(home)
    if verb in AS_OWNER or list(arguments[:2]) in OWNERS_ACTS:
        os.environ["MOTCUA_DATABASE_ROLE"] = "owner"
    if not needs_city(arguments) or not _is_known(verb):
        return
    if not home.is_ready():
        raise HomeError(
            f"Chưa có dữ liệu ở {home.path}: hãy chạy motcua init / no city at {home.path} yet: run motcua init"
        )
    if not os.environ.get("DATABASE_URL"):
        ensure_running(home)


def _is_known(verb: str) -> bool:
    import django
    from django.core.management import get_commands

    # Asked before, Django would know its own commands only, and remember that.
    django.setup()
    return verb in get_commands()


def _run(arguments: list[str]) -> None:
    from django.core.management import ManagementUtility
    from django.db import InterfaceError, OperationalError

    if not arguments or arguments in (["help"], ["--help"], ["-h"]):
        print(_overview())  # noqa: T201 - the command line's own output
        return
    if arguments in (["version"], ["--version"]):
        print(f"motcua {__version__}")  # noqa: T201 - the command line's own output
        return
    try:
        ManagementUtility(["motcua", *arguments]).execute()
    except (OperationalError, InterfaceError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RuntimeError(f"Cơ sở dữ liệu không thực hiện được / the database could not do it: {reason}") from error


def _overview() -> str:
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    ours, others = [], []
    for name, app in sorted(get_commands().items()):
        if isinstance(app, str) and app.startswith("motcua."):
            summary = str(load_command_class(app, name).help).strip().splitlines() or [""]
            ours.append(f"  {name:<14}{summary[0]}")
        elif name not in NOT_FOR_USERS:
            others.append(name)
    lines = ["motcua VERB [--help]", "", *ours, "", "Django: " + ", ".join(others)]
    return "\n".join(lines)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - the command line's own output


if __name__ == "__main__":
    main()
