"""Checks the shape of a process: that it moves on, that branches meet, and that each end hands a result over.

Works on a process whose names all exist. How long things take is left to `process_times`, who does them to
`process_places`.
"""

from collections.abc import Iterator

from motcua.law.faults import Fault, fault
from motcua.law.process import Process, Step
from motcua.law.process_graph import Graph, Region

MOVING = frozenset({"forward", "assign", "sign", "number"})
DRAFTING = frozenset({"draft", "refuse"})
READYING = frozenset({"ready"})
ANSWER = ("draft", "sign", "number", "ready")
MISSING = {
    "draft": ("dự thảo kết quả hoặc từ chối", "drafting the result"),
    "sign": ("ký", "signing"),
    "number": ("cho số", "numbering"),
    "ready": ("báo có kết quả", "marking the result ready"),
}


def check_shape(graph: Graph) -> list[Fault]:
    """Circles, steps never reached, branches that do not meet, joins that wait for nobody, wrong returns."""
    found = [*_circles(graph), *_unreached(graph), *_one_branch(graph)]
    if graph.circular:
        return found
    regions = []
    for fork in graph.forks():
        faults, region = _branches(graph, fork)
        found += faults
        if region is not None:
            regions.append(region)
    found += _joins(graph, regions)
    found += _returns(graph, regions)
    return found


def _circles(graph: Graph) -> Iterator[Fault]:
    for index in graph.circular:
        if graph.on_circle(index):
            yield fault(
                f"$.process.steps[{index}].next",
                f"Bước “{graph.steps[index].id}” đi vòng về chính nó; quay lại phải ghi ở `back`.",
                f"Step “{graph.steps[index].id}” leads round to itself; a return belongs in `back`.",
            )


def _unreached(graph: Graph) -> Iterator[Fault]:
    reached = graph.reach(0)
    for index, step in enumerate(graph.steps):
        if index not in reached:
            yield fault(
                f"$.process.steps[{index}].id",
                f"Không có đường nào từ bước đầu đến bước “{step.id}”.",
                f"No way leads from the first step to step “{step.id}”.",
            )


def _one_branch(graph: Graph) -> Iterator[Fault]:
    for index, step in enumerate(graph.steps):
        if step.parallel and len(graph.after[index]) < 2:
            yield fault(
                f"$.process.steps[{index}].parallel",
                f"Bước “{step.id}” mở song song nhưng chỉ có {len(graph.after[index])} nhánh.",
                f"Step “{step.id}” is parallel but opens {len(graph.after[index])} branch(es).",
            )


def _branches(graph: Graph, fork: int) -> tuple[list[Fault], Region | None]:
    """The region between `fork` and its join, or what stands against it."""
    path, name = f"$.process.steps[{fork}].next", graph.steps[fork].id
    meeting, shared = graph.meeting(fork), graph.shared_join(fork)
    if shared is None:
        return [
            fault(
                path,
                f"Các nhánh mở ở “{name}” không gặp nhau ở bước nào có `join`.",
                f"The branches opened at “{name}” meet in no step with `join`.",
            )
        ], None
    if meeting != shared:
        escapes = [*_escapes(graph, fork, shared)]
        return escapes or [
            fault(
                f"$.process.steps[{meeting}].join" if meeting is not None else path,
                f"Các nhánh mở ở “{name}” gặp nhau trước bước chờ “{graph.steps[shared].id}”; thiếu `join`.",
                f"The branches opened at “{name}” meet before “{graph.steps[shared].id}”; `join` is missing.",
            )
        ], None
    region = graph.region(fork, shared)
    faults = [*_region(graph, region)]
    return faults, None if faults else region


def _escapes(graph: Graph, fork: int, join: int) -> Iterator[Fault]:
    leading = graph.leading_to(join)
    for index in sorted(graph.reach(fork) & leading - {join, fork}):
        step = graph.steps[index]
        if not graph.after[index]:
            continue
        for at, following in enumerate(graph.after[index]):
            if following not in leading:
                yield fault(
                    f"$.process.steps[{index}].next[{at}]",
                    f"Bước “{step.id}” dẫn ra ngoài nhánh, bỏ qua bước chờ “{graph.steps[join].id}”.",
                    f"Step “{step.id}” leads out of its branch, past the join “{graph.steps[join].id}”.",
                )
    for at, branch in enumerate(graph.after[fork]):
        if branch not in leading:
            yield fault(
                f"$.process.steps[{fork}].next[{at}]",
                f"Nhánh “{graph.steps[branch].id}” không đến bước chờ “{graph.steps[join].id}”.",
                f"Branch “{graph.steps[branch].id}” does not reach the join “{graph.steps[join].id}”.",
            )


