"""What two versions of a table are said to differ in is what trying every case shows."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import UNKNOWN, YES_OR_NO, Domain, Number
from service.routing.engine.laid_together import IMPOSSIBLE, Days
from service.routing.engine.proof import NotProven
from service.routing.engine.table import Policy, Row
from service.routing.engine.two_lists import NO_ROW, Outcome, TwoLists
from service.routing.engine.versions import Changes, Region, changes, whole_rows
from tests.routing.brute_force import Case, Versions, applying, cases, impossible, versions
from tests.routing.factories import compiled, row, span, words

MOST = 60


def compared(old: CompiledTable, new: CompiledTable, most: int = MOST) -> Changes:
    return changes((old, whole_rows(old)), (new, whole_rows(new)), most)


def inside(region: Region, case: Case) -> bool:
    return all(case.values[column] in cell for column, cell in region.when.items()) and all(
        any(_covers(span, case.day) for span in spans) for spans in region.days.values()
    )


def _covers(days: Days, day: date) -> bool:
    first, last = days
    return (first is None or first <= day) and (last is None or day <= last)


def deciding(table: CompiledTable, case: Case) -> list[Row]:
    """Give the rows that decide; a unique table is read from above, as if it had been proved to be unique."""
    if impossible(table, case):
        return []
    return applying(table, case)[: None if table.table.policy is Policy.COLLECT else 1]


def gives(one: Row) -> Outcome:
    return tuple(sorted(one.then.items()))


def finds_what_every_case_shows(drawn: Versions) -> None:
    old, new, domains = drawn
    found = compared(old, new)
    assume(found.complete)
    rows: dict[int, tuple[set[str], set[str]]] = {number: (set(), set()) for number in range(len(found.found))}
    for case in cases(old, domains):
        refused = impossible(old, case), impossible(new, case)
        if all(refused):
            continue
        sides = deciding(old, case), deciding(new, case)
        was, becomes = (
            {IMPOSSIBLE} if no else {gives(one) for one in side} for no, side in zip(refused, sides, strict=True)
        )
        boxes = [number for number, change in enumerate(found.found) if inside(change.region, case)]
        assert {found.found[number].old for number in boxes} - {NO_ROW} == was - becomes
        assert {found.found[number].new for number in boxes} - {NO_ROW} == becomes - was
        for number in boxes:
            change = found.found[number]
            rows[number][0].update(one.id for one in sides[0] if gives(one) == change.old)
            rows[number][1].update(one.id for one in sides[1] if gives(one) == change.new)
    assert [({one.id for one in change.old_rows}, {one.id for one in change.new_rows}) for change in found.found] == [
        *rows.values()
    ]


@settings(max_examples=300)
@given(versions())
def test_versions_differ_exactly_where_trying_every_case_shows_it(drawn: Versions) -> None:
    finds_what_every_case_shows(drawn)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
@given(versions())
def test_ten_thousand_pairs_of_versions_differ_where_trying_every_case_shows_it(drawn: Versions) -> None:
    finds_what_every_case_shows(drawn)


AGES: dict[str, Domain] = {"age": Number(0, 120, unknown=True), "danger": YES_OR_NO}


def outcome(one: Row, word: str) -> Row:
    return replace(one, then={"outcome": word})


def test_days_are_a_column_like_all_others() -> None:
    law = date(2023, 5, 18)
    children = row(1, {"age": span(0, 17)})
    old = compiled(Policy.UNIQUE, AGES, (children, row(2, {"age": span(18, 120)})))
    until, after = replace(old.table.rows[1], valid_to=date(2023, 5, 17)), row(3, {"age": span(18, 120)}, law)

    found = compared(old, compiled(Policy.UNIQUE, AGES, (children, until, outcome(after, "more"))))

    (change,) = found.found
    assert change.region == Region({"age": span(18, 120)}, {"decided_on": ((law, None),)})
    assert (change.old, change.new) == ((("outcome", "done"),), (("outcome", "more"),))
    assert ([one.id for one in change.old_rows], [one.id for one in change.new_rows]) == (["R-2"], ["R-3"])


def test_what_can_never_be_is_no_difference_even_where_several_combinations_cover_it_together() -> None:
    never = ({"age": span(0, 9)}, {"age": span(10, 120)}, {"age": words(UNKNOWN)})
    old = compiled(Policy.UNIQUE, AGES, (row(1, {}),), never)

    assert compared(old, compiled(Policy.UNIQUE, AGES, (outcome(row(1, {}), "more"),), never)).found == ()


def test_a_value_that_the_old_version_does_not_know_has_no_old_outcome() -> None:
    wider: dict[str, Domain] = {"age": Number(0, 130, unknown=True), "danger": YES_OR_NO}

    (change,) = compared(
        compiled(Policy.UNIQUE, AGES, (row(1, {}),)), compiled(Policy.UNIQUE, wider, (row(1, {}),))
    ).found

    assert (change.region.when, change.old, change.old_rows) == ({"age": span(121, 130)}, NO_ROW, ())


def test_a_column_that_only_one_version_has_bounds_the_difference() -> None:
    danger = AGES["danger"]
    old = compiled(Policy.FIRST, {"danger": danger}, (row(1, {}),))
    new = compiled(Policy.FIRST, AGES, (outcome(row(1, {"age": span(0, 17)}), "more"), row(2, {})))

    (change,) = compared(old, new).found

    assert change.region == Region({"age": span(0, 17)}, {})


def test_many_boxes_are_told_up_to_a_number_and_that_there_are_more() -> None:
    ages = range(1, 20, 2)
    old = compiled(Policy.FIRST, AGES, (*(row(age, {"age": span(age, age)}) for age in ages), row(100, {})))
    endangered = (outcome(row(age, {"age": span(age, age), "danger": words("yes")}), f"at {age}") for age in ages)
    new = compiled(Policy.FIRST, AGES, (*endangered, row(100, {})))

    found = compared(old, new, 9), compared(old, new, 10)

    assert [(len(one.found), one.complete) for one in found] == [(9, False), (10, True)]


def test_tables_too_entangled_for_the_budget_are_not_compared() -> None:
    lists = TwoLists([[1, 2], [2, 1]], ["one", "other"], one=1, other=2)

    assert lists.difference() is not None
    with pytest.raises(NotProven, match="more than 0 states"):
        lists.difference(budget=0)
