"""A partner that works on a case hears by a message that the reflection period ends soon, if it may know of it at all.

The message says no more than that, and about which referral. Whoever has no system that listens, or reads nothing of
the period in its referral, is told by a person or not at all.
"""

from typing import Final

from service.audit.event import Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.referrals.ask_partner import tell
from service.casework.referrals.what_is_read import what_is_read
from service.database.unit_of_work import UnitOfWork
from service.dispatch.envelope import MessageKind
from service.partners import endpoints
from service.referrals import store as referrals
from service.referrals.tables import Referral

_OF_THE_PERIOD: Final = frozenset({"accepted_on"})
"""The fact that tells of a running period: whoever reads it may know when it ends."""


def warn_partner(context: Context, work: UnitOfWork, referral: Referral) -> bool:
    """Tell a partner that the period ends soon, and say whether a message can.

    Args:
        context: who noticed.
        work: the unit of work of the act; it holds the case's row.
        referral: by which it works on the case.

    Raises:
        KeysUnavailable: the keys are away.
    """
    if endpoints.active_endpoint(work.session, referral.partner_id) is None or not referrals.may_be_read(referral):
        return False
    if _OF_THE_PERIOD.isdisjoint(what_is_read(context, work, referral).names):
        return False
    message_id = tell(context, work, referral, MessageKind.PERIOD_ENDS_SOON)
    touched = (Touched("referral", str(referral.id)), Touched("delivery", message_id))
    context.record(work, Act(Event.PARTNER_WARNED, Action.CREATE, str(referral.case_id), touched))
    return True
