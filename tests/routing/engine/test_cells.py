"""Cells are plain sets of values, written as a lawyer would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.routing.engine.cells import Cell, parse_cell
from service.routing.engine.domains import UNKNOWN, YES_OR_NO, Choice, Domain, Number
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import read_document

COUNTRY = Choice(("dutch", "eu", "unknown"))
AGE = Number(0, 120, unknown=True)
DAYS = Number(-5, 31, unknown=False)


def read(text: str, domain: Domain) -> tuple[Cell | None, list[str]]:
    mistakes: list[Mistake] = []
    node = read_document(text, "f", mistakes)
    assert node is not None
    cell = parse_cell(node, domain, mistakes, "column")
    return cell, [str(mistake) for mistake in mistakes]


@pytest.mark.parametrize(
    ("text", "domain", "expected"),
    [
        ("dutch", COUNTRY, Cell(("dutch",))),
        ("[unknown, dutch]", COUNTRY, Cell(("dutch", "unknown"))),
        ("{not: dutch}", COUNTRY, Cell(("eu", "unknown"))),
        ("{not: [dutch, eu]}", COUNTRY, Cell(("unknown",))),
        ("yes", YES_OR_NO, Cell(("yes",))),
        ("17", AGE, Cell((), ((17, 17),))),
        ("12..17", AGE, Cell((), ((12, 17),))),
        ("18..", AGE, Cell((), ((18, 120),))),
        ("..17", AGE, Cell((), ((0, 17),))),
        ("-5..-1", DAYS, Cell((), ((-5, -1),))),
        ("unknown", AGE, Cell((UNKNOWN,))),
        ("[..11, 12, 16..17, unknown]", AGE, Cell((UNKNOWN,), ((0, 12), (16, 17)))),
        ("{not: unknown}", AGE, Cell((), ((0, 120),))),
        ("{not: 12..17}", AGE, Cell((UNKNOWN,), ((0, 11), (18, 120)))),
        ("{not: [..17, unknown]}", AGE, Cell((), ((18, 120),))),
    ],
)
def test_a_cell_is_the_set_of_values_it_names(text: str, domain: Domain, expected: Cell) -> None:
    assert read(text, domain) == (expected, [])


@pytest.mark.parametrize(
    ("text", "domain", "mistake"),
    [
        ("duch", COUNTRY, "column cannot be 'duch' (did you mean dutch?)"),
        ("qq", COUNTRY, "column cannot be 'qq' (known: dutch, eu, unknown)"),
        ("true", YES_OR_NO, "column cannot be the boolean true (write yes)"),
        ("false", YES_OR_NO, "column cannot be the boolean false (write no)"),
        ("true", COUNTRY, "column cannot be the boolean true (known: dutch, eu, unknown)"),
        ("3", COUNTRY, "column cannot be 3 (known: dutch, eu, unknown)"),
        ("~", COUNTRY, "a cell of column needs a value (known: dutch, eu, unknown)"),
        ("[[dutch]]", COUNTRY, "a cell of column needs a value (known: dutch, eu, unknown)"),
        ("[]", COUNTRY, "an empty list fits no value of column (leave the cell out to accept any value)"),
        (
            "{not: [dutch, eu, unknown]}",
            COUNTRY,
            "no value of column fits this cell (leave it out to accept dutch, eu, unknown)",
        ),
        ("{nto: dutch}", COUNTRY, "a cell of column is a value, a list, a range or {not: ...}"),
        ("{not: {not: dutch}}", COUNTRY, "not inside not is not allowed (write the values themselves)"),
        ("121", AGE, "121 lies outside the bounds of column (column lies in 0..120, unknown)"),
        ("100..130", AGE, "100..130 lies outside the bounds of column (column lies in 0..120, unknown)"),
        ("17..12", AGE, "the range 17..12 ends before it starts (did you mean 12..17?)"),
        ("'17'", AGE, "column cannot be '17' (a number or a range: 12, 12..17, 18.. or ..17)"),
        ("'>= 18'", AGE, "column cannot be '>= 18' (a number or a range: 12, 12..17, 18.. or ..17)"),
        ("..", DAYS, "column cannot be '..' (a number or a range: 12, 12..17, 18.. or ..17)"),
        ("unknown", DAYS, "column cannot be 'unknown' (a number or a range: 12, 12..17, 18.. or ..17)"),
        ("1.5", AGE, "column needs a whole number or a range (12, 12..17, 18.. or ..17)"),
        ("true", AGE, "column needs a whole number or a range (12, 12..17, 18.. or ..17)"),
    ],
)
def test_a_cell_that_means_nothing_is_refused_with_what_was_meant(text: str, domain: Domain, mistake: str) -> None:
    assert read(text, domain) == (None, [f"f:1: {mistake}"])


@given(st.lists(st.integers(0, 9), min_size=1), st.booleans())
def test_not_is_everything_else(numbers: list[int], unknown: bool) -> None:  # noqa: FBT001
    domain = Number(0, 10, unknown=True)
    written = ", ".join([*map(str, numbers), *([UNKNOWN] if unknown else [])])
    cell, _ = read(f"[{written}]", domain)
    rest, _ = read(f"{{not: [{written}]}}", domain)

    assert cell is not None
    assert rest is not None
    for value in (*range(11), UNKNOWN):
        assert (value in cell) != (value in rest)
        assert (value in cell) == (value in numbers or (unknown and value == UNKNOWN))


def test_a_cell_is_written_back_as_it_would_be_read() -> None:
    assert str(Cell(("unknown",), ((0, 11), (17, 17)))) == "0..11, 17, unknown"
