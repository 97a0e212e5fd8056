"""A list on a narrow screen keeps every id and every day whole."""

from service.cli.plain_rows import plain_rows


def test_columns_stand_under_each_other_and_nothing_is_cut() -> None:
    long = "coordinator-of-a-region-with-a-name-that-is-longer-than-any-narrow-screen-is-wide"

    shown = plain_rows(("due", "owner", "case"), [("2026-11-23", "", "a-case"), ("2026-11-24", long, "b-case")])

    headings, first, second = shown.splitlines()
    assert second == f"2026-11-24  {long}  b-case"
    assert headings.index("case") == first.index("a-case") == second.index("b-case")
    assert first.split() == ["2026-11-23", "-", "a-case"]
