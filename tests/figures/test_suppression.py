"""Whoever reads figures cannot work out whether a number is below the fewest that may be told."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as some

from service.figures.suppression import suppressed

FEWEST = 5


def test_a_small_number_takes_the_next_smallest_with_it() -> None:
    counts = {"female": 40, "male": 9, "other": 2}

    assert suppressed(counts, FEWEST) == {"female": 40, "male": None, "other": None}


def test_nothing_small_means_nothing_left_out() -> None:
    counts = {"female": 40, "male": 9}

    assert suppressed(counts, FEWEST) == counts


def test_where_leaving_out_is_not_enough_nothing_is_told_not_even_by_what_was_counted() -> None:
    assert suppressed({"female": 1, "male": 1, "other": 1, "unknown": 2}, FEWEST) == {}


@given(some.lists(some.integers(1, 8), max_size=5))
def test_every_small_number_could_be_as_many_as_may_be_told(numbers: list[int]) -> None:
    """Try out every table that somebody must hold for possible who knows the sum of all, the names and what is told."""
    counts = {f"feature-{place}": number for place, number in enumerate(numbers)}
    told = suppressed(counts, FEWEST)
    left_out = [name for name, count in told.items() if count is None]
    rest = sum(counts.values()) - sum(count for count in told.values() if count is not None)
    possible = list(_shared_out(rest, len(left_out))) if told else []

    assert all(count is None or count >= FEWEST for count in told.values())
    for place, name in enumerate(left_out):
        if counts[name] < FEWEST:
            assert max(one[place] for one in possible) >= FEWEST
            assert min(one[place] for one in possible) < FEWEST


def _shared_out(many: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 0:
        yield ()
    elif parts == 1:
        yield (many,)
    else:
        for first in range(1, many - parts + 2):
            for others in _shared_out(many - first, parts - 1):
                yield (first, *others)
