"""Somebody looks at who holds what of a case: read when, standing on what now, and told when that consent ended."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from pydantic.alias_generators import to_camel

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.consultations.recall_shared import task_rule
from service.casework.consultations.what_is_shared import may_be_seen
from service.casework.consultations.who_has_read import readings
from service.casework.context import Context
from service.casework.referrals.contents import ABOUT_A_PERSON
from service.casework.referrals.what_is_read import what_is_read
from service.casework.referrals.who_holds_what import Held, held
from service.casework.views.consent import DisclosuresView, HeldField, HolderView, InvitedHolderView, RecallView
from service.consent import store as consents
from service.consent.tables import Recall
from service.consultations import store as consultations
from service.database.unit_of_work import UnitOfWork
from service.partners import store as partners
from service.referrals import store as referrals
from service.referrals.tables import Referral


def read_disclosures(context: Context, case_id: UUID) -> DisclosuresView:
    """Give everybody told about a person with what each has read; that it was looked at is kept before it is given.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
        KeysUnavailable: the keys are away.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        read, names = held(work.session, case.id), partners.names(work.session)
        recalls = consents.recalls(work.session, case.id)
        released = [
            one
            for one in referrals.referrals_of(work.session, case.id)
            if one.queued_at is not None and one.content in ABOUT_A_PERSON
        ]
        context.record(work, Act(Event.DISCLOSURES_READ, Action.READ, str(case.id), (asked,)))
        return DisclosuresView(
            case_id=case.id,
            recipients=tuple(
                _holder(context, work, one, names[one.partner_id], read.get(one.id, Held()), recalls)
                for one in released
            ),
            invited=tuple(_invited(context, work, case, names)),
        )


def _invited(context: Context, work: UnitOfWork, case: Case, names: Mapping[str, str]) -> Iterator[InvitedHolderView]:
    meetings = {one.id: one for one in consultations.consultations_of(work.session, case.id)}
    found = readings(work.session, case.id).by if meetings else {}
    known = cases.known(work.session, work.vault, case) if found else {}
    for (meeting_id, org), held_here in sorted(found.items()):
        seen = may_be_seen(context, known, partners.listing(work.session, org))
        yield InvitedHolderView(
            consultation_id=meeting_id,
            partner_id=org,
            partner_name=names[org],
            state=meetings[meeting_id].state,
            rule=task_rule(work, meeting_id, org),
            first_read_at=held_here.first_read_at,
            last_read_at=held_here.last_read_at,
            fields=tuple(
                HeldField(fact=to_camel(fact), stands_on=seen.get(fact, ())) for fact in sorted(held_here.read)
            ),
            recalled=tuple(sorted(held_here.recalled)),
        )


def _holder(
    context: Context, work: UnitOfWork, referral: Referral, name: str, read: Held, recalls: list[Recall]
) -> HolderView:
    why = {one.fact: one for one in what_is_read(context, work, referral).fields()} if read.fields else {}
    return HolderView(
        referral_id=referral.id,
        partner_id=referral.partner_id,
        partner_name=name,
        asked_as=referral.asked_as,
        content=referral.content,
        rule=referral.rule,
        state=referral.state,
        may_read=referrals.may_be_read(referral),
        facts_version=referral.facts_version,
        told_at=read.told_at,
        first_read_at=read.first_read_at,
        last_read_at=read.last_read_at,
        content_hash=read.content,
        fields=tuple(
            HeldField(fact=fact, stands_on=tuple(one.name for one in why[fact].grounds) if fact in why else ())
            for fact in map(to_camel, sorted(read.fields))
        ),
        recalls=tuple(
            RecallView.model_validate(one, from_attributes=True) for one in recalls if one.referral_id == referral.id
        ),
    )
