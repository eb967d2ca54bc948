"""Makes a procedure of what the national catalogue says, with the standard process of its tier.

What is not said or cannot be understood is noted by field; nothing is left out in silence. Only a procedure
without any readable limit is left out as a whole: no dossier may be without a date.
"""

import re
from datetime import date
from typing import Literal

from motcua.catalogue.content_shapes import StandardProcessesFile
from motcua.catalogue.national import Given, Method, Note, shown
from motcua.catalogue.national_fees import fees_of
from motcua.catalogue.national_limits import limit_in_text, limit_of
from motcua.catalogue.standard import standard_process
from motcua.law.limits import Limit, format_limit
from motcua.law.procedure import ApplicantKind, Case, Channel, Paper, Procedure, Result, Tier
from motcua.law.process_check import check_procedure
from motcua.law.process_times import nominal_hours
from motcua.law.texts import Text

CHANNELS: dict[str, Channel] = {"DIRECT": "counter", "ONLINE": "online", "POSTAL": "post"}
KINDS: dict[str, ApplicantKind] = {
    "công dân": "person", "người": "person", "cán bộ": "person", "đảng viên": "person",
    "doanh nghiệp": "business", "hợp tác xã": "business", "tổ chức": "organisation",
}  # fmt: skip
# Without a form of its own an imported procedure can be read about and printed, not sent online.
ONLINE_LEVEL: Literal[2] = 2
CITY = "H26"
_BULLET = re.compile(r"^[\s*•+–—-]+")


