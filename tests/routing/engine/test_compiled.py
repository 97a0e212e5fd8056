"""A compiled table says what its rows say."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from service.routing.engine.compiled import (
    CompiledTable,
    ImpossibleFacts,
    NoRowApplies,
    SeveralRowsApply,
    ValueOutsideDomain,
)
from service.routing.engine.domains import YES_OR_NO, Choice, Domain, Number
from service.routing.engine.table import Policy, Row
from tests.routing.brute_force import Case, applying, cases, impossible, tables
from tests.routing.factories import compiled, row, span, words

DAY = date(2026, 11, 23)
DOMAINS: Mapping[str, Domain] = {"age": Number(0, 120, unknown=True), "danger": YES_OR_NO}


def outcome(table: CompiledTable, case: Case) -> str | tuple[Row, ...]:
    try:
        return table.decide(case.values, case.day).rows
    except ImpossibleFacts:
        return "impossible"
    except NoRowApplies:
        return "none"
    except SeveralRowsApply:
        return "several"


def read_row_by_row(table: CompiledTable, case: Case) -> str | tuple[Row, ...]:
    rows = applying(table, case)
    if impossible(table, case):
        return "impossible"
    if table.table.policy is Policy.COLLECT:
        return tuple(rows)
    if not rows:
        return "none"
    if table.table.policy is Policy.FIRST:
        return (rows[0],)
    return (rows[0],) if len(rows) == 1 else "several"


def agrees_everywhere(drawn: tuple[CompiledTable, Mapping[str, Domain]]) -> None:
    table, domains = drawn
    for case in cases(table, domains):
        assert outcome(table, case) == read_row_by_row(table, case)


@given(tables())
def test_every_case_is_decided_as_a_reader_of_the_rows_would(drawn: tuple[CompiledTable, Mapping[str, Domain]]) -> None:
    agrees_everywhere(drawn)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_ten_thousand_tables_are_decided_as_a_reader_of_the_rows_would(
    drawn: tuple[CompiledTable, Mapping[str, Domain]],
) -> None:
    agrees_everywhere(drawn)


def test_a_unique_table_gives_the_one_row() -> None:
    table = compiled(Policy.UNIQUE, DOMAINS, (row(1, {"age": span(0, 17)}), row(2, {"age": span(18, 120)})))

    finding = table.decide({"age": 17, "danger": "no"}, DAY)

    assert [one.id for one in finding.rows] == ["R-1"]
    assert finding.table is table.table


def test_a_gap_is_said_and_never_guessed_over() -> None:
    table = compiled(Policy.UNIQUE, DOMAINS, (row(1, {"age": span(0, 17)}),))

    with pytest.raises(NoRowApplies, match="table sample has no row"):
        table.decide({"age": "unknown", "danger": "no"}, DAY)


def test_an_overlap_names_its_rows() -> None:
    table = compiled(Policy.UNIQUE, DOMAINS, (row(1, {"age": span(0, 17)}), row(2, {"danger": words("yes")})))

    with pytest.raises(SeveralRowsApply, match="R-1, R-2"):
        table.decide({"age": 4, "danger": "yes"}, DAY)


def test_a_first_table_gives_the_first_row_that_applies() -> None:
    table = compiled(Policy.FIRST, DOMAINS, (row(1, {"danger": words("yes")}), row(2, {}), row(3, {})))

    assert [one.id for one in table.decide({"age": 4, "danger": "no"}, DAY).rows] == ["R-2"]


@pytest.mark.parametrize(("danger", "ids"), [("yes", ["R-1", "R-3"]), ("no", ["R-3"])])
def test_a_collect_table_gives_every_row_in_the_order_of_the_file(danger: str, ids: list[str]) -> None:
    rows = (row(1, {"danger": words("yes")}), row(2, {"age": span(0, 3)}), row(3, {}))

    finding = compiled(Policy.COLLECT, DOMAINS, rows).decide({"age": 4, "danger": danger}, DAY)

    assert [one.id for one in finding.rows] == ids


def test_a_collect_table_may_find_nothing() -> None:
    table = compiled(Policy.COLLECT, DOMAINS, (row(1, {"danger": words("yes")}),))

    assert table.decide({"age": 4, "danger": "no"}, DAY).rows == ()


def test_what_can_never_be_is_refused_with_its_reason() -> None:
    never = ({"age": span(0, 3), "danger": words("no")},)
    table = compiled(Policy.COLLECT, DOMAINS, (row(1, {}),), never)

    with pytest.raises(ImpossibleFacts, match="age and danger cannot be so together: it cannot be"):
        table.decide({"age": 2, "danger": "no"}, DAY)


@pytest.mark.parametrize("age", [121, -1, "UNKNOWN", "4"])
def test_a_value_outside_its_domain_falls_into_no_row(age: str | int) -> None:
    table = compiled(Policy.FIRST, DOMAINS, (row(1, {}),))

    with pytest.raises(ValueOutsideDomain, match="cannot read this value of age"):
        table.decide({"age": age, "danger": "no"}, DAY)


def test_a_missing_value_falls_into_no_row() -> None:
    table = compiled(Policy.FIRST, DOMAINS, (row(1, {}),))

    with pytest.raises(ValueOutsideDomain, match="needs danger"):
        table.decide({"age": 4}, DAY)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2023, 5, 17), "R-1"), (date(2023, 5, 18), "R-2"), (date(1950, 1, 1), "R-1"), (date(2150, 1, 1), "R-2")],
)
def test_the_first_and_the_last_day_of_validity_count(day: date, expected: str) -> None:
    rows = (row(1, {}, valid_to=date(2023, 5, 17)), row(2, {}, valid_from=date(2023, 5, 18)))

    finding = compiled(Policy.UNIQUE, DOMAINS, rows).decide({"age": 4, "danger": "no"}, day)

    assert finding.rows[0].id == expected


@pytest.mark.parametrize("columns", [(), ("only",)])
def test_a_table_may_have_one_column_or_none(columns: tuple[str, ...]) -> None:
    table = compiled(Policy.UNIQUE, dict.fromkeys(columns, Choice(("a",))), (row(1, {}),))

    assert table.decide(dict.fromkeys(columns, "a"), DAY).rows[0].id == "R-1"


PROGRAM = """
from datetime import date
from tests.routing.factories import compiled, row, span, words
from service.routing.engine.domains import Choice, Number
from service.routing.engine.proof import gaps, overlaps
from service.routing.engine.table import Policy
domains = {name: Choice(("x", "y", "z")) for name in "abcd"} | {"n": Number(0, 9, True)}
rows = tuple(row(i, {"abcd"[i % 4]: words("xyz"[i % 3]), "n": span(i, i + 3)}) for i in range(6))
table = compiled(Policy.UNIQUE, domains, rows)
print(gaps(table), overlaps(table), [column for column in table.columns])
"""


def test_another_hash_seed_changes_nothing() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            cwd=Path(__file__).parents[3],
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(said) == 1
