"""The chain of tables as steps, each with the ways in which it can come out, and the search for people in it.

A step comes out in exactly one way for everybody. So the people to whom something happens are found by deciding, one
by one, the steps whose outcomes are bound: each way narrows the box, and where nobody is left the way is closed. Steps
with few ways go first. What must not hold splits the box column by column. When every way is closed, it happens to
nobody, and that is a proof; what is left otherwise is a box of facts, and everybody in it is an example.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Final

from service.routing.engine.cells import Cell
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import YES_OR_NO, Choice, Domain, values_of
from service.routing.engine.proof import STATE_BUDGET, NotProven
from service.routing.engine.table import NONE, DecisionTable, EffectiveDay, Policy, Row, When
from service.routing.facts.derived import DERIVED, DerivedFunction
from service.routing.facts.places import Places
from service.routing.facts.vocabulary import CodeList, FactKind, Vocabulary
from service.routing.proofs.asked_code import Outcome, columns_beyond, passed, ways
from service.routing.proofs.space import Box, Space

SEARCH_BUDGET: Final = 20_000
DECIDED: Final = "decided_on"
JUDGED: Final = "judged_on"
_GROWN_UP: Final = 30
_SOME_PLACE: Final = "GM0363"
_SOME_COUNTRY: Final = "HU"
_ACCEPTED: Final = "accepted"
_YES: Final = Cell(("yes",))
_NO: Final = Cell(("no",))


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A derived value or a table with one outcome: the bits of its outcomes, and the boxes in which it can come out.

    Attributes:
        reads: the bits of columns that code may look at further than its ways tell.
    """

    name: str
    outcomes: Box
    ways: tuple[Box, ...]
    reads: Box = 0


