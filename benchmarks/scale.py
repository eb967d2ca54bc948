"""How a city's figures and lives fare as it grows: 30,000, 300,000, and as many as `--dossiers` says; a curve.

The dossiers are made through the law; a city that is large already goes on from where it is. At each size every hot
question is timed and its plan looked at: one that reads a large table from end to end is printed.
"""

import time
from argparse import Namespace
from typing import Any

from benchmarks import history, inbox
from benchmarks.history import tell
from benchmarks.life import Office, for_seconds
from benchmarks.plans import read_whole
from benchmarks.timing import milliseconds, percentiles

SIZES = (30_000, 300_000)
MOST = 10_000_000
TIMES = 30


def run(options: Namespace) -> dict[str, Any]:
    """Grows and asks, one size after the other."""
    last = min(options.dossiers or SIZES[-1], MOST)
    have = history.counted()["dossiers"]
    sizes = sorted({size for size in SIZES if have < size < last} | {last})
    curve: list[dict[str, Any]] = []
    for size in sizes:
        rate = 0.0
        if size > have:
            made = history.grow(size - have, seed=size)
            rate = made.dossiers / made.seconds
        have = max(have, size)
        curve.append(_measured(rate, options.seconds))
        tell(str(curve[-1]))
    first, end = curve[0], curve[-1]
    return {
        "rate": end["month_report"][1],
        "unit": f"ms p95, a month's report with {end['dossiers']:,} dossiers",
        "ratio": round(end["lives_a_second"] / first["lives_a_second"], 2),
        "against": f"lives/s with {first['dossiers']:,}",
        "curve": curve,
    }


def _measured(synthesized: float, seconds: float) -> dict[str, Any]:
    begun = time.perf_counter()
    made, rebuilt = history.figures_anew()
    bare = history.bare_copy()
    questions = history.questions()
    asked = {name: percentiles(milliseconds(TIMES, ask)) for name, ask in questions.items()}
    desk = {name: (each["p50"], each["p95"]) for name, each in inbox.figures().items()}
    office = Office()
    for_seconds(1.0, office.live)
    count, spent = for_seconds(seconds, office.live)
    whole = {name: plans for name, ask in questions.items() if (plans := read_whole(ask))}
    for name, plans in whole.items():
        for statement, plan in plans.items():
            tell(f"{name} reads a large table whole: {statement}\n{plan}")
    return {
        **history.counted(),
        "synthesized_a_second": round(synthesized) or None,
        "rebuilt_events_a_second": round(made.events / rebuilt),
        "rebuilt_times_bare": round(rebuilt / bare, 1),
        "lives_a_second": round(count / spent, 1),
        **asked,
        **desk,
        "read_whole": sorted(whole),
        "seconds_measuring": round(time.perf_counter() - begun),
    }
