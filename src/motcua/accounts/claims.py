"""What an identity provider says of somebody, read from its claims by the provider's own names for them.

Nothing is taken on trust: a number must be a number, a level counts only where the city's settings name its value,
and an address only where the provider says it was verified. What follows from it is decided in `linking`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from motcua.law.names import as_declared
from motcua.law.persons import PersonNumber, check_personal_number
from motcua.law.telephones import normalise_phone


@dataclass(frozen=True, slots=True)
class Names:
    """How a provider calls its claims, and which values of `level` mean a proven identity (none: never)."""

    number: str = "personal_number"
    level: str = "acr"
    birth: str = "birthdate"
    proven: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who the provider says it is. Empty texts where it does not say, or not so that it can be believed."""

    subject: str
    number: str = ""
    name: str = ""
    birth: str = ""
    phone: str = ""
    email: str = ""
    proven: bool = field(default=False)


def read(userinfo: Mapping[str, Any], id_token: Mapping[str, Any], names: Names) -> Claimed:
    """The claims of the signed id token before those of the userinfo answer. Raises ValueError when they disagree.

    `sub` of both must be the same (OpenID Connect Core 1.0, 5.3.2).
    """
    subject = _text(id_token.get("sub"), 255)
    if not subject or (userinfo and _text(userinfo.get("sub"), 255) != subject):
        raise ValueError("the two answers are about different people")
    claims = {**userinfo, **id_token}
    # The level is believed only where it is signed.
    level = id_token.get(names.level)
    said = [level] if isinstance(level, str | int) and not isinstance(level, bool) else level
    proven = isinstance(said, list) and any(str(each) in names.proven for each in said)
    return Claimed(
        subject=subject,
        number=_number(claims.get(names.number)),
        name=as_declared(_text(claims.get("name"), 200)),
        birth=_birth(claims.get(names.birth)),
        phone=_phone(claims),
        email=_email(claims),
        proven=proven,
    )


def _text(value: object, longest: int) -> str:
    return value.strip() if isinstance(value, str) and len(value) <= longest and "\x00" not in value else ""


def _number(value: object) -> str:
    found = check_personal_number(_text(value, 40))
    return found.number if isinstance(found, PersonNumber) and found.kind == "cccd12" else ""


def _birth(value: object) -> str:
    text = _text(value, 10)
    if re.fullmatch(r"[0-9]{4}", text):
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _phone(claims: Mapping[str, Any]) -> str:
    found = normalise_phone(_text(claims.get("phone_number"), 40))
    return found.number if found and claims.get("phone_number_verified") is True else ""


def _email(claims: Mapping[str, Any]) -> str:
    text = _text(claims.get("email"), 254).lower()
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if claims.get("email_verified") is True else ""
