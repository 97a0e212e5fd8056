"""Which unknown facts are worth asking: those of which some answer would change the decision."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from service.routing.decision import PARTS, Decision, Question
from service.routing.engine.domains import UNKNOWN, Number
from service.routing.facts.answers import Answers
from service.routing.facts.read_answers import Said
from service.routing.facts.vocabulary import CodeList, Fact, FactKind
from service.routing.rule_set import RuleSet

_NOT_KNOWN: Final = (UNKNOWN, "not_asked", "not_answered")
_COUNTRY: Final = "XX"  # a user-assigned code of ISO 3166-1: some country, whichever


def open_questions(
    rule_set: RuleSet,
    answers: Answers,
    decision: Decision,
    decide: Callable[[Answers], Decision],
) -> tuple[Question, ...]:
    """Ask, for every fact that nobody knows, whether an answer to it alone would change the decision.

    Args:
        rule_set: the mechanism of a country.
        answers: what was told.
        decision: the decision on it.
        decide: decides on other answers, for the same day.

    Returns:
        The questions by the name of the fact; a purpose of consent is asked as `consent.registration`.
    """
    now = _outcome(decision)
    found = []
    for name, alternatives in _unknown(rule_set, answers, decision.on):
        outcomes = [_outcome(decide(other)) for other in alternatives if _possible(other)]
        changed = tuple(part for part in PARTS if any(outcome[part] != now[part] for outcome in outcomes))
        if changed:
            found.append(Question(name, changed))
    return tuple(sorted(found, key=lambda question: question.fact))


def _outcome(decision: Decision) -> dict[str, object]:
    """Give the parts without the rules that led to them: another road to the same place changes nothing."""
    return {part: _without_rules(getattr(decision, part)) for part in PARTS}


def _without_rules(part: object) -> object:
    if isinstance(part, tuple):
        return frozenset(_without_rules(one) for one in part)
    if hasattr(part, "__slots__"):
        return tuple(getattr(part, name) for name in part.__slots__ if name not in ("rule", "rules", "interim_rule"))
    return part


def _possible(answers: Answers) -> bool:
    columns = answers.columns()
    return not any(
        all(columns[name] in cell for name, cell in never.when.items()) for never in answers.vocabulary.never
    )


def _unknown(rule_set: RuleSet, answers: Answers, on: date) -> Iterator[tuple[str, Iterable[Answers]]]:
    columns = answers.columns()
    for fact in answers.vocabulary.facts.values():
        if all(columns[name] in cell for name, cell in fact.ask_when.items()):
            for name, sayings in _sayings(fact, answers, rule_set, on):
                yield name, [Answers(answers.vocabulary, {**answers.given, fact.name: said}) for said in sayings]


def _sayings(fact: Fact, answers: Answers, rule_set: RuleSet, on: date) -> Iterator[tuple[str, list[Said]]]:
    """Give what could be said of a fact that nobody knows, one saying for every way in which it could matter."""
    known = answers[fact.name]
    if isinstance(known, dict):
        yield from _sayings_per_key(fact, known)
    elif fact.kind is FactKind.CHOICE and known in _NOT_KNOWN:
        yield fact.name, [value for value in fact.values if value not in _NOT_KNOWN]
    elif fact.kind is FactKind.SET and known == frozenset({UNKNOWN}):
        yield fact.name, [[value] for value in fact.values if value != UNKNOWN]
    elif fact.number is not None and known == UNKNOWN:
        yield fact.name, [*sorted(_starts_of_ranges(fact.name, fact.number, rule_set))]
    elif known is None:
        yield from _sayings_of_the_absent(fact, rule_set, on)


def _sayings_per_key(fact: Fact, known: dict[str, str]) -> Iterator[tuple[str, list[Said]]]:
    others = [value for value in fact.values if value not in _NOT_KNOWN]
    for key, value in known.items():
        if value in _NOT_KNOWN:
            yield f"{fact.name}.{key}", [{**known, key: other} for other in others]


def _sayings_of_the_absent(fact: Fact, rule_set: RuleSet, on: date) -> Iterator[tuple[str, list[Said]]]:
    """Give sayings for a day or a code; a day is asked only where the file of facts says when."""
    if fact.kind is FactKind.DATE and fact.ask_when:
        yield fact.name, [on.isoformat()]
    elif fact.codes is CodeList.COUNTRY:
        yield fact.name, [_COUNTRY]
    elif fact.codes is CodeList.MUNICIPALITY:
        yield fact.name, _well_known_municipality(rule_set)


def _starts_of_ranges(fact: str, number: Number, rule_set: RuleSet) -> set[int]:
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
