"""The process that opens hostile files: examines one, makes the PDF and its pictures, and says how it went.

Started by `apart` with a folder of its own. It binds its own memory, time and file sizes before it opens
anything, needs no database and no settings, and answers in one line of JSON. Whatever goes wrong here hurts
nobody else.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 1536 * 1024 * 1024
SECONDS = 30
LARGEST_FILE = 256 * 1024 * 1024
OPEN_FILES = 128


def main() -> None:
    """Reads `{"act", "files", "media"}` from the standard input; prints what was made or the refusal."""
    _bind()
    asked = json.load(sys.stdin)
    from motcua.files.findings import RefusedError

    try:
        answer: dict[str, Any] = _join(asked) if asked["act"] == "join" else _prepare(asked)
    except RefusedError as error:
        answer = {"refused": error.code, "told": error.told}
    except MemoryError:
        answer = {"refused": "too_hard", "told": {}}
    sys.stdout.write(json.dumps(answer))


def _bind() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _prepare(asked: dict[str, Any]) -> dict[str, Any]:
    given, here = Path(asked["files"][0]), Path.cwd()
    if asked["media"] == "application/pdf":
        from motcua.files.pdfs import examine

        found = examine(given, here / "cleaned.pdf")
        name = "cleaned.pdf" if found.removed else ""
        pictures = _draw(here / name if name else given, here)
        return {"made": name, "pages": found.pages, "removed": found.removed, "signed": found.is_signed,
                "previews": pictures}  # fmt: skip
    from motcua.files.images import bound, pages_of, preview

    pages = pages_of(given, asked["media"])
    (here / "made.pdf").write_bytes(bound(pages))
    pictures = _keep((preview(page) for page in pages[:20]), here)
    return {"made": "made.pdf", "pages": len(pages), "removed": [], "signed": False, "previews": pictures}


def _join(asked: dict[str, Any]) -> dict[str, Any]:
    """Several prepared PDFs as one, in the order given."""
    import pikepdf

    from motcua.files.findings import MOST_PAGES, RefusedError

    here = Path.cwd()
    with pikepdf.new() as whole:
        for each in asked["files"]:
            with pikepdf.open(each, suppress_warnings=True) as part:
                whole.pages.extend(part.pages)
        if len(whole.pages) > MOST_PAGES:
            raise RefusedError("too_many_pages", pages=len(whole.pages), limit=MOST_PAGES)
        whole.save(here / "made.pdf", deterministic_id=True)
        pages = len(whole.pages)
    return {"made": "made.pdf", "pages": pages, "removed": [], "signed": False, "previews": []}


def _draw(pdf: Path, here: Path) -> list[str]:
    """Pictures of the pages; the file itself lies outside of this folder, the typesetter reads within it only."""
    from motcua.files.drawing import drawn

    inside = here / "drawn.pdf"
    inside.write_bytes(pdf.read_bytes())
    try:
        return _keep(drawn(inside), here)
    except MemoryError:
        return []


def _keep(pictures: Any, here: Path) -> list[str]:
    names = []
    for number, picture in enumerate(pictures, 1):
        names.append(f"page-{number}.webp")
        (here / names[-1]).write_bytes(picture)
    return names


if __name__ == "__main__":
    main()
