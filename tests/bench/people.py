"""The people the engines are compared on: those of the examples, and invented ones drawn from the vocabulary."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from service.routing.engine.compiled import ImpossibleFacts, Value
from service.routing.facts.answers import Answers, AnswersRefused, answers_from
from service.routing.facts.reading import Reading
from service.routing.facts.vocabulary import CodeList, Fact, FactKind
from service.routing.rule_set import RuleSet
from service.routing.steps import find

Rows = Mapping[str, tuple[str, ...]]

_TOLD: Final = 0.6
_FIRST_DAY: Final = date(2019, 1, 1)
_DAYS: Final = 3000
_COUNTRIES: Final = ("NG", "RO", "VN")


@dataclass(frozen=True, slots=True)
class Person:
    """What was told, what the tables read of it before any of them is asked, and the rows that decide."""

    answers: Answers
    on: date
    judged_on: date
    values: dict[str, Value]
    rows: Rows


def example_people(rule_set: RuleSet) -> list[Person]:
    """Give the people of the examples."""
    return [_person(rule_set, example.facts, example.on) for example in rule_set.examples]


def drawn_people(rule_set: RuleSet, count: int) -> list[Person]:
    """Invent people; the same ones every time, and none whose facts contradict each other."""
    dice = random.Random(273)  # noqa: S311 - the same people every time is the point
    found: list[Person] = []
    while len(found) < count:
        on = _day(dice)
        facts = {
            name: _told(dice, fact, rule_set)
            for name, fact in rule_set.vocabulary.facts.items()
            if fact.of is None and dice.random() < _TOLD
        }
        try:
            found.append(_person(rule_set, answers_from(facts, rule_set.vocabulary), on))
        except (AnswersRefused, ImpossibleFacts):
            continue
    return found


def reading(rule_set: RuleSet, person: Person) -> Reading:
    """Begin a decision about a person whose derived values are known; finding the rows changes nothing in it."""
    return Reading(person.answers, person.on, rule_set.parameters, rule_set.places, person.values)


def read_by_tables(rule_set: RuleSet) -> list[str]:
    """Give the columns that tables read and that no table gives."""
    columns = {column: None for compiled in rule_set.tables.values() for column in compiled.table.inputs}
    return [column for column in columns if column.partition(".")[0] not in rule_set.tables]


def _person(rule_set: RuleSet, answers: Answers, on: date) -> Person:
    whole = Reading(answers, on, rule_set.parameters, rule_set.places, answers.columns())
    findings = find(rule_set.steps, whole)
    return Person(
        answers=answers,
        on=on,
        judged_on=whole.accepted_on or on,
        values={column: whole.values[column] for column in read_by_tables(rule_set)},
        rows={name: tuple(row.id for row in finding.rows) for name, finding in findings.items()},
    )


def _told(dice: random.Random, fact: Fact, rule_set: RuleSet) -> object:
    if fact.codes is not None:
        known = rule_set.places.municipalities if fact.codes is CodeList.MUNICIPALITY else _COUNTRIES
        return dice.choice(sorted(known))
    return _DRAWN[fact.kind](dice, fact)


def _word(dice: random.Random, fact: Fact) -> str:
    return dice.choice(list(fact.values))


def _number(dice: random.Random, fact: Fact) -> int:
    assert fact.number is not None
    return dice.randint(fact.number.low, fact.number.high)


def _day(dice: random.Random) -> date:
    return _FIRST_DAY + timedelta(days=dice.randrange(_DAYS))


def _instant(dice: random.Random) -> datetime:
    day = _day(dice)
    return datetime(day.year, day.month, day.day, dice.randrange(24), tzinfo=UTC)


_DRAWN: Final[Mapping[FactKind, Callable[[random.Random, Fact], object]]] = {
    FactKind.CHOICE: _word,
    FactKind.NUMBER: _number,
    FactKind.SET: lambda dice, fact: [_word(dice, fact)],
    FactKind.MAP: lambda dice, fact: {key: _word(dice, fact) for key in fact.keys},
    FactKind.DATE: lambda dice, _: _day(dice).isoformat(),
    FactKind.INSTANT: lambda dice, _: _instant(dice).isoformat(),
}
