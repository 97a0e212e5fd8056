"""A ground has ended: whoever read at the table what stood on it is told so by a person, unless a message says it.

Whoever is told so about its referral is not told twice. To any other nothing was sent, so no message takes it back:
the desk of the case tells it, and the case stays open until it has. What was told to whom stands in the trail, as what
was read does.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.consultations.what_is_shared import may_be_seen
from service.casework.consultations.who_has_read import readings
from service.casework.context import Context
from service.casework.tasks.end_tasks import drop_kinds
from service.casework.tasks.kinds import RECALL_BY_HAND
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.consent import store as consents
from service.consultations import store as consultations
from service.consultations.tables import Consultation
from service.database.unit_of_work import UnitOfWork
from service.partners import store as partners
from service.referrals import store as referrals

_KINDS: Final = frozenset({RECALL_BY_HAND})


def recall_shared(context: Context, work: UnitOfWork, case: Case, known: Mapping[str, Any]) -> None:
    """Have a person tell organisations which facts that they read for a consultation lost their ground.

    Who reads them anew, or whose ground came back, is told again when it ends again.

    Args:
        context: who caused it.
        work: the unit of work that keeps the decision; it holds the case's row.
        case: which case; referrals were recalled in it before.
        known: the facts that count now.
    """
    meetings = {one.id: one for one in consultations.consultations_of(work.session, case.id)}
    if not meetings:
        return
    found, recalls = readings(work.session, case.id), consents.recalls(work.session, case.id)
    partner_of = {one.id: one.partner_id for one in referrals.referrals_of(work.session, case.id)}
    for (meeting_id, org), held in sorted(found.by.items()):
        listing = partners.listing(work.session, org)
        lost = held.read.keys() - may_be_seen(context, known, listing).keys()
        told = found.told_since(held, [one for one in recalls if partner_of[one.referral_id] == org])
        meeting, came_back, untold = meetings[meeting_id], held.recalled - lost, lost - held.recalled - told
        rule = task_rule(work, meeting_id, org)
        if came_back:
            _note(context, work, Event.RECALL_LIFTED, meeting, (org, came_back))
        if untold or (came_back and not held.recalled & lost):
            # Whoever is busy with less than all that is lost now is asked anew.
            drop_kinds(context, work, case, _KINDS, rule)
        if untold:
            _note(context, work, Event.RECALL_STARTED, meeting, (org, untold))
            by = (case.org, context.today())
            put_on_desk(context, work, [new_task(context, case, (RECALL_BY_HAND, rule), by)])


def task_rule(work: UnitOfWork, meeting_id: UUID, org: str) -> str:
    """Say how a task names an organisation that was invited: the consultation, and its place among the invited.

    Args:
        work: the unit of work of the act.
        meeting_id: which consultation; who is invited to it never changes.
        org: which of the invited.
    """
    invited = sorted({one.org for one in consultations.participants_of(work.session, meeting_id)})
    return f"consultation/{meeting_id}/{invited.index(org) + 1}"


def _note(
    context: Context, work: UnitOfWork, event: Event, meeting: Consultation, of: tuple[str, Iterable[str]]
) -> None:
    org, names = of
    told = Touched("consultation", str(meeting.id), meeting.version, meeting.version, tuple(sorted(names)))
    context.record(work, Act(event, Action.UPDATE, str(meeting.case_id), (told, Touched("partner", org))))
