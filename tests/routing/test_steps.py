"""Derived values and tables are found in an order in which each finds what it reads."""

from service.routing.engine.table import NONE, Policy
from service.routing.facts.derived import DERIVED
from service.routing.steps import DeriveStep, TableStep, ordered_steps
from tests.routing.dutch import TODAY, accepted, read, rules


def names() -> list[str]:
    return [step.name for step in rules().steps]


def test_every_table_and_every_derived_value_is_found_once() -> None:
    assert sorted(names()) == sorted([*DERIVED, *rules().tables])


def test_a_table_comes_after_everything_that_it_reads() -> None:
    order = names()
    for name, compiled in rules().tables.items():
        read_by_it = {column.partition(".")[0] for column in compiled.table.inputs} & set(order)
        assert all(order.index(other) < order.index(name) for other in read_by_it)


def test_code_comes_after_the_outcomes_that_it_needs() -> None:
    order = names()
    for name, function in DERIVED.items():
        assert all(order.index(other) < order.index(name) for other in function.after)


def test_the_order_does_not_depend_on_the_order_of_the_files() -> None:
    turned = dict(reversed(list(rules().tables.items())))

    assert [step.name for step in ordered_steps(turned)] == names()


def test_an_outcome_that_a_row_leaves_out_reads_as_none() -> None:
    values = read().values

    assert values["reflection_availability.reason"] == NONE
    assert values["reflection_availability.length"] == "reflection.months"


def test_a_list_of_outcomes_is_read_by_nobody() -> None:
    for step in rules().steps:
        if isinstance(step, TableStep):
            assert bool(step.outcomes) == (step.table.table.policy is not Policy.COLLECT)


def test_only_what_the_law_judges_by_the_day_of_acceptance_looks_back() -> None:
    judged = {step.name for step in rules().steps if isinstance(step, TableStep) and step.judged}

    assert judged == {"reflection_availability", "reflection_claim", "reflection_period"}


def test_every_value_lies_in_its_declared_domain() -> None:
    values = read(accepted(TODAY)).values

    for name, derived in rules().vocabulary.derived.items():
        assert values[name] in derived.domain
    assert {step.name for step in rules().steps if isinstance(step, DeriveStep)} <= values.keys()
