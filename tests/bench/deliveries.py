"""Measures deliveries: `python -m tests.bench.deliveries --json var/bench-deliveries.json`.

How many messages a second one and two workers send, beside a bare loop that posts to the same receiver; and how much
longer messages are on their way to good partners while another partner is dead and a third one slow.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event

import httpx

from tests.bench.delivery_stage import LAYOUTS, PLACES, Stage, on_stage
from tests.factories import told_over_http
from tests.postgresql import programs, started

BARE = 500
"""Messages that the bare loop posts."""

TROUBLE: Mapping[str, str] = {"emm": "dead", "coordinator-hvo-querido-acm": "slow"}
"""Which partners are in trouble, when there is trouble."""


def main() -> int:
    """Measure on each database in turns, print the figures and write them down."""
    options = _options()
    rates: dict[str, list[float]] = {}
    waits: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder, started(programs(), durable=True) as server:
        for turn in range(options.rounds):
            for number, (name, layout) in enumerate(LAYOUTS.items()):
                home = Path(folder) / f"{turn}-{number}"
                with on_stage(home, server, layout) as stage:
                    rate, bare = throughput(stage, options.messages)
                rates.setdefault(name, []).append(rate)
                rates.setdefault("bare httpx loop", []).append(bare)
                print(f"  {name:32} {rate:6.0f} deliveries/s   bare loop {bare:6.0f}/s", flush=True)
            for number, name in enumerate(("SQLite, inside the service", "PostgreSQL, one worker")):
                for trouble in ({}, TROUBLE):
                    home = Path(folder) / f"{turn}-{number}-{len(trouble)}"
                    with on_stage(home, server, LAYOUTS[name]) as stage:
                        found = latencies(stage, trouble, options.seconds, options.rate)
                    kind = "with trouble" if trouble else "without"
                    waits.setdefault(name, {}).setdefault(kind, []).append(statistics.median(found))
                    waits[name].setdefault(f"{kind}, p95", []).append(statistics.quantiles(found, n=20)[-1])
                    print(f"  {name:32} {kind:12} median {statistics.median(found) * 1000:5.0f} ms", flush=True)
    report = Report(rates, waits)
    print("\n".join(report.lines()))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    return 0


def throughput(stage: Stage, messages: int) -> tuple[float, float]:
    """Queue messages, let the workers loose on all of them, and give their rate and that of a bare loop.

    Args:
        stage: the processes.
        messages: how many to queue at least.
    """
    stage.let_all_listen({})
    queued = stage.queue(messages)
    stage.hold_back()
    stage.start()
    stage.release()
    came = sorted(stage.wait_for(queued).values())
    stage.stop()
    return (len(came) - 1) / (came[-1] - came[0]), bare_loop(stage.receiver_url)


def bare_loop(receiver_url: str) -> float:
    """Post messages of the usual size one after the other over one connection; give how many a second."""
    content = b"x" * 600
    with httpx.Client(trust_env=False) as client:
        began = time.perf_counter()
        for number in range(BARE):
            client.post(f"{receiver_url}/at-once", content=content, headers={"webhook-id": f"bare-{number}"})
        return BARE / (time.perf_counter() - began)


def latencies(stage: Stage, trouble: Mapping[str, str], seconds: float, rate: float) -> list[float]:
    """Submit signals for a while, and give the seconds from each answer to the arrival at partners that are well.

    Args:
        stage: the processes.
        trouble: which partners are dead or slow.
        seconds: for how long.
        rate: signals a second.
    """
    stage.let_all_listen(trouble)
    stage.start()
    answered: dict[str, float] = {}
    pace, began = Event(), time.monotonic()
    for number in range(round(seconds * rate)):
        pace.wait(max(0.0, began + number / rate - time.monotonic()))
        case = stage.submit(told_over_http(foundIn=PLACES[number % len(PLACES)]))
        answered[case] = time.time()
    # Whoever is in trouble in one run is left out of both.
    expected = {message: answered[case] for message, case in stage.messages(without=set(TROUBLE)).items()}
    came = stage.wait_for(expected)
    stage.stop()
    return [max(0.0, came[message] - at) for message, at in expected.items()]


class Report:
    """What was measured, and what it means."""

    def __init__(
        self, rates: Mapping[str, Sequence[float]], waits: Mapping[str, Mapping[str, Sequence[float]]]
    ) -> None:
        self._rates = rates
        self._waits = waits
        self._medians = {name: statistics.median(found) for name, found in rates.items()}

    def lines(self) -> list[str]:
        """Say it in words."""
        bare = self._medians["bare httpx loop"]
        said = [
            f"{name}: {rate:.0f} deliveries/s, {rate / bare:.2f} of a bare httpx loop"
            for name, rate in self._medians.items()
            if name in LAYOUTS
        ]
        for name, ratios in self._ratios().items():
            said.append(f"{name}: with a dead and a slow partner the others wait {ratios['median']:.2f} times as long")
        return said

    def as_json(self) -> dict[str, object]:
        """Say it in figures."""
        bare = self._medians["bare httpx loop"]
        return {
            "deliveries_per_second": self._medians,
            "of_a_bare_loop": {name: self._medians[name] / bare for name in LAYOUTS},
            "seconds_on_the_way": self._waits,
            "with_a_dead_and_a_slow_partner": self._ratios(),
            "rounds": self._rates,
        }

    def _ratios(self) -> dict[str, dict[str, float]]:
        def ratio(found: Mapping[str, Sequence[float]], more: str) -> float:
            pairs = zip(found[f"with trouble{more}"], found[f"without{more}"], strict=True)
            return statistics.median(with_it / without for with_it, without in pairs)

        return {name: {"median": ratio(found, ""), "p95": ratio(found, ", p95")} for name, found in self._waits.items()}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.deliveries", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--rounds", type=int, default=2, help="how often each is measured")
    parser.add_argument("--messages", type=int, default=400, help="how many messages are queued for the workers")
    parser.add_argument("--seconds", type=float, default=15, help="how long signals come in for the waits")
    parser.add_argument("--rate", type=float, default=4, help="signals a second for the waits")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