class Chain:
    """All steps of a rule set over one space."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        tables: Mapping[str, CompiledTable],
        asked: Iterable[When] = (),
        derived: Mapping[str, DerivedFunction] = DERIVED,
        places: Places | None = None,
    ) -> None:
        """Lay the chain out.

        Args:
            vocabulary: the facts.
            tables: the tables, each complete and, if it has one outcome, disjoint.
            asked: the conditions that will be asked about, so that numbers are told apart finely enough.
            derived: the code behind the derived values of the vocabulary.
            places: the reference data, from which people get a municipality.

        Raises:
            NotProven: the order of the rows of a first table matters in too many ways.
        """
        self.vocabulary = vocabulary
        self.tables = tables
        self._places = places or Places()
        self.days = _days(tables.values())
        domains = _domains(vocabulary, tables, self.days)
        coded = {
            name: ways(derived[name].compute, vocabulary, domains, frozenset(map(str, values_of(one.domain))))
            for name, one in vocabulary.derived.items()
            if name in derived
        }
        impossible = [*vocabulary.never, *(one for compiled in tables.values() for one in compiled.table.never)]
        conditions = [
            *asked,
            *(row.when for compiled in tables.values() for row in compiled.table.rows),
            *(one.when for one in impossible),
            *(when for found, _ in coded.values() for when, _ in found),
        ]
        self.space = Space(domains, conditions)
        self.steps = (
            *(self._coded(name, found, {*known, *derived[name].after}) for name, (found, known) in coded.items()),
            *(self._asked(compiled) for compiled in tables.values() if compiled.table.policy is not Policy.COLLECT),
        )
        self.never: tuple[Box, ...] = (
            *(self.space.box(one.when) for one in impossible),
            *(self.space.box({f"{day}.told": _NO, passed(day): _YES}) for day in _dates(vocabulary)),
            *self._days_out_of_order(),
        )

    @cached_property
    def codes(self) -> Mapping[CodeList, tuple[str, ...]]:
        """One municipality for each way in which the reference data can be silent or speak, and a country."""
        found = self._places.one_of_each_kind(date.max, _GROWN_UP)
        return {CodeList.MUNICIPALITY: found or (_SOME_PLACE,), CodeList.COUNTRY: (_SOME_COUNTRY,)}

    def fires(self, compiled: CompiledTable, row: Row) -> Box:
        """Give the box in which a row of a table applies; in a first table, rows before it may still go first."""
        days = DECIDED if compiled.table.effective_on is EffectiveDay.DECIDED_ON else JUDGED
        valid = (str(day) for day in self.days if row.applies_on(day))
        return self.space.box(row.when) & self.space.where(days, valid)

    def judged_from(self, first: date | None, last: date | None) -> Box:
        """Give the box of everybody judged by the law of these days, both included."""
        inside = (str(day) for day in self.days if (first is None or first <= day) and (last is None or day <= last))
        return self.space.where(JUDGED, inside)

    def is_open(self, step: Step, way: Box) -> bool:
        """Tell whether a way of a step leaves open how it comes out, because code knows more than any column."""
        return any((way & bits & step.outcomes).bit_count() > 1 for bits in self.space.of_column.values())

    def people(self, box: Box, avoid: Iterable[Box] = (), budget: int = SEARCH_BUDGET) -> Iterator[Box]:
        """Give boxes of facts of which everybody falls in a box, and the rules decide as the box says.

        Args:
            box: what must hold, of facts, derived values and outcomes.
            avoid: what must not hold.
            budget: how many states the search may visit.

        Raises:
            NotProven: the budget is used up.
        """
        return _Search(self, budget).found(box, self.steps, tuple(avoid), self.never)

    def _coded(self, name: str, found: Sequence[Outcome], known: Iterable[str]) -> Step:
        boxes = (self.space.box(when) & self.space.where(name, values) for when, values in found)
        reads = {*columns_beyond(self.vocabulary), *(column for one in known for column in self._columns_of(one))}
        return Step(
            name, self.space.of_column[name], tuple(boxes), sum(self.space.of_column[column] for column in reads)
        )

    def _columns_of(self, name: str) -> Iterator[str]:
        """Give the columns that code may read of a column, or of a table before it: which row decided tells inputs."""
        yield from (column for column in self.space.of_column if column == name or column.startswith(f"{name}."))
        if name in self.tables:
            yield from self.tables[name].table.inputs

    def _asked(self, compiled: CompiledTable) -> Step:
        table = compiled.table
        outcomes = sum(self.space.of_column[f"{table.name}.{output}"] for output in table.outputs)
        ways: list[Box] = []
        for number, row in enumerate(table.rows):
            left = [self._decides(compiled, row)]
            for earlier in table.rows[:number] if compiled.is_first else ():
                taken = self.fires(compiled, earlier)
                left = [piece for one in left for piece in self.space.outside(one, taken) if self.space.somebody(piece)]
            ways += left
            if len(ways) > STATE_BUDGET:
                raise NotProven(f"the order of the rows of {table.name} matters in too many ways")
        return Step(table.name, outcomes, tuple(ways))

    def _decides(self, compiled: CompiledTable, row: Row) -> Box:
        found = self.fires(compiled, row)
        for name, value in compiled.outcomes[row.id].items():
            found &= self.space.where(name, [value])
        return found

    def _days_out_of_order(self) -> Iterator[Box]:
        """Give the days that cannot be: nobody accepts later than today, and who has not is judged by today."""
        for day in self.days:
            today = self.space.where(DECIDED, [str(day)])
            yield today & self.space.where(JUDGED, [str(later) for later in self.days if later > day])
            if _ACCEPTED in self.vocabulary.derived:
                earlier = self.space.where(JUDGED, [str(one) for one in self.days if one < day])
                yield today & earlier & self.space.where(_ACCEPTED, ["no"])


class _Search:
    """One search for people, which counts its steps."""

    def __init__(self, chain: Chain, budget: int) -> None:
        self._space = chain.space
        self._budget = budget

    def found(self, box: Box, steps: Sequence[Step], avoid: Sequence[Box], never: Sequence[Box]) -> Iterator[Box]:
        self._budget -= 1
        if self._budget < 0:
            raise NotProven("the search for people needs too many states")
        somebody = self._space.somebody
        narrowed, open_ways = self._narrowed(box, steps)
        if not somebody(narrowed):
            return
        box = narrowed
        avoid = [one for one in avoid if somebody(box & one)]
        choices: list[tuple[list[Box], Step | None]] = [(left, one) for one, left in open_ways.items()]
        choices += [(list(self._space.outside(box, other)), None) for other in avoid]
        if choices:
            fewest, decided = min(choices, key=lambda choice: len(choice[0]))
            rest = [one for one in steps if one is not decided]
            for left in fewest:
                yield from self.found(box & left, rest, avoid, never)
        elif never := [one for one in never if somebody(box & one)]:
            yield from self.found(box, steps, never[:1], never[1:])
        else:
            yield box

    def _narrowed(self, box: Box, steps: Sequence[Step]) -> tuple[Box, dict[Step, list[Box]]]:
        """Leave of a box what some way of every step with a bound outcome allows, and give those ways."""
        somebody, before = self._space.somebody, -1
        found: dict[Step, list[Box]] = {}
        while box != before:
            before = box
            for one in steps:
                if one.outcomes & ~box:
                    left = [way for way in found.get(one, one.ways) if somebody(box & way)]
                    found[one] = left
                    box &= reduce(or_, left, 0)
        return box, found


def _dates(vocabulary: Vocabulary) -> list[str]:
    return [fact.name for fact in vocabulary.facts.values() if fact.kind is FactKind.DATE]


def _days(tables: Iterable[CompiledTable]) -> list[date]:
    """Give one day for every version of the law: the first of it, and one before all of them."""
    starts = sorted({start for compiled in tables for start in compiled.starts})
    return [starts[0] - timedelta(1) if starts else date.max, *starts]


def _domains(vocabulary: Vocabulary, tables: Mapping[str, CompiledTable], days: Sequence[date]) -> dict[str, Domain]:
    found: dict[str, Domain] = dict(vocabulary.columns())
    found.update((passed(day), YES_OR_NO) for day in _dates(vocabulary))
    for compiled in tables.values():
        if compiled.table.policy is not Policy.COLLECT:
            found.update(_outcomes(compiled.table))
    versions = Choice(tuple(map(str, days)))
    return found | {DECIDED: versions, JUDGED: versions}


def _outcomes(table: DecisionTable) -> Iterator[tuple[str, Domain]]:
    for name, output in table.outputs.items():
        given = (row.then.get(name, NONE) for row in table.rows)
        values = output.as_input() if output.parameter is None else tuple(dict.fromkeys((*given, NONE)))
        yield f"{table.name}.{name}", Choice(values)
