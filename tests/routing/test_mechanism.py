"""Every rule of the Dutch mechanism works somewhere, and something fails without it."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.routing.mechanism import Group, MechanismRule, bindings, unbound
from service.routing.rule_files.read_mechanism import read_mechanism
from service.routing.rule_files.read_row_examples import read_row_examples
from service.routing.text.mistakes import Mistake
from tests.routing.dutch import FOLDER, rules

ROOT = Path(__file__).parents[2]


def overview() -> tuple[Group, ...]:
    mistakes: list[Mistake] = []
    found = read_mechanism(FOLDER, mistakes)
    assert not mistakes
    return found


RULES = [rule for group in overview() for rule in group.rules]
BESIDE_ROWS = sorted({(place, test) for rule in RULES for place in rule.works_in for test in rule.tests})


def functions_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_rule_works_somewhere_and_something_shows_it() -> None:
    mistakes: list[Mistake] = []
    in_force = rules()
    bound = bindings(overview(), in_force, read_row_examples(FOLDER, in_force, mistakes))
    assert [*mistakes, *unbound(in_force, bound)] == []


def test_no_rule_is_named_twice() -> None:
    names = [rule.id for rule in RULES]
    assert sorted(set(names)) == sorted(names)


def test_every_rule_is_told_in_dutch_and_english() -> None:
    assert [rule.id for rule in RULES if set(rule.says) != {"nl", "en"}] == []


def test_every_function_and_every_test_that_the_overview_names_exists() -> None:
    named = {place for rule in RULES for place in (*rule.works_in, *rule.tests)}
    missing = [
        place
        for place in sorted(named)
        if place.split("::")[1].split(".")[-1] not in functions_in(place.split("::")[0])
    ]
    assert missing == []


def test_a_rule_that_stands_nowhere_is_told_with_its_line() -> None:
    rule = MechanismRule("RP-99", {"en": "Nobody wrote this."}, (), None, (), (), (), "mechanism.yaml", 7)
    groups = (Group("new", {"en": "New"}, (rule,)),)
    in_force = rules()
    told = [str(mistake) for mistake in unbound(in_force, bindings(groups, in_force, ()))]
    assert told[0] == "mechanism.yaml:7: the rule RP-99 stands in no row (name the functions it works_in)"
    assert (
        told[1]
        == "mechanism.yaml:7: the rule RP-99 is shown by nothing: nothing would fail without it (name its tests)"
    )
    assert any("follows the rule RP-12, which the overview does not name" in one for one in told)


@pytest.mark.long
@pytest.mark.parametrize(("place", "test"), BESIDE_ROWS)
def test_without_the_function_its_test_fails(place: str, test: str) -> None:
    """Take the function away in a process of its own, by a plugin that is loaded first, and run its test."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "tests.routing.taken_away", "-k", "not postgres", test],
        cwd=ROOT,
        env={**os.environ, "NRM_TAKEN_AWAY": place},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, run.stdout
