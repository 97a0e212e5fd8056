"""What code works out, as rows: the code is run once for each way in which what it reads can turn out.

The code is handed a reading of which nothing is known yet. Where it wants to know something, it is run again for every
answer, until it has answered each time. What it cannot be asked in this way (a calendar, a register of places) counts
as coming out anyhow, so that what is proved with these rows holds for the code too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final, NoReturn, Self, TypeVar

from service.routing.engine.cells import Cell
from service.routing.engine.compiled import Value
from service.routing.engine.domains import UNKNOWN, Choice, Domain, Number
from service.routing.engine.table import When
from service.routing.facts.answers import Answer
from service.routing.facts.places import Place
from service.routing.facts.reading import Reading
from service.routing.facts.reflection_clock import ReflectionClock
from service.routing.facts.vocabulary import Fact, FactKind, Vocabulary

_A_NUMBER: Final = "a number"
_PLACED: Final = {FactKind.DATE, FactKind.INSTANT, FactKind.CODE}
_RECKONED: Final = {*_PLACED, FactKind.NUMBER}
LOOKED_UP: Final = ("residence", "reporter", "reflection_choice", "adult", "age_in_doubt")


_Kind = TypeVar("_Kind")
_TELLING: Final = {
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__hash__",
    "__str__",
    "__repr__",
    "__format__",
}
_ALWAYS_THERE: Final = set(dir(object)) - _TELLING


class _Unknown(Exception):
    """The code wants to know a column."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


class _Beyond(Exception):
    """The code wants to know what no column tells."""


def _beyond(*_: object) -> NoReturn:
    raise _Beyond


def _closed(kind: type[_Kind]) -> type[_Kind]:
    """Let whoever wants to know more of a value than its class tells by itself go beyond."""
    for name in set(dir(kind)) - _ALWAYS_THERE - vars(kind).keys():
        setattr(kind, name, _beyond if name.startswith("__") else property(_beyond))
    return kind


@_closed
class _Today(date):
    """The decision date, of which nothing is known but which days that were told it has reached."""


_TODAY: Final = _Today(2000, 1, 2)


@_closed
class _SomeDay(date):
    """A day of which is known only whether it has come."""

    came: bool

    def __new__(cls, *, came: bool) -> Self:
        made = super().__new__(cls, 2000, 1, 1)
        made.came = came
        return made

    def __le__(self, other: date) -> bool:
        if other is not _TODAY:
            raise _Beyond
        return self.came


@_closed
class _SomeCode(str):
    """A code of somebody else's list of which is known only that it was told."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True


@_closed
class _SomeNumber(int):
    """A number of which is known only that it is one."""

    def __str__(self) -> str:
        return _Digits()


@_closed
class _Digits(str):
    """A number written out: it differs from every word, and more is not known of it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return _is_a_number(other)

    def __ne__(self, other: object) -> bool:
        return not _is_a_number(other)

    def __hash__(self) -> int:
        raise _Beyond


def _is_a_number(other: object) -> bool:
    if str.isdigit(str(other)):
        raise _Beyond
    return False


@_closed
class _Values(dict[str, Value]):
    """What is known of the columns; one that is not known has to be asked."""

    def __getitem__(self, column: str) -> Value:
        return super().__getitem__(column)

    def __missing__(self, column: str) -> Value:
        raise _Unknown(column)


class _Members(AbstractSet[str]):
    """A set of which every member is asked by itself."""

    __hash__ = __str__ = __repr__ = __format__ = _beyond

    def __init__(self, values: Mapping[str, Value], fact: Fact) -> None:
        self._has: Callable[[str], bool] = lambda member: values[f"{fact.name}.{member}"] == "yes"
        self._all = tuple(fact.values)

    @classmethod
    def _from_iterable(cls, found: Iterable[str]) -> AbstractSet[str]:  # type: ignore[override]
        return frozenset(found)

    def __contains__(self, member: object) -> bool:
        return member in self._all and self._has(str(member))

    def __iter__(self) -> Iterator[str]:
        return (member for member in self._all if self._has(member))

    def __len__(self) -> int:
        return sum(map(self._has, self._all))

    def __le__(self, other: AbstractSet[object]) -> bool:
        # Whether a member that may be in both is there makes no difference, so it is not asked.
        return not any(self._has(one) for one in self._all if one not in other)

    def __getattr__(self, name: str) -> NoReturn:
        raise _Beyond


