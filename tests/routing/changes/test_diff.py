"""What a change of the Dutch rules is said to change is what it changes, for whoever may come."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.routing.changes.diff import TableDiff, reaches_back, table_diffs
from service.routing.changes.people import somebody
from service.routing.changes.report import report
from service.routing.engine.cells import Cell
from service.routing.engine.compiled import Finding, Value
from service.routing.engine.laid_together import Days
from service.routing.engine.versions import Change
from service.routing.facts.answers import Answers
from service.routing.facts.reading import Reading
from service.routing.rule_set import RuleSet
from service.routing.steps import find
from tests.routing.drafts import THIRTY_DAYS, Edit, draft
from tests.routing.dutch import TODAY, rules
from tests.routing.people import people

YES = st.just("yes")
AVAILABILITY = "reflection_availability"
FROM_NEXT_YEAR: Edit = (
    f"tables/{AVAILABILITY}.yaml",
    """    valid_from: 2023-05-18
""",
    """    valid_from: 2023-05-18
    valid_to: 2026-12-31
    source: [{cite: "WBV 2023/11 (Staatscourant 2023, 13577)"}]
    status: sourced
  - id: RP-07b
    rule: RP-07
    when:
      indicated: yes
      reflection_claim.claim: dublin
      role: victim
      reflection_used: {not: yes}
      detention_agreement.agreement: [not_detained, agreed]
    then: {status: offer, period: dublin, length: reflection.months}
    valid_from: 2027-01-01
