"""The people of a group are known: each becomes a case of its own, with what all share and what is its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.casework.commands.signals import GroupMember, ReceiveSignal, RecordMembers
from service.casework.context import Context
from service.casework.signals.keep_signal import Kept, Said, keep_signal, kept_before
from service.casework.signals.open_or_join import begin_case, open_case
from service.casework.signals.receive_signal import understood
from service.casework.signals.show_group import group_view
from service.casework.tasks.await_triage import end_triage
from service.casework.views.signals import GroupView
from service.database.sealing.vault import Vault
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.routing.facts.answers import AnswersRefused
from service.signals import store as signals
from service.signals.lifecycle import SignalEvent
from service.signals.tables import Signal

_SHARED: Final = "facts"


class MembersNotUnderstood(DomainError):
    """Two members of one batch have one submission key."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "members-not-understood"
    title: ClassVar[str] = "The members hold mistakes"


@dataclass(frozen=True)
class _Batch:
    """The members as they were understood, in the order of their keys, which everybody takes."""

    context: Context
    work: UnitOfWork
    group: Signal
    members: Sequence[Said]


def record_members(context: Context, group_id: UUID, command: RecordMembers) -> GroupView:
    """Open a case for each member of a group, all or none; who was recorded before is not recorded again.

    What a member tells goes before what all share. Each case is decided about by itself, and partners get a referral
    for each person; the number was told once, by the group.

    Args:
        context: who records them.
        group_id: which group.
        command: the members, each under a submission key of its own.

    Raises:
        ScopeMissing: the caller may not submit signals.
        SignalNotFound: there is no such group for this caller.
        MembersNotUnderstood: two members have one submission key; nothing is kept.
        AnswersRefused: the facts of a member cannot be understood; nothing is kept.
        SubmissionKeyReused: a key was used for something else; nothing is kept.
        IllegalTransition: the group was dismissed.
        NobodyToAsk: the directory was never filled.
    """
    context.require(Scope.SIGNALS_WRITE)
    asked = Touched("signal", str(group_id))
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE, asked) as tried:
        shared = _shared(context, group_id)
        tried.in_case(group_id)
        _require_different_keys(command.members)
        # Before the transaction: nobody else waits while so many are decided about.
        members = [_member(context, shared, place, one) for place, one in enumerate(command.members)]
        with context.work() as work:
            group = signals.group_seen_by(work.session, group_id, context.org_seen(), lock=True)
            by_key = sorted(members, key=lambda said: said.command.submission_key)
            opened = tuple(_opened(_Batch(context, work, group, by_key)))
            if opened:
                _recorded(context, work, group, opened)
            return group_view(work, group)


def _shared(context: Context, group_id: UUID) -> Mapping[str, Any]:
    with context.look() as session:
        group = signals.group_seen_by(session, group_id, context.org_seen())
        shared: Mapping[str, Any] = signals.told(Vault(session, context.keys), group)[_SHARED]
        return shared


def _require_different_keys(members: Sequence[GroupMember]) -> None:
    keys = [one.submission_key for one in members]
    problems = tuple(
        Problem(f"/members/{place}/submission_key", "repeated", "Another member of this batch has the same key.")
        for place, key in enumerate(keys)
        if key in keys[:place]
    )
    if problems:
        raise MembersNotUnderstood(problems=problems)


def _member(context: Context, shared: Mapping[str, Any], place: int, member: GroupMember) -> Said:
    told = ReceiveSignal(
        submission_key=member.submission_key,
        facts={**shared, **member.facts},
        narrative=member.narrative,
        identity=member.identity,
    )
    try:
        return understood(context, told)
    except AnswersRefused as refused:
        problems = (replace(one, pointer=f"/members/{place}{one.pointer}") for one in refused.problems)
        raise AnswersRefused(problems=tuple(problems)) from None


def _opened(batch: _Batch) -> Iterator[Touched]:
    context, work = batch.context, batch.work
    for said in batch.members:
        known, digest = kept_before(context, work, said)
        if known is None and said.decision is not None:
            case = begin_case(context, work, said.answers)
            signal = keep_signal(context, work, said, Kept(digest, case=case, group_id=batch.group.id))
            open_case(context, work, case, said.answers, said.decision)
            yield Touched("signal", str(signal.id))


def _recorded(context: Context, work: UnitOfWork, group: Signal, opened: tuple[Touched, ...]) -> None:
    before = group.version
    signals.move(work.session, group, SignalEvent.RECORD_MEMBERS)
    touched = (Touched("signal", str(group.id), before, group.version), *opened)
    context.record(work, Act(Event.GROUP_RECORDED, Action.UPDATE, str(group.id), touched))
    end_triage(context, work, group)
