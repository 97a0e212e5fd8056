"""Rules come into force by two people, and never by accident."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.access.roles import Role, ScopeMissing, caller
from service.audit.event import Event, Outcome
from service.casework.cases.read_cases import read_case
from service.casework.commands.rules import ProposeRules
from service.casework.context import Context
from service.casework.rules.publish_rules import (
    InForceAlready,
    OtherCountry,
    RulesMovedOn,
    SamePerson,
    list_rules,
    offer_rules,
    publish_rules,
)
from service.casework.rules.replay_decisions import replay_decisions
from service.casework.trail.verify_log import verify_log
from service.kernel.transitions import IllegalTransition
from service.routing.changes.kept_answers import AnswersLost
from service.routing.changes.report import ReachesBack
from service.routing.rule_files.bundle import Bundle, bundle_from, loaded
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused
from service.rulebook.lifecycle import ProposalState
from service.rulebook.store import ProposalNotFound, RulesInForce
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import auditor, coordinator, opened_case

NINE = 'value: "09:00"'
WANTED = ProposeRules(reason="Offices open earlier.")
PAST = ProposeRules(reason="As it should have been.", retroactive="The circular says so from the start.")
"""Offices that open at another hour opened then on days that have passed too."""


@pytest.fixture
def house(service: Service, rules: RuleSet) -> Service:
    """Join the service as it runs: by what was published last, else by the folder of rules."""
    seconds = iter(range(0, 10_000, 2))
    return replace(service, rules=RulesInForce(service.database.look, lambda: rules, lambda: float(next(seconds))))


def owner(service: Service, subject: str = "owner-1") -> Context:
    return service.context(caller(subject, Role.POLICY_OWNER, "ministry"))


def told_by_the_system(service: Service) -> list[tuple[str, str]]:
    with service.database.look() as session:
        bodies = session.connection().execute(text("SELECT body FROM audit_entry WHERE stream = 'sys'")).scalars()
        said = [json.loads(bytes(body)) for body in bodies]
    return [(one["event"], one["outcome"]) for one in said]


def changed(rules: RuleSet, file: str, old: str, new: str) -> Bundle:
    files: Mapping[str, str] = bundle_from(rules).files
    assert old in files[file]
    return Bundle(rules.country, {**files, file: files[file].replace(old, new, 1)})


def opening_at(rules: RuleSet, hour: str = "08:30") -> Bundle:
    return changed(rules, "parameters.yaml", NINE, f'value: "{hour}"')


def test_a_second_policy_owner_puts_in_force_what_a_first_one_proposed(house: Service, rules: RuleSet) -> None:
    draft = opening_at(rules)

    proposed = offer_rules(owner(house), draft, PAST)
    assert (proposed.state, house.rules().name) == (ProposalState.PROPOSED, rules.name)

    published = offer_rules(owner(house, "owner-2"), draft, PAST)
    assert (published.state, published.number) == (ProposalState.PUBLISHED, 1)
    assert (published.proposed_by, published.published_by) == ("owner-1", "owner-2")
    assert house.rules().name == draft.name != rules.name
    assert list_rules(owner(house)).in_force == draft.name


def test_every_machine_decides_by_what_was_published_whoever_published_it(house: Service, rules: RuleSet) -> None:
    seconds = iter(range(0, 10_000, 2))
    elsewhere = RulesInForce(house.database.look, lambda: rules, lambda: float(next(seconds)))
    assert elsewhere().name == rules.name

    publish_rules(owner(house, "owner-2"), offer_rules(owner(house), opening_at(rules), PAST).id)

    assert elsewhere().name == house.rules().name == opening_at(rules).name


def test_nobody_publishes_what_they_proposed_themselves(house: Service, rules: RuleSet) -> None:
    proposed = offer_rules(owner(house), opening_at(rules), PAST)

    with pytest.raises(SamePerson):
        publish_rules(owner(house), proposed.id)
    with pytest.raises(SamePerson):
        offer_rules(owner(house), opening_at(rules), PAST)
    assert house.rules().name == rules.name


def test_decisions_keep_by_which_rules_they_were_made_and_come_out_again_by_those(
    house: Service, rules: RuleSet
) -> None:
    before, draft = opened_case(house).case_id, opening_at(rules)
    publish_rules(owner(house, "owner-2"), offer_rules(owner(house), draft, PAST).id)
    after = opened_case(house, age=31).case_id

    names = [read_case(coordinator(house), one).decisions[0].content.rule_set for one in (before, after)]

    assert names == [rules.name, draft.name]
    assert replay_decisions(auditor(house)).holds
    assert verify_log(house.operator()).verified


@pytest.mark.only_on("sqlite")
def test_a_draft_with_mistakes_is_refused_with_all_of_them_and_nothing_changes(house: Service, rules: RuleSet) -> None:
    broken = changed(rules, "tables/child.yaml", "child: yes", "child: yess")
    files = {**broken.files, "parameters.yaml": broken.files["parameters.yaml"].replace(NINE, "value: 9 o'clock")}

    with pytest.raises(FilesRefused) as refused:
        offer_rules(owner(house), Bundle("nl", files), WANTED)

    assert {"tables/child.yaml", "parameters.yaml"} <= {mistake.file for mistake in refused.value.mistakes}
    assert house.rules().name == rules.name
    assert (Event.RULES_REFUSED.value, Outcome.REFUSED.value) in told_by_the_system(house)


@pytest.mark.only_on("sqlite")
def test_a_draft_whose_examples_do_not_hold_is_refused(house: Service, rules: RuleSet) -> None:
    other = changed(rules, "examples/children.yaml", "type: protected_minor", "type: youth_care")

    with pytest.raises(FilesRefused, match=r"^examples/children.yaml:[0-9]+: example G12"):
        offer_rules(owner(house), other, WANTED)


@pytest.mark.only_on("sqlite")
def test_what_alters_days_that_have_passed_must_be_labelled(house: Service, rules: RuleSet) -> None:
    with pytest.raises(ReachesBack):
        offer_rules(owner(house), opening_at(rules), WANTED)

    assert offer_rules(owner(house), opening_at(rules), PAST).retroactive == PAST.retroactive


@pytest.mark.only_on("sqlite")
def test_what_was_to_begin_later_needs_the_label_when_that_day_has_come(
    house: Service, rules: RuleSet, clock: FixedClock
) -> None:
    until = f"{{to: 2026-11-30, {NINE}, source: [{{cite: Aanname}}], status: assumed}}"
    later = changed(rules, "parameters.yaml", f"- {{{NINE}", f'- {until}\n      - {{from: 2026-12-01, value: "08:30"')
    proposed = offer_rules(owner(house), later, WANTED)
    clock.move(timedelta(days=30))

    with pytest.raises(ReachesBack):
        publish_rules(owner(house, "owner-2"), proposed.id)


@pytest.mark.only_on("sqlite")
def test_rules_that_lose_a_fact_of_those_in_force_are_neither_proposed_nor_published(
    house: Service, rules: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "label: {nl: Schoenen, en: Shoes}, question: {nl: Welke maat?, en: Which size?}"
    shoes = f"facts:\n\n  shoes: {{number: {{from: 1, to: 60}}, default: unknown, group: signal, {words}}}\n"
    wider = replace(house, rules=lambda: loaded(changed(rules, "facts.yaml", "facts:\n", shoes)))
    with pytest.raises(AnswersLost, match="shoes"):
        offer_rules(owner(wider), bundle_from(rules), PAST)
    with monkeypatch.context() as before:
        before.setattr("service.casework.rules.publish_rules.require_answers_kept", lambda *_: None)
        proposed = offer_rules(owner(wider), bundle_from(rules), PAST)

    with pytest.raises(AnswersLost, match="shoes"):
        publish_rules(owner(wider, "owner-2"), proposed.id)


def test_a_proposal_falls_when_other_rules_came_into_force_meanwhile(house: Service, rules: RuleSet) -> None:
    first = offer_rules(owner(house), opening_at(rules), PAST)
    other = opening_at(rules, "08:00")
    publish_rules(owner(house, "owner-2"), offer_rules(owner(house), other, PAST).id)

    with pytest.raises(RulesMovedOn):
        publish_rules(owner(house, "owner-2"), first.id)
    assert house.rules().name == other.name


def test_whoever_has_not_heard_of_newer_rules_publishes_nothing_over_them(house: Service, rules: RuleSet) -> None:
    first = offer_rules(owner(house), opening_at(rules), PAST)
    behind = owner(replace(house, rules=lambda: rules), "owner-2")
    publish_rules(owner(house, "owner-2"), offer_rules(owner(house), opening_at(rules, "08:00"), PAST).id)

    with pytest.raises(RulesMovedOn):
        publish_rules(behind, first.id)


@pytest.mark.only_on("sqlite")
def test_a_draft_in_a_folder_of_another_name_is_not_taken_for_another_country(house: Service, rules: RuleSet) -> None:
    with pytest.raises(OtherCountry):
        offer_rules(owner(house), Bundle("draft", opening_at(rules).files), PAST)


@pytest.mark.only_on("sqlite")
def test_cases_are_decided_while_two_rule_sets_are_compared(
    house: Service, rules: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed = offer_rules(owner(house), opening_at(rules), PAST)
    decided: list[object] = []
    name = "service.casework.rules.publish_rules.require_answers_kept"
    monkeypatch.setattr(name, lambda *_: decided.append(opened_case(house)))

    assert publish_rules(owner(house, "owner-2"), proposed.id).state is ProposalState.PUBLISHED
    assert len(decided) == 1


def test_going_back_is_a_proposal_like_any_other(house: Service, rules: RuleSet) -> None:
    draft = opening_at(rules)
    publish_rules(owner(house, "owner-2"), offer_rules(owner(house), draft, PAST).id)

    publish_rules(owner(house, "owner-2"), offer_rules(owner(house), bundle_from(rules), PAST).id)

    assert house.rules().name == rules.name
    shown = list_rules(owner(house)).items
    assert [(one.state, one.number) for one in shown] == [(ProposalState.PUBLISHED, 2), (ProposalState.SUPERSEDED, 1)]
    assert verify_log(house.operator()).verified


def test_what_is_in_force_or_published_before_is_not_done_again(house: Service, rules: RuleSet) -> None:
    with pytest.raises(InForceAlready):
        offer_rules(owner(house), bundle_from(rules), WANTED)
    done = publish_rules(owner(house, "owner-2"), offer_rules(owner(house), opening_at(rules), PAST).id)
    with pytest.raises(IllegalTransition):
        publish_rules(owner(house, "owner-2"), done.id)
    with pytest.raises(ProposalNotFound):
        publish_rules(owner(house), opened_case(house).case_id)


@pytest.mark.only_on("sqlite")
def test_only_a_policy_owner_publishes(house: Service, rules: RuleSet) -> None:
    for who in (coordinator(house), auditor(house), house.operator()):
        with pytest.raises(ScopeMissing):
            offer_rules(who, opening_at(rules), PAST)
