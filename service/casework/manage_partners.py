"""The directory is filled, and a partner's system is registered as listening."""

from collections.abc import Iterable

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.views.partners import EndpointView, PartnerView, SeedView
from service.dispatch.replay import wake_partner
from service.kernel.ids import new_id, new_signing_secret
from service.partners import store as partners
from service.partners.directory import Listing
from service.partners.lifecycle import EndpointEvent, EndpointState
from service.partners.policy import check_endpoint
from service.partners.tables import Endpoint


def seed_partners(context: Context, listings: Iterable[Listing]) -> SeedView:
    """Make the directory say what a file says; doing it again changes nothing.

    Args:
        context: who fills the directory.
        listings: every organisation of the file; organisations that it leaves out stay as they are.

    Raises:
        ScopeMissing: the caller may not change the directory.
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
    return SeedView(registered=counted[True], changed=counted[False], unchanged=counted[None])


def list_partners(context: Context) -> tuple[PartnerView, ...]:
    """Give the directory, by id.

    Args:
        context: who looks; the directory holds no person.

    Raises:
        ScopeMissing: the caller may not read the directory.
    """
    context.require(Scope.PARTNERS_READ)
    with context.look() as session:
        return tuple(
            PartnerView(
                id=listing.id,
                name=listing.name,
                kind=listing.kind,
                area=listing.area,
                endpoint=None if partners.active_endpoint(session, listing.id) is None else EndpointState.ACTIVE,
            )
            for listing in partners.directory(session)
        )


def listen_at(context: Context, partner_id: str, url: str) -> EndpointView:
    """Register where a partner's system listens; it takes the place of whatever was registered before.

    Args:
        context: who registers it.
        partner_id: which partner.
        url: an https address.

    Raises:
        ScopeMissing: the caller may not change partners.
        BadEndpoint: no message may go to this address.
        PartnerNotFound: the directory has no such partner.
    """
    context.require(Scope.PARTNERS_WRITE)
    check_endpoint(url, loopback_allowed=context.loopback_allowed)
    secret = new_signing_secret()
    with context.work() as work:
        partners.listing(work.session, partner_id)
        for older in partners.endpoints_in_use(work.session, partner_id):
            partners.move_endpoint(work.session, older, EndpointEvent.REPLACE)
            touched = (Touched("endpoint", str(older.id)),)
            context.record(work, Act(Event.ENDPOINT_REPLACED, Action.UPDATE, SYSTEM_STREAM, touched))
        endpoint_id = new_id()
        endpoint = Endpoint(
            id=endpoint_id,
            partner_id=partner_id,
            url=url,
            secret=partners.sealed_secret(work.vault, endpoint_id, secret),
            registered_at=context.clock.wall(),
            state=EndpointState.ACTIVE,
        )
        partners.add_endpoint(work.session, endpoint)
        registered = (Touched("endpoint", str(endpoint.id)), Touched("partner", partner_id))
        context.record(work, Act(Event.ENDPOINT_REGISTERED, Action.CREATE, SYSTEM_STREAM, registered))
        wake_partner(work.session, partner_id)
        return EndpointView(id=endpoint.id, partner_id=partner_id, url=url, secret=secret)
