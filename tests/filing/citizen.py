"""A mother of Hàng Bạc ward who files from home, and a register that knows her; everybody here is made up."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from files.paperwork import document
from motcua.accounts.models import ResidentAccount
from motcua.filing import register as seam
from motcua.law.actor import Actor
from motcua.organisation.directory import directory
from residents import MOTHER, resident

BIRTH, MARITAL, EXTRACT, HOUSE = "1.001193", "1.004873", "2.000635", "1.009994"
HANG_BAC = "00061"
HUSBAND = "000085000009"


@dataclass
class Person:
    """What a register says of somebody."""

    name: str
    number: str
    sex: str
    birth: str
    ethnicity: str = "Kinh"
    residence: dict[str, str] = field(default_factory=dict)
    spouse: "Person | None" = None


@dataclass
class Document:
    """A result once issued."""

    kind: str
    digest: str
    name: str
    code: str = "000.00.01.H26-181001-0001"


class FakeRegister:
    """A register of two people, which remembers who was asked about."""

    def __init__(self) -> None:
        address = {"text": "Số 12 ngõ Gạch", "commune": HANG_BAC}
        self.people = {
            MOTHER: Person("Nguyễn Thị Mẫu", MOTHER, "female", "1987-03-08", residence=address),
            HUSBAND: Person("Trần Văn Thử", HUSBAND, "male", "1985-01-02", residence=address),
        }
        self.people[MOTHER].spouse = self.people[HUSBAND]
        self.people[HUSBAND].spouse = self.people[MOTHER]
        self.documents: dict[str, list[Document]] = {}
        self.asked: list[str] = []

    def look_up(self, number: str, *, purpose: str, who: Actor, dossier: int = 0, reason: str = "") -> Person | None:
        """One recorded look-up."""
        self.asked.append(number)
        return self.people.get(number)

    def topic(self, known: Any, name: str) -> object:
        """The value of a topic in plain shapes."""
        if name in ("self", "spouse"):
            person = known if name == "self" else known.spouse
            return {"name": person.name, "number": person.number, "birth": person.birth} if person else None
        return getattr(known, name.removeprefix("self."), None)

    def documents_of(self, number: str) -> list[Document]:
        """What was issued to the person."""
        return self.documents.get(number, [])


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> FakeRegister:
    """The city's register, replaced by one of two people."""
    known = FakeRegister()
    monkeypatch.setattr(seam, "_present", known)
    return known


def mother(**more: Any) -> ResidentAccount:
    """A proven resident, known to the register."""
    return resident("Nguyễn Thị Mẫu", number=MOTHER, phone="0912345678", **more)


def hang_bac() -> int:
    """The ward's number."""
    return directory().by_code[HANG_BAC].number


CHILD: dict[str, str] = {
    "form-child_name": "Trần Thị Bé Mẫu",
    "form-birth_date": "1/11/2018",
    "form-birth_time": "14:35",
    "form-sex": "female",
    "form-birthplace.text": "Bệnh viện Phụ sản, 929 La Thành",
    "form-birthplace.commune": "",
    "form-birth_evidence": "notice",
}
PARENTS = {"form-parents_married": "yes"}
REGISTERS = {"form-relation": "parent", "form-filed_by": "self", "form-copies": "2"}
PDF = document()
AT = datetime(2018, 12, 17, 2, 10, tzinfo=UTC)
