"""Tables asked together find what each finds alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given

from service.kernel.errors import DomainError
from service.routing.engine.compiled import CompiledTable, Value, ValueOutsideDomain
from service.routing.engine.domains import YES_OR_NO, Domain, Number
from service.routing.engine.findings import Findings
from service.routing.engine.table import EffectiveDay, Policy
from service.routing.facts.answers import Answers, answers_from
from service.routing.facts.reading import Reading
from service.routing.steps import Steps, find, ordered_steps
from tests.routing.brute_force import cases, tables
from tests.routing.dutch import rules
from tests.routing.factories import compiled, row, span

DOMAINS: Mapping[str, Domain] = {"age": Number(0, 120, unknown=True), "danger": YES_OR_NO}
DAY = date(2026, 11, 23)


@cache
def nothing_told() -> Answers:
    return answers_from({}, rules().vocabulary)


def asked(steps: Steps, values: Mapping[str, Value], day: date) -> Findings:
    return find(steps, Reading(nothing_told(), day, rules().parameters, rules().places, dict(values)))


def with_a_list_beside_it(table: CompiledTable, domains: Mapping[str, Domain]) -> Mapping[str, CompiledTable]:
    backwards = replace(table.table, name="list", policy=Policy.COLLECT, rows=table.table.rows[::-1])
    return {"sample": table, "list": CompiledTable(backwards, domains)}


@given(tables())
def test_every_case_is_decided_as_each_table_decides_it_alone(
    drawn: tuple[CompiledTable, Mapping[str, Domain]],
) -> None:
    together = with_a_list_beside_it(*drawn)
    steps = ordered_steps(together, {})
    for case in cases(*drawn):
        try:
            alone = {name: one.decide(case.values, case.day) for name, one in together.items()}
        except DomainError as refused:
            with pytest.raises(type(refused)):
                asked(steps, case.values, case.day)
        else:
            found = asked(steps, case.values, case.day)
            assert {name: (one.rows, one.proof) for name, one in found.items()} == {
                name: (one.rows, one.proof) for name, one in alone.items()
            }


def test_every_example_is_decided_as_each_table_decides_it_alone() -> None:
    for example in rules().examples:
        facts = example.facts
        reading = Reading(facts, example.on, rules().parameters, rules().places, facts.columns())
        for name, finding in find(rules().steps, reading).items():
            compiled_table = rules().tables[name]
            judged = compiled_table.table.effective_on is EffectiveDay.JUDGED_ON
            alone = compiled_table.decide(finding.values, (reading.accepted_on or example.on) if judged else example.on)
            assert (finding.table, finding.rows, finding.proof) == (alone.table, alone.rows, alone.proof)


def test_findings_stand_in_the_order_of_asking_and_know_no_other_table() -> None:
    table = compiled(Policy.UNIQUE, DOMAINS, (row(1, {"age": span(0, 120)}), row(2, {"age": span(0, 0)})))
    together = with_a_list_beside_it(table, DOMAINS)

    found = asked(ordered_steps(together, {}), {"age": 4, "danger": "no"}, DAY)

    assert (list(found), len(found)) == (["sample", "list"], 2)
    with pytest.raises(KeyError):
        found["shelter"]


@pytest.mark.parametrize(
    ("values", "said"),
    [({"age": 4}, "needs danger"), ({"age": 121, "danger": "no"}, "cannot read this value of age")],
)
def test_a_value_that_is_missing_or_outside_its_domain_falls_into_no_row(
    values: Mapping[str, Value], said: str
) -> None:
    together = with_a_list_beside_it(compiled(Policy.FIRST, DOMAINS, (row(1, {}),)), DOMAINS)

    with pytest.raises(ValueOutsideDomain, match=said):
        asked(ordered_steps(together, {}), values, DAY)
