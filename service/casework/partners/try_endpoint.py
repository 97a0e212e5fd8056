"""A partner's system proves whose it is, and can be tried out: asked outside any transaction, kept in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Outcome, Touched
from service.casework.context import Context
from service.casework.partners.manage_endpoints import kind_of, replace_endpoint, seen_by
from service.casework.views.endpoints import AnswerOfSystem, TestDeliveryView, VerificationView
from service.database.unit_of_work import UnitOfWork
from service.dispatch.envelope import MEDIA_TYPE
from service.dispatch.message_id import new_message_id
from service.dispatch.outcome import Category
from service.dispatch.parcel import Parcel, Reply
from service.dispatch.probe import Probe, ProbeKind, is_echoed, probe_bytes
from service.dispatch.replay import wake_partner
from service.dispatch.signature import new_secret, public_half, signed_headers
from service.kernel.ids import new_key
from service.kernel.transitions import next_state
from service.partners import endpoints
from service.partners.endpoints import Asked
from service.partners.lifecycle import LIFECYCLE, LISTENING, EndpointEvent, EndpointState
from service.partners.tables import Endpoint

_CAN_BE_TRIED: Final = LISTENING | {EndpointState.PAUSED}

_WORDS: Final[Mapping[Category, str]] = {
    Category.TAKEN: "The system took it.",
    Category.GONE: "The system says that it is gone.",
    Category.SLOWER: "The system asks to be left alone for a while.",
    Category.REDIRECTED: "The system points elsewhere; nobody is followed.",
    Category.REFUSED: "The system refused it.",
    Category.FAILED: "The system failed.",
    Category.TIMEOUT: "The system did not answer in time.",
    Category.UNREACHABLE: "The system could not be reached.",
    Category.UNKNOWN_HOST: "Nobody knows the name of the host.",
    Category.INSECURE: "The connection would not be secure.",
    Category.BLOCKED_ADDRESS: "The name leads into an address range blocked by configuration.",
}
_NOT_SENT: Final = "It could not be sent."


@dataclass(frozen=True)
class _Challenge:
    """Two messages: one that the system must answer with the challenge, and one that it must refuse."""

    challenge: str
    signed: Parcel
    wrongly_signed: Parcel


def verify_endpoint(context: Context, endpoint_id: UUID) -> VerificationView:
    """Let an endpoint prove whose it is: only who has our secret can tell what we signed from what we did not.

    Once it has, it takes the place of the partner's earlier endpoints and gets everything that waits.

    Args:
        context: the partner, or an administrator.
        endpoint_id: an endpoint that has not proved itself yet.

    Raises:
        ScopeMissing: the caller may not change endpoints.
        EndpointNotFound: there is none that this caller may see.
        IllegalTransition: it has proved itself already, or is not in use any more.
        AskedTooOften: this partner's systems were asked a moment ago.
        KeysUnavailable: the keys are away.
    """
    context.require(Scope.ENDPOINTS_WRITE)
    asked = Touched("endpoint", str(endpoint_id))
    with context.refusals_kept(Event.ENDPOINT_REFUSED, Action.EXECUTE, asked):
        with context.work() as work:
            endpoint = endpoints.endpoint_of(work.session, endpoint_id, seen_by(context), lock=True)
            next_state(LIFECYCLE, endpoint.state, EndpointEvent.VERIFY)
            endpoints.note_asked(work.session, endpoint, Asked.TO_PROVE_ITSELF)
            challenge = _challenge(context, work, endpoint)
            context.record(work, Act(Event.ENDPOINT_CHALLENGED, Action.EXECUTE, SYSTEM_STREAM, (asked,)))
        signed, wrongly_signed = context.carry(challenge.signed), context.carry(challenge.wrongly_signed)
        detail = _failure(challenge, signed, wrongly_signed)
        with context.work() as work:
            endpoint = endpoints.endpoint_of(work.session, endpoint_id, seen_by(context))
            _conclude(context, work, endpoint, verified=detail is None)
            return VerificationView(
                endpoint_id=endpoint.id,
                state=endpoint.state,
                verified=detail is None,
                detail=detail or "The endpoint has proved whose it is.",
                signed=_answer(signed),
                wrongly_signed=_answer(wrongly_signed),
            )


def send_test(context: Context, endpoint_id: UUID) -> TestDeliveryView:
    """Send a message about nothing to an endpoint, signed like a real one, and tell what came of it.

    Args:
        context: the partner, or an administrator.
        endpoint_id: an endpoint that has proved itself.

    Raises:
        ScopeMissing: the caller may not change endpoints.
        EndpointNotFound: there is none that this caller may see.
        EndpointNotVerified: it has not proved itself, or is not in use any more.
        AskedTooOften: this partner's systems were tried a moment ago.
        KeysUnavailable: the keys are away.
    """
    context.require(Scope.ENDPOINTS_WRITE)
    asked, message_id = Touched("endpoint", str(endpoint_id)), new_message_id()
    touched = (asked, Touched("message", message_id))
    with context.refusals_kept(Event.ENDPOINT_REFUSED, Action.EXECUTE, asked), context.work() as work:
        endpoint = endpoints.endpoint_of(work.session, endpoint_id, seen_by(context), lock=True)
        if endpoint.state not in _CAN_BE_TRIED:
            raise endpoints.EndpointNotVerified
        endpoints.note_asked(work.session, endpoint, Asked.TO_TAKE_A_TEST)
        probe = Probe(message_id, ProbeKind.TEST, str(endpoint.id), context.clock.wall())
        secrets = endpoints.secrets(work.vault, endpoint, context.clock.now())
        parcel = _parcel(context, endpoint, probe, secrets, endpoint.public_key)
        context.record(work, Act(Event.ENDPOINT_TRYING, Action.EXECUTE, SYSTEM_STREAM, touched))
    reply = context.carry(parcel)
    delivered = reply.outcome.category is Category.TAKEN
    with context.work() as work:
        ending = Outcome.SUCCESS if delivered else Outcome.FAILED
        context.record(work, Act(Event.ENDPOINT_TRIED, Action.EXECUTE, SYSTEM_STREAM, touched, ending))
    return TestDeliveryView(
        endpoint_id=endpoint_id,
        message_id=message_id,
        type=ProbeKind.TEST.value,
        delivered=delivered,
        answer=_answer(reply),
    )


def _challenge(context: Context, work: UnitOfWork, endpoint: Endpoint) -> _Challenge:
    secrets, at = endpoints.secrets(work.vault, endpoint, context.clock.now()), context.clock.wall()
    challenge, other, nobodys = new_key(""), new_key(""), new_secret(kind_of(endpoint))

    def asking(text: str) -> Probe:
        return Probe(new_message_id(), ProbeKind.CHALLENGE, str(endpoint.id), at, text)

    return _Challenge(
        challenge=challenge,
        signed=_parcel(context, endpoint, asking(challenge), secrets, endpoint.public_key),
        # As well-formed as the other one; only the key is nobody's.
        wrongly_signed=_parcel(context, endpoint, asking(other), [nobodys], public_half(nobodys)),
    )


def _parcel(context: Context, endpoint: Endpoint, probe: Probe, secrets: list[str], public_key: str | None) -> Parcel:
    body = probe_bytes(probe)
    headers = signed_headers(probe.message_id, probe.at, body, secrets, public_key)
    return Parcel(endpoint.url, body, {"Content-Type": MEDIA_TYPE, "traceparent": context.trace.header, **headers})


def _failure(challenge: _Challenge, signed: Reply, wrongly_signed: Reply) -> str | None:
    """Say why the endpoint has not proved whose it is; nothing when it has."""
    if signed.outcome.category is not Category.TAKEN:
        return "What was signed rightly was not taken."
    if not is_echoed(challenge.challenge, signed.body):
        return "The answer to what was signed rightly does not hold the challenge."
    if wrongly_signed.outcome.category is Category.TAKEN:
        return "What was signed wrongly was taken all the same: the system does not check signatures."
    if wrongly_signed.outcome.http_status is None:
        return "What was signed wrongly was not answered, so nobody knows whether the system checks signatures."
    return None


def _conclude(context: Context, work: UnitOfWork, endpoint: Endpoint, *, verified: bool) -> None:
    touched = Touched("endpoint", str(endpoint.id), endpoint.version, endpoint.version)
    ending = Outcome.FAILED
    if verified:
        for older in endpoints.endpoints_in_use(work.session, endpoint.partner_id):
            if older.id != endpoint.id:
                replace_endpoint(context, work, older)
        endpoints.move_endpoint(work.session, endpoint, EndpointEvent.VERIFY)
        wake_partner(work.session, endpoint.partner_id)
        touched = Touched("endpoint", str(endpoint.id), endpoint.version - 1, endpoint.version, ("state",))
        ending = Outcome.SUCCESS
    context.record(work, Act(Event.ENDPOINT_VERIFIED, Action.UPDATE, SYSTEM_STREAM, (touched,), ending))


def _answer(reply: Reply) -> AnswerOfSystem:
    outcome = reply.outcome
    return AnswerOfSystem(
        outcome=outcome.category,
        http_status=outcome.http_status,
        latency_ms=outcome.latency_ms,
        detail=_WORDS.get(outcome.category, _NOT_SENT),
    )