class Importer:
    """Turns what was given into procedures, for one pack; remembers what it noted."""

    def __init__(self, standard: StandardProcessesFile, roles: set[str], valid_from: date) -> None:
        self.standard = standard
        self.roles = roles
        self.valid_from = valid_from
        self.notes: list[Note] = []
        self._rules = sorted(standard.departments, key=lambda rule: -len(rule.field))
        self._line, self._code = 0, ""

    def note(self, field: str, given: object, reason: str, *, loaded: bool = True) -> None:
        """Remembers what could not be taken over of the procedure at hand."""
        self.notes.append(Note(self._line, self._code, field, shown(given), reason, loaded))

    def procedure(self, line: int, given: Given) -> Procedure | None:
        """The procedure given at `line`, or None when it has to be left out; notes say why."""
        self._line, self._code = line, given.code.strip()
        limits = self._limits(given)
        if not limits:
            times = {f"{each.processingTime} {each.processingTimeUnit}" for each in given.executionMethods or ()}
            self.note("executionMethods.processingTime", "; ".join(sorted(times)), "no limit can be read", loaded=False)
            return None
        tier, received_at, received_by = self._receivers(given)
        longest = max(limits.values(), key=nominal_hours)
        shortest = min(limits.values(), key=nominal_hours)
        made = Procedure(
            code=self._code,
            version=1,
            name=Text(_line(given.name)),
            field=field_of(given)[0],
            valid_from=self.valid_from,
            received_at=received_at,
            received_by=received_by,
            applicants=self._applicants(given),
            online_level=ONLINE_LEVEL,
            cases=(
                Case(
                    id="general",
                    name=Text("Trường hợp chung", "General case"),
                    statutory=format_limit(longest),
                    channels={channel: format_limit(limit) for channel, limit in limits.items() if limit != longest},
                ),
            ),
            papers=self._papers(given),
            results=self._results(given),
            fees=fees_of(given.executionMethods or [], self.note),
            process=standard_process(self.standard, tier, shortest),
            sources=tuple(
                " ".join(part for part in (each.code, each.name) if part)[:300]
                for each in given.legalBasisesDetails or ()
            ),
        )
        return self._checked(made)

    def _checked(self, made: Procedure) -> Procedure | None:
        faults = check_procedure(made, None, self.roles, bilingual=False)
        for each in faults:
            self.note(each.path, "", each.reason.en, loaded=False)
        return None if faults else made

    def _limits(self, given: Given) -> dict[Channel, Limit]:
        """The longest limit of each channel but the online one; where no channel has any, what else says one."""
        limits: dict[Channel, Limit] = {}
        for method in given.executionMethods or ():
            channel = CHANNELS.get(method.submissionMethod or "")
            if channel is None:
                self.note("executionMethods.submissionMethod", method.submissionMethod, "not a known way to lodge")
                continue
            limit = self._limit(method)
            if limit is None:
                self.note(
                    f"executionMethods.processingTime ({channel})",
                    f"{method.processingTime} {method.processingTimeUnit}",
                    "not a time limit",
                )
            elif channel not in limits or nominal_hours(limit) > nominal_hours(limits[channel]):
                if channel in limits:
                    self.note(
                        f"executionMethods.processingTime ({channel})",
                        f"{format_limit(limits[channel])}; {format_limit(limit)}",
                        "several limits for one way to lodge; the longest is used",
                    )
                limits[channel] = limit
        online = limits.pop("online", None)
        if not limits and online is not None:
            limits["counter"] = online
        return limits or self._elsewhere(given)

    def _limit(self, method: Method) -> Limit | None:
        time = method.processingTime
        if isinstance(time, str):
            found = limit_in_text(time)
            return found or (limit_of(float(time), method.processingTimeUnit) if _is_number(time) else None)
        return limit_of(time, method.processingTimeUnit)

    def _elsewhere(self, given: Given) -> dict[Channel, Limit]:
        durations = [case.processingDay for case in given.cases or () if case.processingDay is not None]
        found = [limit for each in durations if (limit := limit_of(each.qty, each.type)) is not None]
        where = "cases.processingDay"
        if not found:
            texts = [method.description for method in given.executionMethods or ()]
            found = [limit for text in texts if (limit := limit_in_text(text)) is not None]
            where = "executionMethods.description"
        if not found:
            return {}
        longest = max(found, key=nominal_hours)
        self.note(where, format_limit(longest), "the limit is taken from here, the ways to lodge give none")
        return {"counter": longest}

    def _receivers(self, given: Given) -> tuple[str, tuple[Tier, ...], tuple[str, ...]]:
        """The tier whose standard process is used, and who in the city receives it: tiers, and agencies by code."""
        tier = "commune" if given.isWard else "district" if given.isDistrict else "department"
        publisher = given.departmentPromulgateCode or ""
        elsewhere = publisher.startswith("H") and not publisher.startswith(CITY)
        if given.isInternal:
            self.note("isInternal", "true", "between agencies only: nobody can lodge it")
        elif elsewhere:
            self.note(
                "departmentPromulgateCode", given.departmentPromulgateName, "of another province: not received here"
            )
        elif given.isVertical:
            self.note("isVertical", "true", "received by a vertical sector's own offices, not by the one-stop units")
        elif not (given.isWard or given.isDistrict or given.isProvince):
            self.note("isMinistry", "", "received by ministries or other bodies, not by the city")
        else:
            return tier, *self._tiers(given)
        return tier, (), ()

    def _tiers(self, given: Given) -> tuple[tuple[Tier, ...], tuple[str, ...]]:
        tiers: list[Tier] = []
        if given.isWard:
            tiers.append("commune")
        if given.isDistrict:
            tiers.append("district")
        if not given.isProvince:
            return tuple(tiers), ()
        code, name = field_of(given)
        rule = next((each for each in self._rules if code.startswith(each.field)), None)
        if rule is None:
            self.note("categoriesDetails", f"{code} {name}", "no department of the city is known for this field")
        return tuple(tiers), (rule.department,) if rule else ()

    def _applicants(self, given: Given) -> tuple[ApplicantKind, ...]:
        kinds: dict[ApplicantKind, None] = {}
        for entry in given.subjectTypesDetails or ():
            name = (entry.name or "").strip().lower()
            kind = next((kind for word, kind in KINDS.items() if name.startswith(word)), None)
            if kind is None:
                self.note("subjectTypesDetails", entry.name, "not a known kind of applicant")
            else:
                kinds[kind] = None
        if not kinds:
            self.note("subjectTypesDetails", "", "nobody is named: everybody may apply")
            return ("person", "business", "organisation")
        return tuple(kinds)

    def _papers(self, given: Given) -> tuple[Paper, ...]:
        papers: list[Paper] = []
        for group in given.executionCases or ():
            heading = _line(group.name or "")
            for each in group.profileComponents or ():
                name = _line(each.name or "")
                if not name:
                    self.note("executionCases.profileComponents.name", "", "a paper without a name")
                    continue
                papers.append(
                    Paper(
                        id=f"p{len(papers) + 1}",
                        name=Text(name),
                        original=max(each.originalQty or 0, 0),
                        copy=max(each.copyQty or 0, 0),
                        required=bool(each.required),
                        note=Text(heading) if heading else None,
                    )
                )
        if not papers:
            self.note("executionCases", "", "no papers are named")
        return tuple(papers)

    def _results(self, given: Given) -> tuple[Result, ...]:
        names = [name for each in given.resultsDetails or () if (name := _line(each.name or ""))]
        if not names:
            self.note("resultsDetails", "", "no result is named")
            names = ["Kết quả giải quyết thủ tục"]
        return tuple(Result(id=f"r{at}", name=Text(name)) for at, name in enumerate(names, start=1))


def field_of(given: Given) -> tuple[str, str]:
    """The code and name of the field of activity; `khac` where none is given."""
    first = next((each for each in given.categoriesDetails or () if (each.code or "").strip()), None)
    if first is None:
        return "khac", "Lĩnh vực khác"
    code = (first.code or "").strip()[:60]
    return code, _line(first.name or code)[:300]


def _line(text: str) -> str:
    return " ".join(_BULLET.sub("", text).split())


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
