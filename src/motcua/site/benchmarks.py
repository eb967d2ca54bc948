"""Finds the benchmarks beside the sources and runs one. What is measured is theirs.

Each is a file in `benchmarks/` with `run(options) -> dict` and, when it needs no city, `NEEDS_CITY = False`.
"""

import sys
from argparse import Namespace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from django.core.management import CommandError

from motcua.site.founding import repository_folder


def names() -> list[str]:
    """The benchmarks there are, in order."""
    return sorted(path.stem for path in _folder().glob("[a-z]*.py") if "def run(" in path.read_text(encoding="utf-8"))


def needs_city(name: str) -> bool:
    """Whether the benchmark writes into a city's database."""
    return bool(getattr(_load(name), "NEEDS_CITY", True))


def measure(name: str, options: Namespace) -> dict[str, Any]:
    """Run one benchmark; its own figures, under its name."""
    result: dict[str, Any] = _load(name).run(options)
    return {"name": name, **result}


def _folder() -> Path:
    folder = repository_folder("benchmarks")
    if folder is None:
        raise CommandError("Không thấy thư mục benchmarks / the folder benchmarks is not here")
    return folder


def _load(name: str) -> ModuleType:
    path = _folder() / f"{name}.py"
    if name not in names():
        raise CommandError(f"Không có phép đo {name} / no such benchmark; có / there are: {', '.join(names())}")
    root = str(path.parent.parent)
    if root not in sys.path:
        # They share what they measure with; outside of a checkout they are no part of the installation.
        sys.path.insert(0, root)
    return import_module(f"benchmarks.{name}")
