"""What changes beside the outcomes of tables is told too."""

from datetime import date
from pathlib import Path

import pytest

from service.routing.changes.around import Altered, altered
from tests.routing.drafts import Edit, draft
from tests.routing.dutch import TODAY, rules


@pytest.fixture(scope="module")
def altered_things(tmp_path_factory: pytest.TempPathFactory) -> list[Altered]:
    edits: list[Edit] = [
        ("facts.yaml", '      other: {nl: "Anders", en: "Other"}', '      other: {nl: "Overig", en: "Other"}'),
        ("facts.yaml", "    default: alone", "    default: family"),
        ("parameters.yaml", "      - {value: 28 days, source", "      - {value: 21 days, source"),
        ("disclosure.yaml", "names: [", "names: [return_country, "),
        ("tables/shelter_case.yaml", "status: assumed", "status: contested"),
        ("reference/municipality_changes.csv", "2021-01-01,GM0788", "2021-02-01,GM0788"),
    ]
    return list(altered(rules(), draft(tmp_path_factory.mktemp("altered"), *edits)))


def named(things: list[Altered], subject: str) -> list[Altered]:
    return [one for one in things if one.subject == subject]


def test_the_same_rules_have_nothing_around_them_that_changes() -> None:
    assert altered(rules(), rules()) == ()


def test_another_default_of_a_fact_is_told_and_another_wording_is_not(altered_things: list[Altered]) -> None:
    (household,) = named(altered_things, "fact")

    assert (household.name, str(household.new).rpartition(" ")[2]) == ("household", "(family)")


def test_another_amount_is_told_with_its_days(altered_things: list[Altered]) -> None:
    (warning,) = named(altered_things, "parameter")

    assert (warning.name, warning.old, warning.new) == ("reflection.warning_first", "28 days", "21 days")
    assert warning.reaches_back(TODAY)


def test_a_row_that_is_founded_otherwise_is_told(altered_things: list[Altered]) -> None:
    (row,) = named(altered_things, "source")

    assert (str(row.old).rpartition(" ")[2], str(row.new).rpartition(" ")[2]) == ("[assumed]", "[contested]")


def test_what_messages_may_carry_is_told(altered_things: list[Altered]) -> None:
    assert ["return_country" in str(one.new) for one in named(altered_things, "disclosure")] == [True]


def test_a_place_that_moves_is_told_for_the_days_on_which_it_does(altered_things: list[Altered]) -> None:
    days = {one.days for one in named(altered_things, "place")}

    assert days == {(date(2021, 1, 1), date(2021, 1, 31))}


def test_a_table_that_goes_by_another_day_is_told(tmp_path: Path) -> None:
    (table,) = altered(
        rules(), draft(tmp_path, ("tables/child.yaml", "effective_on: decided_on", "effective_on: judged_on"))
    )

    assert table == Altered("table", "child", "unique, decided_on", "unique, judged_on")
