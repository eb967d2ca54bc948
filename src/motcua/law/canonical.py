"""One encoding for one value: what is sealed and stored must be the same bytes everywhere and in every year.

Strict JSON that any language can read back. What the bytes are sealed into is left to `seal`.
"""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

LARGEST_INTEGER = 2**53 - 1

_encoder = msgspec.json.Encoder(order="sorted")


def canonical(value: object) -> bytes:
    """The one encoding of `value`: JSON in UTF-8, keys sorted by code point, no spaces, texts in NFC.

    Integers reach ±(2^53 - 1), so that every reader reads the same number; decimals are written as texts
    without trailing zeros, instants in UTC with six decimals and `Z`. A `msgspec` struct is written under its
    own names and tag and can be read back by them; fields at their default are left out when it says so.

    Raises TypeError for what has no single form (floats, sets, bytes, instants without a zone) and ValueError
    for what cannot be kept (too large an integer, half a surrogate pair, keys that become the same).
    """
    try:
        return _encoder.encode(_plain(value))
    except UnicodeEncodeError as error:
        raise ValueError("text holds half a surrogate pair") from error


def instant_text(at: datetime) -> str:
    """An instant in its one form: `2019-01-07T10:00:00.000000Z`. Raises TypeError without a zone."""
    if at.tzinfo is None:
        raise TypeError("an instant without a zone has no single form")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _plain(value: object) -> object:
    convert = _CONVERT.get(type(value))
    if convert is not None:
        return convert(value)
    if isinstance(value, msgspec.Struct):
        return _plain_struct(value)
    if isinstance(value, Enum):
        return _plain(value.value)
    for kind, convert in _CONVERT.items():
        if isinstance(value, kind):
            return convert(value)
    raise TypeError(f"a {type(value).__name__} has no canonical form")


def _plain_text(text: str) -> str:
    return str(text) if text.isascii() else unicodedata.normalize("NFC", text)


def _plain_integer(number: int) -> int:
    if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
        raise ValueError("integer beyond 2^53 - 1: not every reader could read it back")
    return int(number)


def _plain_decimal(number: Decimal) -> str:
    if not number.is_finite():
        raise ValueError("only finite decimals have a canonical form")
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _plain_list(values: Any) -> list[object]:
    return [_plain(value) for value in values]


def _plain_mapping(values: Mapping[Any, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, value in values.items():
        name = key.value if isinstance(key, Enum) else key
        if not isinstance(name, str):
            raise TypeError(f"a {type(name).__name__} cannot be a key")
        plain[_plain_text(name)] = _plain(value)
    if len(plain) != len(values):
        raise ValueError("two keys become the same in NFC")
    return plain


class _Shape(NamedTuple):
    tag: dict[str, object]
    fields: tuple[tuple[str, str, object], ...]


_ALWAYS_WRITTEN = object()


@lru_cache(maxsize=1024)
def _shape(kind: type[msgspec.Struct]) -> _Shape:
    config = kind.__struct_config__
    if config.array_like:
        raise TypeError(f"{kind.__name__} is written as a list, whose places have no names")
    tag: dict[str, object] = {} if config.tag is None else {str(config.tag_field): config.tag}

    def default(field: msgspec.structs.FieldInfo) -> object:
        if field.required or not config.omit_defaults:
            return _ALWAYS_WRITTEN
        return _plain(field.default if field.default is not msgspec.NODEFAULT else field.default_factory())

    fields = msgspec.structs.fields(kind)
    return _Shape(tag, tuple((field.name, field.encode_name, default(field)) for field in fields))


def _plain_struct(value: msgspec.Struct) -> dict[str, object]:
    # msgspec leaves a default out only when it is the very same object: that depends on how a value was made.
    shape = _shape(type(value))
    plain = dict(shape.tag)
    for name, written, default in shape.fields:
        held = _plain(getattr(value, name))
        if type(held) is not type(default) or held != default:
            plain[written] = held
    return plain


_CONVERT: dict[type, Callable[[Any], object]] = {
    str: _plain_text,
    bool: bool,
    int: _plain_integer,
    type(None): lambda value: None,
    list: _plain_list,
    tuple: _plain_list,
    dict: _plain_mapping,
    datetime: instant_text,
    date: date.isoformat,
    Decimal: _plain_decimal,
}
