"""What would change an outcome, what it stands on and what to ask next are what trying every case finds."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.counterfactual import counterfactual
from service.routing.engine.domains import YES_OR_NO, Choice, Domain, Number
from service.routing.engine.forced import PartlyKnown, outcome, sufficient_reason
from service.routing.engine.influence import twins
from service.routing.engine.table import Policy, Row
from tests.routing.brute_force import DAYS, Case, applying, cases, cases_on, impossible, tables
from tests.routing.factories import compiled, row, span, words

Drawn = tuple[CompiledTable, Mapping[str, Domain]]
Said = Callable[[Row | None], object]


def deciding(table: CompiledTable, case: Case) -> list[Row]:
    """Give the rows that decide a case: in a unique table several rows are as bad as none."""
    rows = applying(table, case)
    if table.table.policy is Policy.COLLECT:
        return rows
    return rows[:1] if table.is_first or len(rows) == 1 else []


def possible(table: CompiledTable, domains: Mapping[str, Domain], day: date) -> list[Case]:
    return [case for case in cases_on(day, table, domains) if not impossible(table, case)]


def said(one: Row | None) -> object:
    """Let rows that are not each other's neighbours say the same."""
    return None if one is None else int(one.id.removeprefix("R-")) % 3


def difference(one: Case, other: Case, cost: Mapping[str, int]) -> int:
    return sum(cost[name] for name, value in one.values.items() if other.values[name] != value)


def outcomes(table: CompiledTable, every: list[Case], known: Mapping[str, Value]) -> set[object]:
    """Give all that the table can say of the cases that fit what is known."""
    found: set[object] = set()
    for case in every:
        if all(case.values[name] == value for name, value in known.items()):
            rows = deciding(table, case)
            if rows or not applying(table, case):
                found.add(said(rows[0] if rows else None))
    return found


def finds_the_cheapest_change(drawn: Drawn, data: st.DataObject) -> None:
    table, domains = drawn
    day = data.draw(st.sampled_from(DAYS))
    case = data.draw(st.sampled_from(list(cases_on(day, table, domains))))
    wanted = data.draw(st.sets(st.sampled_from([one.id for one in table.table.rows]), min_size=1))
    frozen = data.draw(st.sets(st.sampled_from(table.table.inputs)))
    cost = {name: data.draw(st.integers(1, 3)) for name in table.table.inputs}
    reached = [
        other
        for other in possible(table, domains, case.day)
        if any(one.id in wanted for one in deciding(table, other))
        and all(other.values[name] == case.values[name] for name in frozen)
    ]
    found = counterfactual(table, case.values, case.day, wanted, cost=cost, frozen=frozen)
    if found is None:
        assert not reached
        return
    assert found.cost == min(difference(case, other, cost) for other in reached)
    changed = Case({**case.values, **found.changes}, case.day)
    assert found.row in deciding(table, changed)
    assert not impossible(table, changed)
    assert difference(case, changed, cost) == found.cost
    assert found.row.id in wanted
    assert frozen.isdisjoint(found.changes)


def names_what_the_outcome_stands_on(drawn: Drawn, data: st.DataObject) -> None:
    table, domains = drawn
    day = data.draw(st.sampled_from(DAYS))
    every = possible(table, domains, day)
    decided = [case for case in every if deciding(table, case)]
    if not decided:
        return
    case = data.draw(st.sampled_from(decided))
    reason = sufficient_reason(table, case.values, day, said)
    known = {name: case.values[name] for name in reason}
    assert outcomes(table, every, known) == {said(deciding(table, case)[0])}
    for name in reason:
        rest = {other: value for other, value in known.items() if other != name}
        assert len(outcomes(table, every, rest)) > 1


def next_column(table: CompiledTable, known: Mapping[str, Value], day: date, of: Said) -> str | None:
    """Give the column that most of the rows that can still decide look at, None when the outcome is forced."""
    partly = PartlyKnown(table, {name: (value,) for name, value in known.items()}, day)
    return None if partly.is_forced(of) else max(partly.wanted_columns(), key=lambda one: one[1])[0]


def asks_until_nothing_can_change(drawn: Drawn, data: st.DataObject) -> None:
    table, domains = drawn
    day = data.draw(st.sampled_from(DAYS))
    every = possible(table, domains, day)
    if not every:
        return
    case = data.draw(st.sampled_from(every))
    known: dict[str, Value] = {}
    while (column := next_column(table, known, day, said)) is not None:
        assert len(outcomes(table, every, known)) > 1
        known[column] = case.values[column]
    assert len(outcomes(table, every, known)) <= 1


