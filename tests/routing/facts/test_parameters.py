"""A parameter has the value of the day that is asked about."""

from datetime import date
from pathlib import Path

import pytest

from service.routing.engine.table import Status
from service.routing.facts.parameters import NoParameterValue
from service.routing.facts.terms import Term
from tests.routing.factories import small_rule_set


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("period.usual", date(1950, 1, 1), Term.parse("3 months")),
        ("period.short", date(2019, 8, 1), None),
        ("period.short", date(2023, 5, 17), None),
        ("period.short", date(2023, 5, 18), Term.parse("30 days")),
        ("period.short", date(2150, 1, 1), Term.parse("30 days")),
        ("office.opens", date(2026, 1, 1), "09:00"),
        ("reports.most", date(2026, 1, 1), 3),
    ],
)
def test_the_first_and_the_last_day_of_a_value_count(tmp_path: Path, name: str, day: date, expected: object) -> None:
    assert small_rule_set(tmp_path).parameters.on(name, day) == expected


def test_a_value_carries_its_source(tmp_path: Path) -> None:
    value = small_rule_set(tmp_path).parameters.value_on("period.short", date(2026, 1, 1))

    assert value.sources[0].cite == "An act, article 2"
    assert value.status is Status.SOURCED


@pytest.mark.parametrize(("name", "day"), [("period.short", date(2019, 7, 31)), ("period.long", date(2026, 1, 1))])
def test_a_day_without_a_value_is_said_and_never_guessed_over(tmp_path: Path, name: str, day: date) -> None:
    with pytest.raises(NoParameterValue, match=f"{name} has no value on {day}"):
        small_rule_set(tmp_path).parameters.on(name, day)


def test_who_needs_a_term_gets_a_term_and_is_told_when_there_is_none(tmp_path: Path) -> None:
    parameters, day = small_rule_set(tmp_path).parameters, date(2026, 1, 1)

    assert parameters.term("period.usual", day) == parameters.needed_term("period.usual", day) == Term.parse("3 months")
    assert parameters.number("reports.most", day) == parameters.needed_number("reports.most", day) == 3
    assert parameters.term("period.short", date(2023, 5, 17)) is None
    with pytest.raises(NoParameterValue, match=r"period\.short names no term on 2023-05-17"):
        parameters.needed_term("period.short", date(2023, 5, 17))
    with pytest.raises(NoParameterValue, match=r"period\.short names no number on 2023-05-17"):
        parameters.needed_number("period.short", date(2023, 5, 17))
    with pytest.raises(NoParameterValue, match=r"reports\.most is no term"):
        parameters.term("reports.most", day)
    with pytest.raises(NoParameterValue, match=r"period\.usual is no number"):
        parameters.needed_number("period.usual", day)
