"""An intake that stops: the question whose answer decides most, or none when no answer can change anything any more."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.routing.decide import decide_and_keep_reading
from service.routing.decision import PARTS, Decision, Question
from service.routing.explanation.possible import Possible
from service.routing.facts.answers import Answers
from service.routing.facts.reading import Reading
from service.routing.rule_set import RuleSet
from service.routing.unsaid import unsaid

LEGAL: Final = ("reflection_period", "shelter")
"""The parts with legal effect for the person; what decides them is asked first."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Where an intake stands: the decision so far, the parts that are settled, and what to ask next."""

    decision: Decision
    settled: tuple[str, ...]
    question: Question | None


def intake(
    rule_set: RuleSet, answers: Answers, on: date, parts: Collection[str] = PARTS, not_again: Collection[str] = ()
) -> Intake:
    """Decide on what is known, and say what to ask next.

    Args:
        rule_set: the mechanism of a country.
        answers: what was told so far.
        on: the decision date.
        parts: the parts of the decision that somebody wants to know.
        not_again: questions that were asked and could not be answered.

    Raises:
        ImpossibleFacts: the facts contradict each other.
    """
    decision, reading = decide_and_keep_reading(rule_set, answers, on)
    possible = Possible(rule_set, reading, not_again)
    settled = possible.settled()
    wanted = [part for part in parts if part not in settled]
    if not wanted:
        return Intake(decision, settled, None)
    order = {name: place for place, name in enumerate(rule_set.vocabulary.facts)}
    open_now = [one for one in decision.questions if one.fact not in not_again and set(one.would_change) & set(wanted)]
    if not open_now:
        # No answer alone changes anything; several together might.
        behind = possible.questions(wanted)
        open_now = [Question(name, ()) for name, _, _ in unsaid(rule_set, reading) if name in behind]

    def decisive(question: Question) -> tuple[int, ...]:
        legal = len([part for part in question.would_change if part in LEGAL and part in wanted])
        place = order[question.fact.partition(".")[0]]
        return legal, len(question.would_change), _rows_looking(possible, reading, question.fact), -place

    chosen = max(open_now, key=decisive, default=None)
    return Intake(decision, settled if chosen else tuple(PARTS), chosen)


def _rows_looking(possible: Possible, reading: Reading, question: str) -> int:
    """Count the rows that can still apply and look at what a question is about, themselves or through code."""
    return sum(rows for column, rows in possible.wanted.items() if question in _behind(reading, column))


def _behind(reading: Reading, column: str) -> Iterator[str]:
    fact = column.partition(".")[0]
    yield from (column, fact)
    if column not in reading.answers.vocabulary.fact_columns and column in reading.values and column == fact:
        yield from reading.read_by(column)