class _AskedReading(Reading):
    """A reading that answers from columns, and asks for those that it does not know."""

    def __init__(self, vocabulary: Vocabulary, known: Mapping[str, Value]) -> None:
        self._facts = vocabulary.facts
        self._noted = set()
        self.changed = set()
        self.on = _TODAY
        self.values = _Values(known)

    def _answer(self, name: str) -> Answer:
        fact = self._facts[name]
        if fact.kind is FactKind.SET:
            raise _Beyond
        if fact.kind is FactKind.NUMBER:
            return _SomeNumber() if self.values[name] == _A_NUMBER else UNKNOWN
        if fact.kind not in _PLACED:
            return self.values[name]
        if self.values[f"{name}.told"] == "no":
            return None
        if fact.kind is FactKind.CODE:
            return _SomeCode()
        if fact.kind is FactKind.INSTANT:
            raise _Beyond
        came = self.values[passed(name)] == "yes"
        return _SomeDay(came=came)

    def members(self, name: str) -> AbstractSet[str]:
        fact = self._facts[name]
        return _Members(self.values, fact) if fact.kind is FactKind.SET else frozenset()

    @property
    def clock(self) -> ReflectionClock | None:
        # Only the code that runs the clock knows it; whoever reads one that it did not set goes beyond.
        return self._clock

    @clock.setter
    def clock(self, clock: ReflectionClock | None) -> None:
        self._clock = clock

    @property
    def report_completed_on(self) -> date | None:
        return self.passed("record_signed_on") or self.passed("cooperated_on")

    @property
    def found_place(self) -> Place:
        raise _Beyond

    def __getattr__(self, name: str) -> NoReturn:
        raise _Beyond


Outcome = tuple[When, frozenset[str]]


def passed(day: str) -> str:
    """Give the column that says whether a day that was told has come."""
    return f"{day}.passed"


def columns_beyond(vocabulary: Vocabulary) -> Iterator[str]:
    """Give the columns of facts that code may look at once it reckons with days or looks a place up."""
    for fact in vocabulary.facts.values():
        if fact.kind in _RECKONED or fact.name in LOOKED_UP:
            yield from (column for column, _ in fact.columns())


def ways(
    compute: Callable[[Reading], str], vocabulary: Vocabulary, domains: Mapping[str, Domain], outcomes: frozenset[str]
) -> tuple[list[Outcome], frozenset[str]]:
    """Give the ways in which code comes out: what it read, and what may follow; and what it knew when it went beyond.

    Args:
        compute: the code.
        vocabulary: which facts exist.
        domains: the domain of every column that code can read.
        outcomes: the domain of what it finds.
    """
    known_beyond: set[str] = set()

    def explored(known: Mapping[str, Value]) -> list[Outcome]:
        try:
            return [({}, frozenset({compute(_AskedReading(vocabulary, known))}))]
        except (_Beyond, ValueError):
            # Digits that are none, where code wants to reckon with them.
            known_beyond.update(known)
            return [({}, outcomes)]
        except _Unknown as asked:
            column = asked.column
        if column not in domains:
            known_beyond.update(known)
            return [({}, outcomes)]
        by_rest: list[tuple[list[Outcome], set[str]]] = []
        for value in _values(domains[column]):
            rest = explored({**known, column: value})
            same = next((values for other, values in by_rest if other == rest), None)
            if same is None:
                by_rest.append((rest, {value}))
            else:
                same.add(value)
        if len(by_rest) == 1:
            return by_rest[0][0]
        return [
            ({column: _cell(values, domains[column]), **when}, found)
            for rest, values in by_rest
            for when, found in rest
        ]

    return explored({}), frozenset(known_beyond)


def _values(domain: Domain) -> list[str]:
    if isinstance(domain, Choice):
        return list(domain.values)
    return [_A_NUMBER, UNKNOWN] if domain.unknown else [_A_NUMBER]


def _cell(values: set[str], domain: Domain) -> Cell:
    words = tuple(value for value in values if value != _A_NUMBER)
    numbers = ((domain.low, domain.high),) if isinstance(domain, Number) and _A_NUMBER in values else ()
    return Cell(words, numbers)
