"""Remembers whose tokens are good no longer, and until when they were given."""

from datetime import datetime, timedelta

from sqlmodel import Session

from service.access.roles import Caller
from service.access.tables import Revocation
from service.access.tokens import LEEWAY


def revoke(session: Session, org: str, subject: str, at: datetime) -> None:
    """Let every token that somebody was given until now be good no longer.

    Args:
        session: the session of the act's unit of work.
        org: the holder's organisation.
        subject: the holder's pseudonym.
        at: real time, aware.
    """
    known = session.get(Revocation, (org, subject), with_for_update=True)
    if known is None:
        session.add(Revocation(org=org, subject=subject, revoked_at=at))
        return
    known.revoked_at = max(known.revoked_at, at)


def is_revoked(session: Session, who: Caller) -> bool:
    """Tell whether a caller's token is good no longer.

    An issuer's clock may be ahead of ours: what was given just before the revocation can say that it was given after
    it. So a new token is good from half a minute after the revocation on.

    Args:
        session: where to look.
        who: the caller.
    """
    known = session.get(Revocation, (who.org, who.subject))
    if known is None or who.given_at is None:
        return False
    return who.given_at <= known.revoked_at + timedelta(seconds=LEEWAY)
