"""Two versions of a table side by side: for which cases does the outcome change, on which days, by which rows?

Days are columns like all others, named by the day that the table goes by, so that a change that holds from some day on
is a box like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.laid_together import Days, Laid, Piece, Side, Then
from service.routing.engine.table import Row, When
from service.routing.engine.two_lists import Difference, Outcome

MOST_BOXES: Final = 100


@dataclass(frozen=True)
class Region:
    """A box of cases: the values in each column that bounds it, and from when to when by which day."""

    when: When
    days: Mapping[str, tuple[Days, ...]]


@dataclass(frozen=True)
class Change:
    """Cases whose outcome differs.

    Attributes:
        region: the cases.
        old: what the old rows give; None for nothing.
        new: what the new rows give; None for nothing.
        old_rows: the old rows that give it.
        new_rows: the new rows that give it.
        known: whether the old version knows such cases, and not only the new one has a word for them.
    """

    region: Region
    old: Outcome
    new: Outcome
    old_rows: tuple[Row, ...]
    new_rows: tuple[Row, ...]
    known: bool = True


@dataclass(frozen=True)
class Changes:
    """Boxes that together are exactly the cases with another outcome; not all of them where there are very many."""

    found: tuple[Change, ...]
    complete: bool


def whole_rows(compiled: CompiledTable) -> tuple[Piece, ...]:
    """Give the rows of a table as pieces, the outcome as it is written."""
    axis = compiled.table.effective_on.value
    return tuple(
        Piece(row, tuple(sorted(row.then.items())), {axis: (row.valid_from, row.valid_to)})
        for row in compiled.table.rows
    )


def changes(
    old: tuple[CompiledTable, Sequence[Piece]],
    new: tuple[CompiledTable, Sequence[Piece]],
    most: int = MOST_BOXES,
) -> Changes:
    """Give the cases for which a new version of a table has another outcome; impossible cases in both are left out.

    A table that gives a list is asked once for every outcome that it knows: is that in the list?

    Args:
        old: the table as it was, and the pieces of its rows.
        new: the table as it will be, and the pieces of its rows.
        most: how many boxes are wanted at most, for each question.

    Raises:
        NotProven: the tables are too entangled to be compared.
    """
    sides = Side(*old), Side(*new)
    asked: set[Then | None] = {None}
    if any(side.is_list for side in sides):
        asked = {piece.gives for side in sides for piece in side.pieces}
    found: list[Change] = []
    complete = True
    for one in sorted(asked, key=repr):
        laid = Laid(*sides, one)
        boxes, all_of_them = laid.lists.differences(most)
        found.extend(_change(laid, box, old[0].lookups) for box in boxes)
        complete = complete and all_of_them
    return Changes(tuple(found), complete)


def _change(laid: Laid, difference: Difference, lookups: Mapping[str, Mapping[Value, int]]) -> Change:
    region = Region(*laid.bounds(difference.box))
    return Change(
        region,
        difference.one,
        difference.other,
        laid.deciding(difference.box, difference.one, 0),
        laid.deciding(difference.box, difference.other, 1),
        all(any(value in cell for value in lookups.get(name, cell.words)) for name, cell in region.when.items()),
    )
