"""Keeps the directory and the endpoints."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.database.lease_clock import database_time
from service.database.one_at_a_time import one_at_a_time
from service.database.rows import reading_only
from service.database.sealing.data_key import Place
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.partners.directory import Contact, Listing, PartnerStatus
from service.partners.lifecycle import LIFECYCLE, LISTENING, EndpointEvent, EndpointState
from service.partners.tables import Endpoint, Partner
from service.routing.facts.features import codes, features, written_codes, written_features

_VERSION: Final = reading_only(select(func.count(), func.sum(Partner.version)).select_from(Partner), Partner)
"""Tells two states of the directory apart: no row is ever removed, and every change counts up the row's version."""

MOST_OLDER_SECRETS: Final = 10
"""Older secrets that may sign beside the newest one."""

SHORTEST_BETWEEN: Final = timedelta(seconds=10)
"""How long a partner's systems are left alone between two questions of one kind."""


class Asked(Enum):
    """What a partner's system can be asked about the wire."""

    TO_PROVE_ITSELF = auto()
    TO_TAKE_A_TEST = auto()


_ASKED: Final = {Asked.TO_PROVE_ITSELF: "challenged_at", Asked.TO_TAKE_A_TEST: "tried_at"}


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
    title = "This endpoint has not proved whose it is, or is not in use any more"


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


class PartnerNotFound(DomainError):
    """The directory has no such partner."""

    kind = Kind.NOT_FOUND
    code = "partner-not-found"
    title = "The directory has no such partner"


def known_partners(session: Session) -> list[Partner]:
    """Give every organisation of the directory, by id."""
    return list(session.exec(select(Partner).order_by(col(Partner.id))))


def known_partner(session: Session, partner_id: str, *, lock: bool = False) -> Partner:
    """Give one organisation of the directory.

    Args:
        session: where to look.
        partner_id: which one.
        lock: whether nobody else may change it until this transaction ends.

    Raises:
        PartnerNotFound: the directory does not have it.
    """
    found = session.get(Partner, partner_id, with_for_update=lock or None)
    if found is None:
        raise PartnerNotFound
    return found


def directory(session: Session) -> list[Listing]:
    """Give what the directory says of every organisation, by id."""
    return [listing_of(partner) for partner in known_partners(session)]


class KnownDirectory:
    """The directory as one process remembers it, for as long as nobody changes anything in it."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: tuple[object, Sequence[Listing]] = (None, ())

    def __call__(self, session: Session) -> Sequence[Listing]:
        """Give what the directory says of every organisation, by id.

        Args:
            session: where it is looked up whether anything has changed.
        """
        version, listings = self._known
        now = tuple(session.connection().execute(_VERSION).one())
        if now != version:
            # Read after its version: a change in between is found by whoever asks next.
            listings = directory(session)
            self._known = (now, listings)
        return listings


def listing(session: Session, partner_id: str) -> Listing:
    """Give what the directory says of one organisation.

    Raises:
        PartnerNotFound: the directory does not have it.
    """
    return listing_of(known_partner(session, partner_id))


def set_status(session: Session, partner: Partner, status: PartnerStatus) -> None:
    """Say whether a partner, whose row this transaction holds locked, is asked."""
    partner.status = status
    partner.version += 1
    session.flush()


def endpoint_states(session: Session) -> dict[str, EndpointState]:
    """Give where each partner's endpoint stands that counts; partners without one are left out."""
    question = select(Endpoint).where(col(Endpoint.state) != EndpointState.REPLACED)
    found = session.exec(question.order_by(col(Endpoint.registered_at), col(Endpoint.id))).all()
    # One that listens goes before a newer one that has not proved yet whose it is.
    return {one.partner_id: one.state for one in sorted(found, key=lambda one: one.state in LISTENING)}


def names(session: Session) -> dict[str, str]:
    """Give the name of every organisation by its id."""
    return {one.id: one.name for one in directory(session)}


def write_listing(session: Session, wanted: Listing) -> bool | None:
    """Make the directory say what a listing says; whom an administrator has paused or ended stays so.

    Returns:
        True when the organisation is new, False when it was changed, None when it said so already.
    """
    known = session.get(Partner, wanted.id, with_for_update=True)
    if known is None:
        session.add(Partner(**_as_kept(wanted)))
        session.flush()
        return True
    if wanted.status is PartnerStatus.ACTIVE:
        wanted = replace(wanted, status=known.status)
    if listing_of(known) == wanted:
        return None
    known.sqlmodel_update(_as_kept(wanted))
    known.version += 1
    session.flush()
    return False


def add_endpoint(session: Session, endpoint: Endpoint) -> Endpoint:
    """Keep a new endpoint."""
    session.add(endpoint)
    session.flush()
    return endpoint


def sealed_secret(vault: Vault, endpoint_id: UUID, secret: str) -> bytes:
    """Seal the secret of an endpoint, for the row that will hold it; an endpoint belongs to no case and owns itself."""
    return vault.seal(endpoint_id, _secret_place(endpoint_id), secret)


def secrets(vault: Vault, endpoint: Endpoint, at: datetime) -> list[str]:
    """Give every secret with which messages to an endpoint are signed, newest first.

    Args:
        vault: opens them.
        endpoint: whose they are.
        at: business time; an older secret signs until its end.

    Raises:
        KeysUnavailable: the keys are away.
    """
    newest = str(vault.open(endpoint.id, _secret_place(endpoint.id), endpoint.secret))
    return [newest, *(secret for secret, ends_at in _older(vault, endpoint) if at < ends_at)]


def rotate_secret(vault: Vault, endpoint: Endpoint, secret: str, at: datetime, grace: timedelta) -> list[datetime]:
    """Let a new secret sign, and say until when those before it sign beside it.

    Args:
        vault: opens and seals them.
        endpoint: whose they are; this transaction holds its row.
        secret: the new one.
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
    endpoint.secret = sealed_secret(vault, endpoint.id, secret)
    said = [{"secret": older, "ends_at": ends_at.isoformat()} for older, ends_at in kept]
    endpoint.older_secrets = vault.seal(endpoint.id, _older_place(endpoint.id), said) if said else None
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


def listing_of(partner: Partner) -> Listing:
    """Give what the directory says of an organisation."""
    return Listing(
        id=partner.id,
        name=partner.name,
        kind=partner.kind,
        source=partner.source,
        note=partner.note,
        services=codes(partner.services),
        areas=features(partner.areas),
        target_groups=features(partner.target_groups),
        contact=Contact(partner.email, partner.phone),
        status=partner.status,
        valid_from=partner.valid_from,
        valid_to=partner.valid_to,
        as_of=partner.as_of,
    )


def _older(vault: Vault, endpoint: Endpoint) -> list[tuple[str, datetime]]:
    if endpoint.older_secrets is None:
        return []
    kept = vault.open(endpoint.id, _older_place(endpoint.id), endpoint.older_secrets)
    return [(one["secret"], datetime.fromisoformat(one["ends_at"])) for one in kept]


def _as_kept(listing: Listing) -> dict[str, Any]:
    said = {name: value for name, value in vars(listing).items() if name != "contact"}
    return said | {
        **vars(listing.contact),
        "services": written_codes(listing.services),
        "areas": written_features(listing.areas),
        "target_groups": written_features(listing.target_groups),
    }


def _secret_place(endpoint_id: UUID) -> Place:
    return Place("partner_endpoint", "secret", str(endpoint_id))


def _older_place(endpoint_id: UUID) -> Place:
    return Place("partner_endpoint", "older_secrets", str(endpoint_id))
