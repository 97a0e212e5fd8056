"""Says an explanation in plain sentences; it adds nothing to the data and takes only what the audience may read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from service.routing.engine.table import Status
from service.routing.explanation.called import Called
from service.routing.explanation.explained import (
    Audience,
    BetterRow,
    ExplainedTable,
    Explanation,
    FiredRow,
    ToldFact,
)
from service.routing.rule_set import RuleSet
from service.routing.text.spoken import Language, written_length

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reflection_period": ("reflection_period", "reflection_availability"),
    "shelter": ("shelter", "interim_shelter"),
}
"""The parts that have legal effect for the person, and the tables that say what they are."""

_FIRM: Final = (Status.SOURCED, Status.OLD_TEXT)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences about one part of the decision, or about the whole of it where no part is named."""

    part: str | None
    sentences: tuple[str, ...]


def paragraphs(rule_set: RuleSet, explanation: Explanation, language: Language) -> tuple[Paragraph, ...]:
    """Say an explanation.

    Args:
        rule_set: the rules that decided; all words come from it.
        explanation: what to say.
        language: the language to say it in.
    """
    speaker = _Speaker(Called(rule_set, language), explanation, language)
    found = [Paragraph(None, tuple(speaker.opening()))]
    found += [Paragraph(part, tuple(speaker.part(tables))) for part, tables in PARTS.items()]
    return (*found, Paragraph(None, tuple(speaker.closing())))


@dataclass
class _Speaker:
    """Says one explanation; a fact and a source are told once."""

    called: Called
    explanation: Explanation
    language: Language
    told: set[str] = field(default_factory=set)

    @property
    def audience(self) -> Audience:
        return self.explanation.audience

    def opening(self) -> Iterator[str]:
        yield self.say("title", day=self.day(self.explanation.on))

    def part(self, names: Iterable[str]) -> Iterator[str]:
        tables = [table for name in names if (table := self.explanation.table(name)) is not None]
        for table in tables:
            for fired in table.fired:
                if not _repeats(fired):
                    yield from self.fired(table, fired)
        if "reflection_period" in names and self.explanation.starts and self.explanation.ends:
            starts, ends = (self.day(day) for day in (self.explanation.starts, self.explanation.ends))
            yield self.say("period", starts=starts, ends=ends)
        yield from self.facts(
            fact
            for table in tables
            for fired in table.fired
            if self.outcome(table.table, fired.outcome)
            for fact in fired.facts
        )
        if self.audience is Audience.PERSON:
            yield from self.sources(fired for table in tables for fired in table.fired if fired.status in _FIRM)
        for table in tables:
            yield from self.better(table)

    def closing(self) -> Iterator[str]:
        wanted = set(PARTS)
        same = [one.fact for one in self.explanation.no_difference if wanted <= set(one.parts)]
        if same:
            yield self.say("no_difference", facts=self.called.all_of(map(self.called.fact, same)))
        if self.audience is Audience.PERSON:
            if self.explanation.questions:
                asked = dict.fromkeys(map(self.called.fact, self.explanation.questions))
                yield self.say("questions", questions=self.called.all_of(asked))
            yield self.say("help")
            yield self.say("wrong")
            return
        for name in dict.fromkeys(name for one in self.explanation.no_difference for name in one.proved):
            yield self.say("proved", statement=self.called.invariant(name))
        if self.explanation.questions:
            yield self.say("questions", questions=" ".join(map(self.called.question, self.explanation.questions)))
        else:
            yield self.say("settled")

    def fired(self, table: ExplainedTable, fired: FiredRow) -> Iterator[str]:
        outcome = self.outcome(table.table, fired.outcome)
        if not outcome:
            return
        if self.audience is Audience.PERSON:
            yield self.say("rule", outcome=outcome)
            return
        title, status = self.called.table(table.table), self.called.status(fired.status)
        yield self.say("rule", table=title, outcome=_capital(outcome), row=fired.row, status=status)
        if note := self.called.note(table.table, fired.row):
            yield self.say("note", note=note)
        yield from self.sources([fired])
        decisive = [
            f"{self.called.column(one.column)}: {self.called.found(one.column, str(one.value))}"
            for one in fired.columns
        ]
        if decisive:
            yield self.say("columns", columns="; ".join(decisive))

    def facts(self, facts: Iterable[ToldFact]) -> Iterator[str]:
        """Say the facts that somebody told and that were not said before."""
        fresh = {one.fact: one for one in facts if one.told and one.fact not in self.told}
        if fresh:
            said = [f"{self.called.fact(name)}: {self.called.told(name, one.value)}" for name, one in fresh.items()]
            if self.audience is Audience.PERSON:
                said = [without_brackets(one) for one in said]
            yield self.say("more_facts" if self.told else "facts", facts="; ".join(said))
            self.told.update(fresh)

    def sources(self, rows: Iterable[FiredRow]) -> Iterator[str]:
        cited = dict.fromkeys(source for row in rows for source in row.sources)
        if cited:
            yield self.say("sources", sources="; ".join(cited))

    def better(self, table: ExplainedTable) -> Iterator[str]:
        """Say what would lead to something more favourable, or what stands in the way of the nearest."""
        reached = [one for one in table.better if one.change]
        for one in reached:
            changes = self.called.all_of(
                f"{self.called.fact(change.fact)} = {self.called.told(change.fact, change.then)}"
                for change in one.change
            )
            yield self.say("change", changes=changes, outcome=self.outcome(table.table, one.outcome), row=one.row)
        if table.better and not reached:
            yield self.say("no_change")
            fewest = min(len(one.obstacles) for one in table.better)
            yield from (self.obstacle(table, one) for one in table.better if len(one.obstacles) == fewest)

    def obstacle(self, table: ExplainedTable, one: BetterRow) -> str:
        cells = [
            self.say(
                "obstacle_cell",
                column=self.called.column(cell.column),
                wanted=self.called.one_of(self.called.found(cell.column, word) for word in cell.wanted.split(", ")),
                found=self.called.found(cell.column, cell.found),
            )
            for cell in one.obstacles
        ]
        outcome = self.outcome(table.table, one.outcome)
        return self.say("obstacle", outcome=outcome, row=one.row, obstacles="; ".join(cells))

    def outcome(self, table: str, outcome: Mapping[str, str]) -> str:
        """Say what a row says, as far as there are words for this audience."""
        length = written_length(self.explanation.length, self.language) if self.explanation.length else ""
        words = [
            self.called.outcome(self.audience, f"{table}.{name}", value, length=length)
            for name, value in outcome.items()
        ]
        return (" " if self.audience is Audience.PERSON else ", ").join(word for word in words if word)

    def day(self, day: date) -> str:
        return self.called.day_in_full(day) if self.audience is Audience.PERSON else self.called.day(day)

    def say(self, name: str, **filled: str) -> str:
        return self.called.sentence(self.audience, name, **filled)


def without_brackets(words: str) -> str:
    """Leave out what stands in brackets: articles of laws, which say nothing to the person."""
    return re.sub(r" \([^()]*\)", "", words)


def _repeats(fired: FiredRow) -> bool:
    """Tell whether a row only hands on what another table says."""
    return len(fired.columns) == 1 and fired.columns[0].value in fired.outcome.values()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
