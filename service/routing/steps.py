"""The order in which values are found: derived values and tables, each after what it reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter

from service.routing.compiled import CompiledTable, Finding, Value
from service.routing.derived import DERIVED
from service.routing.reading import Reading
from service.routing.table import NONE, EffectiveDay, Policy


@dataclass(frozen=True, slots=True)
class DeriveStep:
    """Find one derived value by code."""

    name: str


@dataclass(frozen=True, slots=True)
class TableStep:
    """Ask one table; what other tables may read of each row is laid out beforehand."""

    name: str
    table: CompiledTable
    judged: bool
    outcomes: Mapping[str, Mapping[str, Value]]


Step = DeriveStep | TableStep


def ordered_steps(tables: Mapping[str, CompiledTable]) -> tuple[Step, ...]:
    """Bring derived values and tables in an order in which each finds what it reads."""
    reads = {name: set(function.after) for name, function in DERIVED.items()}
    for name, compiled in tables.items():
        reads[name] = {column.partition(".")[0] for column in compiled.table.inputs} & (DERIVED.keys() | tables.keys())
    order = TopologicalSorter({name: sorted(reads[name]) for name in sorted(reads)}).static_order()
    return tuple(_table_step(name, tables[name]) if name in tables else DeriveStep(name) for name in order)


def find(steps: tuple[Step, ...], reading: Reading) -> Mapping[str, Finding]:
    """Find every value of a reading, and give what each table found."""
    return dict(_find(steps, reading))


def _find(steps: tuple[Step, ...], reading: Reading) -> Iterator[tuple[str, Finding]]:
    values = reading.values
    judged_on: date = reading.accepted_on or reading.on
    for step in steps:
        if isinstance(step, DeriveStep):
            values[step.name] = DERIVED[step.name].compute(reading)
            continue
        finding = step.table.decide(values, judged_on if step.judged else reading.on)
        if step.outcomes:
            values.update(step.outcomes[finding.rows[0].id])
        yield step.name, finding


def _table_step(name: str, compiled: CompiledTable) -> TableStep:
    table = compiled.table
    outcomes: dict[str, dict[str, Value]] = {}
    if table.policy is not Policy.COLLECT:
        outcomes = {
            row.id: {f"{name}.{output}": row.then.get(output, NONE) for output in table.outputs} for row in table.rows
        }
    return TableStep(name, compiled, table.effective_on is EffectiveDay.JUDGED_ON, outcomes)
