"""Says what made no difference: facts about what somebody is, whatever is told of which parts stay as they are."""

from collections.abc import Iterable, Iterator
from typing import Final

from service.routing.assembly import ASSEMBLED
from service.routing.decision import PARTS
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.explanation.explained import Audience, NoDifference
from service.routing.explanation.ways import can_be, is_told
from service.routing.facts.read_answers import Said
from service.routing.facts.reading import Reading
from service.routing.facts.vocabulary import Fact, FactKind
from service.routing.questions import without_rules
from service.routing.rule_set import RuleSet
from service.routing.steps import find
from service.routing.unsaid import NOT_KNOWN, starts_of_ranges

TO_THE_PERSON: Final = ("reflection_period", "shelter")


def no_difference(rule_set: RuleSet, reading: Reading, audience: Audience) -> tuple[NoDifference, ...]:
    """Give the protected facts that were told, each with the parts that would be the same whatever was told of it.

    Args:
        rule_set: the rules that decided.
        reading: what they found, with every part of the decision put together.
        audience: who reads it; a person is told of what they get, and not of what belongs in a talk.
    """
    guards, for_person = rule_set.vocabulary.guards, audience is Audience.PERSON
    silent = guards.in_person_only.facts if for_person else ()
    wanted = TO_THE_PERSON if for_person else PARTS
    found = []
    for name in guards.protected.facts:
        fact = rule_set.vocabulary.facts.get(name)
        if fact is not None and name not in silent and is_told(reading.answers, name):
            parts = _untouched(rule_set, reading, fact, wanted)
            if parts:
                found.append(NoDifference(name, parts, tuple(_proved(rule_set, reading, name))))
    return tuple(found)


def _proved(rule_set: RuleSet, reading: Reading, fact: str) -> Iterator[str]:
    """Give the invariants about everybody like this person that say what the fact leaves as it is."""
    for one in rule_set.invariants:
        about = all(name in reading.values and reading.values[name] in cell for name, cell in one.when.items())
        if fact in one.told_otherwise and about:
            yield one.id


def _untouched(rule_set: RuleSet, reading: Reading, fact: Fact, parts: Iterable[str]) -> tuple[str, ...]:
    left = {part: without_rules(ASSEMBLED[part](reading)) for part in parts}
    others = list(_others(rule_set, reading, fact))
    for said in others:
        other = reading.told_otherwise(fact.name, said)
        if not can_be(rule_set.vocabulary, other.values):
            continue
        try:
            find(rule_set.steps, other)
        except ImpossibleFacts:
            continue
        left = {part: now for part, now in left.items() if without_rules(ASSEMBLED[part](other)) == now}
    return tuple(left) if others else ()


def _others(rule_set: RuleSet, reading: Reading, fact: Fact) -> Iterator[Said]:
    """Give everything that could be known of the fact instead."""
    known = reading.answers[fact.name]
    if fact.kind is FactKind.CHOICE:
        yield from (value for value in fact.values if value not in (known, *NOT_KNOWN))
    elif fact.number is not None:
        yield from (start for start in sorted(starts_of_ranges(fact.name, fact.number, rule_set)) if start != known)
