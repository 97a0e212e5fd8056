"""Changes single rows of a rule set that was loaded, to see what notices."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import DecisionTable, Row
from service.routing.rule_files.read_invariants import readable
from service.routing.rule_set import RuleSet


def with_table(rule_set: RuleSet, table: DecisionTable) -> RuleSet:
    """Give the rule set with one table replaced."""
    columns = readable(rule_set.vocabulary, rule_set.tables)
    compiled = CompiledTable(table, {name: columns[name] for name in table.inputs}, rule_set.vocabulary.never)
    return replace(rule_set, tables={**rule_set.tables, table.name: compiled})


def with_row(rule_set: RuleSet, table: str, row_id: str, change: Callable[[Row], Row]) -> RuleSet:
    """Give the rule set with one row changed."""
    old = rule_set.tables[table].table
    rows = tuple(change(row) if row.id == row_id else row for row in old.rows)
    assert rows != old.rows, f"{table} has no row {row_id}, or it stays as it is"
    return with_table(rule_set, replace(old, rows=rows))


def giving(**then: str | None) -> Callable[[Row], Row]:
    """Give the change of a row that makes it give these outcomes; None leaves an outcome out."""

    def change(row: Row) -> Row:
        given: Mapping[str, str | None] = {**row.then, **then}
        return replace(row, then={name: said for name, said in given.items() if said is not None})

    return change
