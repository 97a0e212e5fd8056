"""A decision puts the findings together in one order and counts every term on the calendar."""

from datetime import date

import pytest

from service.kernel.canonical_json import canonical_bytes
from tests.routing.dutch import DUBLIN, EU, TODAY, accepted, decided, due

Facts = dict[str, object]


def test_lists_are_ordered_and_hold_nothing_twice() -> None:
    decision = decided(accepted(TODAY), exploitation=["labour"], serious_disadvantage="yes", wants_return="yes")
    notifications = [(one.to, one.rule) for one in decision.notifications]
    deadlines = [(one.due, one.kind, one.rule) for one in decision.deadlines]
    kinds = [one.kind for one in decision.tasks]

    assert notifications == sorted(notifications)
    assert deadlines == sorted(set(deadlines))
    assert kinds == sorted(kinds)
    assert list(decision.tracks) == sorted(set(decision.tracks))


def test_the_same_facts_in_another_order_give_the_same_bytes() -> None:
    facts = accepted(TODAY) | {
        "consent": {"placement": "given", "registration": "given"},
        "exploitation": ["labour", "sexual"],
    }
    turned = {
        **dict(reversed(facts.items())),
        "consent": {"registration": "given", "placement": "given"},
        "exploitation": ["sexual", "labour"],
    }

    assert canonical_bytes(decided(facts).as_json()) == canonical_bytes(decided(turned).as_json())


def test_a_period_that_runs_lists_its_reports_warnings_and_end() -> None:
    decision = decided(accepted(TODAY))

    assert due(decision, "reflection_report") == ["2026-12-23", "2027-01-23"]
    assert due(decision, "reflection_warning") == ["2027-01-26", "2027-02-09", "2027-02-16", "2027-02-22"]
    assert due(decision, "reflection_end") == ["2027-02-23"]
    assert due(decision, "coa_allowance_application") == ["2026-12-07"]
    assert due(decision, "health_check") == ["2026-11-30"]


def test_reports_are_counted_from_the_start_and_not_from_each_other() -> None:
    decision = decided(accepted(date(2026, 12, 31)), on=date(2026, 12, 31))

    assert due(decision, "reflection_report") == ["2027-01-31", "2027-02-28"]
    assert due(decision, "reflection_end") == ["2027-03-31"]


def test_a_warning_on_a_free_day_comes_on_the_last_working_day_before() -> None:
    decision = decided(accepted(date(2027, 1, 4)), on=date(2027, 1, 4))

    # The period ends on Sunday 4 April; the weeks before hold Good Friday and Easter Monday.
    assert due(decision, "reflection_warning") == ["2027-03-05", "2027-03-19", "2027-03-25", "2027-04-02"]


def test_warnings_that_meet_on_one_day_are_one_warning() -> None:
    decision = decided(DUBLIN, accepted(date(2027, 4, 7)), on=date(2027, 4, 7))

    warnings = due(decision, "reflection_warning")
    assert due(decision, "reflection_end") == ["2027-05-07"]
    assert len(warnings) == len(set(warnings))
    # One day before is Ascension Day, two days before is Liberation Day: the last warning comes on the Tuesday.
    assert warnings[-1] == "2027-05-04"


def test_nothing_warns_of_a_period_before_it_starts() -> None:
    start = date(2027, 3, 27)

    warnings = due(decided(DUBLIN, accepted(start), on=start), "reflection_warning")

    assert warnings
    assert min(warnings) >= start.isoformat()


@pytest.mark.parametrize("event", ["renounced_on", "record_signed_on", "cooperated_on", "unknown_destination_on"])
def test_after_an_early_end_nothing_of_the_period_is_left(event: str) -> None:
    facts: Facts = {**accepted(TODAY), event: "2026-12-10"}

    decision = decided(facts, on=date(2026, 12, 10))

    for kind in ("reflection_report", "reflection_warning", "reflection_end", "coa_allowance_application"):
        assert due(decision, kind) == []


def test_a_term_in_hours_names_the_instant() -> None:
    decision = decided(acute_danger="yes", received_at="2026-11-23T22:30:00+01:00")
    answer = next(one for one in decision.deadlines if one.kind == "answer_due").as_json()

    assert answer == {"kind": "answer_due", "due": "2026-11-24", "due_at": "2026-11-24T01:30:00Z", "rule": "DL-12"}


def test_a_term_in_days_counts_from_the_local_day_of_the_signal() -> None:
    decision = decided(EU, received_at="2026-11-22T23:30:00Z")

    assert due(decision, "coa_allowance_application") == ["2026-12-07"]


def test_a_target_is_that_of_the_law_on_the_day_of_the_report() -> None:
    before_the_target_existed = decided(DUBLIN, reported_on="2019-07-31")
    afterwards = decided(DUBLIN, reported_on="2019-08-01")

    assert due(before_the_target_existed, "dublin_target") == []
    assert due(afterwards, "dublin_target") == ["2019-08-29"]


def test_two_rules_that_send_the_same_person_twice_both_stay() -> None:
    decision = decided(accepted(TODAY), reported_on="2026-12-01", on=date(2026, 12, 1))

    assert [one.rule for one in decision.notifications if one.to == "ind"] == ["NT-10", "NT-11"]


def test_the_trace_names_every_row_with_its_sources() -> None:
    trace = decided(accepted(TODAY)).as_json()["trace"]

    assert isinstance(trace, list)
    lines = {(line["table"], line["row"]): line for line in trace}
    assert lines["reflection_availability", "RP-12"]["sources"][2] == "Vreemdelingenwet 2000, artikel 8, onder k"
    assert all(line["sources"] and line["status"] for line in trace)


def test_a_period_that_is_not_there_has_neither_length_nor_days() -> None:
    period = decided(reflection_used="yes").as_json()["reflection_period"]

    assert period == {
        "status": "not_available",
        "length": None,
        "reason": "one_off",
        "starts": None,
        "ends": None,
        "rule": "RP-04",
    }
