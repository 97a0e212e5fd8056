"""Keeps where partners' systems listen, and with which secrets what they get is signed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.database.lease_clock import database_time
from service.database.one_at_a_time import one_at_a_time
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.partners.lifecycle import LIFECYCLE, LISTENING, EndpointEvent, EndpointState
from service.partners.tables import Endpoint

_SECRET: Final = SealedColumn[str](Endpoint, "secret")
_OLDER: Final = SealedColumn[list[dict[str, str]]](Endpoint, "older_secrets")

MOST_OLDER_SECRETS: Final = 10
"""Older secrets that may sign beside the newest one."""

SHORTEST_BETWEEN: Final = timedelta(seconds=10)
"""How long a partner's systems are left alone between two questions of one kind."""


class Asked(Enum):
    """What a partner's system can be asked about the wire."""

    TO_PROVE_ITSELF = auto()
    TO_TAKE_A_TEST = auto()


_ASKED: Final = {Asked.TO_PROVE_ITSELF: "challenged_at", Asked.TO_TAKE_A_TEST: "tried_at"}


@dataclass(frozen=True)
class FreshSecret:
    """What shall sign messages to an endpoint.

    Attributes:
        secret: kept sealed.
        public_key: its public half, when it has one.
    """

    secret: str = field(repr=False)
    public_key: str | None


class EndpointNotFound(DomainError):
    """There is no such endpoint, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "endpoint-not-found"
    title = "There is no such endpoint"


class EndpointReplaced(DomainError):
    """A newer endpoint has taken its place."""

    kind = Kind.CONFLICT
    code = "endpoint-replaced"
    title = "A newer endpoint has taken the place of this one"


class EndpointNotVerified(DomainError):
    """Nothing is sent to an endpoint that has not proved whose it is, or is not in use any more."""

    kind = Kind.CONFLICT
    code = "endpoint-not-verified"
    title = "This endpoint has not proved whose it is (POST …/verifications), or is not in use any more"


class TooManySecrets(DomainError):
    """So many secrets sign already that some would have to stop before their time."""

    kind = Kind.CONFLICT
    code = "too-many-secrets"
    title = "Ten older secrets sign already; wait for one to end, or take all away at once"


class AskedTooOften(DomainError):
    """The same was asked of this partner's systems a moment ago."""

    kind = Kind.TOO_OFTEN
    code = "asked-too-often"
    title = "This was asked a moment ago; a partner's system is left alone for ten seconds"
    retry_after = 10


def endpoint_states(session: Session) -> dict[str, EndpointState]:
    """Give where each partner's endpoint stands that counts; partners without one are left out."""
    question = select(Endpoint).where(col(Endpoint.state) != EndpointState.REPLACED)
    found = session.exec(question.order_by(col(Endpoint.registered_at), col(Endpoint.id))).all()
    # One that listens goes before a newer one that has not proved yet whose it is.
    return {one.partner_id: one.state for one in sorted(found, key=lambda one: one.state in LISTENING)}


def add_endpoint(session: Session, endpoint: Endpoint) -> Endpoint:
    """Keep a new endpoint."""
    session.add(endpoint)
    session.flush()
    return endpoint


def sealed_secret(vault: Vault, endpoint_id: UUID, secret: str) -> bytes:
    """Seal the secret of an endpoint, for the row that will hold it; an endpoint belongs to no case and owns itself."""
    return _SECRET.seal(vault, endpoint_id, (endpoint_id,), secret)


def secrets(vault: Vault, endpoint: Endpoint, at: datetime) -> list[str]:
    """Give every secret with which messages to an endpoint are signed, newest first.

    Args:
        vault: opens them.
        endpoint: whose they are.
        at: business time; an older secret signs until its end.

    Raises:
        KeysUnavailable: the keys are away.
    """
    newest = _SECRET.open(vault, endpoint.id, (endpoint.id,), endpoint.secret)
    return [newest, *(secret for secret, ends_at in _older(vault, endpoint) if at < ends_at)]


def rotate_secret(
    vault: Vault, endpoint: Endpoint, fresh: FreshSecret, at: datetime, grace: timedelta
) -> list[datetime]:
    """Let a new secret sign, and say until when those before it sign beside it.

    Args:
        vault: opens and seals them.
        endpoint: whose they are; this transaction holds its row.
        fresh: the new one, of the same kind as those before it.
        at: business time.
        grace: how long those before it sign at most; nothing takes them all away.

    Raises:
        TooManySecrets: so many sign already that some would have to stop before their time.
    """
    end = at + grace
    newest, *_ = secrets(vault, endpoint, at)
    kept = [(newest, end), *((older, min(ends_at, end)) for older, ends_at in _older(vault, endpoint) if at < ends_at)]
    if end <= at:
        kept = []
    if len(kept) > MOST_OLDER_SECRETS:
        raise TooManySecrets
    endpoint.secret = sealed_secret(vault, endpoint.id, fresh.secret)
    endpoint.public_key = fresh.public_key
    said = [{"secret": older, "ends_at": ends_at.isoformat()} for older, ends_at in kept]
    endpoint.older_secrets = _OLDER.seal(vault, endpoint.id, (endpoint.id,), said) if said else None
    endpoint.version += 1
    return [ends_at for _, ends_at in kept]


