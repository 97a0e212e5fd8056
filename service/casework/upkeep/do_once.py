"""A request that is sent again under the same key is answered again and not done again."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context, Joint
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import Broken, DomainError, Kind, Problem
from service.repeats import store as repeats
from service.repeats.tables import KeptRequest

_REMEMBERED: Final = frozenset({Kind.NOT_FOUND, Kind.CONFLICT, Kind.REUSED_KEY})
_OUR_TROUBLE: Final = frozenset({Kind.BROKEN, Kind.UNAVAILABLE})

_running: Final[set[repeats.Identity]] = set()
_one_at_a_time: Final = threading.Lock()


@dataclass(frozen=True)
class Attempt:
    """A request that its sender may send again.

    Attributes:
        operation: what is asked for, with the ids in its address.
        key: chosen by the sender, new for every request.
        scope: what the caller must be allowed to do, whether or not it was done before.
        content: what is asked, in JSON.
    """

    operation: str
    key: str
    scope: Scope
    content: object


@dataclass(frozen=True)
class Answered:
    """An answer as a door gives it: status, the headers that belong to it, and the body to the letter."""

    status: int
    headers: Mapping[str, str]
    body: str


def do_once(context: Context, attempt: Attempt, act: Callable[[Context], Answered]) -> Answered:
    """Do what is asked, unless it was done before: then give the answer of that time.

    Args:
        context: who asks.
        attempt: by what the request is known again.
        act: does it, with the context that it is handed; all of it is one transaction.

    Raises:
        ScopeMissing: the caller may not do this.
        RequestRunning: the same request is being worked on.
        RequestKeyReused: the key was used for another request.
        DomainError: what was refused, now or at the first time.
    """
    context.require(attempt.scope)
    who = repeats.Identity(context.caller.org, context.caller.subject, attempt.operation, attempt.key)
    with context.refusals_kept(Event.REQUEST_REFUSED, Action.EXECUTE), _alone(who):
        given = _within_one_transaction(context, who, attempt, act)
    if isinstance(given, DomainError):
        raise given
    return given


def _within_one_transaction(
    context: Context, who: repeats.Identity, attempt: Attempt, act: Callable[[Context], Answered]
) -> Answered | DomainError:
    with context.work() as work:
        content = json.dumps(attempt.content, sort_keys=True)
        fingerprint = work.vault.lookup.digest("request", content)
        claimed = repeats.claim(work.session, who, fingerprint, context.clock.wall())
        if isinstance(claimed, KeptRequest):
            return _again(context, work, claimed)
        joint = Joint(work)
        try:
            answer = act(replace(context, joint=joint))
        except DomainError as refusal:
            if refusal.kind in _OUR_TROUBLE:
                raise
            _keep_refusal(work, claimed, refusal)
            return refusal
        _keep_answer(work, claimed, _owner(joint, attempt), answer)
        return answer


def _keep_refusal(work: UnitOfWork, request_id: UUID, refusal: DomainError) -> None:
    if refusal.kind not in _REMEMBERED:
        # Nothing was tried: the sender may put it right under the same key.
        repeats.forget(work.session, request_id)
        return
    said = {
        "kind": refusal.kind.name,
        "code": refusal.code,
        "title": refusal.title,
        "detail": refusal.detail,
        "problems": [asdict(problem) for problem in refusal.problems],
    }
    repeats.refused(work.session, request_id, said)


def _owner(joint: Joint, attempt: Attempt) -> UUID:
    """Say whose answer it is: the case's or signal's that was acted on; of several, that of the address."""
    about = joint.streams - {SYSTEM_STREAM}
    if not about:
        return repeats.NOBODY
    if len(about) > 1:
        about = {one for one in about if one in attempt.operation.lower()}
    if len(about) != 1:
        detail = "An answer that is kept belongs to one case, or to none."
        raise Broken(detail)
    return UUID(about.pop())


def _keep_answer(work: UnitOfWork, request_id: UUID, owner: UUID, answer: Answered) -> None:
    said = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
    sealed = repeats.sealed(work.vault, owner, request_id, said)
    repeats.answered(work.session, request_id, owner, sealed)


def _again(context: Context, work: UnitOfWork, kept: KeptRequest) -> Answered | DomainError:
    stream = SYSTEM_STREAM if kept.owner in {None, repeats.NOBODY} else str(kept.owner)
    touched = (Touched("request", str(kept.id)),)
    context.record(work, Act(Event.REQUEST_REPEATED, Action.READ, stream, touched))
    if kept.refusal is not None:
        return _refusal(kept.refusal)
    return Answered(**repeats.opened(work.vault, kept))


def _refusal(said: dict[str, Any]) -> DomainError:
    # A refusal's words belong to its class; this one gets those of the first time.
    words = {"kind": Kind[said["kind"]], "code": said["code"], "title": said["title"]}
    again: type[DomainError] = type("RefusedBefore", (DomainError,), words)
    return again(said["detail"], tuple(Problem(**problem) for problem in said["problems"]))


@contextmanager
def _alone(who: repeats.Identity) -> Iterator[None]:
    """Let nobody else in this process work on the same request.

    Raises:
        RequestRunning: somebody is.
    """
    with _one_at_a_time:
        if who in _running:
            raise repeats.RequestRunning
        _running.add(who)
    try:
        yield
    finally:
        with _one_at_a_time:
            _running.discard(who)