def parts_twins_where_there_are_any(drawn: Drawn, data: st.DataObject) -> None:
    table, domains = drawn
    column = data.draw(st.sampled_from(table.table.inputs))
    outcomes_of: dict[tuple[object, ...], set[object]] = {}
    for case in cases(table, domains):
        if not impossible(table, case):
            alike = (case.day, *(value for name, value in case.values.items() if name != column))
            rows = applying(table, case)
            all_of = frozenset(one.id for one in rows)
            found = all_of if table.table.policy is Policy.COLLECT else said(rows[0] if rows else None)
            outcomes_of.setdefault(alike, set()).add(found)
    apart = any(len(found) > 1 for found in outcomes_of.values())

    found_twins = twins(table, column, _in_list if table.table.policy is Policy.COLLECT else said)

    assert (found_twins is not None) == apart
    if found_twins is not None:
        assert found_twins.one != found_twins.other
        assert {column, *found_twins.case} == set(table.table.inputs)


def _in_list(one: Row | None) -> object:
    return one is not None


def agrees_with_trying_every_case(drawn: Drawn, data: st.DataObject) -> None:
    finds_the_cheapest_change(drawn, data)
    parts_twins_where_there_are_any(drawn, data)
    if drawn[0].table.policy is not Policy.COLLECT:
        names_what_the_outcome_stands_on(drawn, data)
        asks_until_nothing_can_change(drawn, data)


@given(tables(), st.data())
@settings(max_examples=300)
def test_changes_reasons_and_questions_are_those_that_trying_every_case_finds(
    drawn: Drawn, data: st.DataObject
) -> None:
    agrees_with_trying_every_case(drawn, data)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.data())
def test_ten_thousand_tables_agree_with_trying_every_case(drawn: Drawn, data: st.DataObject) -> None:
    agrees_with_trying_every_case(drawn, data)


DOMAINS: Mapping[str, Domain] = {
    "age": Number(0, 120, unknown=True),
    "stay": Choice(("lawful", "none", "unknown")),
    "danger": YES_OR_NO,
}
ROWS = (
    row(1, {"age": span(0, 17)}),
    row(2, {"age": span(18, 120), "stay": words("none"), "danger": words("yes")}),
    row(3, {"age": span(18, 120), "stay": words("none"), "danger": words("no")}),
    row(4, {"age": span(18, 120), "stay": words("lawful", "unknown")}),
    row(5, {"age": words("unknown")}),
)
TABLE = compiled(Policy.UNIQUE, DOMAINS, ROWS)
ADULT: Mapping[str, Value] = {"age": 30, "stay": "lawful", "danger": "no"}


def test_a_frozen_column_stays_as_it_is() -> None:
    free = counterfactual(TABLE, ADULT, DAYS[0], {"R-1", "R-2"})
    frozen = counterfactual(TABLE, ADULT, DAYS[0], {"R-1", "R-2"}, frozen={"age"})

    assert free is not None
    assert (free.row.id, dict(free.changes), free.cost) == ("R-1", {"age": 0}, 1)
    assert frozen is not None
    assert (frozen.row.id, dict(frozen.changes), frozen.cost) == ("R-2", {"stay": "none", "danger": "yes"}, 2)
    assert counterfactual(TABLE, ADULT, DAYS[0], {"R-2"}, frozen={"stay"}) is None


def test_a_reason_leaves_out_what_could_be_otherwise() -> None:
    assert sufficient_reason(TABLE, ADULT, DAYS[0], lambda one: one) == ("age", "stay")
    assert sufficient_reason(TABLE, {**ADULT, "age": 12}, DAYS[0], lambda one: one) == ("age",)
    assert sufficient_reason(TABLE, ADULT, DAYS[0], outcome) == ()


def test_the_column_that_most_rows_look_at_is_asked_first() -> None:
    assert next_column(TABLE, {}, DAYS[0], lambda one: one) == "age"
    assert next_column(TABLE, {"age": 30}, DAYS[0], lambda one: one) == "stay"
    assert next_column(TABLE, {"age": 30, "stay": "lawful"}, DAYS[0], lambda one: one) is None


def test_twins_differ_in_one_column_alone_and_are_shown_with_what_parts_them() -> None:
    assert twins(TABLE, "danger") is None
    parted = twins(TABLE, "danger", lambda one: None if one is None else one.id)
    assert parted is not None
    assert dict(parted.case) == {"age": 18, "stay": "none"}
    assert {parted.one, parted.other} == {"yes", "no"}
