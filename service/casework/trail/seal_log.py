"""Entries are given their places in the log and signed for, where that is not done in the commit that keeps them."""

from datetime import timedelta
from typing import Final

from service.access.roles import Scope
from service.audit.sealer import may_seal
from service.audit.store import any_waits
from service.casework.context import Context
from service.database.lease_clock import database_time

LEASE: Final = timedelta(seconds=30)
"""How long nobody else seals after the one who did; the signer's memory then stays with one machine while it lives."""


def seal_log(context: Context, holder: str, lease: timedelta = LEASE) -> bool:
    """Seal what waits, unless somebody else is doing so; tell whether anything was sealed.

    Args:
        context: the service's own.
        holder: name of this process, no other's.
        lease: how long nobody else may seal afterwards.

    Raises:
        ScopeMissing: the caller is not the service itself.
        LogRefused: the log does not continue what was signed before.
    """
    context.require(Scope.LOG_SEAL)
    return seal_what_waits(context, holder, lease)


def seal_what_waits(context: Context, holder: str, lease: timedelta) -> bool:
    """Seal as a part of another act, whose permission was checked.

    Args:
        context: who acts.
        holder: name of this process, no other's.
        lease: how long nobody else may seal afterwards.

    Raises:
        LogRefused: the log does not continue what was signed before.
    """
    if context.database.shared is not None:
        # On SQLite every commit has sealed itself.
        return False
    with context.look() as session:
        if not any_waits(session):
            return False
    with context.database.work() as work:
        connection = work.session.connection()
        if not may_seal(connection, holder, database_time(work.session), lease):
            return False
        remember = context.sealer(connection)
    remember()
    return True
