"""What the person is told of an explanation, as data: the words of its sentences and nothing besides.

Another may read the paper. So it holds no row, no code of an outcome, no name of a table and no fact that belongs in a
talk: only what the sentences say, apart, so that a letter or a screen can set it out in its own way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.routing.engine.table import Status
from service.routing.explanation.explained import ExplainedTable, Explanation, NamedFact
from service.routing.explanation.said import PARTS, Saying, made_no_difference, repeats, without_brackets

_FIRM: Final = (Status.SOURCED, Status.OLD_TEXT)


@dataclass(frozen=True, slots=True)
class ToldPart:
    """What the person is told of one part of the decision.

    Attributes:
        part: its name in every decision.
        outcome: what was found, in sentences.
        starts: first day of what runs.
        ends: its last day.
        facts: what counted, as far as it may be named, and was not named before.
        sources: the laws in which it stands, as far as they may be named.
    """

    part: str
    outcome: tuple[str, ...]
    starts: date | None
    ends: date | None
    facts: tuple[NamedFact, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldToPerson:
    """What the person is told of a decision, in one language.

    Attributes:
        no_difference: facts that made no difference to any of the parts.
        questions: what is not known well enough yet, and somebody may ask about.
    """

    on: date
    parts: tuple[ToldPart, ...]
    no_difference: tuple[str, ...]
    questions: tuple[str, ...]


def told_to_person(explanation: Explanation, saying: Saying) -> ToldToPerson:
    """Take out of an explanation for a person what is said of it.

    Args:
        explanation: made for the person.
        saying: the words.
    """
    told: set[str] = set()
    return ToldToPerson(
        on=explanation.on,
        parts=tuple(_part(part, names, explanation, saying, told) for part, names in PARTS.items()),
        no_difference=tuple(map(saying.called.fact, made_no_difference(explanation))),
        questions=tuple(dict.fromkeys(map(saying.called.fact, explanation.questions))),
    )


def sentences_to_person(told: ToldToPerson, saying: Saying) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Give the sentences for the person, by the part that they are about.

    Args:
        told: what is told.
        saying: the words.
    """
    yield None, (saying.say("title", day=saying.day(told.on)),)
    counted = "facts"
    for part in told.parts:
        yield part.part, tuple(_sentences(part, saying, counted))
        counted = "more_facts" if part.facts else counted
    yield None, tuple(_closing(told, saying))


def _part(part: str, names: Iterable[str], explanation: Explanation, saying: Saying, told: set[str]) -> ToldPart:
    tables = [table for name in names if (table := explanation.table(name)) is not None]
    spoken = [fired for table in tables for fired in table.fired if saying.outcome(table.table, fired.outcome)]
    facts = {one.fact: one for fired in spoken for one in fired.facts if one.told and one.fact not in told}
    told.update(facts)
    dated = part == "reflection_period" and explanation.starts is not None and explanation.ends is not None
    return ToldPart(
        part=part,
        outcome=tuple(_outcomes(tables, saying)),
        starts=explanation.starts if dated else None,
        ends=explanation.ends if dated else None,
        facts=tuple(_named(name, saying.called.told(name, one.value), saying) for name, one in facts.items()),
        sources=tuple(
            dict.fromkeys(
                source for table in tables for fired in table.fired if fired.status in _FIRM for source in fired.sources
            )
        ),
    )


def _outcomes(tables: Iterable[ExplainedTable], saying: Saying) -> Iterator[str]:
    for table in tables:
        for fired in table.fired:
            if not repeats(fired) and (outcome := saying.outcome(table.table, fired.outcome)):
                yield saying.say("rule", outcome=outcome)


def _named(name: str, value: str, saying: Saying) -> NamedFact:
    return NamedFact(without_brackets(saying.called.fact(name)), without_brackets(value))


def _sentences(part: ToldPart, saying: Saying, counted: str) -> Iterator[str]:
    yield from part.outcome
    if part.starts and part.ends:
        yield saying.say("period", starts=saying.day(part.starts), ends=saying.day(part.ends))
    if part.facts:
        facts = "; ".join(f"{one.label}: {one.told}" for one in part.facts)
        yield saying.say(counted, facts=facts)
    if part.sources:
        yield saying.say("sources", sources="; ".join(part.sources))


def _closing(told: ToldToPerson, saying: Saying) -> Iterator[str]:
    if told.no_difference:
        yield saying.say("no_difference", facts=saying.called.all_of(told.no_difference))
    if told.questions:
        yield saying.say("questions", questions=saying.called.all_of(told.questions))
    yield saying.say("help")
    yield saying.say("wrong")
