"""Finds the fewest facts that would have to turn out otherwise for another row to decide, by deciding again.

Only facts that may be named as ones to check are changed: never what somebody is or chooses. All single facts are
tried, then all pairs, so what is found is the smallest change there is, and that it leads there was seen.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from service.routing.engine.compiled import ImpossibleFacts
from service.routing.engine.table import DecisionTable, Row
from service.routing.explanation.ways import can_be, other_answers, value_of
from service.routing.facts.read_answers import Said
from service.routing.facts.reading import Reading
from service.routing.rule_set import RuleSet
from service.routing.steps import find

MOST_FACTS: Final = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A fact, what is told of it, and what would have to be told instead."""

    fact: str
    now: Said | None
    then: Said

    def __hash__(self) -> int:
        """Let changes be compared as sets; a list is told in the order of the vocabulary."""
        return hash((self.fact, str(self.then)))


def smallest_changes(
    rule_set: RuleSet, reading: Reading, table: str, wanted: Collection[str]
) -> Mapping[str, tuple[Change, ...]]:
    """Give for each row that could be reached so the fewest facts that would have to be otherwise, at most two.

    Args:
        rule_set: the rules that decided.
        reading: what they found.
        table: name of the table.
        wanted: ids of the rows that are wanted.
    """
    found: dict[str, tuple[Change, ...]] = {}
    for changes in _changes(rule_set, reading):
        if len(found) == len(wanted):
            break
        row = _deciding(rule_set, reading, table, changes)
        if row in wanted and row is not None:
            found.setdefault(row, changes)
    return found


def without_detours(
    table: DecisionTable, rows: Mapping[str, Row], changes: Mapping[str, tuple[Change, ...]]
) -> Mapping[str, tuple[Change, ...]]:
    """Leave out the changes of which a part leads to something no worse, or no more of others to something better.

    Args:
        table: the table.
        rows: the rows that the changes lead to, by id.
        changes: by id of the row.
    """

    def is_detour(row: str, change: tuple[Change, ...]) -> bool:
        return any(
            table.more_favourable(rows[reached], rows[row])
            if len(other) <= len(change) and reached != row and not set(other) < set(change)
            else set(other) < set(change) and not table.more_favourable(rows[row], rows[reached])
            for reached, other in changes.items()
        )

    return {row: change for row, change in changes.items() if not is_detour(row, change)}


def _changes(rule_set: RuleSet, reading: Reading) -> Iterator[tuple[Change, ...]]:
    vocabulary, answers = rule_set.vocabulary, reading.answers
    single = [
        Change(fact.name, value_of(answers, fact.name), said)
        for fact in vocabulary.facts.values()
        if fact.name not in vocabulary.guards.frozen
        for said in other_answers(fact, answers)
    ]
    for size in range(1, MOST_FACTS + 1):
        for changes in combinations(single, size):
            if len({change.fact for change in changes}) == size:
                yield changes


def _deciding(rule_set: RuleSet, reading: Reading, table: str, changes: tuple[Change, ...]) -> str | None:
    other = reading.all_told_otherwise({change.fact: change.then for change in changes})
    if not can_be(rule_set.vocabulary, other.values):
        return None
    try:
        find(rule_set.steps, other)
    except ImpossibleFacts:
        return None
    return other.rows[table][0].id
