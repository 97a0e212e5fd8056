"""Remembers whose tokens are good no longer, and until when they were given."""

from datetime import datetime

from sqlmodel import Session

from service.access.roles import Caller
from service.access.tables import Revocation


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
    """Tell whether a caller's token is good no longer; one given in the same second as the revocation is not, either.

    Args:
        session: where to look.
        who: the caller.
    """
    known = session.get(Revocation, (who.org, who.subject))
    return known is not None and who.given_at is not None and who.given_at <= known.revoked_at
