"""Somebody is given a token; that it was given is kept before it is shown."""

from datetime import timedelta

from service.access.roles import Caller, Role, Scope
from service.access.tokens import Issuer
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.partners import store as partners


def grant_access(context: Context, issuer: Issuer, who: Caller, lifetime: timedelta) -> str:
    """Issue a token.

    Args:
        context: who gives it.
        issuer: signs it.
        who: whom it is for; the subject is a pseudonym.
        lifetime: how long it is good for.

    Raises:
        ScopeMissing: the caller may not give access.
        BadSubject: the subject or organisation is no pseudonym.
        PartnerNotFound: the token is for a partner that the directory does not have; it would read nothing, for ever.
    """
    context.require(Scope.ACCESS_GRANT)
    token = issuer.issue(who, context.clock.wall(), lifetime)
    touched = (Touched("account", who.subject), Touched("org", who.org), Touched("role", who.role.value))
    with context.work() as work:
        if who.role is Role.PARTNER:
            partners.known_partner(work.session, who.org)
        context.record(work, Act(Event.ACCESS_GRANTED, Action.CREATE, SYSTEM_STREAM, touched))
    return token
