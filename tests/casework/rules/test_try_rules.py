"""A draft is tried on the open cases: numbers and rows, and nothing that could point at a person."""

from pathlib import Path

import pytest

from service.access.roles import Role, ScopeMissing, caller
from service.audit.event import Event
from service.casework.context import Context
from service.casework.rules.try_rules import FEWEST_SHOWN, try_rules
from service.casework.trail.read_trail import read_trail
from service.database.sealing.keyring import KeysUnavailable
from service.routing.rule_files.bundle import Bundle, bundle_from
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused
from service.wiring import Service
from tests.factories import auditor, coordinator, opened_case

DUBLIN = {"residence": "asylum_procedure", "dublin_claimant": "yes", "reflection_choice": None, "accepted_on": None}
LENGTH = "length: reflection.dublin}"
NO_LENGTH = ("tables/reflection_availability.yaml", LENGTH, "length: reflection.months}")


def owner(service: Service) -> Context:
    return service.context(caller("owner-1", Role.POLICY_OWNER, "ministry"))


def changed(rules: RuleSet, file: str, old: str, new: str) -> Bundle:
    files = bundle_from(rules).files
    assert old in files[file]
    return Bundle(rules.country, {**files, file: files[file].replace(old, new)})


def test_the_cases_that_would_change_are_counted_by_table_and_row_in_fives_without_ids(
    service: Service, rules: RuleSet
) -> None:
    many = [opened_case(service, **DUBLIN, age=20 + number).case_id for number in range(FEWEST_SHOWN + 1)]
    opened_case(service)

    outside, inside = (try_rules(who(service), changed(rules, *NO_LENGTH)) for who in (owner, auditor))

    assert (outside.open_cases, outside.changed) == (FEWEST_SHOWN, FEWEST_SHOWN)
    (group,) = outside.groups
    assert (group.table, group.old_rows, group.new_rows) == ("reflection_availability", ("RP-07",), ("RP-07",))
    assert (group.cases, group.case_ids) == (FEWEST_SHOWN, ())
    assert (inside.open_cases, inside.changed) == (FEWEST_SHOWN + 2, FEWEST_SHOWN + 1)
    assert [set(one.case_ids) for one in inside.groups] == [set(many)]


def test_nobody_outside_is_told_whether_few_cases_change_or_none(service: Service, rules: RuleSet) -> None:
    draft = changed(rules, *NO_LENGTH)
    opened_case(service)
    none = try_rules(owner(service), draft)
    few = opened_case(service, **DUBLIN).case_id

    outside, inside = (try_rules(who(service), draft) for who in (owner, auditor))

    assert outside == none
    assert (outside.open_cases, outside.changed, outside.groups, outside.not_understood) == (None, None, (), None)
    assert (inside.changed, [group.case_ids for group in inside.groups]) == (1, [(few,)])


def test_an_amount_that_changes_is_told_by_the_part_that_it_changes(service: Service, rules: RuleSet) -> None:
    opened_case(service, **DUBLIN)

    found = try_rules(auditor(service), changed(rules, "parameters.yaml", "value: 30 days", "value: 45 days"))

    assert ("reflection_period", (), ()) in {(one.table, one.old_rows, one.new_rows) for one in found.groups}


@pytest.mark.only_on("sqlite")
def test_a_case_that_a_draft_does_not_understand_is_counted(service: Service, rules: RuleSet) -> None:
    opened_case(service, age=41)

    draft = changed(rules, "facts.yaml", "number: {from: 0, to: 120}", "number: {from: 0, to: 40}")

    assert [try_rules(who(service), draft).not_understood for who in (auditor, owner)] == [1, None]


def test_keys_that_are_away_are_said_and_not_laid_at_the_draft(service: Service, rules: RuleSet, home: Path) -> None:
    opened_case(service)
    (home / "keys" / "keyring").rename(home / "keys" / "taken-away")
    service.keys.forget()

    with pytest.raises(KeysUnavailable):
        try_rules(owner(service), bundle_from(rules))


def test_every_case_that_was_tried_says_so(service: Service, rules: RuleSet) -> None:
    case_id = opened_case(service).case_id

    assert try_rules(auditor(service), bundle_from(rules)).changed == 0

    assert read_trail(coordinator(service), case_id).entries[-1].event == Event.RULES_TRIED


@pytest.mark.only_on("sqlite")
def test_a_broken_draft_and_other_roles_are_refused(service: Service, rules: RuleSet) -> None:
    with pytest.raises(FilesRefused):
        try_rules(owner(service), changed(rules, "tables/child.yaml", "child: yes", "child: yess"))
    with pytest.raises(ScopeMissing):
        try_rules(coordinator(service), bundle_from(rules))