def _region(graph: Graph, region: Region) -> Iterator[Fault]:
    """Each branch holds a step, is entered only from the fork, and arrives at the join by exactly one step."""
    join = graph.steps[region.join].id
    for at, branch in enumerate(region.branches):
        path = f"$.process.steps[{region.fork}].next[{at}]"
        if not branch:
            yield fault(
                path,
                f"Nhánh đi thẳng đến bước chờ “{join}” mà không có việc gì.",
                f"The branch leads straight to the join “{join}” with no step in it.",
            )
            continue
        for index in sorted(branch):
            outside = [each for each in graph.before[index] if each not in branch and each != region.fork]
            if outside:
                yield fault(
                    f"$.process.steps[{index}].id",
                    f"Bước “{graph.steps[index].id}” thuộc một nhánh nhưng đến được từ ngoài nhánh.",
                    f"Step “{graph.steps[index].id}” lies in a branch but is reached from outside it.",
                )
        arriving = [graph.steps[each].id for each in graph.before[region.join] if each in branch]
        if len(arriving) != 1:
            yield fault(
                path,
                f"Nhánh phải đến bước chờ “{join}” bằng đúng một bước, không phải {', '.join(arriving)}.",
                f"The branch must arrive at the join “{join}” by exactly one step, not {', '.join(arriving)}.",
            )
    inside = frozenset().union(*region.branches)
    strangers = [each for each in graph.before[region.join] if each not in inside]
    if strangers and all(region.branches):
        yield fault(
            f"$.process.steps[{region.join}].join",
            f"Bước chờ “{join}” còn có đường đến từ ngoài các nhánh; nó sẽ chờ mãi.",
            f"The join “{join}” is also reached from outside its branches; it would wait for ever.",
        )


def _joins(graph: Graph, regions: list[Region]) -> Iterator[Fault]:
    matched = {region.join for region in regions}
    if len(regions) < len(graph.forks()):
        return
    for index, step in enumerate(graph.steps):
        if step.join and index not in matched:
            yield fault(
                f"$.process.steps[{index}].join",
                f"Bước “{step.id}” chờ các nhánh nhưng không có bước song song nào mở chúng.",
                f"Step “{step.id}” waits for branches that no parallel step opens.",
            )


def _returns(graph: Graph, regions: list[Region]) -> Iterator[Fault]:
    def branch_of(index: int) -> set[tuple[int, int]]:
        return {(region.fork, at) for region in regions for at, branch in enumerate(region.branches) if index in branch}

    for index, step in enumerate(graph.steps):
        path = f"$.process.steps[{index}]"
        if ("send_back" in step.actions) != bool(step.back):
            yield fault(
                f"{path}.{'back' if step.back else 'actions'}",
                f"Bước “{step.id}”: việc trả lại (send_back) và danh sách `back` phải đi cùng nhau.",
                f"Step “{step.id}”: the action send_back and the list `back` go together.",
            )
        for at, name in enumerate(step.back):
            target = graph.number[name]
            if target == index or index not in graph.reach(target):
                yield fault(
                    f"{path}.back[{at}]",
                    f"“{name}” không phải bước trước của “{step.id}”.",
                    f"“{name}” is not an earlier step of “{step.id}”.",
                )
            elif branch_of(index) != branch_of(target):
                yield fault(
                    f"{path}.back[{at}]",
                    f"Không thể trả từ “{step.id}” về “{name}” qua ranh giới của nhánh song song.",
                    f"“{step.id}” cannot return to “{name}” across the border of a parallel branch.",
                )


