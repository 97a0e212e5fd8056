"""Proves that a fact decides nothing of an outcome: two people who differ in that fact alone are treated alike.

The pair walks down the chain together. Of every column it is known in which pairs of values the twins may differ; a
step can make a difference only between two of its ways that such a pair tells apart. Columns are looked at one by one,
so that a difference which in truth cancels out may be reported; none that exists is missed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

from service.routing.engine.table import Policy
from service.routing.proofs.chain import Chain, Step
from service.routing.proofs.space import Box


@dataclass
class Twins:
    """In which values two people may differ, by column, and where they are when they do.

    Attributes:
        pairs: by column, for each bit of the one twin the bits of the other.
        where: by name of an outcome or of a list, boxes of which one twin is in and in which the other may not be.
    """

    chain: Chain
    within: Box
    pairs: dict[str, dict[Box, Box]] = field(default_factory=dict)
    where: dict[str, list[Box]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How much the twins may differ by as far as is known; it only grows."""
        told_apart = (others for known in self.pairs.values() for others in known.values())
        return sum(map(len, self.where.values())) + sum(map(int.bit_count, told_apart))

    def differ(self, column: str, one: Box, other: Box) -> None:
        """Note that the twins may differ in a column: one has a value out of these bits, the other out of those."""
        for mine, theirs in ((one, other), (other, one)):
            known = self.pairs.setdefault(column, {})
            for bit in _bits(mine & self.chain.space.of_column[column]):
                known[bit] = known.get(bit, 0) | theirs & self.chain.space.of_column[column] & ~bit

    def reach(self, column: str, bits: Box) -> Box:
        """Give the values that the one twin may have in a column when the other has one of these."""
        found = bits
        for bit, others in self.pairs.get(column, {}).items():
            if bit & bits:
                found |= others
        return found

    def may_be(self, one: Box, other: Box) -> bool:
        """Tell whether one twin may be in a box while the other is in another."""
        space = self.chain.space
        differing = [(name, space.of_column[name]) for name in self.pairs]
        alike = one & other | sum(bits for _, bits in differing)
        return space.somebody(alike) and all(self.reach(name, one & bits) & other for name, bits in differing)

    def leave(self, box: Box) -> bool:
        """Tell whether one twin may be in a box while the other is not, because of a single column."""
        bound = ((name, box & bits, bits & ~box) for name in self.pairs if (bits := self.chain.space.of_column[name]))
        return any(left_out and left_out & self.reach(name, allowed) for name, allowed, left_out in bound)


def _bits(box: Box) -> Iterator[Box]:
    while box:
        lowest = box & -box
        yield lowest
        box ^= lowest


def twins_of(chain: Chain, facts: Iterable[str], within: Box) -> Twins:
    """Follow two people who differ in some facts alone down the chain.

    Args:
        chain: the tables.
        facts: what is told otherwise of the one than of the other.
        within: the box in which both are.
    """
    twins = Twins(chain, within)
    for name in facts:
        for column, _ in chain.vocabulary.facts[name].columns():
            bits = within & chain.space.of_column[column]
            twins.differ(column, bits, bits)
    before = -1
    while before != (before := twins.size):
        for step in chain.steps:
            twins.where[step.name] = _follow(twins, step)
    for name, compiled in chain.tables.items():
        if compiled.table.policy is Policy.COLLECT:
            fires = [chain.fires(compiled, row) & within for row in compiled.table.rows]
            twins.where[name] = [box for box in fires if twins.leave(box)]
    return twins


def _follow(twins: Twins, step: Step) -> list[Box]:
    """Note in which outcomes of a step twins may differ, and give the ways between which they do."""
    space = twins.chain.space
    columns: Mapping[str, Box] = {name: bits for name, bits in space.of_column.items() if bits & step.outcomes}
    boxes = [box for way in step.ways if space.somebody(box := way & twins.within)]
    found = [box for box in boxes if twins.leave(box | step.outcomes)]
    for one, other in combinations(found, 2):
        unlike = [name for name, bits in columns.items() if (one ^ other) & bits]
        if unlike and twins.may_be(one | step.outcomes, other | step.outcomes):
            for name in unlike:
                twins.differ(name, one, other)
    if any(step.reads & space.of_column[name] for name in twins.pairs):
        # Code that cannot be followed may come out differently for each of the twins.
        open_ended = [box for box in boxes if twins.chain.is_open(step, box)]
        for name, box in product(columns, open_ended):
            twins.differ(name, box, box)
        found += open_ended
    return found
