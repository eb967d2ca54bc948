"""What changed between two processes, told part by part in both languages; nothing when they are the same."""

from collections.abc import Iterator

import msgspec

from motcua.law.process import Process, Stage, Step
from motcua.law.texts import Text

_WORDS = {
    "name": ("tên", "name"), "place": ("nơi giải quyết", "place"), "limit": ("thời hạn", "limit"),
    "stage": ("giai đoạn", "stage"), "role": ("vai trò", "role"), "budget": ("thời gian được giao", "budget"),
    "actions": ("việc được làm", "actions"), "unit": ("đơn vị", "unit"), "next": ("bước tiếp theo", "next steps"),
    "parallel": ("làm cùng lúc", "parallel"), "join": ("chờ các nhánh", "join"), "back": ("trả lại", "returns"),
    "waits_for": ("chờ bên ngoài", "waits for"),
}  # fmt: skip


class Difference(msgspec.Struct, frozen=True):
    """One difference: which stage or step, which of its fields ('' when all of it), and in words."""

    part: str
    field: str
    words: Text


def differences(before: Process, after: Process) -> list[Difference]:
    """Everything in which `after` is not `before`; empty exactly when they are equal."""
    return [
        *_parts("stage", ("Giai đoạn", "Stage"), before.stages, after.stages),
        *_parts("step", ("Bước", "Step"), before.steps, after.steps),
    ]


def _parts(
    kind: str, called: tuple[str, str], before: tuple[Stage, ...] | tuple[Step, ...],
    after: tuple[Stage, ...] | tuple[Step, ...],
) -> Iterator[Difference]:  # fmt: skip
    old, new = {each.id: each for each in before}, {each.id: each for each in after}
    vi, en = called
    for name in [*old, *(each for each in new if each not in old)]:
        part = f"{kind}:{name}"
        if name not in new:
            yield Difference(part, "", Text(f"{vi} “{name}” bị bỏ.", f"{en} “{name}” is gone."))
        elif name not in old:
            yield Difference(part, "", Text(f"{vi} “{name}” là mới.", f"{en} “{name}” is new."))
        else:
            yield from _fields(part, f"{vi} “{name}”", f"{en} “{name}”", old[name], new[name])
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old] or len(old) != len(before) or len(new) != len(after):
        yield Difference(kind, "", Text(f"{vi}: thứ tự khác.", f"{en}s: the order differs."))


def _fields(part: str, vi: str, en: str, old: Stage | Step, new: Stage | Step) -> Iterator[Difference]:
    for name in old.__struct_fields__:
        here, there = getattr(old, name), getattr(new, name)
        if here != there:
            called = _WORDS[name]
            yield Difference(
                part,
                name,
                Text(
                    f"{vi}: {called[0]} từ “{_said(here, 'vi')}” thành “{_said(there, 'vi')}”.",
                    f"{en}: {called[1]} from “{_said(here, 'en')}” to “{_said(there, 'en')}”.",
                ),
            )


def _said(value: object, language: str) -> str:
    if isinstance(value, Text):
        return f"{value.vi} / {value.en}" if value.en else value.vi
    if isinstance(value, tuple):
        return ", ".join(value) or "–"
    if isinstance(value, bool):
        return {"vi": ("không", "có"), "en": ("no", "yes")}[language][value]
    return str(value) or "–"
