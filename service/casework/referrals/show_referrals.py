"""How the referrals of a case are shown to those who work on it or supervise it."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from service.casework.views.referrals import DeliveryView, GivenAnswer, ReferralLine
from service.dispatch.tables import Delivery
from service.partners import store as partners
from service.partners.directory import Listing
from service.referrals import store as referrals
from service.referrals.lifecycle import declined_by
from service.referrals.tables import Referral, ReferralAnswer


def referral_lines(session: Session, found: Sequence[Referral]) -> tuple[ReferralLine, ...]:
    """Show the referrals of a case, with what became of each.

    Args:
        session: where the rest is found.
        found: all referrals of one case.
    """
    known, ids = {one.id: one for one in partners.directory(session)}, [referral.id for referral in found]
    wanted = select(Delivery).where(col(Delivery.referral_id).in_(ids)).order_by(col(Delivery.seq))
    deliveries, answers = list(session.exec(wanted)), referrals.answers_to(session, ids)
    following = {one.instead_of: one.id for one in found}
    return tuple(
        _line(referral, known[referral.partner_id], deliveries, answers, following.get(referral.id))
        for referral in found
    )


def _line(
    referral: Referral,
    partner: Listing,
    deliveries: Sequence[Delivery],
    answers: Sequence[ReferralAnswer],
    asked_next: UUID | None,
) -> ReferralLine:
    return ReferralLine(
        id=referral.id,
        partner_id=referral.partner_id,
        partner_name=partner.name,
        partner_phone=partner.contact.phone,
        asked_as=referral.asked_as,
        content=referral.content,
        rule=referral.rule,
        due=referral.due,
        due_at=referral.due_at,
        state=referral.state,
        version=referral.version,
        dispatch=referral.dispatch,
        queued_at=referral.queued_at,
        answer_by=referral.answer_by,
        answers=tuple(
            GivenAnswer.model_validate(one, from_attributes=True) for one in answers if one.referral_id == referral.id
        ),
        decline_reason=referral.decline_reason,
        declined_by=None if referral.decline_reason is None else declined_by(referral.decline_reason),
        withdraw_reason=referral.withdraw_reason,
        consent_gone=referral.consent_gone,
        instead_of=referral.instead_of,
        asked_next=asked_next,
        deliveries=tuple(
            DeliveryView(id=delivery.id, kind=delivery.kind, state=delivery.state, attempts=delivery.attempts)
            for delivery in deliveries
            if delivery.referral_id == referral.id
        ),
    )
