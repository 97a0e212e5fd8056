"""The directory is filled from a file, read, and told whom to ask no more."""

from collections.abc import Iterable
from typing import Final

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.commands.partners import ChangePartner
from service.casework.context import Context
from service.casework.questions import ListPartners
from service.casework.views.partners import FeatureView, PartnerList, PartnerView, SeedView
from service.kernel.versions import Seen, require_version
from service.partners import endpoints
from service.partners import store as partners
from service.partners.directory import FallbackNeeded, Listing, is_fallback
from service.partners.lifecycle import EndpointState
from service.partners.tables import Partner
from service.routing.facts.features import Feature

_MAY_BE_OLD: Final = "directory.checked_within"


def seed_partners(context: Context, listings: Iterable[Listing]) -> SeedView:
    """Make the directory say what a file says; doing it again changes nothing.

    Args:
        context: who fills the directory.
        listings: every organisation of the file; organisations that it leaves out stay as they are.

    Raises:
        ScopeMissing: the caller may not change the directory.
        FallbackNeeded: nobody would be the fallback.
    """
    context.require(Scope.PARTNERS_WRITE)
    counted = {True: 0, False: 0, None: 0}
    with context.work() as work:
        for listing in listings:
            is_new = partners.write_listing(work.session, listing)
            counted[is_new] += 1
            if is_new is not None:
                event = Event.PARTNER_REGISTERED if is_new else Event.PARTNER_CHANGED
                action = Action.CREATE if is_new else Action.UPDATE
                context.record(work, Act(event, action, SYSTEM_STREAM, (Touched("partner", listing.id),)))
        _require_fallback(work.session)
    return SeedView(registered=counted[True], changed=counted[False], unchanged=counted[None])


def list_partners(context: Context, question: ListPartners) -> PartnerList:
    """Give the organisations of the directory that fit, by id.

    Args:
        context: who looks; the directory holds no person.
        question: which ones.

    Raises:
        ScopeMissing: the caller may not read the directory.
    """
    context.require(Scope.PARTNERS_READ)
    with context.look() as session:
        states = endpoints.endpoint_states(session)
        shown = [_view(context, one, states.get(one.id)) for one in partners.known_partners(session)]
    return PartnerList(items=tuple(one for one in shown if _fits(one, question)))


def read_partner(context: Context, partner_id: str) -> PartnerView:
    """Give one organisation of the directory.

    Args:
        context: who looks.
        partner_id: which one.

    Raises:
        ScopeMissing: the caller may not read the directory.
        PartnerNotFound: the directory does not have it.
    """
    context.require(Scope.PARTNERS_READ)
    asked = Touched("partner", partner_id)
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.look() as session:
        partner = partners.known_partner(session, partner_id)
        return _view(context, partner, endpoints.endpoint_states(session).get(partner_id))


def change_partner(context: Context, partner_id: str, seen: Seen, command: ChangePartner) -> PartnerView:
    """Say whether a partner is asked from now on; what was sent to it stays sent.

    Args:
        context: who says so.
        partner_id: which partner.
        seen: the versions of the partner that the caller says to have seen.
        command: whether it is asked.

    Raises:
        ScopeMissing: the caller may not change the directory.
        PartnerNotFound: the directory does not have it.
        Unseen: the caller names no version.
        Stale: somebody changed the partner in between.
        FallbackNeeded: nobody would step in any more.
    """
    context.require(Scope.PARTNERS_WRITE)
    asked = Touched("partner", partner_id)
    with context.refusals_kept(Event.PARTNER_REFUSED, Action.UPDATE, asked), context.work() as work:
        partner = partners.known_partner(work.session, partner_id, lock=True)
        require_version(partner.version, seen)
        partners.set_status(work.session, partner, command.status)
        _require_fallback(work.session)
        touched = Touched("partner", partner.id, partner.version - 1, partner.version, ("status",))
        context.record(work, Act(Event.PARTNER_CHANGED, Action.UPDATE, SYSTEM_STREAM, (touched,)))
        return _view(context, partner, endpoints.endpoint_states(work.session).get(partner_id))


def _require_fallback(session: Session) -> None:
    if not any(is_fallback(one) for one in partners.directory(session)):
        raise FallbackNeeded


def _fits(shown: PartnerView, question: ListPartners) -> bool:
    return (
        question.kind in {None, shown.kind}
        and question.status in {None, shown.status}
        and question.stale in {None, shown.stale}
        and question.service in {None, *shown.services}
    )


def _view(context: Context, partner: Partner, endpoint: EndpointState | None) -> PartnerView:
    listing = partners.listing_of(partner)
    return PartnerView(
        id=listing.id,
        name=listing.name,
        kind=listing.kind,
        services=tuple(sorted(listing.services)),
        areas=_features(listing.areas),
        target_groups=_features(listing.target_groups),
        email=listing.contact.email,
        phone=listing.contact.phone,
        status=listing.status,
        valid_from=listing.valid_from,
        valid_to=listing.valid_to,
        as_of=listing.as_of,
        stale=_is_stale(context, listing),
        source=listing.source,
        note=listing.note,
        endpoint=endpoint,
        version=partner.version,
    )


def _features(said: Iterable[Feature]) -> tuple[FeatureView, ...]:
    return tuple(FeatureView(attribute=one.attribute, values=one.values) for one in said)


def _is_stale(context: Context, listing: Listing) -> bool:
    """Tell whether what is known of a partner is older than it may be; what has no date is."""
    today = context.today()
    term = context.rules().parameters.term(_MAY_BE_OLD, today)
    return listing.as_of is None or (term is not None and term.due(listing.as_of, None).day < today)
