"""Proves statements about every possible person over the chain of tables, or finds somebody for whom one is broken.

A statement is broken by whoever it is about who has what nobody may have, or lacks what everybody must have; the chain
is searched for such people. Whom the search finds is decided about by the service itself, and only if that breaks the
statement it is called broken. When nobody is found it is proved; anything between the two is not proven, and refused.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain as chained
from itertools import islice, product
from typing import Final

from service.routing.decide import decide_as_told
from service.routing.decision import Decision
from service.routing.engine.compiled import ImpossibleFacts, NoRowApplies, SeveralRowsApply, Value
from service.routing.engine.proof import NotProven
from service.routing.engine.table import EffectiveDay, Row, When
from service.routing.facts.answers import AnswersRefused, answers_from
from service.routing.facts.vocabulary import FactKind
from service.routing.proofs.chain import Chain
from service.routing.proofs.people import people
from service.routing.proofs.person import Person
from service.routing.proofs.space import Box
from service.routing.proofs.twins import twins_of
from service.routing.rule_set import Entry, Invariant, RuleSet

_MOST_TRIED: Final = 2_000


@dataclass(frozen=True)
class Broken:
    """A statement that does not hold, and somebody for whom it does not; nobody when it is merely not proven."""

    invariant: Invariant
    person: Person | None


def chain_of(rule_set: RuleSet) -> Chain:
    """Lay out the chain of a rule set, finely enough for all its statements."""
    asked = [when for one in rule_set.invariants for when in (one.when, one.never, one.always)]
    return Chain(rule_set.vocabulary, rule_set.tables, asked, places=rule_set.places)


def broken_invariants(rule_set: RuleSet, chain: Chain) -> Iterator[Broken]:
    """Give every statement of a rule set that is not proved.

    Args:
        rule_set: the rules with their statements.
        chain: their chain.
    """
    for invariant in rule_set.invariants:
        try:
            broken = next(_breaches(rule_set, chain, invariant), None)
        except NotProven:
            broken = Broken(invariant, None)
        if broken is not None:
            yield broken


def _breaches(rule_set: RuleSet, chain: Chain, invariant: Invariant) -> Iterator[Broken]:
    if invariant.told_otherwise:
        yield from _unlike_twins(rule_set, chain, invariant)
    for box, avoid in _ways_to_break(chain, invariant):
        if next(chain.people(box, avoid), None) is None:
            continue
        shown = islice(people(chain, box, avoid), _MOST_TRIED)
        yield Broken(invariant, next((one for one in shown if breaks(rule_set, invariant, one)), None))


def _unlike_twins(rule_set: RuleSet, chain: Chain, invariant: Invariant) -> Iterator[Broken]:
    twins = twins_of(chain, invariant.told_otherwise, _about(chain, invariant))
    for name in invariant.unchanged:
        if name in twins.pairs or twins.where.get(name):
            boxes = twins.where.get(name.partition(".")[0], [])
            shown = islice(chained.from_iterable(people(chain, box & twins.within) for box in boxes), _MOST_TRIED)
            yield Broken(invariant, next((one for one in shown if breaks(rule_set, invariant, one)), None))


def _about(chain: Chain, invariant: Invariant) -> Box:
    return chain.space.box(invariant.when) & chain.judged_from(invariant.valid_from, invariant.valid_to)


def _ways_to_break(chain: Chain, invariant: Invariant) -> Iterator[tuple[Box, tuple[Box, ...]]]:
    about = _about(chain, invariant)
    if invariant.never or invariant.never_listed:
        has = about & chain.space.box(invariant.never)
        for rows in product(*(_listed(chain, entry) for entry in invariant.never_listed)):
            box = has
            for fires in rows:
                box &= fires
            if chain.space.somebody(box):
                yield box, ()
    for name, cell in invariant.always.items():
        yield about, (chain.space.box({name: cell}),)
    for entry in invariant.always_listed:
        yield about, tuple(_listed(chain, entry))


def _listed(chain: Chain, entry: Entry) -> Iterator[Box]:
    compiled = chain.tables[entry.table]
    return (chain.fires(compiled, row) for row in compiled.table.rows if entry.means(row))


def breaks(rule_set: RuleSet, invariant: Invariant, person: Person) -> bool:
    """Tell whether a statement does not hold for somebody, by deciding about them.

    Args:
        rule_set: the rules.
        invariant: the statement.
        person: whom it is tried on.
    """
    try:
        decision = decide_as_told(rule_set, person.answers, person.on)
    except (ImpossibleFacts, NoRowApplies, SeveralRowsApply):
        return False
    values = decision.values
    if not (_holds(invariant.when, values) and _is_law(invariant, decision)):
        return False
    if invariant.told_otherwise:
        return any(_differ(invariant, decision, other) for other in _otherwise(rule_set, invariant, person))
    if invariant.never or invariant.never_listed:
        listed = (_is_listed(decision, entry) for entry in invariant.never_listed)
        return _holds(invariant.never, values) and all(listed)
    kept = (_is_listed(decision, entry) for entry in invariant.always_listed)
    return not (_holds(invariant.always, values) and all(kept))


def _is_law(invariant: Invariant, decision: Decision) -> bool:
    """Tell whether a statement is about the law by which somebody was judged."""
    by_law = (one.day for one in decision.findings.values() if one.table.effective_on is EffectiveDay.JUDGED_ON)
    day = next(by_law, decision.on)
    return (invariant.valid_from is None or invariant.valid_from <= day) and (
        invariant.valid_to is None or day <= invariant.valid_to
    )


def _otherwise(rule_set: RuleSet, invariant: Invariant, person: Person) -> Iterator[Decision]:
    """Decide about the same person with one fact told otherwise, in every way."""
    for name in invariant.told_otherwise:
        fact = rule_set.vocabulary.facts[name]
        for value in fact.values:
            said = [value] if fact.kind is FactKind.SET else value
            try:
                answers = answers_from({**person.answers.given, name: said}, rule_set.vocabulary)
                decision = decide_as_told(rule_set, answers, person.on)
            except (AnswersRefused, ImpossibleFacts, NoRowApplies, SeveralRowsApply):
                continue
            if _holds(invariant.when, decision.values) and _is_law(invariant, decision):
                yield decision


def _differ(invariant: Invariant, one: Decision, other: Decision) -> bool:
    return any(_outcome(one, name) != _outcome(other, name) for name in invariant.unchanged)


def _outcome(decision: Decision, name: str) -> object:
    table, _, output = name.partition(".")
    given = [dict(row.then) for row in decision.findings[table].rows]
    return [then.get(output) for then in given] if output else given


def _holds(when: When, values: Mapping[str, Value]) -> bool:
    return all(values[name] in cell for name, cell in when.items())


def _is_listed(decision: Decision, entry: Entry) -> bool:
    rows: Iterable[Row] = decision.findings[entry.table].rows
    return any(entry.means(row) for row in rows)
