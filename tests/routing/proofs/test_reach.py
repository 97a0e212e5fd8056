"""A row that no table before it leads to meets nobody, and an outcome that no such row gives is given by none."""

from dataclasses import replace

from service.routing.engine.compiled import CompiledTable
from service.routing.proofs.invariants import chain_of
from service.routing.proofs.reach import unreached
from service.routing.rule_set import RuleSet
from tests.routing.dutch import rules
from tests.routing.mutants import giving, with_row


def said(rule_set: RuleSet) -> set[str]:
    return {one.what for one in unreached(chain_of(rule_set))}


def test_every_row_of_the_rules_meets_somebody_and_every_outcome_is_given_or_says_why_not() -> None:
    assert said(rules()) == set()


def test_a_row_that_gives_what_no_row_was_to_give_is_told() -> None:
    changed = with_row(rules(), "notifications", "NT-14a", giving(to="rapporteur"))

    assert said(changed) == {"to of the table notifications can be rapporteur, and a row gives that against its word"}


def test_an_outcome_that_is_given_no_more_leaves_the_rows_behind_it_without_anybody() -> None:
    changed = with_row(rules(), "reflection_availability", "RP-10c", giving(status="review"))

    assert said(changed) - said(rules()) == {
        "status of the table reflection_availability can be pending, and no row gives that",
        "status of the table reflection_period can be pending, and no row gives that",
        "the row CL-01d meets nobody: the tables before it never give what it waits for",
        "the row RP-10c meets nobody: the tables before it never give what it waits for",
        "the row ST-01 meets nobody: the tables before it never give what it waits for",
        "kind of the table tasks can be ask_prosecutor_and_police, and no row gives that",
    }


def test_an_input_that_no_row_tells_apart_is_told() -> None:
    table = rules().tables["child"].table
    idle = replace(table, inputs=(*table.inputs, "gender"))
    compiled = CompiledTable(idle, rules().vocabulary.columns(), rules().vocabulary.never)
    changed = replace(rules(), tables={**rules().tables, "child": compiled})

    assert said(changed) - said(rules()) == {"the input gender of the table child never decides which row applies"}
