"""What could still be said of the facts that nobody knows: one saying for every way in which it could matter."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from service.routing.engine.domains import UNKNOWN, Number
from service.routing.facts.answers import Answers
from service.routing.facts.read_answers import Said
from service.routing.facts.reading import Reading
from service.routing.facts.vocabulary import CodeList, Fact, FactKind
from service.routing.rule_set import RuleSet

NOT_KNOWN: Final = (UNKNOWN, "not_asked", "not_answered")
_COUNTRY: Final = "XX"  # a user-assigned code of ISO 3166-1: some country, whichever


def unsaid(rule_set: RuleSet, reading: Reading) -> Iterator[tuple[str, Fact, list[Said]]]:
    """Give each question that could be asked, the fact that it is about, and what could be answered.

    Args:
        rule_set: the mechanism of a country.
        reading: what was told.
    """
    answers, columns = reading.answers, reading.values
    for fact in answers.vocabulary.facts.values():
        if all(columns[name] in cell for name, cell in fact.ask_when.items()):
            for name, said in sayings(fact, answers, rule_set, reading.on):
                yield name, fact, said


def sayings(fact: Fact, answers: Answers, rule_set: RuleSet, on: date) -> Iterator[tuple[str, list[Said]]]:
    """Give what could be answered about a fact that nobody knows, by question; nothing about one that is known.

    Args:
        fact: the fact.
        answers: what was told.
        rule_set: the mechanism of a country.
        on: the decision date.
    """
    known = answers[fact.name]
    if isinstance(known, dict):
        yield from _sayings_per_key(fact, known)
    elif fact.kind is FactKind.CHOICE and known in NOT_KNOWN:
        yield fact.name, [value for value in fact.values if value not in NOT_KNOWN]
    elif fact.kind is FactKind.SET and known == frozenset({UNKNOWN}):
        yield fact.name, [[value] for value in fact.values if value != UNKNOWN]
    elif fact.number is not None and known == UNKNOWN:
        yield fact.name, [*sorted(starts_of_ranges(fact.name, fact.number, rule_set))]
    elif known is None:
        yield from _sayings_of_the_absent(fact, rule_set, on)


def _sayings_per_key(fact: Fact, known: dict[str, str]) -> Iterator[tuple[str, list[Said]]]:
    others = [value for value in fact.values if value not in NOT_KNOWN]
    for key, value in known.items():
        if value in NOT_KNOWN:
            yield f"{fact.name}.{key}", [{**known, key: other} for other in others]


def _sayings_of_the_absent(fact: Fact, rule_set: RuleSet, on: date) -> Iterator[tuple[str, list[Said]]]:
    """Give sayings for a day or a code; a day is asked only where the file of facts says when."""
    if fact.kind is FactKind.DATE and fact.ask_when:
        yield fact.name, [on.isoformat()]
    elif fact.codes is CodeList.COUNTRY:
        yield fact.name, [_COUNTRY]
    elif fact.codes is CodeList.MUNICIPALITY:
        yield fact.name, _well_known_municipality(rule_set)


def starts_of_ranges(fact: str, number: Number, rule_set: RuleSet) -> set[int]:
    """Give one value out of each range of a number that all rules treat alike."""
    cells = [row.when[fact] for one in rule_set.tables.values() for row in one.table.rows if fact in row.when]
    starts = {number.low, *(bound for cell in cells for low, high in cell.spans for bound in (low, high + 1))}
    if fact == "age":
        starts |= {area.age_from for area in rule_set.places.care_areas if area.age_from is not None}
    return {start for start in starts if start in number}


def _well_known_municipality(rule_set: RuleSet) -> list[Said]:
    """Give one municipality of which the reference data know everything, to see what knowing one would change."""
    known = sorted(one.code for one in rule_set.places.municipalities.values() if one.central_municipality)
    return list(known[:1])
