"""Two lists of rows in one walk: where do two tables, or one table asked in two ways, give different outcomes?

Both lists are laid into one, in an order that keeps either, so that a row that stands in both is one bit. The walk goes
down the columns with the set of rows that are still alive, as the proof of a table does. It stops where both first hits
are fixed, where only one outcome is left, or where the same rows are left in both lists; what it has seen to hold no
difference once is remembered.

A list is asked as a first table is: its first row that applies decides. Of a unique table it is proved that this is the
only one; of a table that gives a list every outcome is a question of its own (is it in the list?).
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Final

from service.routing.engine.proof import STATE_BUDGET, NotProven

Grid = Sequence[Sequence[int]]
Box = tuple[tuple[int, ...], ...]
Outcome = Hashable
Pair = tuple[Outcome, Outcome]

NO_ROW: Final = None
"""The outcome where no row of a list applies."""


@dataclass(frozen=True)
class Difference:
    """A box of cases, as numbers of atoms per column, in which one list gives this and the other that."""

    box: Box
    one: Outcome
    other: Outcome


@dataclass(frozen=True)
class TwoLists:
    """Two lists of rows over the same columns, laid into one.

    Attributes:
        grid: per column and atom the mask of the rows that accept it, whichever list they stand in.
        outcomes: what each row gives, by its bit.
        one: the rows of one list.
        other: the rows of the other list; a row of both is in both masks.
        ignored: bits beside the rows; what one of them accepts is not looked at.
    """

    grid: Grid
    outcomes: Sequence[Outcome]
    one: int
    other: int
    ignored: int = 0

    def everything(self) -> Box:
        """Give the box of all cases."""
        return tuple(tuple(range(len(masks))) for masks in self.grid)

    def difference(self, box: Box | None = None, budget: int = STATE_BUDGET) -> Difference | None:
        """Give one box of cases for which the lists give different outcomes, None when there is no such case.

        Args:
            box: where to look; everywhere when left out.
            budget: how many states the walk may visit.

        Raises:
            NotProven: the budget is used up.
        """
        return _Walk(self, box or self.everything(), budget).found()

    def differences(self, most: int, budget: int = STATE_BUDGET) -> tuple[tuple[Difference, ...], bool]:
        """Give boxes, each as wide as can be, that together are exactly the cases with different outcomes.

        Args:
            most: how many boxes are wanted at most.
            budget: how many states each walk may visit.

        Returns:
            The boxes, and whether they are all there are.

        Raises:
            NotProven: the budget is used up.
        """
        found: list[Difference] = []
        rest = self
        while (difference := rest.difference(budget=budget)) is not None:
            if len(found) == most:
                return tuple(found), False
            found.append(self.widened(difference, budget))
            rest = rest.without(found[-1].box)
        return tuple(found), True

    def without(self, box: Box) -> "TwoLists":
        """Give the same lists, of which what lies in a box is not looked at any more."""
        fresh = 1 << max((self.ignored | self.one | self.other).bit_length(), len(self.outcomes))
        grid = [
            [mask | (fresh if atom in inside else 0) for atom, mask in enumerate(masks)]
            for masks, inside in zip(self.grid, box, strict=True)
        ]
        return TwoLists(grid, self.outcomes, self.one, self.other, self.ignored | fresh)

    def widened(self, difference: Difference, budget: int = STATE_BUDGET) -> Difference:
        """Add every atom to a box that leaves both its outcomes as they are.

        Args:
            difference: the box to start from.
            budget: how many states each walk may visit.

        Raises:
            NotProven: the budget is used up.
        """
        pair = (difference.one, difference.other)
        box = list(difference.box)
        for column, masks in enumerate(self.grid):
            inside = set(box[column])
            for atom in range(len(masks)):
                slice_of = (*box[:column], (atom,), *box[column + 1 :])
                if atom not in inside and self.strays(slice_of, pair, budget) is None:
                    inside.add(atom)
            box[column] = tuple(sorted(inside))
        return Difference(tuple(box), *pair)

    def strays(self, box: Box, pair: Pair, budget: int = STATE_BUDGET) -> Difference | None:
        """Give a part of a box in which the lists do not give this pair of outcomes, None when they do all over it.

        Args:
            box: where to look.
            pair: what one list and the other should give.
            budget: how many states the walk may visit.

        Raises:
            NotProven: the budget is used up.
        """
        return _Walk(self, box, budget, pair).found()


class _Walk:
    """One walk down the columns of a box, for a case where the outcomes differ, or are not a given pair."""

    def __init__(self, lists: TwoLists, box: Box, budget: int, pair: Pair | None = None) -> None:
        self._box = box
        self._pair = pair
        self._budget = budget
        self._lists = lists
        self._grid = [[masks[atom] for atom in atoms] for masks, atoms in zip(lists.grid, box, strict=True)]
        self._full = [reduce(and_, masks) for masks in self._grid]
        self._parting = lists.one ^ lists.other
        self._seen: set[tuple[int, tuple[int, ...]]] = set()

    def found(self) -> Difference | None:
        lists = self._lists
        everything = lists.one | lists.other | lists.ignored
        alive = (reduce(or_, masks) for masks in self._grid)
        return self._search(reduce(and_, alive, everything), tuple(range(len(self._grid))), {})

    def _search(self, live: int, free: tuple[int, ...], path: dict[int, tuple[int, ...]]) -> Difference | None:
        certain = reduce(and_, (self._full[column] for column in free), live)
        live = self._mattering(live, certain)
        free = tuple(column for column in free if live & ~self._full[column])
        if certain & self._lists.ignored or (live, free) in self._seen:
            return None
        one, other = (frozenset(self._outcomes(live & rows, certain)) for rows in (self._lists.one, self._lists.other))
        if self._nothing_below(live, one, other):
            return None
        if len(one) == len(other) == 1 and not live & self._lists.ignored:
            return Difference(self._reached(path), *one, *other)
        if len(self._seen) >= self._budget:
            raise NotProven(f"the comparison needs more than {self._budget} states")
        split = max(free, key=lambda column: (live & ~self._full[column]).bit_count())
        rest = tuple(column for column in free if column != split)
        for survivors, atoms in _grouped(live, self._grid[split]):
            below = self._search(survivors, rest, {**path, split: atoms})
            if below is not None:
                return below
        self._seen.add((live, free))
        return None

    def _mattering(self, live: int, certain: int) -> int:
        """Leave out the rows of each list that stand behind one that certainly applies."""
        kept = live & self._lists.ignored
        for rows in (self._lists.one, self._lists.other):
            first = certain & rows & -(certain & rows)
            kept |= live & rows & (first << 1) - 1 if first else live & rows
        return kept

    def _outcomes(self, rows: int, certain: int) -> Iterator[Outcome]:
        if not rows & certain:
            yield NO_ROW
        while rows:
            lowest = rows & -rows
            yield self._lists.outcomes[lowest.bit_length() - 1]
            if lowest & certain:
                return
            rows ^= lowest

    def _nothing_below(self, live: int, one: frozenset[Outcome], other: frozenset[Outcome]) -> bool:
        """Tell whether no case below can be what is looked for."""
        if self._pair is not None:
            return one == {self._pair[0]} and other == {self._pair[1]}
        return len(one | other) == 1 or not live & self._parting

    def _reached(self, path: dict[int, tuple[int, ...]]) -> Box:
        return tuple(
            tuple(atoms[place] for place in path[column]) if column in path else atoms
            for column, atoms in enumerate(self._box)
        )


def _grouped(live: int, masks: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Give each set of survivors with the atoms that leave it; the larger sets last, there is more to walk in them."""
    groups: dict[int, list[int]] = {}
    for atom, mask in enumerate(masks):
        groups.setdefault(live & mask, []).append(atom)
    for survivors in sorted(groups, key=int.bit_count):
        yield survivors, tuple(groups[survivors])
