"""What was read at the table stands on a ground as well: it is listed, and whoever has read it hears when that ends."""

from uuid import UUID

import pytest

from service.casework.cases.close_case import CaseNotFinished, close_case
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import CloseCase
from service.casework.commands.tasks import FinishTask
from service.casework.consent.read_disclosures import read_disclosures
from service.casework.consent.record_consent import record_consent
from service.casework.consultations.plan_consultation import plan_consultation
from service.casework.consultations.show_consultation import list_consultations, read_invitation
from service.casework.desk.work_on_tasks import finish_task
from service.casework.referrals.read_referral import read_referral
from service.casework.trail.verify_log import verify_log
from service.casework.views.consent import InvitedHolderView
from service.casework.views.tasks import TaskView
from service.consultations.lifecycle import ConsultationEvent
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.closing import close, finish, seen
from tests.casework.consent.test_consent_ends import line_of, sent
from tests.casework.consultations.test_consultations import moved, plan
from tests.casework.sending import listening
from tests.factories import auditor, confirmed, coordinator, opened_case, partner, said_about_consent, says

READ = ["age", "foundIn"]


def invited(service: Service, case_id: UUID) -> InvitedHolderView:
    (found,) = read_disclosures(coordinator(service), case_id).invited
    return found


def to_tell(service: Service, case_id: UUID) -> list[TaskView]:
    found = read_case(coordinator(service), case_id).tasks
    return [one for one in found if one.kind == "recall_by_hand" and one.state is TaskState.OPEN]


def read_at_the_table(service: Service, **facts: object) -> tuple[UUID, UUID]:
    """Open a case in which CoMensha, by consent alone, has read what was shared for a consultation."""
    case_id = opened_case(service, reporter="ngo", consent={"registration": "given"}, **facts).case_id
    found = plan_consultation(coordinator(service), case_id, plan())
    list_consultations(coordinator(service), case_id)
    assert read_disclosures(coordinator(service), case_id).invited == ()
    assert read_invitation(partner(service, "comensha"), found.id).facts
    return case_id, found.id


def test_cn_04_who_read_at_the_table_only_is_told_by_a_person_once_for_each_time_that_consent_ends(
    service: Service,
) -> None:
    case_id, consultation_id = read_at_the_table(service)
    before = invited(service, case_id)
    assert (before.consultation_id, before.partner_id, before.recalled) == (consultation_id, "comensha", ())
    assert [one.fact for one in before.fields] == READ
    assert all(one.stands_on for one in before.fields)

    says(service, case_id, registration="withdrawn")

    assert read_invitation(partner(service, "comensha"), consultation_id).facts == {}
    after = invited(service, case_id)
    assert [(one.fact, one.stands_on) for one in after.fields] == [(name, ()) for name in READ]
    assert list(after.recalled) == READ
    (task,) = to_tell(service, case_id)
    assert task.rule == after.rule
    shown = frozenset({read_case(coordinator(service), case_id).version})
    moved_on = CloseCase.model_validate({"reason": "moved_on", "explanation": "Invented."})
    with pytest.raises(CaseNotFinished) as hindered:
        close_case(coordinator(service), case_id, shown, moved_on)
    assert f"/tasks/{task.id}" in {one.pointer for one in hindered.value.problems}
    # Another decision on the same ground neither forgets it nor asks twice, before it is done or after.
    says(service, case_id, placement="refused")
    assert to_tell(service, case_id) == [task]
    finish_task(coordinator(service), task.id, frozenset({task.version}), FinishTask(outcome=TaskOutcome.ACHIEVED))
    says(service, case_id, police_contact="refused")
    assert to_tell(service, case_id) == []

    says(service, case_id, registration="given")
    assert invited(service, case_id).recalled == ()
    says(service, case_id, registration="withdrawn")
    assert len(to_tell(service, case_id)) == 1
    says(service, case_id, registration="given")
    assert to_tell(service, case_id) == []
    assert verify_log(auditor(service)).breaks == ()


@pytest.mark.only_on("sqlite")
def test_who_is_told_so_about_its_referral_is_not_told_again_about_the_table(service: Service) -> None:
    listening(service)
    case_id, _ = read_at_the_table(service)
    confirmed(service, case_id)
    sent(service)
    line = line_of(service, case_id, "comensha")
    assert read_referral(partner(service, "comensha"), line.id).facts

    says(service, case_id, registration="withdrawn")

    (recipient,) = [one for one in read_disclosures(coordinator(service), case_id).recipients if one.recalls]
    assert (recipient.partner_id, recipient.recalls[0].whole) == ("comensha", True)
    assert to_tell(service, case_id) == []


@pytest.mark.only_on("sqlite")
def test_who_read_at_a_table_that_is_long_over_is_told_even_in_a_closed_case(service: Service) -> None:
    case_id, _ = read_at_the_table(service, reflection_choice=None, accepted_on=None)
    (meeting,) = list_consultations(coordinator(service), case_id).items
    moved(service, meeting, ConsultationEvent.CANCEL, reason="Invented.")
    says(service, case_id)
    finish(service, case_id)
    close(service, case_id)
    assert all(one.stands_on for one in invited(service, case_id).fields)

    no = said_about_consent("registration", "withdrawn")
    record_consent(coordinator(service), case_id, frozenset({seen(service, case_id).version}), no)

    (task,) = to_tell(service, case_id)
    finish_task(coordinator(service), task.id, frozenset({task.version}), FinishTask(outcome=TaskOutcome.ACHIEVED))
    assert list(invited(service, case_id).recalled) == READ
