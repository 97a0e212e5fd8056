"""A consultation is shown to the desk of its case whole, and to who is invited only as far as was shared."""

from uuid import UUID

from pydantic.alias_generators import to_camel

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.consultations.what_is_shared import may_be_seen
from service.casework.context import Context
from service.casework.views.consultations import (
    CaseConsultations,
    ConsultationView,
    InvitationLine,
    InvitationPage,
    InvitationView,
    ParticipantView,
)
from service.consultations import store as consultations
from service.consultations.tables import Consultation, Participant
from service.database.unit_of_work import UnitOfWork


def list_consultations(context: Context, case_id: UUID) -> CaseConsultations:
    """Give the consultations of a case with what was decided; that they were read is kept before they are given.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        found = consultations.consultations_of(work.session, case.id)
        shown = tuple(Touched("consultation", str(one.id), one.version, one.version) for one in found)
        context.record(work, Act(Event.CONSULTATION_READ, Action.READ, str(case.id), (asked, *shown)))
        return CaseConsultations(items=tuple(consultation_view(work, one) for one in found))


def list_invitations(context: Context) -> InvitationPage:
    """Give the consultations to which the caller's organisation is invited and that are not over.

    Args:
        context: the partner, whose organisation is its id in the directory.

    Raises:
        ScopeMissing: the caller may not read consultations.
    """
    context.require(Scope.CONSULTATIONS_READ)
    with context.work() as work:
        found = consultations.invited_to(work.session, context.caller.org)
        count = (Touched("count", str(len(found))),)
        context.record(work, Act(Event.CONSULTATION_LISTED, Action.EXECUTE, SYSTEM_STREAM, count))
        for one in sorted(found, key=lambda one: str(one.case_id)):
            touched = (Touched("consultation", str(one.id)),)
            context.record(work, Act(Event.CONSULTATION_LISTED, Action.READ, str(one.case_id), touched))
        return InvitationPage(items=tuple(_line(work, one) for one in found))


def read_invitation(context: Context, consultation_id: UUID) -> InvitationView:
    """Give a consultation to an organisation that is invited, with the facts shared with it that may leave now.

    Args:
        context: the partner, whose organisation is its id in the directory.
        consultation_id: which consultation.

    Raises:
        ScopeMissing: the caller may not read consultations.
        ConsultationNotFound: there is none, it is over, or others are invited.
    """
    context.require(Scope.CONSULTATIONS_READ)
    asked = Touched("consultation", str(consultation_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        org = context.caller.org
        # Held: whoever takes a ground away sees who has read on it.
        case = cases.hold(work.session, consultations.invitation(work.session, consultation_id, org).case_id)
        found = consultations.invitation(work.session, consultation_id, org)
        known = cases.known(work.session, work.vault, case)
        invited = [one for one in consultations.participants_of(work.session, found.id) if one.org == org]
        shared = {name for one in invited for name in consultations.names(work.vault, case.id, one)}
        listing = next((one for one in context.directory(work.session) if one.id == org), None)
        allowed = may_be_seen(context, known, listing) if listing is not None and shared else {}
        facts = {name: said for name, said in known.items() if name in shared & allowed.keys()}
        shown = Touched("consultation", str(found.id), found.version, found.version, tuple(sorted(facts)))
        context.record(work, Act(Event.CONSULTATION_READ, Action.READ, str(case.id), (shown,)))
        line = _line(work, found)
        return InvitationView(**dict(line), facts=facts)


def consultation_view(work: UnitOfWork, found: Consultation) -> ConsultationView:
    """Show a consultation to the desk of its case.

    Args:
        work: the unit of work in which that stands in the trail.
        found: which one.
    """
    said = consultations.outcome(work.vault, found)
    invited = consultations.participants_of(work.session, found.id)
    return ConsultationView(
        id=found.id,
        case_id=found.case_id,
        agenda=found.agenda,
        planned_for=found.planned_for,
        planned_by=found.planned_by,
        state=found.state,
        version=found.version,
        participants=tuple(_participant(work, found.case_id, one) for one in invited),
        decisions=said.get("decisions"),
        follow_ups=tuple(said.get("follow_ups", ())),
        reason=said.get("reason"),
    )


def _participant(work: UnitOfWork, case_id: UUID, one: Participant) -> ParticipantView:
    return ParticipantView(
        partner_id=one.org,
        participant=one.participant,
        facts=tuple(to_camel(name) for name in consultations.names(work.vault, case_id, one)),
        present=one.present,
    )


def _line(work: UnitOfWork, found: Consultation) -> InvitationLine:
    invited = consultations.participants_of(work.session, found.id)
    return InvitationLine(
        id=found.id,
        agenda=found.agenda,
        planned_for=found.planned_for,
        state=found.state,
        participants=tuple(dict.fromkeys(one.org for one in invited)),
    )
