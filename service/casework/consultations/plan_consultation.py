"""People of several organisations will talk about a case: who, when, why, and what each of them may see of it."""

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.consultations import PlanConsultation
from service.casework.consultations.show_consultation import consultation_view
from service.casework.consultations.what_is_shared import may_be_seen
from service.casework.context import Context
from service.casework.tasks.kinds import HOLD_CONSULTATION
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.casework.views.consultations import ConsultationView
from service.consultations import store as consultations
from service.consultations.lifecycle import ConsultationState
from service.consultations.tables import Consultation, Participant
from service.database.unit_of_work import UnitOfWork
from service.kernel.clock import local_day
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id


class PlanNotUnderstood(DomainError):
    """A consultation cannot be planned like this."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "consultation-not-understood"
    title: ClassVar[str] = "The consultation cannot be planned as it was told"


def plan_consultation(context: Context, case_id: UUID, command: PlanConsultation) -> ConsultationView:
    """Plan a consultation about a case; whoever is invited reads, with own access, what is shared and nothing more.

    Args:
        context: who plans it.
        case_id: the case, which the caller's organisation must have opened.
        command: when, why and with whom, and the facts that each organisation needs.

    Raises:
        ScopeMissing: the caller may not plan consultations.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        PlanNotUnderstood: the time is over, somebody is no organisation of the directory or is invited twice, or a fact
            may not leave to an organisation; nothing is kept.
    """
    context.require(Scope.CONSULTATIONS_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.CONSULTATION_REFUSED, Action.CREATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        problems = tuple(_problems(context, work, case, command))
        if problems:
            raise PlanNotUnderstood(problems=problems)
        planned = _keep(context, work, case, command)
        day = local_day(planned.planned_for)
        task = new_task(context, case, (HOLD_CONSULTATION, asked_by(planned)), (case.org, day))
        put_on_desk(context, work, [task])
        return consultation_view(work, planned)


def asked_by(consultation: Consultation) -> str:
    """Give the name under which tasks say that they come from a consultation."""
    return f"consultation/{consultation.id}"


def _problems(context: Context, work: UnitOfWork, case: Case, command: PlanConsultation) -> Iterator[Problem]:
    if command.planned_for <= context.clock.now():
        yield Problem("/planned_for", "over", "This time is over.")
    known, listed = (
        cases.known(work.session, work.vault, case),
        {one.id: one for one in context.directory(work.session)},
    )
    invited: set[tuple[str, str]] = set()
    for place, one in enumerate(command.participants):
        at = f"/participants/{place}"
        if (one.partner_id, one.participant) in invited:
            yield Problem(at, "repeated", "This participant is invited twice.")
        invited.add((one.partner_id, one.participant))
        listing = listed.get(one.partner_id)
        if listing is None or not listing.is_asked(context.today()):
            yield Problem(f"{at}/partner_id", "unknown-partner", "The directory has no such organisation to be asked.")
            continue
        allowed = may_be_seen(context, known, listing) if one.facts else {}
        for number, name in enumerate(one.facts):
            if name not in allowed:
                detail = "No line of the rules lets this organisation see this fact of this person now."
                yield Problem(f"{at}/facts/{number}", "may-not-leave", detail)


def _keep(context: Context, work: UnitOfWork, case: Case, command: PlanConsultation) -> Consultation:
    planned = Consultation(
        id=new_id(),
        case_id=case.id,
        org=case.org,
        agenda=command.agenda,
        planned_for=command.planned_for,
        planned_by=context.caller.subject,
        planned_at=context.clock.now(),
        state=ConsultationState.PLANNED,
    )
    ids = [new_id() for _ in command.participants]
    invited = [
        Participant(
            id=row_id,
            consultation_id=planned.id,
            org=one.partner_id,
            participant=one.participant,
            shared=consultations.sealed_names(work.vault, case.id, row_id, one.facts),
        )
        for row_id, one in zip(ids, command.participants, strict=True)
    ]
    consultations.add(work.session, planned, invited)
    # Whoever could put another organisation in a participant's place would let it see what was shared.
    shared = {
        str(row_id): {"org": one.partner_id, "participant": one.participant, "facts": sorted(one.facts)}
        for row_id, one in zip(ids, command.participants, strict=True)
    }
    touched = (
        Touched("consultation", str(planned.id), None, planned.version),
        *(Touched("participant", str(row_id)) for row_id in ids),
        *(Touched("partner", one) for one in sorted({one.partner_id for one in command.participants})),
    )
    commitment = work.vault.commitment(case.id, shared)
    act = Act(Event.CONSULTATION_PLANNED, Action.CREATE, str(case.id), touched, commitment=commitment)
    context.record(work, act)
    return planned
