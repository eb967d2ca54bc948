"""Rules of the house that no tool knows: every route has a policy, nothing lies about unused, files keep small."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "motcua"
OPEN = {"portal", "city", "opendata"}
LIBRARIES = ("allauth.", "django.", "oauth2_provider.")
OPEN_VIEWS = {"healthz", "style", "openapi-json", "api-root", "description"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 52


def routes(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route with its namespace."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, entry.namespace or space)
        else:
            yield space, entry


def sources() -> list[Path]:
    return [path for path in SOURCES.rglob("*.py") if "migrations" not in path.parts]


def test_every_route_has_a_policy() -> None:
    without = [
        (space, pattern.name)
        for space, pattern in routes()
        if space not in OPEN
        and pattern.name not in OPEN_VIEWS
        and not pattern.callback.__module__.startswith(LIBRARIES)
        and not hasattr(pattern.callback, "needs")
        and space != "admin"
    ]
    assert without == []


def test_the_office_is_behind_its_door() -> None:
    office = [pattern for space, pattern in routes() if space == "office"]
    assert len(office) > 15
    assert [each.name for each in office if not hasattr(each.callback, "needs")] == []


def test_every_template_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*SOURCES.rglob("*.py"), *SOURCES.rglob("*.html")]]
    said = "\n".join(texts)
    unused = []
    for template in SOURCES.glob("*/templates/**/*.html"):
        name = template.relative_to(next(each for each in template.parents if each.name == "templates")).as_posix()
        by_name = (
            name in said or f'component("{template.stem}")' in said or template.stem in ("400", "403", "404", "500")
        )
        library = name.startswith(("account/", "mfa/", "allauth/", "usersessions/"))
        if not by_name and not library and not name.startswith(("403_", "429", "503")):
            unused.append(name)
    assert unused == []


def test_files_and_functions_keep_small() -> None:
    long_files = [path.name for path in sources() if len(path.read_text().splitlines()) > LONGEST_FILE]
    assert long_files == []
    long_functions = [
        f"{path.name}:{node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long_functions == []


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path) for path in sources() if not ast.get_docstring(ast.parse(path.read_text()))
            and path.name != "__init__.py"] == []  # fmt: skip


def test_no_room_is_a_lumber_room() -> None:
    banned = {"utils", "helpers", "common", "manager", "managers", "misc"}
    assert [str(path) for path in sources() if path.stem in banned] == []


def test_locks_carry_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert re.search(r"https?://|--index|--find-links", lock) is None


@pytest.mark.parametrize("mark", ["TODO", "FIXME", "XXX", "NotImplementedError"])
def test_no_promises_are_left_in_the_code(mark: str) -> None:
    assert [str(path) for path in sources() if re.search(rf"\b{mark}\b", path.read_text())] == []


def test_dossiers_are_changed_by_their_verbs_only() -> None:
    """No face and no wing writes the heart's tables: it goes through `handle()` or the bulk loader."""
    writing = re.compile(
        r"(insert\s+into|update|delete\s+from|copy)\s+dossiers_(?!follower)"
        r"|\b(Dossier|Event|Task|Outbox|Checkpoint|CheckpointLeaf)\.objects\.(create|update|bulk_|get_or_create)",
        re.IGNORECASE,
    )
    elsewhere = [
        str(path.relative_to(SOURCES))
        for path in sources()
        if path.parent.name != "dossiers" and "tests" not in path.parts and writing.search(path.read_text())
    ]
    assert elsewhere == []
