"""The trace names every cell in the way of every row, and asks nothing twice."""

from collections.abc import Mapping
from datetime import date

from hypothesis import given

from service.routing.engine.compiled import VALIDITY, CompiledTable, ImpossibleFacts, NoRowApplies, SeveralRowsApply
from service.routing.engine.domains import YES_OR_NO, Domain, Number
from service.routing.engine.table import Policy
from service.routing.engine.trace import BlockedCell, blocked
from tests.routing.brute_force import cases, tables
from tests.routing.factories import compiled, row, span, words

DOMAINS: Mapping[str, Domain] = {"age": Number(0, 120, unknown=True), "danger": YES_OR_NO}
DAY = date(2026, 11, 23)


def test_every_blocking_cell_is_told_with_what_it_wanted_and_what_it_found() -> None:
    rows = (
        row(1, {"age": span(0, 17), "danger": words("yes")}),
        row(2, {"danger": words("no")}, valid_to=date(2023, 5, 17)),
        row(3, {"age": words("unknown")}),
    )
    table = compiled(Policy.UNIQUE, DOMAINS, rows)

    told = blocked(table, table.decide({"age": "unknown", "danger": "no"}, DAY).proof)

    assert [(one.row.id, one.cells) for one in told] == [
        ("R-1", (BlockedCell("age", "0..17", "unknown"), BlockedCell("danger", "yes", "no"))),
        ("R-2", (BlockedCell(VALIDITY, "..2023-05-17", "2026-11-23"),)),
    ]


def test_a_later_row_of_a_first_table_that_would_apply_too_has_no_cell_in_its_way() -> None:
    table = compiled(Policy.FIRST, DOMAINS, (row(1, {}), row(2, {})))

    told = blocked(table, table.decide({"age": 4, "danger": "no"}, DAY).proof)

    assert [(one.row.id, one.cells) for one in told] == [("R-2", ())]


@given(tables())
def test_the_trace_is_what_reading_every_cell_shows(drawn: tuple[CompiledTable, Mapping[str, Domain]]) -> None:
    table, domains = drawn
    for case in cases(table, domains):
        try:
            finding = table.decide(case.values, case.day)
        except (ImpossibleFacts, NoRowApplies, SeveralRowsApply):
            continue
        told = {one.row.id: [cell.column for cell in one.cells] for one in blocked(table, finding.proof)}
        for one in table.table.rows:
            in_the_way = [
                name for name in table.table.inputs if name in one.when and case.values[name] not in one.when[name]
            ]
            in_the_way += [] if one.applies_on(case.day) else [VALIDITY]
            assert told.get(one.id, []) == in_the_way
        assert set(told) == {one.id for one in table.table.rows} - {one.id for one in finding.rows}
