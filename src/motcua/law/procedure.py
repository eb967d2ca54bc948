"""A procedure (`thủ tục hành chính`) as data: what to bring, what it costs, how long it takes, who does what.

A version is immutable once published; a dossier stays on the version under which it was accepted.
Reading the files is left to `catalogue/`, reckoning to `limits`, `fees` and `decide`.
"""

from datetime import date
from typing import Literal

import msgspec

from motcua.law.fees import Fee
from motcua.law.limits import Limit, parse_limit
from motcua.law.process import Process
from motcua.law.texts import Text

Tier = Literal["commune", "district", "department", "branch"]
Channel = Literal["counter", "online", "post"]
ApplicantKind = Literal["person", "business", "organisation"]


class Alias(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An earlier or later code of the same procedure, with the dates it held."""

    code: str
    valid_from: date | None = None
    valid_to: date | None = None


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case of a procedure (new, renewal, with verification ...) with its limits.

    `statutory` is what the law allows, `offered` what the city promises (never longer), `channels` what it
    promises on one channel. All are limits in words: `15 working_days`, `same_day`.
    """

    id: str
    name: Text
    statutory: str
    offered: str = ""
    channels: dict[Channel, str] = {}

    def limit(self, channel: str) -> Limit:
        """The limit promised on `channel`."""
        words = dict(self.channels).get(channel) or self.offered or self.statutory  # type: ignore[call-overload]
        return parse_limit(words)


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """True when a field of the form has one of the values. Empty `values`: when it has any value."""

    field: str
    values: tuple[str, ...] = ()

    def holds(self, form: dict[str, object]) -> bool:
        """Evaluates against the values of a form."""
        value = form.get(self.field)
        if not self.values:
            return value not in (None, "", [], ())
        return str(value) in self.values


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One paper required (`thành phần hồ sơ`) and in which kinds it is accepted, with how many of each.

    `known` names what makes it needless: a topic of the register (`identity`, `residence`, `marriage`, `birth`)
    or `result:CODE`, an issued result of that procedure. `online` says how it is given online: scanned, by the
    electronic form itself, or not at all: the original must be brought.
    """

    id: str
    name: Text
    original: int = 0
    certified: int = 0
    copy: int = 0
    required: bool = True
    cases: tuple[str, ...] = ()
    when: Condition | None = None
    template: str = ""
    note: Text | None = None
    known: str = ""
    online: Literal["scan", "form", "original"] = "scan"

    def is_asked(self, case: str, form: dict[str, object]) -> bool:
        """True when the paper belongs to this case and its condition holds."""
        return (not self.cases or case in self.cases) and (self.when is None or self.when.holds(form))


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer of a choice."""

    value: str
    name: Text


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of the form. `computed` sums or multiplies other fields: `sum: a b`, `product: a b`.

    `known` names where the register has the answer: `self`, `self.name`, `self.sex`, `self.birth`,
    `self.ethnicity`, `self.residence`, `self.birthplace`, `spouse`, `father`, `mother`.
    """

    id: str
    label: Text
    type: Literal[
        "text",
        "long_text",
        "number",
        "money",
        "date",
        "choice",
        "person",
        "address",
        "table",
        "file",
        "yes_no",
    ]
    hint: Text | None = None
    required: bool = False
    when: Condition | None = None
    choices: tuple[Choice, ...] = ()
    columns: tuple["Field", ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    max_length: int = 500
    not_after: Literal["", "today"] = ""
    computed: str = ""
    cases: tuple[str, ...] = ()
    known: str = ""


class FieldGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions that belong together, under one heading."""

    name: Text
    fields: tuple[Field, ...]


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the applicant receives, and how long its dossier is kept."""

    id: str
    name: Text
    symbol: str = ""
    retention_years: int = 70
    collected_in_person: bool = False


class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of one procedure.

    `online_level` is what the authority claims. `assurance` is how sure we must be of who files online, and
    `confirm_draft` the limit within which an online applicant may object to the draft result (empty: not asked).
    """

    code: str
    version: int
    name: Text
    field: str
    valid_from: date
    received_at: tuple[Tier, ...]
    applicants: tuple[ApplicantKind, ...]
    online_level: Literal[1, 2, 3, 4]
    cases: tuple[Case, ...]
    papers: tuple[Paper, ...]
    results: tuple[Result, ...]
    process: Process
    form: tuple[FieldGroup, ...] = ()
    fees: tuple[Fee, ...] = ()
    valid_to: date | None = None
    aliases: tuple[Alias, ...] = ()
    also_called: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    received_by: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    demonstration: tuple[str, ...] = ()
    summary: Text | None = None
    replayed: bool = False
    assurance: Literal[0, 1, 2] = 1
    confirm_draft: str = ""

    def case(self, name: str) -> Case:
        """The case called `name`; KeyError when there is none."""
        for case in self.cases:
            if case.id == name:
                return case
        raise KeyError(name)

    def fields(self) -> tuple[Field, ...]:
        """Every question of the form, in order."""
        return tuple(field for group in self.form for field in group.fields)

    def paper(self, name: str) -> Paper | None:
        """The paper called `name`, or None."""
        return next((paper for paper in self.papers if paper.id == name), None)
