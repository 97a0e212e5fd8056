"""Somebody looks at what a person was told about rights, and at what is still to be told."""

from datetime import date
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.views.rights import ItemView, RightsRecordView, RightsView
from service.database.unit_of_work import UnitOfWork
from service.rights import store as rights
from service.rights.policy import BEFORE_CONSENT, BEFORE_REPORT, Item, missing


def read_rights(context: Context, case_id: UUID) -> RightsView:
    """Give what a person was told about rights; that it was read is kept before it is given.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read it.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.RIGHTS_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        context.record(work, Act(Event.RIGHTS_READ, Action.READ, str(case.id), (asked,)))
        return rights_view(work, case.id)


def rights_view(work: UnitOfWork, case_id: UUID) -> RightsView:
    """Show what was recorded in a case, what counts of it and what is missing."""
    kept = rights.records(work.session, case_id)
    told = {one.version: rights.said(work.vault, one) for one in kept}
    counting, given = rights.counting(told), rights.items_given(work.vault, kept)
    return RightsView(
        case_id=case_id,
        items=tuple(ItemView(item=item, given_on=given.get(item)) for item in Item),
        missing=missing(given, BEFORE_REPORT, date.max),
        missing_for_consent=missing(given, BEFORE_CONSENT, date.max),
        records=tuple(
            RightsRecordView(
                version=one.version,
                counts=one.version in counting,
                recorded_by=one.recorded_by,
                recorded_at=one.recorded_at,
                **told[one.version],
            )
            for one in kept
        ),
    )
