"""Finds an example of the persons that a change is about: few facts, a day, and the whole decision before and after.

A box of a table may be bounded by what code derives and by what other tables give, so nobody can read the facts off it.
The search starts from the examples of the rules and changes one fact at a time, whichever brings it nearest to the box.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.kernel.errors import DomainError
from service.routing.changes.amounts import TERM_STARTS_ON
from service.routing.changes.sayings import Sayings
from service.routing.decide import decide
from service.routing.decision import PARTS, Decision
from service.routing.engine.cells import Cell
from service.routing.engine.compiled import Value
from service.routing.engine.laid_together import Days
from service.routing.engine.table import NONE, EffectiveDay
from service.routing.engine.versions import Change
from service.routing.facts.answers import Answers
from service.routing.facts.read_answers import Said
from service.routing.facts.reading import Reading
from service.routing.facts.vocabulary import FactKind
from service.routing.rule_set import RuleSet
from service.routing.steps import find

_MOST_STEPS: Final = 10
_STARTS: Final = 3
_OUT_OF_REACH: Final = 1000
_A_TABLE_FURTHER: Final = 16

Given = Mapping[str, Said]
Trial = tuple[Given, date]


@dataclass(frozen=True)
class Person:
    """Somebody for whom a change makes a difference: what was told, the day, and the decisions before and after.

    Attributes:
        old: None where the old rules do not know what was told.
    """

    facts: Given
    on: date
    old: Decision | None
    new: Decision

    def moved(self, table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the rows of a table that apply by the old rules only, and those by the new ones only."""
        was, becomes = (
            () if one is None or table not in one.findings else tuple(row.id for row in one.findings[table].rows)
            for one in (self.old, self.new)
        )
        return tuple(row for row in was if row not in becomes), tuple(row for row in becomes if row not in was)

    def changed_parts(self) -> tuple[str, ...]:
        """Name the parts of the decision that change, in the order in which they are told."""
        old, new = self.old.as_json() if self.old else {}, self.new.as_json()
        return tuple(part for part in PARTS if old.get(part) != new[part])


def somebody(table: str, change: Change, old: RuleSet, new: RuleSet, today: date) -> Person | None:
    """Find somebody for whom a table gives another outcome, with as few facts told as will do.

    Args:
        table: the table that changes.
        change: the box of cases, and what old and new rows give there.
        old: the rules as they are.
        new: the rules as they would be.
        today: the day to decide on where the box and the examples leave it open.

    Returns:
        A person, or None when none was found: the box may hold only combinations that nobody can have.
    """
    search = _Search(table, change, (old, new), today)
    for start in search.starts():
        found = search.climbed(start)
        if found is not None:
            return search.person(search.bare(found))
    return None