def check_acts(graph: Graph, process: Process) -> list[Fault]:
    """Each step can be finished; at each end a drafted, signed and numbered result is ready and handed over."""
    found = [each for index, step in enumerate(graph.steps) for each in _finishing(index, step)]
    found += _answers(graph, process)
    found += _repeated(graph)
    return found or [*_skipped(graph)]


def _finishing(index: int, step: Step) -> Iterator[Fault]:
    path, acts = f"$.process.steps[{index}].actions", set(step.actions)
    if not step.next:
        if "hand_over" not in acts:
            yield fault(
                path,
                f"Bước cuối “{step.id}” phải có việc trả kết quả (hand_over).",
                f"The last step “{step.id}” must have the action hand_over.",
            )
        return
    if "hand_over" in acts:
        yield fault(
            path,
            f"Bước “{step.id}” trả kết quả nhưng còn bước sau; trả kết quả là việc của bước cuối.",
            f"Step “{step.id}” hands the result over but leads on; only a last step may.",
        )
    choice = len(step.next) > 1 and not step.parallel
    if not acts & (MOVING if not choice else {"forward"}):
        yield fault(
            path,
            f"Bước “{step.id}” không có việc nào để chuyển tiếp{' theo nhánh đã chọn (forward)' if choice else ''}.",
            f"Step “{step.id}” has no action that passes the dossier on"
            f"{' by the branch chosen (forward)' if choice else ''}.",
        )
    if not choice and "sign" in acts and "number" in acts:
        yield fault(
            path,
            f"Ở bước “{step.id}”, ký là chuyển tiếp ngay; cho số phải là bước sau.",
            f"At step “{step.id}” signing passes the dossier on at once; numbering must be a later step.",
        )
    if "assign" in acts and acts & {"sign", "number"}:
        yield fault(
            path,
            f"Ở bước “{step.id}”, phân công là chuyển tiếp ngay; ký, cho số phải là bước khác.",
            f"At step “{step.id}” assigning passes the dossier on at once; sign and number in another step.",
        )
    if step.waits_for and not acts & {"suspend", "request_payment"}:
        yield fault(
            path,
            f"Bước “{step.id}” chờ bên ngoài nhưng không có việc suspend hoặc request_payment.",
            f"Step “{step.id}” waits but has neither the action suspend nor request_payment.",
        )


def _answers(graph: Graph, process: Process) -> Iterator[Fault]:
    """Follows what is surely done by each step: all of it where branches join, the common part elsewhere."""
    everywhere = {act for step in graph.steps for act in step.actions}
    needed = [act for act in ANSWER if act in everywhere or act in ("draft", "ready")]
    chosen = {stage.id for stage in process.stages if stage.place.startswith("chosen:")}
    done: dict[int, frozenset[str]] = {}
    signed_before: dict[int, bool] = {}
    for index in graph.order:
        step = graph.steps[index]
        before = [done[each] for each in graph.before[index]]
        merge = frozenset.union if step.join else frozenset.intersection
        sure = merge(*before) if before else frozenset()
        if step.stage in chosen and f"place {step.stage}" not in sure:
            yield from _chooses(graph, index)
        signed_before[index] = "sign" in sure and "sign" not in step.actions
        done[index] = sure | _gained(step, sure, needed) | {f"place {step.stage}"}
        yield from _too_early(index, step, done[index])
        if not step.next and (lacking := [act for act in needed if act not in done[index]]):
            vi, en = MISSING[lacking[0]]
            yield fault(
                f"$.process.steps[{index}].actions",
                f"Có đường đến bước cuối “{step.id}” mà chưa có việc {vi} ({lacking[0]}).",
                f"A way leads to the last step “{step.id}” without {en} ({lacking[0]}).",
            )
    for index, step in enumerate(graph.steps):
        for at, name in enumerate(step.back):
            if signed_before[graph.number[name]]:
                yield fault(
                    f"$.process.steps[{index}].back[{at}]",
                    f"Trả về “{name}” làm mất chữ ký mà sau đó không còn bước ký.",
                    f"A return to “{name}” takes the signature away, and no signing follows.",
                )


