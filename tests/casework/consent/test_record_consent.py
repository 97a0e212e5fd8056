"""What is said about consent is kept as said, counts at once, and comes in by one door alone."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import ConsentElsewhere, change_facts
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChangeFacts
from service.casework.commands.consent import RecordConsent
from service.casework.commands.journal import RecordMilestone
from service.casework.commands.tasks import FinishTask
from service.casework.consent.read_consents import read_consents
from service.casework.consent.record_consent import ConsentNotUnderstood, SpokenSince, record_consent
from service.casework.desk.work_on_tasks import finish_task
from service.casework.journal.record_milestone import record_milestone
from service.casework.rights.record_rights import record_rights
from service.casework.rights.rights_told import RightsNotTold
from service.casework.tasks.kinds import OFFER_AGAIN
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.consent.policy import Consent, Purpose
from service.kernel.errors import DomainError
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale, Unseen
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import (
    OTHER_OFFICE,
    audit_bodies,
    auditor,
    coordinator,
    opened_case,
    said_about_consent,
    says,
    told_about_rights,
)

TOLD = {"registration": "given"}


def records(service: Service, case_id: UUID, command: RecordConsent) -> None:
    version = read_case(coordinator(service), case_id).version
    record_consent(coordinator(service), case_id, frozenset({version}), command)


def test_what_is_said_is_kept_with_all_that_was_said_and_counts_at_once(service: Service) -> None:
    case_id = opened_case(service, reporter="ngo", consent=TOLD).case_id

    says(service, case_id, placement="given", registration="withdrawn")

    found = read_consents(coordinator(service), case_id)
    assert found.now == {
        "registration": Consent.WITHDRAWN,
        "placement": Consent.GIVEN,
        "police_contact": Consent.NOT_ASKED,
        "transnational": Consent.NOT_ASKED,
    }
    told, given, withdrawn = found.entries
    assert (told.purpose, told.saying) == (Purpose.REGISTRATION, Consent.GIVEN)
    assert (told.evidence, told.version, told.by) == ("told", None, None)
    assert (given.purpose, given.version, given.language, given.by) == (Purpose.PLACEMENT, 1, "bg", "person")
    assert (withdrawn.version, withdrawn.recorded_by) == (2, "coordinator-1")
    case = read_case(coordinator(service), case_id)
    assert case.facts["consent"] == {"registration": "withdrawn", "placement": "given"}
    assert len(case.decisions) == 3
    assert {one.content for one in case.decisions[-1].content.notifications if one.to == "comensha"} == {"anonymous"}
    assert verify_log(auditor(service)).breaks == ()


def test_the_trail_names_what_was_recorded_and_not_what_it_says(service: Service) -> None:
    case_id = opened_case(service, consent={}).case_id
    says(service, case_id, police_contact="refused")

    (recorded,) = [one for one in audit_bodies(service, case_id) if one["event"] == Event.CONSENT_RECORDED]
    assert {"purpose", "saying", "language", "evidence"} <= set(recorded["objects"][0]["fields"])
    assert recorded["commit"]
    assert not {"police_contact", "refused"} & set(json.dumps(recorded).split('"'))


@pytest.mark.only_on("sqlite")
def test_what_cannot_count_is_refused_with_its_reason_and_changes_nothing(service: Service) -> None:
    beside = {"household": "with_parents", "parent_suspected": "yes", "guardian": "appointed"}
    case_id = opened_case(service, age=12, reporter="ngo", consent=TOLD, **beside).case_id
    before = read_case(coordinator(service), case_id)
    mine, seen = coordinator(service), frozenset({before.version})
    alone = said_about_consent("placement")
    by_guardian = {"by": "guardian", "child_view": "agrees"}
    refusals: list[tuple[type[DomainError], RecordConsent]] = [
        (ConsentNotUnderstood, alone),
        (ConsentNotUnderstood, said_about_consent("placement", by="parent", child_view="agrees")),
        (ConsentNotUnderstood, said_about_consent("placement", **by_guardian, said_on="2026-11-24")),
        (ConsentNotUnderstood, said_about_consent("placement", **by_guardian, informed=[])),
        (RightsNotTold, said_about_consent("placement", **by_guardian)),
        (IllegalTransition, said_about_consent("placement", "withdrawn")),
        (IllegalTransition, said_about_consent("registration", "refused")),
    ]
    for refusal, command in refusals:
        with pytest.raises(refusal):
            record_consent(mine, case_id, seen, command)
    for unseen, error in ((None, Unseen), (frozenset({before.version + 1}), Stale)):
        with pytest.raises(error):
            record_consent(mine, case_id, unseen, said_about_consent("placement", "refused"))
    with pytest.raises(CaseNotFound):
        record_consent(coordinator(service, OTHER_OFFICE), case_id, seen, alone)
    with pytest.raises(ScopeMissing):
        record_consent(auditor(service), case_id, seen, alone)

    after = read_case(coordinator(service), case_id)
    assert (after.version, after.facts, len(after.decisions)) == (before.version, before.facts, 1)
    entries = read_trail(auditor(service), case_id).entries
    refused = [one for one in entries if one.event == Event.CONSENT_REFUSED and one.outcome == Outcome.REFUSED]
    assert len(refused) == len(refusals) + 2

    record_rights(mine, case_id, told_about_rights())
    records(service, case_id, said_about_consent("placement", **by_guardian))
    assert read_consents(mine, case_id).now["placement"] is Consent.GIVEN


@pytest.mark.only_on("sqlite")
def test_for_a_child_without_a_guardian_nobody_agrees_until_one_is_appointed(
    service: Service, clock: FixedClock
) -> None:
    alone = {"citizenship": "third_country", "household": "unaccompanied", "residence": "none"}
    case_id = opened_case(service, age=12, reporter="ngo", consent=TOLD, **alone).case_id
    mine, agrees = coordinator(service), {"child_view": "agrees", "said_on": "2026-11-24"}
    record_rights(mine, case_id, told_about_rights())
    clock.move(timedelta(days=5))
    before = read_case(mine, case_id)

    def says_yes(by: str) -> None:
        records(service, case_id, said_about_consent("placement", by=by, **agrees))

    for by in ("person", "parent", "guardian"):
        with pytest.raises(ConsentNotUnderstood, match="cannot count") as refused:
            says_yes(by)
        assert [one.code for one in refused.value.problems] == ["not-theirs-to-say"]
        assert audit_bodies(service, case_id)[-1]["event"] == Event.CONSENT_REFUSED
    assert read_case(mine, case_id) == before
    records(service, case_id, said_about_consent("registration", "withdrawn", said_on="2026-11-24"))

    appointed = {"kind": "guardian_appointed", "organisation": "nidos", "mandate": "guardian"}
    for on in ("2026-11-25", "2026-11-24"):
        milestone = RecordMilestone.model_validate({"on": on, "what": appointed})
        entry = record_milestone(mine, case_id, frozenset({read_case(mine, case_id).version}), milestone).steps[-1]
        if on > "2026-11-24":
            # What somebody said before the appointment was said by nobody's guardian.
            with pytest.raises(ConsentNotUnderstood):
                says_yes("guardian")
            ended = RecordMilestone.model_validate(
                {"on": on, "what": {"kind": "guardian_ended", "guardian": str(entry.id)}}
            )
            record_milestone(mine, case_id, frozenset({read_case(mine, case_id).version}), ended)
    says_yes("guardian")
    assert read_consents(mine, case_id).now["placement"] is Consent.GIVEN


@pytest.mark.only_on("sqlite")
def test_who_says_to_be_a_foreign_child_s_parent_is_not_believed_before_it_is_known_with_whom_it_stays(
    service: Service,
) -> None:
    abroad, here = (
        opened_case(service, age=12, reporter="ngo", consent={}, citizenship=citizenship).case_id
        for citizenship in ("third_country", "eu")
    )
    by_parent = said_about_consent("placement", by="parent", child_view="agrees")
    for case_id in (abroad, here):
        record_rights(coordinator(service), case_id, told_about_rights())
    records(service, here, by_parent)
    with pytest.raises(ConsentNotUnderstood):
        records(service, abroad, by_parent)

    seen = frozenset({read_case(coordinator(service), abroad).version})
    change_facts(coordinator(service), abroad, seen, ChangeFacts(facts={"household": "with_parents"}))
    records(service, abroad, by_parent)
    assert read_consents(coordinator(service), abroad).now["placement"] is Consent.GIVEN


@pytest.mark.only_on("sqlite")
def test_an_older_yes_does_not_overrule_a_newer_no(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service, reporter="ngo", consent={}).case_id
    record_rights(coordinator(service), case_id, told_about_rights())
    clock.move(timedelta(days=5))
    records(service, case_id, said_about_consent("registration", "refused", said_on="2026-11-28"))
    before = read_case(coordinator(service), case_id)

    with pytest.raises(SpokenSince):
        records(service, case_id, said_about_consent("registration", said_on="2026-11-24"))

    assert audit_bodies(service, case_id)[-1]["event"] == Event.CONSENT_REFUSED
    after = read_case(coordinator(service), case_id)
    assert (after.version, after.facts, after.referrals) == (before.version, before.facts, before.referrals)
    records(service, case_id, said_about_consent("placement", said_on="2026-11-24"))
    records(service, case_id, said_about_consent("registration", said_on="2026-11-28"))
    assert read_consents(coordinator(service), case_id).now["registration"] is Consent.GIVEN


@pytest.mark.only_on("sqlite")
@pytest.mark.only_on("sqlite")
def test_help_is_offered_once_more_after_every_new_no(service: Service) -> None:
    case_id = opened_case(service, reporter="ngo", consent={"registration": "refused"}).case_id
    offers = [one for one in read_case(coordinator(service), case_id).tasks if one.kind == OFFER_AGAIN]
    (first,) = offers
    finish_task(coordinator(service), first.id, frozenset({1}), FinishTask(outcome=TaskOutcome.ACHIEVED))

    says(service, case_id, police_contact="refused")
    elsewhere = read_case(coordinator(service), case_id).tasks
    says(service, case_id, registration="refused")

    assert [one.state for one in elsewhere if one.kind == OFFER_AGAIN] == [TaskState.DONE]
    after = [one.state for one in read_case(coordinator(service), case_id).tasks if one.kind == OFFER_AGAIN]
    assert after == [TaskState.DONE, TaskState.OPEN]


def test_no_other_door_changes_consent_and_it_says_where_the_door_is(service: Service) -> None:
    case_id = opened_case(service).case_id
    before = read_case(coordinator(service), case_id)

    with pytest.raises(ConsentElsewhere) as refused:
        change_facts(
            coordinator(service),
            case_id,
            frozenset({before.version}),
            ChangeFacts(facts={"consent": {"registration": "withdrawn"}, "age": 31}),
        )

    assert "/consents" in refused.value.problems[0].detail
    assert audit_bodies(service, case_id)[-1]["event"] == Event.FACTS_REFUSED
    assert read_case(coordinator(service), case_id).facts == before.facts
