"""`motcua content` with the verb that needs the pages: `preview`, which shows an unpublished procedure as HTML.

`check`, `load` and `schema` are the catalogue's own. None of them but `load` needs a database.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import CommandError
from django.template.loader import render_to_string
from django.utils import translation

from motcua.catalogue.management.commands.content import Command as ContentCommand
from motcua.filing.preview import preview_context
from motcua.law.procedure import Procedure
from motcua.law.procedure_check import check_content
from motcua.organisation.content_files import read_yaml

STYLES = ("motcua/css/tokens.css", "motcua/css/base.css", "motcua/css/office.css", "office/counter.css",
          "filing/preview.css")  # fmt: skip


class Command(ContentCommand):
    """Checks, loads, describes or previews content."""

    metavar = "check | load | levels | schema | preview"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the command."""
        super().add_arguments(parser)
        one = self.verbs.add_parser("preview", help="show a procedure's form as HTML, before it is published")
        one.add_argument("path", type=Path, metavar="FILE", help="a procedure's YAML file")
        one.add_argument("--case", default="", help="the case to show (default: the first)")
        one.add_argument("--to", type=Path, metavar="FILE.html", help="write it there instead of printing it")
        one.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="vi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Does what was asked; CommandError when the file cannot be read as a procedure."""
        if options["verb"] != "preview":
            super().handle(*args, **options)
            return
        path: Path = options["path"]
        if not path.is_file():
            raise CommandError(f"{path}: không có / is not there")
        procedure, problems = read_yaml(path, Procedure)
        if procedure is None:
            for problem in problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{path}: {len(problems)} chỗ sai / problem(s)")
        with translation.override(options["language"]):
            page = _page(procedure, options["case"], options["language"])
        if options["to"] is None:
            self.stdout.write(page)
        else:
            options["to"].write_text(page, encoding="utf-8")
            self.stdout.write(str(options["to"]))


def _page(procedure: Procedure, case: str, language: str) -> str:
    """The whole page in one text, its styles within, so that it opens anywhere."""
    faults = check_content(procedure)
    context = preview_context(procedure, case, language) | {
        "language": language,
        "css": "\n".join(_style(name) for name in STYLES),
        "problems": [f"{each.path}: {each.reason.within(language)}" for each in faults],
    }
    return render_to_string("filing/preview_file.html", context)


def _style(name: str) -> str:
    found = finders.find(name)
    return Path(found).read_text(encoding="utf-8") if isinstance(found, str) else ""
