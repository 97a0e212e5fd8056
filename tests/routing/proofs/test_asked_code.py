"""Code is run once for each way in which what it reads can turn out, and so becomes rows."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

import pytest

from service.routing.facts.derived import DERIVED
from service.routing.facts.reading import Reading
from service.routing.proofs.asked_code import ways
from tests.routing.dutch import rules

YES_NO = frozenset({"yes", "no"})


def rows_of(compute: Callable[[Reading], str]) -> list[tuple[dict[str, str], set[str]]]:
    vocabulary = rules().vocabulary
    domains = {**vocabulary.columns(), "accepted_on.passed": vocabulary.columns()["accepted_on.told"]}
    found, _ = ways(compute, vocabulary, domains, YES_NO)
    return [({name: str(cell) for name, cell in when.items()}, set(outcomes)) for when, outcomes in found]


def test_code_over_words_becomes_rows_that_name_only_what_it_looks_at() -> None:
    rows = rows_of(DERIVED["coa_safe"].compute)

    assert rows[0] == ({"in_coa_centre": "yes", "safe_there": "yes"}, {"yes"})
    assert [(set(when), found) for when, found in rows[1:]] == [
        ({"in_coa_centre", "safe_there"}, {"no"}),
        ({"in_coa_centre"}, {"no"}),
    ]


def test_a_set_is_asked_member_by_member() -> None:
    assert ({"exploitation.labour": "no"}, {"no"}) in rows_of(DERIVED["labour_group"].compute)


WITHOUT = {"exploitation.labour": "no"}
"""Whoever is exploited, but not at work."""


@pytest.mark.parametrize(
    "asks",
    [
        lambda members: bool(members & {"labour"}),
        lambda members: bool({"labour"} & members),
        lambda members: not members.isdisjoint({"labour"}),
        lambda members: {"labour"} <= members,
        lambda members: len(members | {"labour"}) == len(members),
        lambda members: "labour" in sorted(members),
    ],
    ids=["both", "both, turned round", "disjoint", "part of", "one more", "one by one"],
)
def test_every_way_to_ask_for_a_member_asks_for_that_member(asks: Callable[[AbstractSet[str]], bool]) -> None:
    assert rows_of(lambda reading: "yes" if asks(reading.members("exploitation")) else "no") == [
        ({"exploitation.labour": "yes"}, {"yes"}),
        (WITHOUT, {"no"}),
    ]


@pytest.mark.parametrize(
    "asks",
    [
        lambda members: members == {"labour"},
        lambda members: frozenset({"labour"}) == members,
        lambda members: len(members) == 1 and "labour" in members,
    ],
    ids=["equal", "equal, turned round", "how many"],
)
def test_a_whole_set_is_compared_member_by_member(asks: Callable[[AbstractSet[str]], bool]) -> None:
    rows = rows_of(lambda reading: "yes" if asks(reading.members("exploitation")) else "no")

    (alone,) = (when for when, outcomes in rows if outcomes == {"yes"})
    assert alone == {
        f"exploitation.{one}": "yes" if one == "labour" else "no"
        for one in rules().vocabulary.facts["exploitation"].values
    }


@pytest.mark.parametrize(
    "reckons",
    [
        lambda reading: reading.members("exploitation") in {frozenset({"labour"}): 1},
        lambda reading: str(reading.members("exploitation")) == "labour",
        lambda reading: reading.members("exploitation").issuperset({"labour"}),
        lambda reading: reading.on >= date(2026, 1, 1),
        lambda reading: date(2026, 1, 1) <= reading.on,
        lambda reading: reading.on == date(2026, 1, 1),
        lambda reading: reading.on.year == 2026,
        lambda reading: reading.on - date(2026, 1, 1) > timedelta(1),
        lambda reading: bool(reading.clock),
        lambda reading: reading.clock is None,
        lambda reading: reading.values.get("citizenship") == "dutch",
        lambda reading: "citizenship" in reading.values,
    ],
    ids=[
        "a set looked up",
        "a set as text",
        "a method of sets",
        "today or later",
        "today or later, turned round",
        "today",
        "this year",
        "days ago",
        "a clock",
        "no clock",
        "a column past its asking",
        "whether a column is there",
    ],
)
def test_what_cannot_be_asked_may_come_out_anyhow(reckons: Callable[[Reading], bool]) -> None:
    assert rows_of(lambda reading: "yes" if reckons(reading) else "no") == [({}, {"yes", "no"})]


def test_of_a_code_it_is_asked_only_whether_it_was_told() -> None:
    assert rows_of(lambda reading: "yes" if reading.code("return_country") else "no") == [
        ({"return_country.told": "yes"}, {"yes"}),
        ({"return_country.told": "no"}, {"no"}),
    ]
    assert rows_of(lambda reading: "yes" if reading.code("return_country") == "HU" else "no") == [
        ({"return_country.told": "yes"}, {"yes", "no"}),
        ({"return_country.told": "no"}, {"no"}),
    ]


def test_of_a_number_it_is_asked_only_whether_it_is_known() -> None:
    assert rows_of(lambda reading: "no" if reading.choice("age") == "unknown" else "yes") == [
        ({"age": "0..120"}, {"yes"}),
        ({"age": "unknown"}, {"no"}),
    ]


@pytest.mark.parametrize(
    "reckons",
    [
        lambda reading: "yes" if (reading.age or 0) > 3 else "no",
        lambda reading: "yes" if reading.age is not None and reading.age % 2 else "no",
        lambda reading: "yes" if reading.age is not None and f"{reading.age}" == "3" else "no",
        lambda reading: "yes" if reading.choice("age") == "3" else "no",
        lambda reading: "yes" if reading.choice("age") in {"3": 1} else "no",
        lambda reading: "yes" if reading.choice("age") != "unknown" and int(reading.choice("age")) else "no",
        lambda reading: "yes" if reading.choice("age").startswith("3") else "no",
    ],
    ids=["a comparison", "arithmetic", "a text", "digits", "a look-up", "a conversion", "its first digit"],
)
def test_code_that_reckons_with_a_number_may_come_out_anyhow(reckons: Callable[[Reading], str]) -> None:
    assert rows_of(reckons) == [({"age": "0..120"}, {"yes", "no"}), ({"age": "unknown"}, {"no"})]


def test_a_day_is_asked_whether_it_was_told_and_has_come() -> None:
    assert rows_of(lambda reading: "yes" if reading.passed("accepted_on") else "no") == [
        ({"accepted_on.told": "yes", "accepted_on.passed": "yes"}, {"yes"}),
        ({"accepted_on.told": "yes", "accepted_on.passed": "no"}, {"no"}),
        ({"accepted_on.told": "no"}, {"no"}),
    ]


@pytest.mark.parametrize(
    "reckons",
    [
        lambda day: day.year > 2000,
        lambda day: day == date(2000, 1, 1),
        lambda day: day < date(2000, 1, 2),
        lambda day: day.weekday() == 5,
        lambda day: day + timedelta(1) > date(2000, 1, 1),
        lambda day: date(2000, 1, 3) > day,
        lambda day: date(2000, 1, 3) - day > timedelta(1),
        lambda day: day in {date(2000, 1, 1): 1},
        lambda day: day.isoformat() > "2000",
        lambda day: str(day) > "2000",
    ],
    ids=["year", "equal", "earlier", "weekday", "a day on", "later", "between", "a look-up", "a text", "words"],
)
def test_code_that_reckons_with_a_day_may_come_out_anyhow(reckons: Callable[[date], bool]) -> None:
    def compute(reading: Reading) -> str:
        day = reading.told_day("accepted_on")
        return "yes" if day is not None and reckons(day) else "no"

    assert rows_of(compute) == [({"accepted_on.told": "yes"}, {"yes", "no"}), ({"accepted_on.told": "no"}, {"no"})]


@pytest.mark.parametrize(
    "looks_up",
    [
        lambda reading: str(reading.found_place),
        lambda reading: str(reading.parameters.by_name),
        lambda reading: str(reading.places),
    ],
    ids=["a place", "an amount", "all places"],
)
def test_code_that_looks_a_place_up_or_asks_the_law_may_come_out_anyhow(looks_up: Callable[[Reading], str]) -> None:
    assert all(outcomes == {"yes", "no"} for _, outcomes in rows_of(looks_up))
