"""How each kind of message looks on each channel, with example values: for those who write the words."""

import msgspec

from motcua.notices.lettering import Size
from motcua.notices.models import Wording
from motcua.notices.wording.loading import message_of
from motcua.notices.wording.rendering import render
from motcua.notices.wording.shapes import KINDS, Message


class Shown(msgspec.Struct, frozen=True):
    """One channel in one language."""

    channel: str
    language: str
    title: str
    text: str
    size: Size | None = None


class Kind(msgspec.Struct, frozen=True):
    """One kind with its version and how it is sent."""

    kind: str
    version: int
    message: Message
    shown: tuple[Shown, ...] = ()


def kinds() -> list[Kind]:
    """Every kind that has words, in the order of the house."""
    newest: dict[str, int] = {}
    for kind, version in Wording.objects.order_by("version").values_list("kind", "version"):
        newest[kind] = version
    return [Kind(kind, newest[kind], message_of(kind, newest[kind])) for kind in KINDS if kind in newest]


def preview(kind: str, version: int = 0) -> Kind | None:
    """One kind on every channel it has, in both languages; None for one without words."""
    rows = Wording.objects.filter(kind=kind)
    rows = rows.filter(version=version) if version else rows
    found = rows.order_by("-version").values_list("version", flat=True).first()
    if found is None or kind not in KINDS:
        return None
    message = message_of(kind, found)
    shown = []
    for channel in (*message.channels, "inbox"):
        for language in ("vi", "en"):
            said = render(message, channel, language, KINDS[kind])
            shown.append(Shown(channel, language, said.title, said.text, said.size))
    return Kind(kind, found, message, tuple(shown))
