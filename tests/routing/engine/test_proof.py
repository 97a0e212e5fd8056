"""What the proof finds is what trying every case finds."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings

from service.routing.engine.compiled import VALIDITY, CompiledTable
from service.routing.engine.domains import UNKNOWN, YES_OR_NO, Choice, Domain, Number
from service.routing.engine.proof import MOST_GAPS, NotProven, Region, dead_rows, gaps, overlaps
from service.routing.engine.table import Policy
from service.routing.rule_files.prove_tables import proof_mistakes
from tests.routing.brute_force import Case, applying, cases, impossible, tables
from tests.routing.factories import compiled, row, span, words

Drawn = tuple[CompiledTable, Mapping[str, Domain]]
DOMAINS: Mapping[str, Domain] = {"age": Number(0, 120, unknown=True), "danger": YES_OR_NO}


def inside(region: Region, case: Case) -> bool:
    found = {**case.values, VALIDITY: case.day.isoformat()}
    return all(any(_covers(text, found[column]) for text in texts) for column, texts in region.bounds)


def _covers(text: str, value: str | int) -> bool:
    low, dots, high = text.partition("..")
    if not dots:
        return text == str(value)
    if isinstance(value, int):
        return int(low) <= value <= int(high)
    return value != UNKNOWN and (not low or low <= value) and (not high or value <= high)


def proves_what_every_case_shows(drawn: Drawn) -> None:
    table, domains = drawn
    found = [
        (case, impossible(table, case), [one.id for one in applying(table, case)]) for case in cases(table, domains)
    ]
    possible = [(case, rows) for case, never, rows in found if not never]
    regions = gaps(table)
    if len(regions) < MOST_GAPS:
        for case, never, rows in found:
            assert (not never and not rows) == any(inside(region, case) for region in regions)
    proved = {(overlap.first.id, overlap.second.id): overlap.region for overlap in overlaps(table)}
    assert set(proved) == {pair for _, rows in possible for pair in combinations(rows, 2)}
    for pair, region in proved.items():
        in_both = [set(pair) <= set(rows) for case, rows in possible if inside(region, case)]
        assert in_both
        assert all(in_both)
    deciding = {one for _, rows in possible for one in (rows[:1] if table.is_first else rows)}
    assert {one.id for one in dead_rows(table)} == {one.id for one in table.table.rows} - deciding


@settings(max_examples=300)
@given(tables(most_columns=3))
def test_gaps_overlaps_and_dead_rows_are_those_that_trying_every_case_shows(drawn: Drawn) -> None:
    proves_what_every_case_shows(drawn)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_ten_thousand_tables_are_proved_as_trying_every_case_shows(drawn: Drawn) -> None:
    proves_what_every_case_shows(drawn)


def test_the_smallest_gap_that_other_tools_miss_is_found() -> None:
    booleans = {"left": YES_OR_NO, "right": YES_OR_NO}
    table = compiled(Policy.UNIQUE, booleans, (row(1, {"right": words("yes")}), row(2, {"left": words("no")})))

    assert [str(region) for region in gaps(table)] == ["left = yes, right = no"]


def test_a_gap_is_told_as_widely_as_it_is() -> None:
    rows = (row(1, {"age": span(0, 17)}), row(2, {"age": span(18, 120), "danger": words("no")}))

    regions = gaps(compiled(Policy.UNIQUE, DOMAINS, rows))

    assert [str(region) for region in regions] == ["age = unknown", "age = 18..120, danger = yes"]


def test_a_fortnight_without_a_rule_is_a_gap_in_time() -> None:
    rows = (row(1, {}, valid_to=date(2023, 5, 17)), row(2, {}, valid_from=date(2023, 6, 1)))

    regions = gaps(compiled(Policy.UNIQUE, DOMAINS, rows))

    assert [str(region) for region in regions] == ["validity = 2023-05-18..2023-05-31"]


def test_what_can_never_be_is_neither_gap_nor_overlap() -> None:
    rows = (row(1, {"age": span(0, 17)}), row(2, {"age": span(12, 120)}))
    never = ({"age": span(12, 17)}, {"age": words(UNKNOWN)})
    table = compiled(Policy.UNIQUE, DOMAINS, rows, never)

    assert gaps(table) == ()
    assert overlaps(table) == ()


def test_a_table_without_rows_for_anything_has_every_case_as_gap() -> None:
    table = compiled(Policy.UNIQUE, DOMAINS, ())

    assert [str(region) for region in gaps(table)] == ["every case"]


def test_a_table_too_entangled_for_the_budget_counts_as_not_proven() -> None:
    domains: dict[str, Domain] = dict.fromkeys("abc", YES_OR_NO)
    every = product(("yes", "no"), repeat=3)
    rows = tuple(row(n, {c: words(v) for c, v in zip("abc", values, strict=True)}) for n, values in enumerate(every))
    table = compiled(Policy.UNIQUE, domains, rows)

    assert gaps(table) == ()
    with pytest.raises(NotProven, match="more than 1 states"):
        gaps(table, budget=1)
    (mistake,) = proof_mistakes(table, budget=1)
    assert mistake.what == "the table sample could not be proved: the proof needs more than 1 states"


def test_two_hundred_rows_are_proved_within_the_budget() -> None:
    domains: dict[str, Domain] = {f"c{number}": Choice(tuple("abcd")) for number in range(12)}
    rows = tuple(
        row(n, {f"c{n % 12}": words("abcd"[n % 4]), f"c{(n * 5 + 1) % 12}": words("abcd"[(n // 4) % 4])})
        for n in range(1, 200)
    )
    table = compiled(Policy.FIRST, domains, (*rows, row(200, {})))

    assert gaps(table) == ()


def test_a_row_behind_a_wider_one_can_never_decide_in_a_first_table() -> None:
    rows = (row(1, {"age": span(0, 17)}), row(2, {"age": span(3, 12)}), row(3, {}))

    assert [one.id for one in dead_rows(compiled(Policy.FIRST, DOMAINS, rows))] == ["R-2"]
    assert dead_rows(compiled(Policy.COLLECT, DOMAINS, rows)) == ()


def test_mistakes_of_a_table_stand_at_the_rows_they_are_about() -> None:
    rows = (row(11, {"age": span(0, 18)}), row(12, {"age": span(18, 120)}))

    said = [str(mistake) for mistake in proof_mistakes(compiled(Policy.UNIQUE, DOMAINS, rows))]

    assert said == [
        "sample.yaml:1: the table sample has no row for age = unknown (add a row, or a never when this cannot be)",
        "sample.yaml:12: the rows R-11 (line 11) and R-12 both apply to age = 18 (narrow one of the two)",
    ]


def test_a_collect_table_may_leave_cases_out_and_take_them_twice() -> None:
    rows = (row(1, {"danger": words("yes")}), row(2, {"danger": words("yes")}))

    assert proof_mistakes(compiled(Policy.COLLECT, DOMAINS, rows)) == []
