"""What is due because a person was placed: an assessment, an examination, and the end of a stay in COSM."""

from datetime import date
from typing import Final
from uuid import UUID

from service.cases.tables import Case
from service.casework.context import Context
from service.casework.deadlines.end_clocks import meet_clock, stop_clock
from service.casework.deadlines.plan_clocks import Plan, plan_clock, start_clocks
from service.casework.places.proposed_place import Decided
from service.casework.tasks.end_tasks import drop_because
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import PLACEMENT_WAITING
from service.kernel.clock import local_day
from service.places.tables import Placement
from service.routing.facts.terms import Due, Term

_WAITING_TERM: Final = "placement.waiting"
_KEPT, _KEPT_TERM = "placement_kept", "placement.kept"
_SUITABLE: Final = "suitability_check"
_STAY, _STAY_TERM = "placement_end", "cosm.stay"
_ASSESSMENT, _ASSESSMENT_TERM = "assessment", "assessment.first"
_EXAMINATION, _EXAMINATION_TERM = "health_check", "health.check"
_COSM: Final = "cosm"


def wait(context: Context, work: UnitOfWork, case: Case, placement: Placement) -> None:
    """Let somebody hear of it when a person waits for a place for too long.

    Args:
        context: who opened the placement.
        work: the unit of work; it holds the case's row.
        case: the placement's.
        placement: which one.
    """
    now, term = context.clock.now(), _term(context, _WAITING_TERM)
    due, key = term.due(local_day(now), now), str(placement.id)
    plan = Plan(PLACEMENT_WAITING, "SH-19", due, key, placement.owner, "placement", str(term))
    plan_clock(context, work, case, plan)


def wait_no_more(context: Context, work: UnitOfWork, case: Case, placement_id: UUID) -> None:
    """Stop the clock of somebody who waited for a place."""
    stop_clock(context, work, case, (PLACEMENT_WAITING, str(placement_id)))


def await_arrival(context: Context, work: UnitOfWork, case: Case, placement: Placement) -> None:
    """Let somebody hear of it when nobody says that a person has come to the place that is kept.

    Args:
        context: who kept the place.
        work: the unit of work; it holds the case's row.
        case: the placement's.
        placement: which one.
    """
    now, term = context.clock.now(), _term(context, _KEPT_TERM)
    due = term.due(local_day(now), now)
    plan_clock(context, work, case, Plan(_KEPT, _KEPT_TERM, due, str(placement.id), placement.owner))


def stay(context: Context, work: UnitOfWork, case: Case, placement: Placement, decided: Decided, on: date) -> None:
    """Set what is due once a person has come to a place; what is recorded too late is missed, and somebody hears of it.

    An examination that the decision has set before is left to the decision.

    Args:
        context: who confirmed it.
        work: the unit of work; it holds the case's row.
        case: the placement's.
        placement: which one.
        decided: what counts for the case; a stay in COSM ends before the reflection period does.
        on: the local day on which the person came.
    """
    meet_clock(context, work, case, (_KEPT, str(placement.id)), on)
    key, known = str(placement.id), deadlines.deadlines_of(work.session, [case.id])
    planned = [Plan(_ASSESSMENT, "AS-01", _term(context, _ASSESSMENT_TERM).due(on, None), key)]
    if _EXAMINATION not in {one.kind for one in known}:
        planned.append(Plan(_EXAMINATION, "DL-11", _term(context, _EXAMINATION_TERM).due(on, None), key))
    if placement.shelter_type == _COSM:
        planned.append(Plan(_STAY, "DL-10", Due(_last_day(context, decided, on)), key, placement.owner))
    start_clocks(context, work, case, [(plan, None) for plan in planned])
    if not placement.interim:
        # Whoever placed has judged the bed of the first night by that.
        beds = [one for one in deadlines.newest(known).values() if one.kind == _SUITABLE]
        judged = [one for one in beds if not deadlines.is_done(one)]
        for one in judged:
            meet_clock(context, work, case, (one.kind, one.key), on)
        drop_because(context, work, case.id, {one.id for one in judged})


def _last_day(context: Context, decided: Decided, on: date) -> date:
    nominal, said = _term(context, _STAY_TERM).due(on, None).day, decided.content["reflection_period"]["ends"]
    ends = None if said is None else date.fromisoformat(said)
    return nominal if ends is None or ends <= on else min(nominal, ends)


def leave(context: Context, work: UnitOfWork, case: Case, placement: Placement, on: date | None) -> None:
    """Note that a stay has ended, and stop what waited for it.

    Args:
        context: who ended it, or caused that.
        work: the unit of work; it holds the case's row.
        case: the placement's.
        placement: which one.
        on: the local day on which it ended; None when there never was a stay.
    """
    wait_no_more(context, work, case, placement.id)
    # That nobody comes is also what was to be said of a kept place.
    meet_clock(context, work, case, (_KEPT, str(placement.id)), on or context.today())
    if on is None:
        stop_clock(context, work, case, (_STAY, str(placement.id)))
    else:
        meet_clock(context, work, case, (_STAY, str(placement.id)), on)


def _term(context: Context, name: str) -> Term:
    return context.rules().parameters.needed_term(name, context.today())
