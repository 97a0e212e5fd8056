"""A mistake can be jumped to, and says what was probably meant."""

import pytest

from service.kernel.errors import Kind
from service.routing.text.mistakes import FilesRefused, Mistake, closest, meant, one_of


def test_a_mistake_reads_as_file_line_what_and_hint() -> None:
    assert (
        str(Mistake("tables/x.yaml", 3, "the row is odd", "make it even"))
        == "tables/x.yaml:3: the row is odd (make it even)"
    )
    assert str(Mistake("tables/x.yaml", 3, "the row is odd")) == "tables/x.yaml:3: the row is odd"


def test_a_refusal_lists_every_mistake_once_in_the_order_of_file_and_line() -> None:
    late, early, other = Mistake("a", 9, "late"), Mistake("a", 2, "early", "hint"), Mistake("b", 1, "other")

    refused = FilesRefused([other, late, early, late])

    assert refused.mistakes == (early, late, other)
    assert refused.detail == "a:2: early (hint)\na:9: late\nb:1: other"
    assert refused.kind is Kind.INVALID


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("citizenshp", "citizenship"),
        ("Citizenship", "citizenship"),
        ("acceptedon", "accepted_on"),
        ("accepted-on", "accepted_on"),
        ("accepted on ", "accepted_on"),
        ("qqqq", None),
        ("", None),
    ],
)
def test_the_nearest_word_is_found_or_none(written: str, expected: str | None) -> None:
    assert closest(written, ["accepted_on", "citizenship", "age"]) == expected


def test_the_order_of_the_words_does_not_change_the_nearest_one() -> None:
    assert closest("gven", ["given", "gives"]) == closest("gven", ["gives", "given"])


def test_a_word_that_is_near_nothing_gets_the_list_of_words() -> None:
    assert meant("qqqq", ["dutch", "eu"]) == "known: dutch, eu"
    assert meant("duch", ["dutch", "eu"]) == "did you mean dutch?"
    assert one_of([]) is None
    assert one_of([f"w{number}" for number in range(18)]) == (
        "known: w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15 and 2 more"
    )
