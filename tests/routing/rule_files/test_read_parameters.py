"""A mistake in the parameters is told in its line, once, with what was meant."""

from pathlib import Path

import pytest

from tests.routing.factories import changed, mistakes_of


@pytest.mark.parametrize(
    ("file", "old", "new", "mistake"),
    [
        (
            "parameters",
            "3 months",
            "3 mnths",
            (
                "parameters.yaml:6: the value of period.usual is no term, whole number, time or none (a term "
                'reads like "3 months", "20 working days", "24 hours" or "1 working day at 12:00")'
            ),
        ),
        (
            "parameters",
            "to: 2023-05-17",
            "to: 2023-05-18",
            (
                "parameters.yaml:17: this value of period.short overlaps with the one in line 12 (end the "
                "earlier one with to: 2023-05-17)"
            ),
        ),
        (
            "parameters",
            "to: 2023-05-17",
            "to: 2023-05-03",
            (
                "parameters.yaml:17: period.short has no value from 2023-05-04 until this one starts (write "
                "value: none for days without a value)"
            ),
        ),
        (
            "parameters",
            "from: 2023-05-18",
            "from: 2023-02-30",
            "parameters.yaml:17: the first day of a value of period.short is no date (that month has 28 days)",
        ),
        (
            "parameters",
            "from: 2023-05-18",
            "from: 18-05-2023",
            "parameters.yaml:17: the first day of a value of period.short is no date (did you mean 2023-05-18?)",
        ),
        (
            "parameters",
            "from: 2019-08-01",
            "from: 2024-08-01",
            (
                "parameters.yaml:13: a value of period.short ends on 2023-05-17 before it starts on 2024-08-01 "
                "(exchange the two days?)"
            ),
        ),
        (
            "parameters",
            '        source: [{cite: "An act, article 1"}]\n',
            "",
            "parameters.yaml:6: a value of period.usual has no source",
        ),
        (
            "parameters",
            "status: assumed",
            "status: asumed",
            "parameters.yaml:23: the status of a value of office.opens cannot be 'asumed' (did you mean assumed?)",
        ),
    ],
)
def test_one_mistake_in_the_parameters_gives_one_message_in_its_line(
    tmp_path: Path, file: str, old: str, new: str, mistake: str
) -> None:
    assert mistakes_of(tmp_path, **{file: changed(file, old, new)}) == [mistake]
