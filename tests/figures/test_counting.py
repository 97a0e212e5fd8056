"""What people are counted by, and over which days."""

from datetime import date
from typing import Any

import pytest

from service.figures.counting import TABLES, HalfYear, PeriodNotUnderstood, counted, laid_out

DECIDED: dict[str, Any] = {
    "region": {"police_unit": "Oost-Nederland"},
    "shelter": {"type": "cosm"},
    "reflection_period": {"status": "running"},
}


@pytest.mark.parametrize(
    ("facts", "group"),
    [
        ({"age": 17}, "child, unknown"),
        ({"age": 25, "gender": "male"}, "young_adult, male"),
        ({"age": 26}, "adult, unknown"),
        ({"adult": "yes"}, "adult_of_unknown_age, unknown"),
        ({"adult": "no"}, "child, unknown"),
        ({}, "unknown, unknown"),
    ],
)
def test_people_are_counted_by_coarse_age_and_gender(facts: dict[str, Any], group: str) -> None:
    assert counted(facts, DECIDED, 25).features["age_and_gender"] == group


def test_several_forms_are_counted_once() -> None:
    cases = [counted({"exploitation": forms}, DECIDED, 25) for forms in (["sexual"], ["sexual", "labour"], [])]

    assert laid_out(cases, "exploitation") == {"several": 1, "sexual": 1, "unknown": 1}


def test_a_case_has_every_feature_that_is_counted_by() -> None:
    assert set(counted({}, DECIDED, 25).features) == set(TABLES)


def test_two_halves_make_a_year() -> None:
    first, second = HalfYear.named("2028-H1"), HalfYear.named("2028-H2")

    assert (first.first_day, first.day_after) == (date(2028, 1, 1), date(2028, 7, 1))
    assert (second.first_day, second.day_after) == (date(2028, 7, 1), date(2029, 1, 1))
    assert (first.name, second.name) == ("2028-H1", "2028-H2")


@pytest.mark.parametrize("name", ["2028", "2028-H3", "1999-H1", "2028-h1", ""])
def test_another_period_is_none(name: str) -> None:
    with pytest.raises(PeriodNotUnderstood):
        HalfYear.named(name)
