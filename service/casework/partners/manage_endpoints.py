"""Partners' systems are registered, paused, disabled and given new secrets; a partner manages its own and no other."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from service.access.roles import Role, Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.commands.partners import ChangeEndpoint, RegisterEndpoint, RotateSecret
from service.casework.context import Context
from service.casework.questions import ListEndpoints
from service.casework.views.endpoints import EndpointPage, EndpointView, NewSecretView, RegisteredView
from service.database.pages import cut, page_of
from service.database.unit_of_work import UnitOfWork
from service.dispatch.replay import wake_partner
from service.dispatch.signature import SignatureKind, new_secret, public_half
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id
from service.kernel.paging import Mark, cursor, mark_from
from service.kernel.versions import Seen, require_version
from service.partners import endpoints
from service.partners import store as partners
from service.partners.lifecycle import EndpointEvent, EndpointState, WantedState
from service.partners.policy import check_endpoint
from service.partners.tables import Endpoint

_TOLD: Final[Mapping[EndpointEvent, Event]] = {
    EndpointEvent.PAUSE: Event.ENDPOINT_PAUSED,
    EndpointEvent.RESUME: Event.ENDPOINT_RESUMED,
    EndpointEvent.DISABLE: Event.ENDPOINT_DISABLED,
    EndpointEvent.ENABLE: Event.ENDPOINT_ENABLED,
}


class PartnerUnnamed(DomainError):
    """Who manages every partner's endpoints must say whose a new one is."""

    kind = Kind.INVALID
    code = "partner-unnamed"
    title = "Say whose system it is"


def register_endpoint(context: Context, command: RegisterEndpoint) -> RegisteredView:
    """Register where a partner's system will listen; nothing is sent there before it has proved whose it is.

    What was registered before and has proved itself goes on until then; what has not is replaced at once.

    Args:
        context: the partner, or an administrator.
        command: whose system it is, and where it listens.

    Raises:
        ScopeMissing: the caller may not change endpoints.
        BadEndpoint: no message may go to this address.
        PartnerUnnamed: an administrator did not say whose system it is.
        PartnerNotFound: the directory has no such partner, or the caller is another.
    """
    context.require(Scope.ENDPOINTS_WRITE)
    partner_id = command.partner_id or seen_by(context)
    if partner_id is None:
        raise PartnerUnnamed(problems=(Problem("/partnerId", PartnerUnnamed.code, PartnerUnnamed.title),))
    asked = Touched("partner", partner_id)
    with context.refusals_kept(Event.ENDPOINT_REFUSED, Action.CREATE, asked), context.work() as work:
        check_endpoint(command.url, loopback_allowed=context.loopback_allowed)
        if seen_by(context) not in {None, partner_id}:
            raise partners.PartnerNotFound
        partners.known_partner(work.session, partner_id)
        for older in endpoints.endpoints_in_use(work.session, partner_id):
            if older.state is EndpointState.PENDING_VERIFICATION:
                replace_endpoint(context, work, older)
        endpoint_id, secret = new_id(), new_secret(command.signature)
        endpoint = Endpoint(
            id=endpoint_id,
            partner_id=partner_id,
            url=command.url,
            secret=endpoints.sealed_secret(work.vault, endpoint_id, secret),
            public_key=public_half(secret),
            registered_at=context.clock.wall(),
            state=EndpointState.PENDING_VERIFICATION,
        )
        endpoints.add_endpoint(work.session, endpoint)
        touched = (Touched("endpoint", str(endpoint.id), None, endpoint.version), asked)
        context.record(work, Act(Event.ENDPOINT_REGISTERED, Action.CREATE, SYSTEM_STREAM, touched))
        return RegisteredView(**dict(endpoint_view(endpoint)), secret=_to_be_shared(endpoint, secret))


