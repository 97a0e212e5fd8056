"""The benchmark compares engines that do the same thing."""

from dataclasses import replace

import pytest

from service.routing.engine.table import Policy
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from tests.bench import proofs
from tests.bench.__main__ import RULES
from tests.bench.engines import engines, people_to_decide_about
from tests.bench.people import Person
from tests.bench.stopwatch import laps, middle, ratio
from tests.routing.large_tables import large_table


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


def test_the_solver_finds_in_tables_what_our_proofs_find() -> None:
    drawn = proofs.tables(40)

    found = [proofs.ours(*one) for one in drawn]

    assert found == [proofs.z3s(*one) for one in drawn]
    assert {gap for gap, _ in found} == {True, False}


def test_what_was_measured_of_proofs_is_told_by_size_with_its_aim() -> None:
    spent = {
        f"{who}, {rows} rows": [1000.0 * times]
        for who, times in (("ours", 1), ("z3", 4), ("compared", 2))
        for rows in proofs.SIZES
    }
    report = proofs.ProofReport(spent)

    assert report.as_json()["z3_over_ours"] == {"40": 4.0, "100": 4.0, "200": 4.0}
    assert [line.rpartition(" aim: ")[2] for line in report.lines() if "aim" in line] == [
        "at least 5: NOT MET",
        "at least 1: met",
    ]
    assert [line.split()[-1] for line in report.lines() if line.startswith("  200 rows")] == ["4.0", "2.0"]


def test_tables_of_every_size_are_drawn_and_their_versions_differ() -> None:
    assert all(len(table.table.rows) >= 199 for table, _ in proofs.tables(200))
    assert all(proofs.compared(*one) > 0 for one in proofs.versions(40))
    assert len(large_table(3, 200, Policy.UNIQUE)[0].table.rows) >= 199  # some of whose boxes cannot be cut again


def test_the_stopwatch_compares_within_a_round() -> None:
    found = {"slow": [3.0, 30.0, 3.0], "fast": [1.0, 10.0, 2.0]}

    assert ratio(found, "slow", "fast") == 3.0
    assert middle(found) == {"slow": 3.0, "fast": 2.0}


def test_everybody_is_timed_in_every_round() -> None:
    asked: list[str] = []

    found = laps({"one": [lambda: asked.append("one")], "other": [lambda: asked.append("other")]}, rounds=2)

    assert asked == ["one", "one", "other", "other"] * 2
    assert {name: len(times) for name, times in found.items()} == {"one": 2, "other": 2}
