"""Keeps the directory."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.database.rows import reading_only
from service.kernel.errors import DomainError, Kind
from service.partners.directory import Contact, Listing, PartnerStatus
from service.partners.tables import Partner
from service.routing.facts.features import codes, features, written_codes, written_features

_VERSION: Final = reading_only(select(func.count(), func.sum(Partner.version)).select_from(Partner), Partner)
"""Tells two states of the directory apart: no row is ever removed, and every change counts up the row's version."""


class PartnerNotFound(DomainError):
    """The directory has no such partner."""

    kind = Kind.NOT_FOUND
    code = "partner-not-found"
    title = "The directory has no such partner; `nrm partners list` names those it has"


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


def _as_kept(listing: Listing) -> dict[str, Any]:
    said = {name: value for name, value in vars(listing).items() if name != "contact"}
    return said | {
        **vars(listing.contact),
        "services": written_codes(listing.services),
        "areas": written_features(listing.areas),
        "target_groups": written_features(listing.target_groups),
    }
