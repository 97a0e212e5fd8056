"""The order in which values are found: derived values and tables, each after what it reads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from graphlib import TopologicalSorter
from itertools import chain
from typing import Final, NamedTuple

from service.routing.engine.compiled import CompiledTable, Value, value_outside
from service.routing.engine.findings import Findings
from service.routing.engine.joined import JoinedTables, joint_columns
from service.routing.engine.table import EffectiveDay, Policy, Row
from service.routing.facts.derived import DERIVED, DerivedFunction
from service.routing.facts.reading import Reading

_LISTS_KEPT: Final = 1024


class Deciding(NamedTuple):
    """A row that decides its table, what code must be told of it, and the mask of what it leaves possible elsewhere."""

    rows: tuple[Row, ...]
    told: Mapping[str, Value]
    leaves: int


@dataclass(frozen=True, slots=True)
class DeriveStep:
    """Find one derived value by code."""

    name: str
    compute: Callable[[Reading], str]


@dataclass(frozen=True, slots=True)
class TableStep:
    """Find the rows of one table; what follows from a row that decides alone is laid out beforehand."""

    name: str
    table: CompiledTable
    bits: int
    place: int
    alone: Mapping[int, Deciding]
    listed: Callable[[int], tuple[Row, ...]]

    @property
    def judged(self) -> bool:
        """Whether the version of the rows is the one of the day by which the law judges."""
        return self.table.table.effective_on is EffectiveDay.JUDGED_ON

    @property
    def is_list(self) -> bool:
        """Whether any number of rows may apply; no other table reads those."""
        return self.table.table.policy is Policy.COLLECT

    @property
    def outcomes(self) -> Mapping[str, Mapping[str, Value]]:
        """What other tables may read of each row."""
        return self.table.outcomes

    def first_of(self, hit: int) -> Deciding:
        """Give the first of several rows where the policy asks for it, or say why there is no outcome."""
        self.table.rows_of(hit >> self.place)
        return self.alone[hit & -hit]


Step = DeriveStep | TableStep


class Stage:
    """What code derives now, and the tables that can be asked before code must derive again.

    Between the two every column that has become known narrows all the tables there are.
    """

    def __init__(self, derive: list[DeriveStep], ask: list[TableStep], columns: Mapping[str, dict[Value, int]]) -> None:
        """Prepare a stage.

        Args:
            derive: the derived values to find.
            ask: the tables to ask.
            columns: the columns that are known from this stage on, with their masks over all tables.
        """
        self.derive = tuple(derive)
        self.ask = tuple(ask)
        self._columns = columns
        self._groups = joint_columns(columns)

    def narrowed(self, live: int, values: Mapping[str, Value]) -> int:
        """Give the rows that also accept the values which are known from this stage on."""
        try:
            for pick, masks in self._groups:
                live &= masks[pick(values)]
        except KeyError:
            raise value_outside("a table", self._columns, values) from None
        return live


class Steps:
    """All steps of a rule set: stages that follow each other, then the tables that give lists."""

    def __init__(self, joined: JoinedTables, stages: list[Stage], lists: list[TableStep]) -> None:
        """Keep the stages and, since nobody reads them, the lists for the end; ordered_steps makes them."""
        self.joined = joined
        self.stages = tuple(stages)
        self.lists = tuple(lists)

    def __iter__(self) -> Iterator[Step]:
        """Give the steps one after the other."""
        yield from chain.from_iterable((*stage.derive, *stage.ask) for stage in self.stages)
        yield from self.lists


def ordered_steps(
    tables: Mapping[str, CompiledTable],
    derived: Mapping[str, DerivedFunction] = DERIVED,
) -> Steps:
    """Bring derived values and tables in an order in which each finds what it reads.

    Args:
        tables: the tables of a rule set, by name.
        derived: what code works out; what else the tables read must be told.
    """
    joined = JoinedTables(tables)
    told_to_code = {name for function in derived.values() for name in function.after}
    unread = {name: masks for name, masks in joined.columns.items() if not _outcome_of(name, tables)}
    late = {name: unread.pop(name) for name in derived if name in unread}
    stages: list[Stage] = []
    lists: list[TableStep] = []
    for names in _generations(tables, derived):
        derive = [DeriveStep(name, derived[name].compute) for name in names if name in derived]
        asked = [_table_step(name, tables[name], joined, told=name in told_to_code) for name in names if name in tables]
        ask = [step for step in asked if not step.is_list]
        lists += [step for step in asked if step.is_list]
        if stages and not derive:
            stages[-1].ask += tuple(ask)
            continue
        unread.update((step.name, late[step.name]) for step in derive if step.name in late)
        stages.append(Stage(derive, ask, unread))
        unread = {}
    return Steps(joined, stages, lists)


def find(steps: Steps, reading: Reading) -> Findings:
    """Find every value of a reading, and give what each table found."""
    return find_on(steps, reading, (reading.on, reading.accepted_on or reading.on))


def find_on(steps: Steps, reading: Reading, days: tuple[date, date]) -> Findings:
    """Find every value of a reading by the rules of these days, and give what each table found.

    Args:
        steps: what to find, in order.
        reading: what was told.
        days: the decision date, and the day by which the law judges.
    """
    values, found = reading.values, reading.found
    live = steps.joined.valid_on(*days)
    for stage in steps.stages:
        for derive in stage.derive:
            reading.derive(derive.name, derive.compute)
        live = stage.narrowed(live, values)
        for ask in stage.ask:
            hit = live & ask.bits
            rows, told, leaves = ask.alone.get(hit) or ask.first_of(hit)
            found(ask.name, rows)
            live &= leaves
            if told:
                for name, value in told.items():
                    reading.tell(name, value)
    for ask in steps.lists:
        found(ask.name, ask.listed((live & ask.bits) >> ask.place))
    return Findings(steps.joined.tables, reading.rows, values, days)


def _generations(tables: Mapping[str, CompiledTable], derived: Mapping[str, DerivedFunction]) -> Iterator[list[str]]:
    known = tables.keys() | derived.keys()
    reads = {name: set(function.after) & known for name, function in derived.items()}
    for name, compiled in tables.items():
        reads[name] = {column.partition(".")[0] for column in compiled.table.inputs} & known
    sorter = TopologicalSorter(reads)
    sorter.prepare()
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        yield ready
        sorter.done(*ready)


def _outcome_of(column: str, tables: Mapping[str, CompiledTable]) -> bool:
    return column.partition(".")[0] in tables


def _table_step(name: str, compiled: CompiledTable, joined: JoinedTables, *, told: bool) -> TableStep:
    place = joined.place(name)
    alone = {}
    for bit, row in enumerate(compiled.table.rows, start=place):
        outcomes = compiled.outcomes.get(row.id, {})
        alone[1 << bit] = Deciding((row,), outcomes if told else {}, joined.left_by(outcomes))
    # The same few lists come back again and again.
    listed = lru_cache(maxsize=_LISTS_KEPT)(compiled.listed)
    return TableStep(name, compiled, joined.bits(name), place, alone, listed)