def endpoint_of(session: Session, endpoint_id: UUID, partner_id: str | None, *, lock: bool = False) -> Endpoint:
    """Give an endpoint to somebody who may see it.

    Args:
        session: where to look.
        endpoint_id: which one.
        partner_id: the partner whose it must be; None for those who see all.
        lock: whether nobody else may change it until this transaction ends.

    Raises:
        EndpointNotFound: there is none, or not for this partner.
    """
    question = select(Endpoint).where(col(Endpoint.id) == endpoint_id)
    if partner_id is not None:
        question = question.where(col(Endpoint.partner_id) == partner_id)
    found = session.exec(question.with_for_update() if lock else question).one_or_none()
    if found is None:
        raise EndpointNotFound
    return found


def note_asked(session: Session, endpoint: Endpoint, what: Asked) -> None:
    """Note that a partner's system is asked something about the wire; this transaction holds the endpoint's row.

    Args:
        session: the session of the act.
        endpoint: who is asked.
        what: what is asked.

    Raises:
        AskedTooOften: this partner's systems were asked the same a moment ago.
    """
    # Per partner, or a new endpoint each time would make the service knock as often as somebody likes.
    one_at_a_time(session, "asked", endpoint.partner_id)
    now, column = database_time(session), getattr(Endpoint, _ASKED[what])
    newest = session.exec(select(func.max(column)).where(col(Endpoint.partner_id) == endpoint.partner_id)).one()
    if newest is not None and now - newest < SHORTEST_BETWEEN:
        raise AskedTooOften
    setattr(endpoint, _ASKED[what], now)
    session.flush()


def active_endpoint(session: Session, partner_id: str, *, lock: bool = False) -> Endpoint | None:
    """Give the endpoint at which a partner's system listens now, if it does.

    Args:
        session: where to look.
        partner_id: which partner.
        lock: whether nobody else may replace or disable it until this transaction ends.
    """
    question = (
        select(Endpoint)
        .where(col(Endpoint.partner_id) == partner_id, col(Endpoint.state).in_(LISTENING))
        .order_by(col(Endpoint.registered_at).desc(), col(Endpoint.id).desc())
    )
    return session.exec(question.with_for_update() if lock else question).first()


def endpoints_in_use(session: Session, partner_id: str) -> list[Endpoint]:
    """Give a partner's endpoints that no newer one has replaced; until this act ends, nobody else can add one."""
    one_at_a_time(session, "endpoint", partner_id)
    question = select(Endpoint).where(
        col(Endpoint.partner_id) == partner_id, col(Endpoint.state) != EndpointState.REPLACED
    )
    return list(session.exec(question.with_for_update()))


def move_endpoint(session: Session, endpoint: Endpoint, event: EndpointEvent) -> None:
    """Move an endpoint through its life.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    session.refresh(endpoint, with_for_update=True)
    endpoint.state = next_state(LIFECYCLE, endpoint.state, event)
    endpoint.version += 1
    session.flush()


def note_health(session: Session, endpoint_id: UUID, *, works: bool, at: datetime) -> EndpointEvent | None:
    """Note that an endpoint took a message or failed to, and say what has happened to it by that, if anything has.

    Args:
        session: the session of the act that keeps what came of the attempt.
        endpoint_id: where the message went.
        works: whether it was taken.
        at: since when it fails, if it begins to now.
    """
    before, event = (
        (EndpointState.FAILING, EndpointEvent.RECOVER) if works else (EndpointState.ACTIVE, EndpointEvent.FAIL)
    )
    endpoint = session.get_one(Endpoint, endpoint_id)
    if endpoint.state is not before:
        return None
    session.refresh(endpoint, with_for_update=True)
    if endpoint.state is not before:
        # Another attempt has just said the same.
        return None
    move_endpoint(session, endpoint, event)
    endpoint.failing_since = None if works else at
    session.flush()
    return event


def _older(vault: Vault, endpoint: Endpoint) -> list[tuple[str, datetime]]:
    if endpoint.older_secrets is None:
        return []
    kept = _OLDER.open(vault, endpoint.id, (endpoint.id,), endpoint.older_secrets)
    return [(one["secret"], datetime.fromisoformat(one["ends_at"])) for one in kept]
