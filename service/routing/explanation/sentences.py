"""Says an explanation in plain sentences; it adds nothing to the data and takes only what the audience may read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from service.routing.explanation.called import Called
from service.routing.explanation.explained import (
    Audience,
    BetterRow,
    ExplainedTable,
    Explanation,
    FiredRow,
    ToldFact,
)
from service.routing.explanation.said import PARTS, Saying, made_no_difference, repeats, saying
from service.routing.explanation.to_the_person import sentences_to_person, told_to_person
from service.routing.rule_set import RuleSet
from service.routing.text.spoken import Language


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
    words = saying(rule_set, explanation, language)
    if explanation.audience is Audience.PERSON:
        told = told_to_person(explanation, words)
        return tuple(Paragraph(part, said) for part, said in sentences_to_person(told, words))
    speaker = _Speaker(words, explanation)
    found = [Paragraph(None, tuple(speaker.opening()))]
    found += [Paragraph(part, tuple(speaker.part(tables))) for part, tables in PARTS.items()]
    return (*found, Paragraph(None, tuple(speaker.closing())))


@dataclass
class _Speaker:
    """Says one explanation to whoever works on the case; a fact is told once."""

    words: Saying
    explanation: Explanation
    told: set[str] = field(default_factory=set)

    @property
    def called(self) -> Called:
        return self.words.called

    def opening(self) -> Iterator[str]:
        yield self.words.say("title", day=self.words.day(self.explanation.on))

    def part(self, names: Iterable[str]) -> Iterator[str]:
        tables = [table for name in names if (table := self.explanation.table(name)) is not None]
        for table in tables:
            for fired in table.fired:
                if not repeats(fired):
                    yield from self.fired(table, fired)
        if "reflection_period" in names and self.explanation.starts and self.explanation.ends:
            starts, ends = (self.words.day(day) for day in (self.explanation.starts, self.explanation.ends))
            yield self.words.say("period", starts=starts, ends=ends)
        yield from self.facts(
            fact
            for table in tables
            for fired in table.fired
            if self.words.outcome(table.table, fired.outcome)
            for fact in fired.facts
        )
        for table in tables:
            yield from self.better(table)

    def closing(self) -> Iterator[str]:
        if same := made_no_difference(self.explanation):
            yield self.words.say("no_difference", facts=self.called.all_of(map(self.called.fact, same)))
        for name in dict.fromkeys(name for one in self.explanation.no_difference for name in one.proved):
            yield self.words.say("proved", statement=self.called.invariant(name))
        if self.explanation.questions:
            yield self.words.say("questions", questions=" ".join(map(self.called.question, self.explanation.questions)))
        else:
            yield self.words.say("settled")

    def fired(self, table: ExplainedTable, fired: FiredRow) -> Iterator[str]:
        outcome = self.words.outcome(table.table, fired.outcome)
        if not outcome:
            return
        title, status = self.called.table(table.table), self.called.status(fired.status)
        yield self.words.say("rule", table=title, outcome=_capital(outcome), row=fired.row, status=status)
        if note := self.called.note(table.table, fired.row):
            yield self.words.say("note", note=note)
        if fired.sources:
            yield self.words.say("sources", sources="; ".join(dict.fromkeys(fired.sources)))
        decisive = [
            f"{self.called.column(one.column)}: {self.called.found(one.column, str(one.value))}"
            for one in fired.columns
        ]
        if decisive:
            yield self.words.say("columns", columns="; ".join(decisive))

    def facts(self, facts: Iterable[ToldFact]) -> Iterator[str]:
        """Say the facts that somebody told and that were not said before."""
        fresh = {one.fact: one for one in facts if one.told and one.fact not in self.told}
        if fresh:
            said = [f"{self.called.fact(name)}: {self.called.told(name, one.value)}" for name, one in fresh.items()]
            yield self.words.say("more_facts" if self.told else "facts", facts="; ".join(said))
            self.told.update(fresh)

    def better(self, table: ExplainedTable) -> Iterator[str]:
        """Say what would lead to something more favourable, or what stands in the way of the nearest."""
        reached = [one for one in table.better if one.change]
        for one in reached:
            changes = self.called.all_of(
                f"{self.called.fact(change.fact)} = {self.called.told(change.fact, change.then)}"
                for change in one.change
            )
            yield self.words.say(
                "change", changes=changes, outcome=self.words.outcome(table.table, one.outcome), row=one.row
            )
        if table.better and not reached:
            yield self.words.say("no_change")
            fewest = min(len(one.obstacles) for one in table.better)
            yield from (self.obstacle(table, one) for one in table.better if len(one.obstacles) == fewest)

    def obstacle(self, table: ExplainedTable, one: BetterRow) -> str:
        cells = [
            self.words.say(
                "obstacle_cell",
                column=self.called.column(cell.column),
                wanted=self.called.one_of(self.called.found(cell.column, word) for word in cell.wanted.split(", ")),
                found=self.called.found(cell.column, cell.found),
            )
            for cell in one.obstacles
        ]
        outcome = self.words.outcome(table.table, one.outcome)
        return self.words.say("obstacle", outcome=outcome, row=one.row, obstacles="; ".join(cells))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
