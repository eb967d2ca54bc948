"""Checks that a process can keep what is promised: budgets against limits, offered limits against the law's.

Budgets and limits are compared in nominal working hours: a working day is eight, a calendar day five
sevenths of that, a month thirty calendar days, the same day eight. What a limit means on a real calendar is
left to `limits`.
"""

from collections.abc import Iterator
from fractions import Fraction

from motcua.law.faults import Fault, fault
from motcua.law.limits import Limit, LimitError, limit_in_words, parse_limit
from motcua.law.procedure import Procedure
from motcua.law.process_graph import Graph, longest

NOMINAL_HOURS = {
    "working_hours": Fraction(1),
    "working_days": Fraction(8),
    "calendar_days": Fraction(8 * 5, 7),
    "months": Fraction(30 * 8 * 5, 7),
}
SAME_DAY_HOURS = Fraction(8)
MOST_WAYS = 5_000


def nominal_hours(limit: Limit) -> Fraction:
    """The limit in nominal working hours."""
    return SAME_DAY_HOURS if limit.unit == "same_day" else limit.n * NOMINAL_HOURS[limit.unit]


def promises(procedure: Procedure) -> Iterator[tuple[str, Limit]]:
    """Each limit that a case promises on some channel, with its path. Unreadable ones are left out."""
    for at, case in enumerate(procedure.cases):
        path = f"$.cases[{at}]"
        plain = "offered" if case.offered else "statutory"
        written = {f"{path}.{plain}": case.offered or case.statutory}
        written |= {f"{path}.channels.{channel}": words for channel, words in case.channels.items() if words}
        for each, words in written.items():
            limit = _read(words)
            if limit is not None:
                yield each, limit


def check_promises(procedure: Procedure) -> list[Fault]:
    """Limits that cannot be read, and promises that are longer than the law allows."""
    found: list[Fault] = []
    for at, case in enumerate(procedure.cases):
        path = f"$.cases[{at}]"
        written = {"statutory": case.statutory, "offered": case.offered}
        written |= {f"channels.{channel}": words for channel, words in case.channels.items()}
        for name, words in written.items():
            if words or name == "statutory":
                found += _unreadable(f"{path}.{name}", words)
        statutory = _read(case.statutory)
        for each, limit in promises(procedure):
            if statutory is None or not each.startswith(path + "."):
                continue
            if nominal_hours(limit) > nominal_hours(statutory):
                found.append(
                    fault(
                        each,
                        f"Thời hạn hứa ({limit_in_words(limit).vi}) dài hơn luật định "
                        f"({limit_in_words(statutory).vi}).",
                        f"The limit offered ({limit_in_words(limit).en}) is longer than the law's "
                        f"({limit_in_words(statutory).en}).",
                    )
                )
    return found


def check_times(procedure: Procedure, graph: Graph) -> list[Fault]:
    """The longest way against every limit promised, and each stage against its own."""
    counted = [Fraction(0) if step.waits_for else nominal_hours(step.time()) for step in graph.steps]
    found = [*_ways(procedure, graph, counted)]
    found += _stages(procedure, graph, counted)
    return found


def _ways(procedure: Procedure, graph: Graph, counted: list[Fraction]) -> Iterator[Fault]:
    total, way = _longest(graph, counted)
    steps = " → ".join(graph.steps[index].id for index in way)
    for path, limit in promises(procedure):
        allowed = nominal_hours(limit)
        if total <= allowed:
            continue
        if limit.unit == "same_day":
            yield fault(
                path,
                f"Hẹn trong ngày nhưng quy trình dài {hours(total)} giờ ({steps}); một ngày có 8 giờ.",
                f"Promised the same day, but the process takes {hours(total)} hours ({steps}); a day has 8.",
            )
        else:
            yield fault(
                path,
                f"Các bước cộng lại {hours(total)} giờ ({steps}), thời hạn chỉ {hours(allowed)} giờ "
                f"({limit_in_words(limit).vi}).",
                f"The steps add up to {hours(total)} hours ({steps}); the limit is {hours(allowed)} hours "
                f"({limit_in_words(limit).en}).",
            )


def _stages(procedure: Procedure, graph: Graph, counted: list[Fraction]) -> Iterator[Fault]:
    limits: dict[str, Fraction] = {}
    for at, stage in enumerate(procedure.process.stages):
        own = [each if step.stage == stage.id else Fraction(0) for step, each in zip(graph.steps, counted, strict=True)]
        needed, _ = _longest(graph, own)
        allowed = nominal_hours(stage.time())
        if any(step.stage == stage.id and not step.waits_for for step in graph.steps):
            limits[stage.id] = allowed
        if needed > allowed:
            yield fault(
                f"$.process.stages[{at}].limit",
                f"Các bước của giai đoạn “{stage.id}” cần {hours(needed)} giờ, thời hạn chỉ {hours(allowed)} giờ.",
                f"The steps of stage “{stage.id}” need {hours(needed)} hours; its limit is {hours(allowed)} hours.",
            )
    total = _stages_together(graph, limits)
    if total is None:
        yield fault(
            "$.process.steps",
            "Quy trình rẽ nhánh quá nhiều, không kiểm tra được thời hạn các giai đoạn.",
            "The process branches too much for the limits of its stages to be checked.",
        )
        return
    for path, limit in promises(procedure):
        if total > nominal_hours(limit):
            yield fault(
                path,
                f"Thời hạn các giai đoạn cộng lại {hours(total)} giờ, vượt {limit_in_words(limit).vi}.",
                f"The limits of the stages add up to {hours(total)} hours, more than {limit_in_words(limit).en}.",
            )


def _stages_together(graph: Graph, limits: dict[str, Fraction]) -> Fraction | None:
    """The stages' limits added along the heaviest way, each once; None when there are too many ways."""
    ways: dict[int, set[frozenset[str]]] = {}
    for index in graph.order:
        before = {each for earlier in graph.before[index] for each in ways[earlier]} or {frozenset()}
        stage = graph.steps[index].stage
        ways[index] = {each | {stage} for each in before}
        if len(ways[index]) > MOST_WAYS:
            return None
    sums = (sum((limits.get(stage, Fraction(0)) for stage in way), Fraction(0)) for way in set().union(*ways.values()))
    return max(sums, default=Fraction(0))


def _longest(graph: Graph, weights: list[Fraction]) -> tuple[Fraction, list[int]]:
    total, way = longest(graph, [int(each * 7) for each in weights])
    return Fraction(total, 7), way


def _read(words: str) -> Limit | None:
    try:
        return parse_limit(words)
    except LimitError:
        return None


def _unreadable(path: str, words: str) -> Iterator[Fault]:
    try:
        parse_limit(words)
    except LimitError as error:
        yield Fault(path, error.text)


def hours(amount: Fraction) -> str:
    """Nominal hours as written in a fault: whole where whole, else with one decimal."""
    return str(amount.numerator) if amount.denominator == 1 else f"{float(amount):.1f}"
