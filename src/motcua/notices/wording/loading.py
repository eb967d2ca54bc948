"""Keeps the pack's messages in versions: a changed message is a new version, and what was sent stays readable.

`check` and `load` are what `motcua content` asks of every room that keeps something in a pack.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import msgspec
from django.db.models import Max

from motcua.law.canonical import canonical
from motcua.notices.models import Wording
from motcua.notices.wording.checking import read_messages
from motcua.notices.wording.shapes import Message
from motcua.organisation.content_files import Problem


class NoWordsError(LookupError):
    """Nothing has been loaded for a kind of message."""


def check(pack_dir: Path) -> list[Problem]:
    """What is wrong with the pack's messages. Needs no database."""
    return read_messages(pack_dir)[1]


def load(pack_dir: Path, say: Callable[[str], None]) -> None:
    """Stores what the pack says otherwise than before; within the caller's transaction."""
    messages, _ = read_messages(pack_dir)
    if not messages:
        return
    present = {row.kind: row for row in Wording.objects.order_by("version")}
    changed = 0
    for message in messages:
        content, before = canonical(message).decode(), present.get(message.kind)
        if before is None or before.content != content:
            number = before.version + 1 if before else 1
            Wording.objects.create(kind=message.kind, version=number, content=content)
            changed += 1
    say(f"messages: {changed} new versions, {len(messages) - changed} as before")


def current(kinds: set[str]) -> dict[str, tuple[int, Message]]:
    """The newest version of each kind. Raises NoWordsError for one that was never loaded."""
    newest = Wording.objects.filter(kind__in=kinds).values("kind").annotate(version=Max("version"))
    found = {row["kind"]: (row["version"], message_of(row["kind"], row["version"])) for row in newest}
    if missing := kinds - set(found):
        raise NoWordsError(f"no words are loaded for: {', '.join(sorted(missing))}: motcua content load")
    return found


@lru_cache(maxsize=256)
def message_of(kind: str, version: int) -> Message:
    """One version's words, which never change."""
    row = Wording.objects.filter(kind=kind, version=version).values_list("content", flat=True).first()
    if row is None:
        raise NoWordsError(f"there is no version {version} of the words for {kind}")
    return msgspec.json.decode(row, type=Message)
