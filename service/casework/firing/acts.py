"""What follows when the time of a clock has come, by its kind; any other kind was missed by its owner."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from service.cases.tables import Case
from service.casework.cases.decide_again import decide_again
from service.casework.context import Context
from service.casework.deadlines.end_clocks import reviewed
from service.casework.deadlines.plan_clocks import plan_review
from service.casework.firing.ladder import begin_ladder, climb_ladder
from service.casework.places.wait_for_place import escalate_waiting
from service.casework.referrals.recall import miss_recall
from service.casework.referrals.warn_partner import warn_partner
from service.casework.tasks.kinds import (
    PERIOD_ENDS_SOON,
    RECALL_UNANSWERED,
    REVIEW_FACTS,
    REVIEW_SUSPENSION,
    WARN_PARTNER,
)
from service.casework.tasks.open_about import open_because
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import (
    ESCALATION,
    PLACEMENT_WAITING,
    RECALL_ACKNOWLEDGEMENT,
    REFLECTION_END,
    REFLECTION_WARNING,
    SUSPENSION_REVIEW,
    DeadlineEvent,
    DeadlineState,
)
from service.deadlines.tables import Deadline
from service.referrals import store as referrals
from service.referrals.lifecycle import TAKEN, UNANSWERED, ReferralState
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import AnswersRefused
from service.tasks import store as tasks

_WARNED: Final = frozenset({"care_coordinator", "police"})
_WORKING_ON_IT: Final = (UNANSWERED | TAKEN) - {ReferralState.COMPLETED}


@dataclass(frozen=True)
class Ring:
    """What a clock does when its time has come.

    Attributes:
        event: whether somebody missed it, or its moment is simply there.
        act: what follows, in the same transaction; the clock's state has changed already.
    """

    event: DeadlineEvent
    act: Callable[[Context, UnitOfWork, Case, Deadline], object]


def _warn(context: Context, work: UnitOfWork, case: Case, warning: Deadline) -> None:
    """Let the owner prepare for the end of the period, and tell whoever of care and police works on the case.

    Whom no message can tell is told by a person.
    """
    by_hand = [
        (WARN_PARTNER, referral.id)
        for referral in referrals.referrals_of(work.session, case.id)
        if referral.asked_as in _WARNED
        and referral.state in _WORKING_ON_IT
        and not warn_partner(context, work, referral)
    ]
    open_because(context, work, case, warning, [(PERIOD_ENDS_SOON, None), *by_hand])


def _end_period(context: Context, work: UnitOfWork, case: Case, end: Deadline) -> None:
    """Decide anew on the day after the last one: the period is over, and the rules say what is to be done."""
    try:
        decide_again(context, work, case)
    except (AnswersRefused, ImpossibleFacts):
        open_because(context, work, case, end, [(REVIEW_FACTS, None)])


def _review_suspension(context: Context, work: UnitOfWork, case: Case, clock: Deadline) -> None:
    """Ask whether a deadline must stand still any longer, and ask again as long as it does."""
    suspended = deadlines.clocks(work.session, case.id)[reviewed(clock)]
    if suspended.state is not DeadlineState.SUSPENDED:
        return
    if not tasks.open_tasks_because(work.session, case.id, {suspended.id}):
        open_because(context, work, case, suspended, [(REVIEW_SUSPENSION, None)])
    plan_review(context, work, case, suspended)


def _hear_no_answer(context: Context, work: UnitOfWork, case: Case, clock: Deadline) -> None:
    """Have a person ask the recipient that did not say what it did after consent ended, and others hear of it."""
    referral_id = miss_recall(context, work, case, UUID(clock.key))
    if referral_id is not None:
        begin_ladder(context, work, case, clock, (RECALL_UNANSWERED, referral_id))


USUAL: Final = Ring(DeadlineEvent.MISS, begin_ladder)
"""What the clocks of all other kinds do."""

RINGS: Final[Mapping[str, Ring]] = {
    REFLECTION_WARNING: Ring(DeadlineEvent.RING, _warn),
    REFLECTION_END: Ring(DeadlineEvent.RING, _end_period),
    PLACEMENT_WAITING: Ring(DeadlineEvent.RING, escalate_waiting),
    ESCALATION: Ring(DeadlineEvent.RING, climb_ladder),
    RECALL_ACKNOWLEDGEMENT: Ring(DeadlineEvent.MISS, _hear_no_answer),
    SUSPENSION_REVIEW: Ring(DeadlineEvent.RING, _review_suspension),
}
"""The kinds of which something of its own follows; whoever plans a clock of such a kind adds what it does here."""