""",
)
FORTY_FIVE_DAYS: Edit = (
    "parameters.yaml",
    """      - from: 2023-05-18
        value: 30 days""",
    """      - from: 2023-05-18
        to: 2026-12-31
        value: 30 days
        source: [{cite: "WBV 2023/11 (Staatscourant 2023, 13577)"}]
        status: sourced
      - from: 2027-01-01
        value: 45 days""",
)


@pytest.fixture(scope="module")
def dublin(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    return draft(tmp_path_factory.mktemp("dublin"), THIRTY_DAYS)


def changes_of(diffs: tuple[TableDiff, ...], table: str) -> tuple[Change, ...]:
    return next((one.changes for one in diffs if one.name == table), ())


@pytest.fixture(scope="module")
def in_dublin(dublin: RuleSet) -> tuple[Change, ...]:
    return changes_of(table_diffs(rules(), dublin), AVAILABILITY)


def found_by(rule_set: RuleSet, told: Answers, on: date) -> tuple[Mapping[str, Finding], Reading]:
    answers = Answers(rule_set.vocabulary, told.given)
    reading = Reading(answers, on, rule_set.parameters, rule_set.places, answers.columns())
    return find(rule_set.steps, reading), reading


def gives(finding: Finding) -> set[object]:
    return {tuple(sorted(row.then.items())) for row in finding.rows}


def inside(change: Change, values: Mapping[str, Value], days: Mapping[str, date]) -> bool:
    return all(values[name] in cell for name, cell in change.region.when.items()) and all(
        any(_covers(span, days[axis]) for span in spans) for axis, spans in change.region.days.items()
    )


def _covers(days: Days, day: date) -> bool:
    first, last = days
    return (first is None or first <= day) and (last is None or day <= last)


def test_the_same_rules_differ_in_nothing() -> None:
    assert table_diffs(rules(), rules()) == ()


def test_thirty_days_instead_of_none_concern_exactly_the_dublin_claimants_of_those_years(dublin: RuleSet) -> None:
    (change,) = changes_of(table_diffs(rules(), dublin), "reflection_availability")

    assert change.region.when == {
        "indicated": Cell(("yes",)),
        "reflection_claim.claim": Cell(("dublin",)),
        "role": Cell(("victim",)),
        "reflection_used": Cell(("no", "unknown")),
        "detention_agreement.agreement": Cell(("not_detained", "agreed")),
    }
    assert change.region.days == {"judged_on": ((date(2019, 8, 1), date(2023, 5, 17)),)}
    assert ([row.id for row in change.old_rows], [row.id for row in change.new_rows]) == (["RP-06"], ["RP-06"])
    assert change.old == (("reason", "dublin"), ("status", "not_available"))
    assert change.new == (("length", "reflection.dublin"), ("period", "dublin"), ("status", "offer"))


@pytest.fixture(scope="module")
def named(dublin: RuleSet) -> frozenset[str]:
    return frozenset(one.name for one in table_diffs(rules(), dublin))


@settings(max_examples=300)
@given(
    person=people(indication=YES, role=st.just("victim"), dublin_claimant=YES) | people(),
    on=st.dates(date(2019, 6, 1), date(2023, 7, 31)) | st.sampled_from([date(2019, 7, 31), date(2023, 5, 18)]),
)
def test_whoever_gets_another_outcome_is_in_a_box_and_nobody_else_and_other_tables_are_named(
    dublin: RuleSet, named: frozenset[str], in_dublin: tuple[Change, ...], person: Answers, on: date
) -> None:
    was, reading = found_by(rules(), person, on)
    becomes, _ = found_by(dublin, person, on)
    differing = {name for name in was if gives(was[name]) != gives(becomes[name])}

    days = {"decided_on": on, "judged_on": reading.accepted_on or on}
    in_a_box = any(inside(change, was[AVAILABILITY].values, days) for change in in_dublin)
    assert (AVAILABILITY in differing) == in_a_box
    assert differing <= named


def test_a_change_upstream_is_told_of_every_table_that_reads_it(dublin: RuleSet) -> None:
    reached = {one.name: one.reached_by for one in table_diffs(rules(), dublin)}

    assert reached["reflection_availability"] == ()
    assert {"reflection_availability.status", "reflection_clock_state"} <= {*reached["reflection_period"]}
    assert "reflection_standing.standing" in reached["adult_ground"]
    assert "child" not in reached
    assert "tracks" not in reached
    assert len(reached) < len(rules().tables)
    exact = {one.name for one in table_diffs(rules(), dublin) if one.exact}
    assert exact == {"reflection_availability"}


def test_of_a_table_that_reads_what_changes_the_rows_are_told_that_change_places_in_the_examples(
    dublin: RuleSet,
) -> None:
    compared = report(rules(), dublin, TODAY)

    assert compared.seen("reflection_period") == ((("CL-01c",), ("CL-01f",)),)
    assert compared.seen("child") == ()


def test_an_example_has_few_facts_and_shows_the_whole_decision_before_and_after(dublin: RuleSet) -> None:
    (change,) = changes_of(table_diffs(rules(), dublin), AVAILABILITY)

    person = somebody(AVAILABILITY, change, rules(), dublin, TODAY)

    assert person is not None
    assert set(person.facts) == {"indication", "dublin_claimant"}
    assert person.old is not None
    assert (person.old.reflection_period.reason, person.new.reflection_period.status) == ("dublin", "offer")
    assert "reflection_period" in person.changed_parts()
    assert "tasks" in person.changed_parts()


def test_what_begins_later_is_a_box_of_days_to_come_and_reaches_nobody_back(tmp_path: Path) -> None:
    (change,) = changes_of(table_diffs(rules(), draft(tmp_path, FROM_NEXT_YEAR)), AVAILABILITY)

    assert change.region.days == {"judged_on": ((date(2027, 1, 1), None),)}
    assert ([row.id for row in change.old_rows], [row.id for row in change.new_rows]) == (["RP-07"], ["RP-07b"])
    assert not reaches_back(change, TODAY)
    assert reaches_back(change, date(2027, 1, 2))


def test_another_amount_is_another_outcome_of_the_rows_that_name_it(tmp_path: Path) -> None:
    (change,) = changes_of(table_diffs(rules(), draft(tmp_path, FORTY_FIVE_DAYS)), AVAILABILITY)

    assert change.region.days == {"judged_on": ((date(2027, 1, 1), None),)}
    assert isinstance(change.old, tuple)
    assert isinstance(change.new, tuple)
    assert set(change.new) - set(change.old) == {("length", "45 days")}
    assert [row.id for row in change.new_rows] == ["RP-07"]


def test_a_row_of_a_list_that_says_something_else_is_one_change(tmp_path: Path) -> None:
    less = ("tables/notifications.yaml", "{to: emm, content: full", "{to: emm, content: needed_facts")
    grounds = "process: investigation\n    grounds: [nobody_known, consent"
    line = ("disclosure.yaml", f"rules: [NT-15]\n    {grounds}", f"rules: [NT-04, NT-15]\n    {grounds}")

    (change,) = changes_of(table_diffs(rules(), draft(tmp_path, less, line)), "notifications")

    assert ([row.id for row in change.old_rows], [row.id for row in change.new_rows]) == (["NT-04a"], ["NT-04a"])
    assert isinstance(change.old, tuple)
    assert isinstance(change.new, tuple)
    assert set(change.old) ^ set(change.new) == {("content", "full"), ("content", "needed_facts")}
    assert change.region.when == dict(change.old_rows[0].when)


def test_a_value_that_could_not_be_told_before_had_no_outcome_that_could_change(tmp_path: Path) -> None:
    known = "      other: {nl:"
    another = ("facts.yaml", known, f"      nonbinary: {{nl: Non-binair, en: Non-binary}}\n{known}")
    shelter = [("tables/shelter.yaml", "gender: [other, unknown]", "gender: [nonbinary, other, unknown]")] * 2
    wider = draft(tmp_path, another, *shelter)

    changes = [(one.name, change) for one in table_diffs(rules(), wider) for change in one.changes]

    assert changes
    assert all(change.region.when["gender"] == Cell(("nonbinary",)) and change.old is None for _, change in changes)
    assert not any(change.known or reaches_back(change, TODAY) for _, change in changes)
    table, change = changes[0]
    person = somebody(table, change, rules(), wider, TODAY)
    assert person is not None
    assert (person.old, person.facts["gender"]) == (None, "nonbinary")
