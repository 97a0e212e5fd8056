"""The benchmark compares engines that do the same thing."""

from dataclasses import replace

import pytest

from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from tests.bench.__main__ import RULES
from tests.bench.engines import engines, people_to_decide_about
from tests.bench.people import Person
from tests.bench.stopwatch import laps, middle, ratio


@pytest.fixture(scope="module")
def rule_set() -> RuleSet:
    return load_rule_set(RULES)


@pytest.fixture(scope="module")
def people(rule_set: RuleSet) -> list[Person]:
    return people_to_decide_about(rule_set, 100)


def test_every_engine_finds_the_rows_that_the_service_finds(rule_set: RuleSet, people: list[Person]) -> None:
    for contestant in engines(rule_set, people):
        assert contestant.disagreements(people) == []


def test_the_people_reach_most_of_the_rules(rule_set: RuleSet, people: list[Person]) -> None:
    reached = {(table, row) for person in people for table, rows in person.rows.items() for row in rows}
    written = [(name, row.id) for name, compiled in rule_set.tables.items() for row in compiled.table.rows]

    assert len(reached) > 0.8 * len(written)


def test_an_engine_that_finds_something_else_is_noticed(rule_set: RuleSet, people: list[Person]) -> None:
    wrong = [replace(person, rows={**person.rows, "shelter": ("SH-00",)}) for person in people]

    for contestant in engines(rule_set, people):
        assert len(contestant.disagreements(wrong)) == len(people)


def test_the_stopwatch_compares_within_a_round() -> None:
    found = {"slow": [3.0, 30.0, 3.0], "fast": [1.0, 10.0, 2.0]}

    assert ratio(found, "slow", "fast") == 3.0
    assert middle(found) == {"slow": 3.0, "fast": 2.0}


def test_everybody_is_timed_in_every_round() -> None:
    asked: list[str] = []

    found = laps({"one": [lambda: asked.append("one")], "other": [lambda: asked.append("other")]}, rounds=2)

    assert asked == ["one", "one", "other", "other"] * 2
    assert {name: len(times) for name, times in found.items()} == {"one": 2, "other": 2}
