"""The keys that wrap the keys of cases: made, looked at, replaced by newer ones, and destroyed when nothing needs them.

What is destroyed here takes with it everything that only an old backup still holds under it. So an erased case is
gone from the backups as soon as the wrapping key of its time is retired and the backups of the key file have ended.
"""

from datetime import timedelta
from typing import Final

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.views.keys import EpochView, KeysView, RetirementView, RotationView
from service.database.sealing.keyring import Keyring, KeysUnavailable, new_epoch
from service.database.sealing.rewrapping import kept_by_epoch, rewrap_some
from service.database.sealing.sources import KeyFile
from service.kernel.errors import DomainError, Kind

FRESH: Final = timedelta(minutes=10)
"""How long after its replacement a key may still be in use: a process holds keys for a minute, an act for seconds."""


class KeysExist(DomainError):
    """There are keys already; making others would leave what they sealed unreadable."""

    kind = Kind.CONFLICT
    code = "keys-exist"
    title = "There are wrapping keys already; `nrm keys rotate` puts a newer one in their place"


class KeysKeptElsewhere(DomainError):
    """The keys come from outside, so they are changed there."""

    kind = Kind.CONFLICT
    code = "keys-kept-elsewhere"
    title = "The wrapping keys are kept outside this service; change them there"


def create_key(context: Context) -> str | None:
    """Make a wrapping key: the first one of a key file, or a line for whoever keeps the keys elsewhere.

    Args:
        context: who makes it.

    Returns:
        The line to add to the keys that are kept elsewhere; nothing when it went into the key file.

    Raises:
        ScopeMissing: the caller may not manage keys.
        KeysExist: the key file has keys.
    """
    context.require(Scope.KEYS_MANAGE)
    source = context.keys.source
    if isinstance(source, KeyFile):
        if not source.make():
            raise KeysExist
        context.keys.forget()
        _record(context, Event.KEYS_CREATED, Action.CREATE, context.keys.ring().newest.id)
        return None
    made = new_epoch()
    _record(context, Event.KEYS_CREATED, Action.CREATE, made.id)
    return made.as_line()


def keys_status(context: Context) -> KeysView:
    """Tell which wrapping keys there are and what they wrap.

    Args:
        context: who asks.

    Raises:
        ScopeMissing: the caller may not manage keys.
    """
    context.require(Scope.KEYS_MANAGE)
    with context.look() as session:
        wraps = kept_by_epoch(session)
    ring = _ring(context)
    epochs = () if ring is None else ring.epochs
    here = [
        EpochView(id=one.id, made_at=one.made_at, newest=one is epochs[-1], present=True, wraps=wraps.pop(one.id, 0))
        for one in epochs
    ]
    away = [
        EpochView(id=epoch, made_at=None, newest=False, present=False, wraps=count)
        for epoch, count in sorted(wraps.items())
    ]
    return KeysView(available=ring is not None, epochs=(*away, *here), lookup=_lookup(context))


def rotate_keys(context: Context) -> RotationView:
    """Put a newer wrapping key in the place of the one in use, and every key of a case under it.

    A key file gets a new key first; keys that are kept elsewhere got theirs there. What is sealed is not touched.
    A rotation that was cut short is finished by the next one.

    Args:
        context: who rotates.

    Raises:
        ScopeMissing: the caller may not manage keys.
        KeysUnavailable: a key that is needed is away.
    """
    context.require(Scope.KEYS_MANAGE)
    source = context.keys.source
    context.keys.forget()
    ring = context.keys.ring()
    if isinstance(source, KeyFile):
        source.write(Keyring((*ring.epochs, new_epoch())))
        context.keys.forget()
        ring = context.keys.ring()
    rewrapped = 0
    while count := _rewrap(context, ring):
        rewrapped += count
    return RotationView(epoch=ring.newest.id, rewrapped=rewrapped)


def retire_keys(context: Context) -> RetirementView:
    """Destroy the wrapping keys of the key file that wrap nothing and cannot be in use any more.

    Args:
        context: who retires them.

    Raises:
        ScopeMissing: the caller may not manage keys.
        KeysKeptElsewhere: there is no key file; `keys_status` says which keys wrap nothing.
        KeysUnavailable: the key file cannot be read.
    """
    context.require(Scope.KEYS_MANAGE)
    source = context.keys.source
    if not isinstance(source, KeyFile):
        raise KeysKeptElsewhere
    context.keys.forget()
    ring = context.keys.ring()
    if context.clock.wall() - ring.newest.made_at < FRESH:
        return RetirementView(retired=(), kept=tuple(one.id for one in ring.epochs))
    with context.look() as session:
        wraps = kept_by_epoch(session)
    needed = tuple(one for one in ring.epochs if one is ring.newest or one.id in wraps)
    retired = tuple(one.id for one in ring.epochs if one not in needed)
    if retired:
        # Said before it is done: a key that is gone without a word cannot be explained afterwards.
        _record(context, Event.KEYS_RETIRED, Action.DELETE, *retired)
        source.write(Keyring(needed))
        context.keys.forget()
    return RetirementView(retired=retired, kept=tuple(one.id for one in needed))


def _rewrap(context: Context, ring: Keyring) -> int:
    with context.work() as work:
        count = rewrap_some(work.session, ring)
        if count:
            touched = (Touched("wrapping_key", ring.newest.id),)
            context.record(work, Act(Event.KEYS_ROTATED, Action.UPDATE, SYSTEM_STREAM, touched))
    return count


def _record(context: Context, event: Event, action: Action, *epochs: str) -> None:
    touched = tuple(Touched("wrapping_key", epoch) for epoch in epochs)
    with context.work() as work:
        context.record(work, Act(event, action, SYSTEM_STREAM, touched))


def _ring(context: Context) -> Keyring | None:
    try:
        return context.keys.ring()
    except KeysUnavailable:
        return None


def _lookup(context: Context) -> str | None:
    try:
        return context.keys.lookup.id
    except KeysUnavailable:
        return None
