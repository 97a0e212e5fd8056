"""A box of people is narrowed by one AND, and one addition tells whether anybody is left in it."""

from collections.abc import Mapping
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from service.routing.engine.cells import Cell
from service.routing.engine.domains import Choice, Domain, Number
from service.routing.engine.table import When
from service.routing.proofs.space import Box, Space

DOMAINS: Mapping[str, Domain] = {
    "colour": Choice(("red", "green", "blue")),
    "age": Number(0, 9, unknown=True),
    "danger": Choice(("yes", "no")),
}
CELLS = {
    "colour": st.lists(st.sampled_from(["red", "green", "blue"]), unique=True).map(lambda words: Cell(tuple(words))),
    "age": st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda ends: Cell((), ((min(ends), max(ends)),))),
    "danger": st.sampled_from([Cell(("yes",)), Cell(("no",)), Cell(())]),
}
WHENS = st.fixed_dictionaries({}, optional=CELLS)


def inside(space: Space, box: Box) -> set[tuple[object, ...]]:
    return set(product(*(space.allowed(box, name) for name in DOMAINS)))


@given(one=WHENS, other=WHENS)
def test_somebody_is_left_exactly_when_every_column_still_allows_something(one: When, other: When) -> None:
    space = Space(DOMAINS, (one, other))
    both = space.box(one) & space.box(other)

    assert space.somebody(both) == bool(inside(space, both))


@given(one=WHENS, other=WHENS)
def test_what_lies_outside_another_box_comes_in_pieces_that_do_not_overlap(one: When, other: When) -> None:
    space = Space(DOMAINS, (one, other))
    mine, theirs = space.box(one), space.box(other)

    pieces = [inside(space, piece) for piece in space.outside(mine, theirs)]

    assert sum(map(len, pieces)) == len(set().union(*pieces))
    assert set().union(*pieces) == inside(space, mine) - inside(space, theirs)


def test_numbers_that_nothing_tells_apart_are_one() -> None:
    space = Space(DOMAINS, [{"age": Cell((), ((3, 5),))}])

    assert space.values["age"] == (0, 3, 6, "unknown")
    assert [space.border("age", number) for number in (0, 3, 6)] == [2, 3, 6]
    assert space.allowed(space.where("age", [3, "unknown"]), "age") == [3, "unknown"]
