"""The service's own engine, asked for the rows alone and for every cell that stood in the way of every other row."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from service.routing.engine.compiled import Finding
from service.routing.engine.trace import blocked
from service.routing.facts.reading import Reading
from service.routing.rule_set import RuleSet
from service.routing.steps import Steps, find_on, ordered_steps
from tests.bench.contestant import Contestant
from tests.bench.people import Person, Rows, reading

Found = Mapping[str, Finding]


def our_contestant(rule_set: RuleSet, people: Sequence[Person], *, rendered: bool) -> Contestant[Found]:
    """Prepare our engine for people whose derived values are known, as the others get them."""
    steps = ordered_steps(rule_set.tables, {})
    prepared = [(reading(rule_set, person), (person.on, person.judged_on)) for person in people]
    if rendered:
        return Contestant("ours, every row explained", [partial(_explained, steps, *one) for one in prepared], _rows)
    return Contestant("ours", [partial(find_on, steps, *one) for one in prepared], _rows)


def _explained(steps: Steps, prepared: Reading, days: tuple[date, date]) -> Found:
    findings = find_on(steps, prepared, days)
    for finding in findings.values():
        blocked(finding.compiled, finding.proof)
    return findings


def _rows(answer: Found) -> Rows:
    return {table: tuple(row.id for row in finding.rows) for table, finding in answer.items()}
