"""What coordinators do with a referral: they look at it, see what its partner will read, release it, take it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.commands.referrals import ReleaseReferral, WithdrawReferral
from service.casework.context import Context
from service.casework.referrals.as_previewed import ContentDiffers
from service.casework.referrals.ask_partner import queue, withdraw
from service.casework.referrals.show_referrals import referral_lines
from service.casework.referrals.watch_silence import given_up
from service.casework.referrals.what_is_read import what_is_read
from service.casework.views.referrals import PreviewView, ReferralLine
from service.database.unit_of_work import UnitOfWork
from service.kernel.versions import Seen, require_version
from service.referrals import store as referrals
from service.referrals.lifecycle import WithdrawReason
from service.referrals.tables import Referral


@dataclass(frozen=True)
class HeldReferral:
    """A referral that nobody else may change now, and the transaction that holds it and its case."""

    work: UnitOfWork
    referral: Referral


def read_asked(context: Context, case_id: UUID, referral_id: UUID) -> ReferralLine:
    """Give a referral as it stands in its case; that it was read is kept before it is given.

    Args:
        context: who looks.
        case_id: the case, which the caller must be allowed to see.
        referral_id: a referral of that case.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: the case has no such referral.
    """
    context.require(Scope.CASES_READ)
    asked = (Touched("case", str(case_id)), Touched("referral", str(referral_id)))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, *asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        referral = referrals.referral_of(work.session, case.id, referral_id)
        context.record(work, Act(Event.REFERRAL_READ, Action.READ, str(case.id), asked))
        return shown(work, referral)


def preview_referral(context: Context, case_id: UUID, referral_id: UUID) -> PreviewView:
    """Show what the partner would read now, made by what makes it for the partner; that it was seen is kept.

    Args:
        context: who looks.
        case_id: the case, which the caller's organisation must have opened.
        referral_id: a referral of that case.

    Raises:
        ScopeMissing: the caller may not work on referrals.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: the case has no such referral.
    """
    context.require(Scope.REFERRALS_MANAGE)
    asked = (Touched("case", str(case_id)), Touched("referral", str(referral_id)))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, *asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        referral = referrals.referral_of(work.session, case.id, referral_id)
        read = what_is_read(context, work, referral)
        shown_now = Touched("referral", str(referral.id), referral.version, referral.version, read.names)
        touched = (shown_now, Touched("content", read.digest))
        context.record(work, Act(Event.REFERRAL_PREVIEWED, Action.READ, str(case.id), touched))
        return PreviewView(
            content=read.content,
            content_hash=read.digest,
            fields=read.fields(),
            held_back=read.held_back,
            version=referral.version,
        )


def release_referral(
    context: Context, case_id: UUID, referral_id: UUID, seen: Seen, command: ReleaseReferral | None = None
) -> ReferralLine:
    """Let a referral go to its partner that waited for a person by itself, after another partner could not help.

    Args:
        context: who releases it.
        case_id: the case, which the caller's organisation must have opened.
        referral_id: a referral of that case.
        seen: the versions of the referral that the caller says to have seen.
        command: the content that the caller says to have seen; None when it says nothing.

    Raises:
        ScopeMissing: the caller may not release referrals.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: the case has no such referral.
        Unseen: the caller names no version.
        Stale: somebody changed the referral in between.
        ContentDiffers: the partner would read something else than was seen.
        IllegalTransition: it was released or taken back before.
    """
    with held_referral(context, Scope.DECISIONS_CONFIRM, case_id, referral_id, seen) as held:
        was_seen = None if command is None else command.content_hash
        if was_seen not in (None, what_is_read(context, held.work, held.referral).digest):
            raise ContentDiffers
        queue(context, held.work, held.referral)
        return shown(held.work, held.referral)


def withdraw_referral(
    context: Context, case_id: UUID, referral_id: UUID, seen: Seen, command: WithdrawReferral
) -> ReferralLine:
    """Take a referral back; a partner that may know of it is told so, and reads and answers it no more.

    Args:
        context: who takes it back.
        case_id: the case, which the caller's organisation must have opened.
        referral_id: a referral of that case.
        seen: the versions of the referral that the caller says to have seen.
        command: why.

    Raises:
        ScopeMissing: the caller may not work on referrals.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: the case has no such referral.
        Unseen: the caller names no version.
        Stale: somebody changed the referral in between.
        IllegalTransition: it has ended before.
    """
    with held_referral(context, Scope.REFERRALS_MANAGE, case_id, referral_id, seen) as held:
        withdraw(context, held.work, held.referral, WithdrawReason(command.reason))
        given_up(context, held.work, cases.hold(held.work.session, case_id), held.referral)
        return shown(held.work, held.referral)


def shown(work: UnitOfWork, referral: Referral) -> ReferralLine:
    """Show a referral as it stands in its case."""
    lines = referral_lines(work.session, referrals.referrals_of(work.session, referral.case_id))
    return next(line for line in lines if line.id == referral.id)


@contextmanager
def held_referral(
    context: Context, scope: Scope, case_id: UUID, referral_id: UUID, seen: Seen
) -> Iterator[HeldReferral]:
    """Find a referral for somebody who may change it, and hold it together with its case."""
    context.require(scope)
    asked = (Touched("case", str(case_id)), Touched("referral", str(referral_id)))
    with context.refusals_kept(Event.REFERRAL_REFUSED, Action.UPDATE, *asked) as tried, context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen(), lock=True)
        tried.in_case(case.id)
        referral = referrals.referral_of(work.session, case.id, referral_id)
        referrals.hold(work.session, referral)
        require_version(referral.version, seen)
        yield HeldReferral(work, referral)
