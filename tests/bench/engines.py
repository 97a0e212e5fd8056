"""Everybody who takes part, prepared for the same people."""

from collections.abc import Sequence
from typing import Any

from service.routing.rule_set import RuleSet
from tests.bench.cel_model import cel_contestant
from tests.bench.contestant import Contestant
from tests.bench.if_chain import if_contestant
from tests.bench.ours import our_contestant
from tests.bench.people import Person, drawn_people, example_people
from tests.bench.zen_model import zen_contestant


def people_to_decide_about(rule_set: RuleSet, drawn: int) -> list[Person]:
    """Give the people of the examples and a number of invented ones."""
    return [*example_people(rule_set), *drawn_people(rule_set, drawn)]


def engines(rule_set: RuleSet, people: Sequence[Person]) -> tuple[Contestant[Any], ...]:
    """Prepare our engine, the written-out code, zen-engine and CEL, ours and zen-engine also with an explanation."""
    return (
        our_contestant(rule_set, people, rendered=False),
        if_contestant(rule_set, people),
        zen_contestant(rule_set, people, trace=False),
        zen_contestant(rule_set, people, trace=True),
        cel_contestant(rule_set, people),
        our_contestant(rule_set, people, rendered=True),
    )
