"""Which texts the pages say, and whether English says them all: Vietnamese is the source, English the catalogue.

A second catalogue gives Vietnamese to what the libraries say in English only; nothing is looked for there, it is
only compiled. Needs no gettext programs, only Babel. What a text should be in either language is left to people.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1]
CATALOGUE = SOURCE / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOGUE.with_suffix(".mo")
LIBRARIES = SOURCE / "site" / "locale" / "vi" / "LC_MESSAGES" / "django.po"

# How many texts each function takes, and whether a context stands before them.
SHAPES = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (1, True),
    "pgettext_lazy": (1, True),
    "npgettext": (2, True),
    "npgettext_lazy": (2, True),
}
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"(?<!\w)({'|'.join(SHAPES)})\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


# Babel's own header has the date and Babel's version in it: the files would differ from day to day.
COMMON = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
HEADER = f"Language: en\n{COMMON}Plural-Forms: nplurals=2; plural=(n != 1);\n"
VIETNAMESE_HEADER = f"Language: vi\n{COMMON}Plural-Forms: nplurals=1; plural=0;\n"
HEADER_ENTRY = 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in HEADER.splitlines()) + "\n"


@dataclass(frozen=True)
class Said:
    """One text of a page or a module, and where it stands."""

    texts: tuple[str, ...]
    context: str | None
    path: str
    line: int


def everything_said() -> Iterator[Said]:
    """Every text marked for translation in our templates and modules."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from said_in_module(path.read_text(encoding="utf-8"), _name(path))
    for folder in sorted(SOURCE.glob("*/templates")):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".txt")):
            yield from said_in_template(path.read_text(encoding="utf-8"), _name(path))


def said_in_module(text: str, name: str) -> Iterator[Said]:
    """The texts of a Python module, implicit concatenation included."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        literals = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        yield from _said(called, literals, name, node.lineno)


def said_in_template(text: str, name: str) -> Iterator[Said]:
    """The texts of a Django template."""
    plain = templatize(text, name)
    for found in CALL.finditer(plain):
        literals = [ast.literal_eval(each) for each in re.findall(LITERAL, found[2])]
        yield from _said(found[1], literals, name, plain.count("\n", 0, found.start()) + 1)


def updated(catalogue: Catalog | None = None) -> Catalog:
    """The catalogue with every text said now: known ones keep their English, new ones are empty, others go."""
    old = catalogue or read_catalogue()
    new = Catalog(locale="en", project="motcua", charset="utf-8", fuzzy=False, domain="django")
    for said in everything_said():
        identifier = said.texts if len(said.texts) > 1 else said.texts[0]
        known = old.get(identifier, said.context)
        new.add(identifier, known.string if known else None, [(said.path, said.line)], context=said.context)
    return new


def read_catalogue() -> Catalog:
    """The catalogue as it stands; an empty one when there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as handle:
        return read_po(handle, locale="en", domain="django")


def write_catalogue(catalogue: Catalog) -> None:
    """Write the texts in a stable order, without line numbers, which would change with every edit elsewhere."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as handle:
        handle.write(HEADER_ENTRY.encode())
        write_po(handle, catalogue, width=0, sort_output=True, include_lineno=False, omit_header=True)


def compiled(catalogue: Catalog, header: str = HEADER) -> bytes:
    """What Django reads."""
    made = BytesIO()
    write_mo(made, _Dateless(catalogue, header))
    return made.getvalue()


def compiled_libraries() -> bytes:
    """What Django reads of the libraries' texts in Vietnamese."""
    with LIBRARIES.open("rb") as handle:
        return compiled(read_po(handle, locale="vi", domain="django"), VIETNAMESE_HEADER)


def faults() -> list[str]:
    """What is missing or wrong, each with its place; empty when English is complete."""
    catalogue = read_catalogue()
    found = []
    seen: set[tuple[str, str | None]] = set()
    for said in everything_said():
        if (said.texts[0], said.context) in seen:
            continue
        seen.add((said.texts[0], said.context))
        place = f"{said.path}:{said.line}: “{said.texts[0]}”"
        known = catalogue.get(said.texts if len(said.texts) > 1 else said.texts[0], said.context)
        english = _english(known)
        if not english or not all(english):
            found.append(f"{place}: chưa có tiếng Anh / no English")
        elif {*PLACEHOLDER.findall(said.texts[-1])} != {*PLACEHOLDER.findall(english[-1])}:
            found.append(f"{place}: “{english[-1]}”: chỗ điền khác nhau / the placeholders differ")
    for made, wanted in ((COMPILED, compiled(catalogue)), (LIBRARIES.with_suffix(".mo"), compiled_libraries())):
        if not made.exists() or made.read_bytes() != wanted:
            found.append(f"{made.parts[-3]}/{made.name}: cũ, hãy chạy / out of date, run: motcua translations update")
    return found


class _Dateless(Catalog):
    """A catalogue as `write_mo` reads it, under our header."""

    def __init__(self, catalogue: Catalog, header: str) -> None:
        super().__init__(locale=catalogue.locale, charset="utf-8")
        self._texts = [message for message in catalogue if message.id]
        self._own_header = header

    def __iter__(self) -> Iterator[Message]:
        yield Message("", self._own_header)
        yield from self._texts


def _english(known: Message | None) -> tuple[str, ...]:
    said = None if known is None else known.string
    if isinstance(said, str):
        return (said,)
    return tuple(each or "" for each in said or ())


def _said(called: str, literals: list[str], name: str, line: int) -> Iterator[Said]:
    count, has_context = SHAPES.get(called, (0, False))
    wanted = count + has_context
    if count and len(literals) >= wanted:
        context = literals[0] if has_context else None
        yield Said(tuple(literals[has_context:wanted]), context, name, line)


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE.parent))