def list_endpoints(context: Context, question: ListEndpoints) -> EndpointPage:
    """Give one page of the endpoints that the caller may see, newest first.

    Args:
        context: who looks; endpoints hold no person.
        question: which ones, how many, and where the page before ended.

    Raises:
        ScopeMissing: the caller may not read endpoints.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.ENDPOINTS_READ)
    after = mark_from(question.cursor)
    wanted = select(Endpoint)
    for column, value in (
        (col(Endpoint.partner_id), seen_by(context)),
        (col(Endpoint.partner_id), question.partner_id),
        (col(Endpoint.state), question.state),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    ordered = page_of(wanted, (col(Endpoint.registered_at), col(Endpoint.id)), question.page_size, after)
    with context.look() as session:
        rows, end = cut(list(session.exec(ordered)), question.page_size, lambda one: Mark(one.registered_at, one.id))
    return EndpointPage(items=tuple(endpoint_view(one) for one in rows), next_cursor=cursor(end))


def read_endpoint(context: Context, endpoint_id: UUID) -> EndpointView:
    """Give an endpoint, without its secrets.

    Args:
        context: who looks.
        endpoint_id: which one.

    Raises:
        ScopeMissing: the caller may not read endpoints.
        EndpointNotFound: there is none that this caller may see.
    """
    context.require(Scope.ENDPOINTS_READ)
    asked = Touched("endpoint", str(endpoint_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.look() as session:
        return endpoint_view(endpoints.endpoint_of(session, endpoint_id, seen_by(context)))


def change_endpoint(context: Context, endpoint_id: UUID, seen: Seen, command: ChangeEndpoint) -> EndpointView:
    """Pause an endpoint, disable it, or take that back; what waits for the partner waits on.

    Args:
        context: the partner, or an administrator.
        endpoint_id: which one.
        seen: the versions of the endpoint that the caller says to have seen.
        command: what it shall do from now on.

    Raises:
        ScopeMissing: the caller may not change endpoints.
        EndpointNotFound: there is none that this caller may see.
        Unseen: the caller names no version.
        Stale: somebody changed the endpoint in between.
        IllegalTransition: that cannot happen to it now.
    """
    context.require(Scope.ENDPOINTS_WRITE)
    asked = Touched("endpoint", str(endpoint_id))
    with context.refusals_kept(Event.ENDPOINT_REFUSED, Action.UPDATE, asked), context.work() as work:
        endpoint = endpoints.endpoint_of(work.session, endpoint_id, seen_by(context), lock=True)
        require_version(endpoint.version, seen)
        happens = _happens(endpoint.state, command.state)
        endpoints.move_endpoint(work.session, endpoint, happens)
        if happens is EndpointEvent.RESUME:
            wake_partner(work.session, endpoint.partner_id)
        touched = Touched("endpoint", str(endpoint.id), endpoint.version - 1, endpoint.version, ("state",))
        context.record(work, Act(_TOLD[happens], Action.UPDATE, SYSTEM_STREAM, (touched,)))
        return endpoint_view(endpoint)


def rotate_secret(context: Context, endpoint_id: UUID, command: RotateSecret) -> NewSecretView:
    """Let a new secret of the same kind sign what is sent to an endpoint; one that is shared is shown this once.

    Args:
        context: the partner, or an administrator.
        endpoint_id: which endpoint.
        command: how long the secrets before it sign beside it.

    Raises:
        ScopeMissing: the caller may not change endpoints.
        EndpointNotFound: there is none that this caller may see.
        EndpointReplaced: nothing is ever signed for it again.
        TooManySecrets: so many sign already that some would have to stop before their time.
        KeysUnavailable: the keys are away.
    """
    context.require(Scope.ENDPOINTS_WRITE)
    asked = Touched("endpoint", str(endpoint_id))
    with context.refusals_kept(Event.ENDPOINT_REFUSED, Action.UPDATE, asked), context.work() as work:
        endpoint = endpoints.endpoint_of(work.session, endpoint_id, seen_by(context), lock=True)
        if endpoint.state is EndpointState.REPLACED:
            raise endpoints.EndpointReplaced
        secret, grace = new_secret(kind_of(endpoint)), timedelta(seconds=command.grace_period_seconds)
        fresh = endpoints.FreshSecret(secret, public_half(secret))
        ends = endpoints.rotate_secret(work.vault, endpoint, fresh, context.clock.now(), grace)
        touched = Touched("endpoint", str(endpoint.id), endpoint.version - 1, endpoint.version, ("secret",))
        context.record(work, Act(Event.ENDPOINT_ROTATED, Action.UPDATE, SYSTEM_STREAM, (touched,)))
        return NewSecretView(
            endpoint_id=endpoint.id,
            secret=_to_be_shared(endpoint, secret),
            public_key=endpoint.public_key,
            older_sign_until=tuple(ends),
        )


def seen_by(context: Context) -> str | None:
    """Give the partner whose endpoints the caller sees; None for those who see every partner's."""
    return context.caller.org if context.caller.role is Role.PARTNER else None


def kind_of(endpoint: Endpoint) -> SignatureKind:
    """Give how messages to an endpoint are signed; that stays as it is for as long as the endpoint lives."""
    return SignatureKind.SYMMETRIC if endpoint.public_key is None else SignatureKind.ASYMMETRIC


def replace_endpoint(context: Context, work: UnitOfWork, endpoint: Endpoint) -> None:
    """Let a newer endpoint of its partner take the place of an endpoint.

    Args:
        context: who registered the newer one.
        work: the unit of work of the act.
        endpoint: the older one.
    """
    endpoints.move_endpoint(work.session, endpoint, EndpointEvent.REPLACE)
    touched = Touched("endpoint", str(endpoint.id), endpoint.version - 1, endpoint.version, ("state",))
    context.record(work, Act(Event.ENDPOINT_REPLACED, Action.UPDATE, SYSTEM_STREAM, (touched,)))


def endpoint_view(endpoint: Endpoint) -> EndpointView:
    """Show an endpoint, without its secrets."""
    return EndpointView(
        id=endpoint.id,
        partner_id=endpoint.partner_id,
        url=endpoint.url,
        signature=kind_of(endpoint),
        public_key=endpoint.public_key,
        state=endpoint.state,
        registered_at=endpoint.registered_at,
        failing_since=endpoint.failing_since,
        version=endpoint.version,
    )


def _to_be_shared(endpoint: Endpoint, secret: str) -> str | None:
    """Give what the partner's system must get to know of a secret: a private key is for nobody else."""
    return secret if kind_of(endpoint) is SignatureKind.SYMMETRIC else None


def _happens(state: EndpointState, wanted: WantedState) -> EndpointEvent:
    match wanted:
        case WantedState.PAUSED:
            return EndpointEvent.PAUSE
        case WantedState.DISABLED:
            return EndpointEvent.DISABLE
        case WantedState.ACTIVE:
            return EndpointEvent.ENABLE if state is EndpointState.DISABLED else EndpointEvent.RESUME