def _too_early(index: int, step: Step, done: frozenset[str]) -> Iterator[Fault]:
    """Signing holds a step until there is a draft, numbering until there is a signature: it must have come by then."""
    for act, needed in (("sign", "draft"), ("number", "sign")):
        if act in step.actions and needed not in done:
            vi, en = MISSING[needed]
            yield fault(
                f"$.process.steps[{index}].actions",
                f"Có đường đến bước “{step.id}” ({act}) mà chưa có việc {vi} ({needed}).",
                f"A way leads to step “{step.id}” ({act}) without {en} ({needed}).",
            )


def _repeated(graph: Graph) -> Iterator[Fault]:
    """What is signed or numbered already is not offered again: a second such step must be able to pass on."""
    branches = [region for fork in graph.forks() if (region := _branches(graph, fork)[1]) is not None]
    for act in ("sign", "number"):
        able = [index for index, step in enumerate(graph.steps) if act in step.actions]
        for index in able:
            beside = {
                other
                for region in branches
                if any(index in branch for branch in region.branches)
                for branch in region.branches
                if index not in branch
                for other in branch
            }
            earlier = (graph.leading_to(index) | beside) - {index}
            if earlier & set(able) and graph.steps[index].next and "forward" not in graph.steps[index].actions:
                yield fault(
                    f"$.process.steps[{index}].actions",
                    f"Việc {MISSING[act][0]} có thể đã xong trước bước “{graph.steps[index].id}”; cần forward.",
                    f"At step “{graph.steps[index].id}” {MISSING[act][1]} may have been done before; it needs forward.",
                )


def _skipped(graph: Graph) -> Iterator[Fault]:
    """A dossier may be forwarded before it is drafted or marked ready: where that is missed, it can be made good."""
    signed = any("sign" in step.actions for step in graph.steps)
    for index, step in enumerate(graph.steps):
        for act, missed in (("sign" if signed else "ready", DRAFTING), ("hand_over", READYING)):
            if act not in step.actions or missed & set(step.actions):
                continue
            able = {each for each in graph.leading_to(index) if missed & set(graph.steps[each].actions)}
            if not any(able & graph.reach(graph.number[name]) for name in step.back):
                vi, en = MISSING["draft" if missed is DRAFTING else "ready"]
                yield fault(
                    f"$.process.steps[{index}].back",
                    f"Hồ sơ có thể đến bước “{step.id}” khi chưa có việc {vi}; phải trả lại được nơi làm việc đó.",
                    f"A dossier may come to step “{step.id}” without {en}; the step must be able to return it there.",
                )


def _gained(step: Step, sure: frozenset[str], needed: list[str]) -> frozenset[str]:
    """What becomes sure at a step: each act needs the one before; signing and numbering may pass on at once."""
    gained = set(sure)
    passes_on = len(step.next) == 1 or step.parallel
    for at, act in enumerate(needed):
        if act in gained:
            continue
        able = act in step.actions or (act == "draft" and bool(DRAFTING & set(step.actions)))
        if not able or (at and needed[at - 1] not in gained):
            break
        gained.add(act)
        if passes_on and act in ("sign", "number"):
            break
    return frozenset(gained)


def _chooses(graph: Graph, index: int) -> Iterator[Fault]:
    """The agency of the stage is picked by whoever forwards into it, which the steps before must be able to do."""
    step = graph.steps[index]
    if not graph.before[index]:
        yield fault(
            f"$.process.steps[{index}].stage",
            f"Bước đầu “{step.id}” không thể thuộc giai đoạn mà cơ quan còn phải chọn.",
            f"The first step “{step.id}” cannot lie in a stage whose agency is yet to be chosen.",
        )
    for each in graph.before[index]:
        before = graph.steps[each]
        acts = set(before.actions)
        rushes = acts & {"sign", "number", "assign"} and (len(before.next) == 1 or before.parallel)
        first = not before.parallel or before.next[0] == step.id
        if before.stage == step.stage or ("forward" in acts and not rushes and first):
            continue
        yield fault(
            f"$.process.steps[{each}].actions",
            f"Bước “{before.id}” chuyển vào giai đoạn “{step.stage}” phải chọn được cơ quan: có forward, không có "
            "sign, number, assign; khi song song thì nhánh đó đứng đầu.",
            f"Step “{before.id}” leads into stage “{step.stage}” and must be able to choose its agency: with "
            "forward, without sign, number or assign, and as the first branch when parallel.",
        )
