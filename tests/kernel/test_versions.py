"""Nobody overwrites what they have not seen."""

import pytest

from service.kernel.versions import Stale, Unseen, require_version


def test_a_change_made_on_the_stored_version_goes_through() -> None:
    require_version(3, frozenset({1, 3}))


@pytest.mark.parametrize("seen", [frozenset({2, 4}), frozenset[int]()])
def test_a_change_made_on_another_version_is_stale(seen: frozenset[int]) -> None:
    with pytest.raises(Stale):
        require_version(3, seen)


def test_a_change_that_names_no_version_is_refused() -> None:
    with pytest.raises(Unseen):
        require_version(3, None)
