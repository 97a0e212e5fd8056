"""A mistake in an example is told in its line, once, with what was meant."""

from pathlib import Path

import pytest

from tests.routing.factories import changed, mistakes_of


@pytest.mark.parametrize(
    ("file", "old", "new", "mistake"),
    [
        ("first", "age: 30", "age: 300", "examples/first.yaml:6: age is a whole number from 0 to 120 or unknown"),
        (
            "first",
            "on: 2026-11-23",
            "on: 2026-11-31",
            "examples/first.yaml:5: the day of example G01 is no date (that month has 30 days)",
        ),
        (
            "first",
            "{age: 30,",
            "{citizenship: dutch, detention: yes, age: 30,",
            (
                "examples/first.yaml:6: detention contradicts citizenship in line 6: A Dutch national is never "
                "in immigration detention. (correct one of the two)"
            ),
        ),
    ],
)
def test_one_mistake_in_an_example_gives_one_message_in_its_line(
    tmp_path: Path, file: str, old: str, new: str, mistake: str
) -> None:
    assert mistakes_of(tmp_path, **{file: changed(file, old, new)}) == [mistake]
