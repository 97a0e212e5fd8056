"""A changed cell of the rules is noticed: by a proof, an example, a story or an invariant; what is not is listed."""

from collections.abc import Callable

import pytest

from service.routing.engine.compiled import NoRowApplies, SeveralRowsApply
from service.routing.engine.table import Row
from service.routing.rule_set import RuleSet
from tests.routing.crowd import Told, numbers
from tests.routing.dutch import rules
from tests.routing.mutants import with_row
from tests.routing.mutation import NOT_NOTICED, Mutant, begun, examine, mutants, share


def test_every_changed_cell_of_the_tables_that_decide_about_children_and_detention_is_noticed() -> None:
    counts, survivors = examine(["child", "detention_agreement"])

    assert survivors == []
    assert counts.total() > 100
    assert share(counts) == 1


def test_cells_are_changed_in_every_way_in_which_a_hand_slips() -> None:
    changed = [str(one) for one in mutants(rules(), rules().tables["child"].table) if one.row.id == "CH-01b"]

    assert "child CH-01b age_in_doubt: no -> -" in changed
    assert "child CH-01b age: 0..17 -> 0..16" in changed
    assert "child CH-01b age: 0..17 -> 0..18" in changed
    assert "child CH-01b age: 0..17 -> 0..17, unknown" in changed
    assert "child CH-01b adult: - -> yes" in changed
    assert "child CH-01b child: yes -> no" in changed
    dated = rules().tables["reflection_availability"].table
    days = [one for one in mutants(rules(), dated) if one.cell == "valid_to" and one.row.id == "RP-06"]
    assert [str(one.changed.valid_to) for one in days] == ["2023-05-16", "2023-05-18"]


def test_whom_a_changed_row_touches_is_whom_deciding_about_everybody_finds() -> None:
    examination, changes = begun(("child", "detention_agreement"))
    crowd = examination.crowd
    for mutant in changes[::17]:
        changed = with_row(rules(), mutant.table, mutant.row.id, _as(mutant))
        found = {
            number
            for number, one in enumerate(crowd.people)
            if _rows(changed, mutant.table, one) != [(row.id, row.then) for row in one.rows[mutant.table]]
        }
        assert {*numbers(crowd.touched(mutant.table, mutant.row, mutant.changed))} == found


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nearly_every_changed_cell_of_the_rules_is_noticed_and_the_rest_is_listed() -> None:
    counts, survivors = examine()

    assert share(counts) >= 0.95
    assert [str(one) for one in survivors] == NOT_NOTICED.read_text("utf-8").splitlines()


def test_what_is_not_noticed_is_still_a_cell_of_the_rules() -> None:
    known = {str(one) for name in rules().tables for one in _mutants_of(name)}

    assert set(NOT_NOTICED.read_text("utf-8").splitlines()) <= known


def _mutants_of(name: str) -> list[Mutant]:
    return list(mutants(rules(), rules().tables[name].table))


def _as(mutant: Mutant) -> Callable[[Row], Row]:
    return lambda _: mutant.changed


def _rows(rule_set: RuleSet, table: str, one: Told) -> object:
    try:
        found = rule_set.tables[table].decide(one.values, one.days[table]).rows
    except (NoRowApplies, SeveralRowsApply):
        return None
    return [(row.id, row.then) for row in found]
