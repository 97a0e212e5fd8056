"""Reads tables the slow and obvious way, and draws small random ones, to check the compiled reading against."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from hypothesis import strategies as st

from service.routing.engine.cells import Cell
from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.domains import UNKNOWN, Choice, Domain, Number
from service.routing.engine.table import Policy, Row, When
from tests.routing.factories import compiled, row

FIRST_DAY = date(2023, 5, 16)
DAYS = tuple(FIRST_DAY + timedelta(days=day) for day in range(6))
# Rows start and end inside the days that are tried, so that the days before and after all of them are tried too.
WRITTEN_DAYS = DAYS[1:-1]


@dataclass(frozen=True)
class Case:
    """One value per column and a day."""

    values: Mapping[str, Value]
    day: date


def cases(table: CompiledTable, domains: Mapping[str, Domain]) -> Iterator[Case]:
    """Give every case that a table can be asked about."""
    for day in DAYS:
        yield from cases_on(day, table, domains)


def cases_on(day: date, table: CompiledTable, domains: Mapping[str, Domain]) -> Iterator[Case]:
    """Give every case that a table can be asked about on a day."""
    for picked in product(*(values_of(domains[name]) for name in table.table.inputs)):
        yield Case(dict(zip(table.table.inputs, picked, strict=True)), day)


def values_of(domain: Domain) -> list[Value]:
    """Give every value of a domain."""
    if isinstance(domain, Choice):
        return list(domain.values)
    numbers: list[Value] = list(range(domain.low, domain.high + 1))
    return [*numbers, UNKNOWN] if domain.unknown else numbers


def fits(when: When, case: Case) -> bool:
    """Tell whether a condition holds, cell by cell."""
    return all(case.values[column] in cell for column, cell in when.items())


def impossible(table: CompiledTable, case: Case) -> bool:
    """Tell whether a case can never be."""
    return any(fits(never.when, case) for never in table.never)


def applying(table: CompiledTable, case: Case) -> list[Row]:
    """Give the rows that apply to a case, in the order of the file."""
    return [one for one in table.table.rows if fits(one.when, case) and one.applies_on(case.day)]


@st.composite
def tables(
    draw: st.DrawFn, policies: tuple[Policy, ...] = tuple(Policy), most_columns: int = 4
) -> tuple[CompiledTable, Mapping[str, Domain]]:
    """Draw a table of one to four columns with words and numbers, days of validity and impossible combinations."""
    drawn = draw(st.lists(_domains(), min_size=1, max_size=most_columns))
    domains = {f"column_{number}": domain for number, domain in enumerate(drawn)}
    conditions = _conditions(domains)
    whens = draw(st.lists(conditions, min_size=1, max_size=6))
    rows = tuple(row(number, when, *draw(_validities())) for number, when in enumerate(whens, start=1))
    nevers = [when for when in draw(st.lists(conditions, max_size=2)) if when]
    return compiled(draw(st.sampled_from(policies)), domains, rows, tuple(nevers)), domains


Versions = tuple[CompiledTable, CompiledTable, Mapping[str, Domain]]
_OUTCOMES = ({"outcome": "done"}, {"outcome": "more"}, {"outcome": "less"})


@st.composite
def versions(draw: st.DrawFn, policies: tuple[Policy, ...] = tuple(Policy)) -> Versions:
    """Draw a table with several outcomes and another version of it: rows gone, moved, changed and new."""
    old, domains = draw(tables(policies))
    before = tuple(replace(one, then=draw(st.sampled_from(_OUTCOMES))) for one in old.table.rows)
    kept = draw(st.permutations(before)) if draw(st.booleans()) else before
    after = [draw(_rewritten(one, domains)) for one in kept if draw(st.integers(0, 4))]
    for number in range(draw(st.integers(0, 2))):
        fresh = row(10 + number, draw(_conditions(domains)), *draw(_validities()))
        after.insert(draw(st.integers(0, len(after))), replace(fresh, then=draw(st.sampled_from(_OUTCOMES))))
    never = tuple(one.when for one in old.never)
    if draw(st.booleans()):
        never = (*never[1:], *(when for when in draw(st.lists(_conditions(domains), max_size=1)) if when))
    policy = old.table.policy
    return (
        compiled(policy, domains, before, tuple(one.when for one in old.never)),
        (compiled(draw(st.sampled_from((policy, policy, *policies))), domains, tuple(after), never)),
        domains,
    )


@st.composite
def _rewritten(draw: st.DrawFn, one: Row, domains: Mapping[str, Domain]) -> Row:
    what = draw(st.sampled_from(("nothing", "nothing", "outcome", "condition", "days")))
    if what == "outcome":
        return replace(one, then=draw(st.sampled_from(_OUTCOMES)))
    if what == "condition":
        return replace(one, when=draw(_conditions(domains)))
    if what == "days":
        first, last = draw(_validities())
        return replace(one, valid_from=first, valid_to=last)
    return one


def _domains() -> st.SearchStrategy[Domain]:
    choices = st.integers(1, 3).map(lambda count: Choice(("a", "b", "c")[:count]))
    numbers = st.builds(Number, st.integers(-2, 0), st.integers(1, 4), st.booleans())
    return st.one_of(choices, numbers)


@st.composite
def _conditions(draw: st.DrawFn, domains: Mapping[str, Domain]) -> When:
    columns = draw(st.lists(st.sampled_from(sorted(domains)), unique=True, max_size=len(domains)))
    return {column: draw(_cells(domains[column])) for column in sorted(columns)}


@st.composite
def _cells(draw: st.DrawFn, domain: Domain) -> Cell:
    if isinstance(domain, Choice):
        accepted = draw(st.lists(st.sampled_from(domain.values), min_size=1, unique=True))
        return Cell(tuple(value for value in domain.values if value in accepted))
    if domain.unknown and draw(st.booleans()):
        return Cell((UNKNOWN,))
    low = draw(st.integers(domain.low, domain.high))
    return Cell((), ((low, draw(st.integers(low, domain.high))),))


def _validities() -> st.SearchStrategy[tuple[date | None, date | None]]:
    day = st.sampled_from(WRITTEN_DAYS)
    both = st.tuples(day, day).map(lambda days: (min(days), max(days)))
    from_only = day.map(lambda one: (one, None))
    until_only = day.map(lambda one: (None, one))
    return st.one_of(st.just((None, None)), st.just((None, None)), both, from_only, until_only)
