"""Whether a pack's messages can be sent: every kind once, known placeholders, both languages, lengths that hold.

Problems are told by file and line like those of every content file. Storing is left to `loading`.
"""

from collections.abc import Iterator
from pathlib import Path

from motcua.notices.wording.rendering import placeholders, render
from motcua.notices.wording.shapes import KINDS, PERSONAL, Message, MessagesFile
from motcua.organisation.content_files import Problem, line_of, read_yaml

MOST_PARTS = 3
LONGEST_TITLE, LONGEST_PUSH, LONGEST_TEXT = 80, 240, 4000
LANGUAGES = ("vi", "en")
FILE = Path("notices") / "messages.yaml"


def read_messages(pack_dir: Path) -> tuple[tuple[Message, ...], list[Problem]]:
    """The pack's messages, and what is wrong with them. A pack without the file has none."""
    path = pack_dir / FILE
    if not path.is_file():
        return (), []
    file, problems = read_yaml(path, MessagesFile)
    if file is None:
        return (), problems
    problems += [Problem(str(path), line_of(path, where), reason) for where, reason in _faults(file.messages)]
    return (() if problems else file.messages), problems


def _faults(messages: tuple[Message, ...]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for at, message in enumerate(messages):
        where = f"messages[{at}]"
        if message.kind not in KINDS:
            yield f"{where}.kind", f"“{message.kind}” is no kind of message (known: {', '.join(KINDS)})"
            continue
        if message.kind in seen:
            yield f"{where}.kind", f"“{message.kind}” is stated twice"
        seen.add(message.kind)
        yield from _one(message, where)
    missing = [kind for kind in KINDS if kind not in seen]
    if missing:
        yield "messages", f"there is nothing for: {', '.join(missing)}"


def _one(message: Message, where: str) -> Iterator[tuple[str, str]]:
    if not message.lifetime:
        yield f"{where}.expires_hours", "a message must be worth sending for some time"
    if message.required and not message.ground:
        yield where, "what the law requires names its “ground”"
    if len(set(message.channels)) < len(message.channels):
        yield f"{where}.channels", "names a channel twice"
    for part in ("title", "text", "sms", "email"):
        text = getattr(message, part)
        if text is None:
            continue
        for language in LANGUAGES:
            said = getattr(text, language)
            if not said.strip():
                yield f"{where}.{part}", f"“{part}” has nothing in {language}"
            unknown = placeholders(said) - set(KINDS[message.kind])
            if unknown:
                known = ", ".join(KINDS[message.kind])
                yield f"{where}.{part}.{language}", f"no {{{sorted(unknown)[0]}}} in “{message.kind}” (known: {known})"
    yield from _lengths(message, where)


def _lengths(message: Message, where: str) -> Iterator[tuple[str, str]]:
    example = KINDS[message.kind]
    for language in LANGUAGES:
        sms, push, mail = (render(message, channel, language, example) for channel in ("sms", "push", "email"))
        if "sms" in message.channels:
            spoken = (message.sms or message.text).within(language)
            if placeholders(spoken) & PERSONAL:
                yield f"{where}.sms", "a text message is read by whoever holds the telephone: no {reason} in it"
            assert sms.size is not None
            if sms.size.parts > MOST_PARTS:
                yield (
                    f"{where}.sms.{language}",
                    f"takes {sms.size.parts} parts as a text message (at most {MOST_PARTS})",
                )
            if not message.accents and "?" in sms.text and "?" not in spoken + str(example):
                yield f"{where}.sms.{language}", "has a sign that an unaccented text message cannot carry"
        if len(push.title) > LONGEST_TITLE:
            yield f"{where}.title.{language}", f"is longer than {LONGEST_TITLE} characters"
        if "push" in message.channels and len(push.text) > LONGEST_PUSH:
            yield f"{where}.text.{language}", f"is longer than {LONGEST_PUSH} characters, and goes to telephones"
        if len(mail.text) > LONGEST_TEXT:
            yield f"{where}.email.{language}", f"is longer than {LONGEST_TEXT} characters"
