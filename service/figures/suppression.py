"""Takes small numbers out of figures, and as many others as keep them from being worked out from the sum of all."""

from collections.abc import Mapping


def suppressed(counts: Mapping[str, int], fewest: int) -> dict[str, int | None]:
    """Give the figures in which nobody can work out whether a number is below the fewest that may be told.

    A number below is left out. Whoever knows the sum of all knows the sum of what was left out, and that each of these
    stands for somebody: so the smallest others go too, until each that is left out could be as many as may be told.
    Where even that is not enough nothing is told, not even by what was counted.

    Args:
        counts: how many, by what they are; each is one at least, and nobody is counted twice.
        fewest: the smallest number of people that may be told.
    """
    smallest_first = sorted(counts, key=lambda name: (counts[name], name))
    hidden = [name for name in smallest_first if counts[name] < fewest]
    while hidden and _most(counts, hidden) < fewest:
        if len(hidden) == len(counts):
            return {}
        hidden.append(smallest_first[len(hidden)])
    return {name: None if name in hidden else count for name, count in counts.items()}


def _most(counts: Mapping[str, int], hidden: list[str]) -> int:
    """Give how many each hidden number could be at most, for somebody who knows their sum and that none is nought."""
    return sum(counts[name] for name in hidden) - (len(hidden) - 1)
