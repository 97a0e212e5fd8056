"""A partner fetches what it was asked: only its own referrals, only the facts fixed for it, and never unseen."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.views.referrals import ReferralView
from service.referrals import store as referrals
from service.referrals.tables import Referral

_ABOUT_A_PERSON: Final = frozenset({"full", "needed_facts"})
"""The kinds of content by which a partner knows whom it is about; any other tells not even why it was sent."""


def read_referral(context: Context, referral_id: UUID) -> ReferralView:
    """Give a partner the content of a referral; that it was read is kept before it is given.

    Args:
        context: the partner, whose organisation is its id in the directory.
        referral_id: which referral.

    Raises:
        ScopeMissing: the caller may not read referrals.
        ReferralNotFound: there is none that this partner may read.
    """
    context.require(Scope.REFERRALS_READ)
    asked = Touched("referral", str(referral_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        referral = referrals.referral_sent_to(work.session, referral_id, context.caller.org)
        facts = cases.facts(work.session, referral.case_id, referral.facts_version)
        told = disclosed_facts(referrals.disclosed(work.vault, referral), cases.told(work.vault, facts))
        shown = Touched("referral", str(referral.id), referral.version, referral.version, tuple(sorted(told)))
        context.record(work, Act(Event.REFERRAL_FETCHED, Action.READ, str(referral.case_id), (shown,)))
        return _view(referral, told)


def disclosed_facts(names: Iterable[str], told: Mapping[str, Any]) -> dict[str, Any]:
    """Give the facts that were told and that a referral discloses.

    Args:
        names: the facts that may be shown, as the referral names them.
        told: the version of the facts that the referral was made on.
    """
    return {name: told[name] for name in names if name in told}


def _view(referral: Referral, told: dict[str, Any]) -> ReferralView:
    reasoned = referral.content in _ABOUT_A_PERSON
    return ReferralView(
        id=referral.id,
        asked_as=referral.asked_as,
        content=referral.content,
        state=referral.state,
        due=referral.due,
        due_at=referral.due_at,
        rule=referral.rule if reasoned else None,
        sources=tuple(referral.sources) if reasoned else (),
        facts=told,
    )
