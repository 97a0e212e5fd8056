"""Every rule of a mechanism by its id, and where it works: in rows of tables, or in a step of the casework."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.routing.engine.table import Row, Source, Status
from service.routing.row_examples import RowExample
from service.routing.rule_set import RuleSet
from service.routing.text.entries import Words
from service.routing.text.mistakes import Mistake, meant


@dataclass(frozen=True)
class MechanismRule:
    """One rule of the mechanism as its overview names it.

    Attributes:
        says: what it comes down to, per language.
        sources: who says so; rows carry their own, so only what works elsewhere names them here.
        status: how well it is founded, by the same division.
        in_rows: rows of other rules that apply it too, as `table/row`.
        works_in: where it works beside rows or instead of them, as `file::function` of the service.
        tests: what fails when those functions do nothing, as `file::test`; rows have examples instead.
    """

    id: str
    says: Words
    sources: tuple[Source, ...]
    status: Status | None
    in_rows: tuple[str, ...]
    works_in: tuple[str, ...]
    tests: tuple[str, ...]
    file: str
    line: int


@dataclass(frozen=True)
class Group:
    """Rules of the mechanism about one subject."""

    name: str
    title: Words
    rules: tuple[MechanismRule, ...]


@dataclass(frozen=True)
class Binding:
    """Where a rule works and what shows it.

    Attributes:
        rows: the rows that apply it, each with its table.
        examples: the examples of those rows, as `file:line`.
    """

    rule: MechanismRule
    rows: tuple[tuple[str, Row], ...]
    examples: tuple[str, ...]

    @property
    def shown_by(self) -> tuple[str, ...]:
        """Everything that fails without the rule: examples of its rows, and tests."""
        return (*self.examples, *self.rule.tests)

    @property
    def statuses(self) -> frozenset[Status]:
        """How well it is founded, wherever it works."""
        own = frozenset() if self.rule.status is None else frozenset({self.rule.status})
        return own | {row.status for _, row in self.rows}


def bindings(groups: Iterable[Group], rule_set: RuleSet, examples: Iterable[RowExample]) -> Mapping[str, Binding]:
    """Find where each rule works, by its id.

    Args:
        groups: the overview.
        rule_set: the tables.
        examples: the examples of rows.
    """
    shown: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in examples:
        shown[example.table, example.row].append(f"{example.file}:{example.line}")
    return {rule.id: _binding(rule, rule_set, shown) for group in groups for rule in group.rules}


def _binding(rule: MechanismRule, rule_set: RuleSet, shown: Mapping[tuple[str, str], list[str]]) -> Binding:
    rows = tuple(
        (table, row)
        for table, compiled in rule_set.tables.items()
        for row in compiled.table.rows
        if row.rule == rule.id or f"{table}/{row.id}" in rule.in_rows
    )
    return Binding(rule, rows, tuple(place for table, row in rows for place in shown.get((table, row.id), ())))


def unbound(rule_set: RuleSet, bound: Mapping[str, Binding]) -> Iterator[Mistake]:
    """Tell of rules that work nowhere or that nothing shows, and of rows that follow a rule nobody named.

    Args:
        rule_set: the tables.
        bound: where each rule of the overview works.
    """
    for one in bound.values():
        rule = one.rule
        yield from (Mistake(rule.file, rule.line, f"the rule {rule.id} {what}", hint) for what, hint in _lacks(one))
    for compiled in rule_set.tables.values():
        for row in compiled.table.rows:
            if row.rule not in bound:
                what = f"the row {row.id} follows the rule {row.rule}, which the overview does not name"
                yield Mistake(compiled.table.file, row.line, what, meant(row.rule, tuple(bound)))


def _lacks(one: Binding) -> Iterator[tuple[str, str | None]]:
    rule, rows = one.rule, {f"{table}/{row.id}" for table, row in one.rows}
    for row in rule.in_rows:
        if row not in rows:
            yield f"names the row {row}, and there is none", "write table/row"
    if not rows and not rule.works_in:
        yield "stands in no row", "name the functions it works_in"
    if not one.shown_by:
        yield "is shown by nothing: nothing would fail without it", "name its tests"
    if rule.works_in and not (rule.tests and rule.sources and rule.status):
        yield "works beside rows and lacks its source, its status or its tests", None
