"""What can still come out while some facts are unknown: for every column the values that are still possible.

Everything errs on the side of more: a value that is left out cannot come about, whatever is answered. So a part of the
decision of which only one outcome is left is settled, and nothing that is asked could change it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Final

from service.routing.decision import PARTS
from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.domains import UNKNOWN, values_of
from service.routing.engine.forced import PartlyKnown, outcome
from service.routing.engine.table import NONE, EffectiveDay, Policy
from service.routing.facts.derived import DERIVED
from service.routing.facts.read_answers import Said
from service.routing.facts.reading import CLOCK, Reading
from service.routing.facts.vocabulary import Fact, FactKind
from service.routing.rule_set import RuleSet
from service.routing.steps import DeriveStep
from service.routing.unsaid import sayings

MOST_TRIED: Final = 2_000
_WHOLE: Final = (FactKind.CHOICE, FactKind.NUMBER, FactKind.MAP, FactKind.SET)
_ACCEPTED: Final = "accepted_on"
_CLOCK_STATE: Final = "reflection_clock_state"

Ways = tuple[Value, ...]


class Possible:
    """What is still possible for one person."""

    def __init__(self, rule_set: RuleSet, reading: Reading, not_again: Collection[str] = ()) -> None:
        """Work it out.

        Args:
            rule_set: the rules.
            reading: what was told and found, with every part of the decision put together.
            not_again: questions that nobody can answer; what is unknown of them stays so.
        """
        self._rules = rule_set
        self._reading = reading
        self.ways: dict[str, Ways] = {name: (value,) for name, value in reading.values.items()}
        self.asked: dict[str, list[Said]] = {}
        self._ask(not_again)
        self._open: set[str] = set()
        self.wanted: dict[str, int] = {}
        for step in rule_set.steps:
            if isinstance(step, DeriveStep):
                self.ways[step.name] = self._derived(step.name)
            else:
                self._table(step.name, rule_set.tables[step.name])

    def settled(self) -> tuple[str, ...]:
        """Give the parts of the decision that no answer can change any more."""
        return tuple(part for part in PARTS if not any(map(self._is_open, self._reading.read_by(part))))

    def questions(self, parts: Iterable[str]) -> frozenset[str]:
        """Give the questions whose answers these parts of the decision may hang on, alone or with others."""
        found: set[str] = set()
        seen: set[str] = set()
        names = [name for part in parts for name in self._reading.read_by(part)]
        while names:
            name = names.pop()
            if name in seen or not self._is_open(name):
                continue
            seen.add(name)
            first = name.partition(".")[0]
            if first in self._rules.tables:
                names += self._rules.tables[first].table.inputs
            elif name == CLOCK or name in self._rules.vocabulary.derived:
                names += self._reading.read_by(_CLOCK_STATE if name == CLOCK else name) - {CLOCK}
            found |= {name, first} & self.asked.keys()
        return frozenset(found)

    def _is_open(self, name: str) -> bool:
        if name == CLOCK:
            return any(map(self._is_open, (_CLOCK_STATE, *self._reading.read_by(_CLOCK_STATE) - {CLOCK})))
        return name in self._open or name in self.asked or len(self.ways.get(name, ())) > 1

    def _ask(self, not_again: Collection[str]) -> None:
        """Find the questions that are open, now or once another answer makes them worth asking."""
        unknown = {
            name: (fact, found)
            for fact in self._rules.vocabulary.facts.values()
            for name, found in self._unknown(fact)
            if name not in not_again
        }
        while fresh := [name for name, (fact, _) in unknown.items() if name not in self.asked and self._worth(fact)]:
            for name in fresh:
                fact, self.asked[name] = unknown[name]
                for said in self.asked[name]:
                    self._add(self._reading.answers.told_otherwise(fact.name, said).columns_of(fact.name))

    def _add(self, columns: Mapping[str, Value]) -> None:
        for column, value in columns.items():
            self.ways[column] = tuple(dict.fromkeys((*self.ways[column], value)))

    def _unknown(self, fact: Fact) -> Iterator[tuple[str, list[Said]]]:
        for name, found in sayings(fact, self._reading.answers, self._rules, self._reading.on):
            yield name, _subsets(fact) if fact.kind is FactKind.SET else found

    def _worth(self, fact: Fact) -> bool:
        return all(any(value in cell for value in self.ways[name]) for name, cell in fact.ask_when.items())

    def _derived(self, name: str) -> Ways:
        """Let code find a value for all that may be told of the facts it reads; anything, where that is too much."""
        found: dict[Value, None] = {}
        branches: list[dict[str, Said | None]] = [{}]
        for _ in range(MOST_TRIED):
            if not branches:
                return tuple(found)
            told = branches.pop()
            other = self._reading.all_told_otherwise(self._together(told))
            value = other.noting(name, DERIVED[name].compute)
            read = other.read_by(name) - {CLOCK}
            if not all(map(self._can_be_told, read)):
                break
            # Code is asked again for each answer to a question that it came upon, until it comes upon none.
            question = next((one for one in sorted(read & self.asked.keys()) if one not in told), None)
            if question is None:
                found[value] = None
            else:
                branches += [{**told, question: said} for said in (None, *self.asked[question])]
        return values_of(self._rules.vocabulary.derived[name].domain)

    def _together(self, said: Mapping[str, Said | None]) -> dict[str, Said]:
        """Put answers to questions together as what is told of facts; of a map each question tells one entry."""
        told: dict[str, Said] = {}
        for name, one in said.items():
            fact, _, key = name.partition(".")
            known = told.get(fact, self._reading.answers[fact])
            if isinstance(one, dict) and isinstance(known, Mapping):
                told[fact] = {**known, key: one[key]}
            elif one is not None:
                told[fact] = one
        return told

    def _can_be_told(self, name: str) -> bool:
        """Tell whether all that can be told of what code reads can be tried."""
        if name in self.asked:
            fact = self._rules.vocabulary.facts[name.partition(".")[0]]
            return fact.kind in _WHOLE
        return len(self.ways.get(name, ())) <= 1

    def _table(self, name: str, compiled: CompiledTable) -> None:
        table = compiled.table
        ways = {column: self.ways[column] for column in table.inputs}
        if table.policy is Policy.COLLECT:
            for row in table.rows:
                fits = [{value in cell for value in ways[column]} for column, cell in row.when.items()]
                if all(True in one for one in fits) and any(False in one for one in fits):
                    self._open.add(name)
                    self._want(column for column, one in zip(row.when, fits, strict=True) if False in one)
            return
        partly = PartlyKnown(compiled, ways, self._reading.day_of(table.effective_on))
        rows = list(partly.rows())
        if table.effective_on is EffectiveDay.JUDGED_ON and _ACCEPTED in self.asked:
            # Which law judges is open too.
            rows = list(table.rows)
        if len({outcome(row) for row in rows}) > 1:
            self._open.add(name)
            for column, needing in partly.wanted_columns():
                self.wanted[column] = self.wanted.get(column, 0) + needing
        for output in table.outputs:
            values = dict.fromkeys(NONE if row is None else row.then.get(output, NONE) for row in rows)
            self.ways[f"{name}.{output}"] = tuple(values)

    def _want(self, columns: Iterator[str]) -> None:
        for column in columns:
            self.wanted[column] = self.wanted.get(column, 0) + 1


def _subsets(fact: Fact) -> list[Said]:
    """Give everything that can be told of a set: some of its members, and not `unknown`."""
    members = [value for value in fact.values if value != UNKNOWN]
    return [list(some) for size in range(1, len(members) + 1) for some in combinations(members, size)]
