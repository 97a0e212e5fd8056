"""A partner says how many places it has; whoever looks sees how old that is and what is left of it."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlmodel import Session

from service.access.roles import Role, Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.commands.places import ReportCapacity
from service.casework.context import Context
from service.casework.questions import ListCapacity
from service.casework.views.places import CapacityList, CapacityView
from service.database.one_at_a_time import one_at_a_time
from service.kernel.clock import local_day
from service.kernel.ids import new_id
from service.partners import store as partners
from service.places import store as places
from service.places.policy import check_report
from service.places.tables import Capacity

_COUNTS_FOR: Final = "places.reported_within"


def report_capacity(context: Context, command: ReportCapacity) -> CapacityView:
    """Keep what a partner says of its own places, in the place of what it said of them before.

    Args:
        context: the partner, whose organisation is its id in the directory.
        command: how many places there are, and how many of them can be taken.

    Raises:
        ScopeMissing: the caller may not report places.
        PartnerNotFound: the directory does not have the caller's organisation.
        CapacityNotUnderstood: the numbers cannot be so, or lie in the future.
        OlderReport: the partner reported something newer before.
    """
    context.require(Scope.CAPACITY_WRITE)
    now = context.clock.now()
    with context.refusals_kept(Event.CAPACITY_REFUSED, Action.UPDATE), context.work() as work:
        one_at_a_time(work.session, "capacity", context.caller.org)
        offered = partners.listing(work.session, context.caller.org).services
        as_of = command.as_of or now
        check_report(command.shelter_type, offered, (command.places, command.free), (as_of, now))
        said = places.Report(
            partner_id=context.caller.org,
            shelter_type=command.shelter_type,
            target_group=command.target_group,
            places=command.places,
            free=command.free,
            occupied=command.occupied,
            as_of=as_of,
        )
        kept = places.keep_report(work.session, new_id(), said, (context.caller.subject, now))
        before = kept.version - 1 or None
        touched = Touched("capacity", str(kept.id), before, kept.version, tuple(sorted(command.model_fields_set)))
        action = Action.UPDATE if before else Action.CREATE
        context.record(work, Act(Event.CAPACITY_REPORTED, action, SYSTEM_STREAM, (touched,)))
        (shown,) = capacity_views(context, work.session, [kept], partners.names(work.session))
        return shown


def list_capacity(context: Context, question: ListCapacity) -> CapacityList:
    """Give what partners report of their places, and keep before that somebody looked; a partner sees its own.

    Args:
        context: who looks; no person is in sight.
        question: which places.

    Raises:
        ScopeMissing: the caller may not read places.
    """
    context.require(Scope.CAPACITY_READ)
    own = context.caller.org if context.caller.role is Role.PARTNER else None
    with context.work() as work:
        reported = places.capacities(work.session, own)
        every = capacity_views(context, work.session, reported, partners.names(work.session))
        shown = tuple(one for one in every if _fits(one, question))
        touched = tuple(Touched("capacity", str(one.id), one.version, one.version) for one in shown)
        context.record(work, Act(Event.CAPACITY_LISTED, Action.READ, SYSTEM_STREAM, touched))
        return CapacityList(items=shown)


def capacity_views(
    context: Context, session: Session, reported: Collection[Capacity], names: Mapping[str, str]
) -> tuple[CapacityView, ...]:
    """Show what partners report of their places.

    Args:
        context: whose rules and clock count.
        session: where it is looked up what is left.
        reported: what is reported.
        names: what partners are called.
    """
    left = places.left(session, reported, context.clock.now())
    return tuple(
        CapacityView(
            id=one.id,
            partner_id=one.partner_id,
            partner_name=names[one.partner_id],
            shelter_type=one.shelter_type,
            target_group=one.target_group,
            places=one.places,
            free=one.free,
            left=left[one.id],
            occupied=one.occupied,
            as_of=one.as_of,
            reported_at=one.reported_at,
            stale=is_stale(context, one),
            version=one.version,
        )
        for one in reported
    )


def is_stale(context: Context, kept: Capacity) -> bool:
    """Tell whether a report is older than it may be.

    Args:
        context: whose rules and clock count.
        kept: what is reported.
    """
    term = context.rules().parameters.term(_COUNTS_FOR, context.today())
    return term is not None and term.due(local_day(kept.as_of), kept.as_of).over_at <= context.clock.now()


def _fits(shown: CapacityView, question: ListCapacity) -> bool:
    return (
        question.shelter_type in {None, shown.shelter_type}
        and question.target_group in {None, shown.target_group}
        and question.partner_id in {None, shown.partner_id}
        and question.stale in {None, shown.stale}
        and (question.left is None or question.left is (shown.left > 0))
    )