class _Search:
    """One search for a person inside one box."""

    def __init__(self, table: str, change: Change, rules: tuple[RuleSet, RuleSet], today: date) -> None:
        self._table = table
        self._region = change.region
        self._old, self._new = rules
        self._today = today
        self._sayings = Sayings(self._new, today)
        # Whom the old rules could not be told of, they gave nothing.
        self._asked = rules if change.known else (self._new,)
        rows = (*change.new_rows, *change.old_rows)
        self._term_start = next((row.then["from"] for row in rows if "from" in row.then), None)

    def starts(self) -> list[Trial]:
        """Give the examples that are nearest to the box, on a day of the box, with what the box says of facts told."""
        told = self._told()
        trials = [({**one.facts.given, **told}, self._day(one.on)) for one in self._new.examples]
        return sorted([(told, self._day(self._today)), *trials], key=self._distance)[:_STARTS]

    def climbed(self, trial: Trial) -> Trial | None:
        """Change one fact at a time, whichever brings the person nearest to the box; None when nothing helps."""
        left = self._distance(trial)
        for _ in range(_MOST_STEPS):
            if not left:
                return trial
            nearest = min(self._neighbours(trial), key=self._distance)
            if (reached := self._distance(nearest)) >= left:
                return None
            trial, left = nearest, reached
        return None

    def bare(self, trial: Trial) -> Trial:
        """Leave out every fact that is not needed to be inside the box."""
        given, on = trial
        for name in reversed(list(given)):
            fewer = {fact: said for fact, said in given.items() if fact != name}
            if not self._distance((fewer, on)):
                given = fewer
        return given, on

    def person(self, trial: Trial) -> Person:
        """Decide about a person by the old and by the new rules."""
        given, on = trial
        try:
            old = decide(self._old, Answers(self._old.vocabulary, given), on)
        except DomainError:
            old = None
        return Person(given, on, old, decide(self._new, Answers(self._new.vocabulary, given), on))

    def _told(self) -> Given:
        """Give what the box says of facts themselves, as it would be told."""
        told: dict[str, Said] = {}
        for column, cell in self._region.when.items():
            fact = self._new.vocabulary.facts.get(column.partition(".")[0])
            value: Value = cell.spans[0][0] if cell.spans else cell.words[0]
            if fact is not None and fact.kind in (FactKind.CHOICE, FactKind.NUMBER):
                told[fact.name] = value
            elif fact is not None and fact.kind is FactKind.MAP and isinstance(value, str):
                entries = told.get(fact.name)
                told[fact.name] = {**(entries if isinstance(entries, dict) else {}), column.partition(".")[2]: value}
        return told

    def _day(self, on: date) -> date:
        """Give a decision date that the box allows, the given one if it does."""
        spans = self._region.days.get(EffectiveDay.DECIDED_ON) or self._region.days.get(EffectiveDay.JUDGED_ON)
        if not spans:
            return on
        days = (on, self._today, *(day for span in reversed(spans) for day in reversed(span)))
        return next(day for day in days if day is not None and _within(day, spans))

    def _distance(self, trial: Trial) -> float:
        """Say how far a person is from the box: 0 is inside, a bound that is not met counts for 1 or a little more."""
        return sum(self._unmet(rules, *trial) for rules in self._asked)

    def _unmet(self, rules: RuleSet, given: Given, on: date) -> float:
        answers = Answers(rules.vocabulary, given)
        columns = answers.columns()
        if any(never.holds_of(columns) for never in rules.vocabulary.never):
            return _OUT_OF_REACH
        reading = Reading(answers, on, rules.parameters, rules.places, columns)
        try:
            values = find(rules.steps, reading)[self._table].values
        except DomainError:
            return _OUT_OF_REACH
        days = {
            EffectiveDay.DECIDED_ON.value: on,
            EffectiveDay.JUDGED_ON.value: reading.accepted_on or on,
            TERM_STARTS_ON: self._term_starts_on(reading),
        }
        unmet = sum(_gap(rules, values, name, cell) for name, cell in self._region.when.items())
        return unmet + sum(not _within(days[axis], spans) for axis, spans in self._region.days.items())

    def _term_starts_on(self, reading: Reading) -> date | None:
        start = reading.start_of(self._term_start) if self._term_start else None
        return None if start is None else min(start[0], reading.on)

    def _neighbours(self, trial: Trial) -> Iterator[Trial]:
        given, on = trial
        for fact in self._new.vocabulary.facts.values():
            if fact.name in given:
                yield {name: said for name, said in given.items() if name != fact.name}, on
            for said in self._sayings.of(fact, given.get(fact.name), on):
                yield {**given, fact.name: said}, on


def _gap(rules: RuleSet, values: Mapping[str, Value], column: str, cell: Cell) -> float:
    """Say how far a value is from a cell; what another table gives is as far as the row there that would give it."""
    if column not in values or values[column] in cell:
        return 0.0
    table, _, output = column.partition(".")
    if table not in rules.tables:
        return 1.0
    ways = (
        sum(_gap(rules, values, name, wanted) for name, wanted in row.when.items())
        for row in rules.tables[table].table.rows
        if row.then.get(output, NONE) in cell
    )
    return 1.0 + min(ways, default=_OUT_OF_REACH) / _A_TABLE_FURTHER


def _within(day: date | None, spans: tuple[Days, ...]) -> bool:
    return day is not None and any(
        (first is None or first <= day) and (last is None or day <= last) for first, last in spans
    )
