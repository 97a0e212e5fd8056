"""Somebody's tokens are good no longer, because one of them was lost or its holder is with us no more."""

from service.access import store as access
from service.access.roles import Scope
from service.access.tokens import Unauthenticated, require_pseudonyms
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context


def revoke_access(context: Context, org: str, subject: str) -> None:
    """Refuse every token that somebody was given until now; what is given half a minute later is good.

    Args:
        context: who takes it away.
        org: the holder's organisation; for a partner its id in the directory.
        subject: the holder's pseudonym.

    Raises:
        ScopeMissing: the caller may not give or take access.
        BadSubject: the subject or organisation is no pseudonym.
    """
    context.require(Scope.ACCESS_GRANT)
    require_pseudonyms(subject, org)
    touched = (Touched("account", subject), Touched("org", org))
    with context.work() as work:
        access.revoke(work.session, org, subject, context.clock.wall())
        context.record(work, Act(Event.ACCESS_REVOKED, Action.DELETE, SYSTEM_STREAM, touched))


def require_access(context: Context) -> None:
    """Stop a caller whose token was good once and is no longer.

    Args:
        context: the caller's.

    Raises:
        Unauthenticated: the caller's tokens were revoked after this one was given.
    """
    with context.look() as session:
        if access.is_revoked(session, context.caller):
            raise Unauthenticated
