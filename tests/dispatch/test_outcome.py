"""Which statuses count as what."""

import pytest

from service.dispatch.outcome import Category, category_of


@pytest.mark.parametrize(
    ("statuses", "category"),
    [
        (range(200, 300), Category.TAKEN),
        (range(300, 400), Category.REDIRECTED),
        ([410], Category.GONE),
        ([429, 502, 503, 504], Category.SLOWER),
        ([400, 401, 403, 404, 409, 422, 499], Category.REFUSED),
        ([100, 199, 408, 425, 500, 501, 505, 599, 600, 999], Category.FAILED),
    ],
)
def test_only_two_hundreds_are_taken(statuses: list[int], category: Category) -> None:
    assert {category_of(status) for status in statuses} == {category}
