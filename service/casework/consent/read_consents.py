"""Somebody looks at what was said about consent: what a signal told stands beside what was recorded since."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import CaseFacts
from service.casework.context import Context
from service.casework.views.consent import ConsentEntryView, ConsentView
from service.consent import store as consents
from service.consent.policy import CONSENT, Consent, Informed, Purpose
from service.consent.tables import ConsentEntry
from service.database.unit_of_work import UnitOfWork


def read_consents(context: Context, case_id: UUID) -> ConsentView:
    """Give how consent stands and everything that was said about it; that it was read is kept before it is given.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        versions = cases.facts_versions(work.session, case.id)
        recorded = [entry_view(work, one) for one in consents.entries(work.session, case.id)]
        told = list(_told(work, versions, {one.facts_version for one in recorded}))
        now = cases.told(work.vault, versions[-1]).get(CONSENT, {})
        context.record(work, Act(Event.CONSENT_READ, Action.READ, str(case.id), (asked,)))
        return ConsentView(
            case_id=case.id,
            version=case.version,
            now={purpose.value: Consent(now.get(purpose, Consent.NOT_ASKED)) for purpose in Purpose},
            entries=tuple(sorted((*told, *recorded), key=lambda one: (one.facts_version, one.version or 0))),
        )


def entry_view(work: UnitOfWork, entry: ConsentEntry) -> ConsentEntryView:
    """Show one entry."""
    said = consents.said(work.vault, entry)
    return ConsentEntryView(
        version=entry.version,
        facts_version=entry.facts_version,
        recorded_by=entry.recorded_by,
        recorded_at=entry.recorded_at,
        **{**said, "informed": tuple(Informed(one) for one in said["informed"])},
    )


def _told(work: UnitOfWork, versions: list[CaseFacts], recorded: set[int]) -> Iterator[ConsentEntryView]:
    """Give what the facts say of consent that nobody recorded: a reporter told it, by the version that brought it."""
    before: Mapping[str, Any] = {}
    for one in versions:
        after = cases.told(work.vault, one).get(CONSENT, {})
        for purpose in Purpose:
            said = after.get(purpose, Consent.NOT_ASKED)
            if said != before.get(purpose, Consent.NOT_ASKED) and one.version not in recorded:
                yield ConsentEntryView(
                    version=None,
                    purpose=purpose,
                    saying=Consent(said),
                    by=None,
                    child_view=None,
                    said_on=None,
                    language=None,
                    informed=(),
                    evidence="told",
                    note=None,
                    facts_version=one.version,
                    recorded_by=None,
                    recorded_at=one.told_at,
                )
        before = after
