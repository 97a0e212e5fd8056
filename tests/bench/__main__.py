"""Measures what a decision and a proof cost and says how that compares: python -m tests.bench --json var/bench.json."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from service.routing.decide import decide, decide_as_told
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from tests.bench.engines import engines, people_to_decide_about
from tests.bench.people import Person, example_people
from tests.bench.proofs import proof_report
from tests.bench.report import Aim, Report
from tests.bench.stopwatch import Calls, laps

RULES: Final = Path(__file__).parents[2] / "routing_rules" / "nl"

AIMS: Final = (
    Aim("zen-engine", "ours", 8),
    Aim("zen-engine, trace", "ours", 12),
    Aim("common-expression-language", "ours", 8),
    Aim("ours", "if chain", 1.5, at_most=True),
)


def main() -> int:
    """Compare the engines, measure the service around ours, print and write it down."""
    options = _options()
    rule_set = load_rule_set(RULES)
    people = people_to_decide_about(rule_set, options.people)
    contestants = engines(rule_set, people)
    wrong = [line for contestant in contestants for line in contestant.disagreements(people)]
    if wrong:
        print("The engines do not agree, so there is nothing to compare:", *wrong[:20], sep="\n  ", file=sys.stderr)
        return 1
    compared = laps({one.name: one.calls for one in contestants}, options.rounds)
    whole = laps(_whole(rule_set, example_people(rule_set)), max(3, options.rounds // 4))
    report = Report(rule_set, len(people), options.rounds, compared, whole, AIMS)
    proofs = proof_report(max(3, options.rounds // 4))
    print("\n".join((*report.lines(), *proofs.lines())))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(
            json.dumps({**report.as_json(), "proofs": proofs.as_json()}, indent=2) + "\n", encoding="utf-8"
        )
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--people", type=int, default=300, help="how many people to invent beside the examples")
    parser.add_argument("--rounds", type=int, default=21, help="how often everybody is timed")
    return parser.parse_args()


def _whole(rule_set: RuleSet, people: Sequence[Person]) -> Mapping[str, Calls]:
    decided = [decide(rule_set, person.answers, person.on) for person in people]
    return {
        "decide as told": [partial(decide_as_told, rule_set, one.answers, one.on) for one in people],
        "decide with questions": [partial(decide, rule_set, one.answers, one.on) for one in people],
        "write a decision as JSON": [decision.as_json for decision in decided],
        "load and prove the rules": [partial(load_rule_set, RULES)],
    }


if __name__ == "__main__":
    sys.exit(main())
