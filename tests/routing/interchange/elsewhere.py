"""Invented people, what the tables say of them on one day, and the same as others are asked it: by names of FEEL."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.routing.engine.compiled import CompiledTable, ImpossibleFacts, Value
from service.routing.engine.domains import Number
from service.routing.engine.table import NONE, Policy
from service.routing.interchange.dmn_export import column_domains
from service.routing.interchange.feel import unknown_number
from service.routing.rule_set import RuleSet
from tests.bench.people import drawn_people

Said = str | dict[str, str]
Told = dict[str, object]


@dataclass(frozen=True)
class Case:
    """Every value about a person, and what each table says: a value, its parts, or a list of those."""

    values: Mapping[str, Value]
    wanted: Mapping[str, Said | list[Said]]


def cases(rule_set: RuleSet, count: int, on: date) -> Iterator[Case]:
    """Invent people and ask our tables about them, by their rows of one day."""
    for person in drawn_people(rule_set, count):
        values: dict[str, Value] = dict(person.values)
        try:
            wanted = {name: _asked(compiled, values, on) for name, compiled in rule_set.tables.items()}
        except ImpossibleFacts:
            # What was derived belongs to the person's own day, which may not fit the rows of this one.
            continue
        yield Case(values, wanted)


def told(rule_set: RuleSet, columns: Sequence[str], values: Mapping[str, Value]) -> Told:
    """Give what another engine is told: an object for each name that has parts, a number for a number not known."""
    domains = column_domains(rule_set)
    found: Told = {}
    for column in columns:
        owner, _, part = column.partition(".")
        domain, value = domains[column], values[column]
        said = unknown_number(domain) if isinstance(domain, Number) and isinstance(value, str) else value
        if part:
            parts = found.setdefault(owner, {})
            assert isinstance(parts, dict)
            parts[part] = said
        else:
            found[owner] = said
    return found


def _asked(compiled: CompiledTable, values: dict[str, Value], on: date) -> Said | list[Said]:
    finding = compiled.decide(values, on)
    said: list[Said] = []
    for row in finding.rows:
        values.update(compiled.outcomes.get(row.id, {}))
        parts = {output: row.then.get(output, NONE) for output in compiled.table.outputs}
        said.append(parts if len(parts) > 1 else next(iter(parts.values())))
    return said if compiled.table.policy is Policy.COLLECT else said[0]
