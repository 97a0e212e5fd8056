"""What work on a case is needless once the person has left the country."""

from typing import Final
from uuid import UUID

from sqlmodel import Session

from service.cases import store as cases
from service.cases.tables import Case
from service.casework.tasks.kinds import OFFER_AGAIN
from service.database.unit_of_work import UnitOfWork
from service.signals import store as signals

SERIES: Final = "return.follow_up"
"""How the names of the parameters begin that say after which terms that is."""

NEEDLESS: Final = frozenset(
    {
        *("ask_police_to_offer", "ask_prosecutor_and_police", "establish_status", "exit_plan"),
        *("ask_preference", "check_family_capacity", "choose_place", "place_decision"),
        *("return_counselling", "return_risk_assessment", "housing_advice", OFFER_AGAIN),
    }
)
"""Tasks about a stay here, a place here, and whether to return; that a return makes them needless is assumed."""


CLOCKS_OF_A_STAY: Final = frozenset({"assessment", "coa_allowance_application", "health_check", "suitability_check"})
"""Kinds of clocks about what the person needs and is entitled to here; that a return stops them is assumed."""


def needless(work: UnitOfWork, case: Case) -> frozenset[str]:
    """Give the kinds of tasks that nobody needs while the person is away.

    Args:
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
    """
    return NEEDLESS if _has_left(work, case) else frozenset()


def needless_clocks(work: UnitOfWork, case: Case) -> frozenset[str]:
    """Give the kinds of clocks that nobody can meet while the person is away.

    Args:
        work: the unit of work; it holds the case's row.
        case: whose clocks they are.
    """
    return CLOCKS_OF_A_STAY if _has_left(work, case) else frozenset()


def is_away(session: Session, case_id: UUID) -> bool:
    """Tell whether the person has returned to another country, and nothing says that the person is back.

    A report that comes after the return was recorded may say so, and so may whoever reopens the case: from then on
    everything is needed again that the rules ask for.

    Args:
        session: where the case is kept.
        case_id: whose person it is.
    """
    recorded = cases.returns(session, case_id)
    if not recorded:
        return False
    last_report = signals.last_submitted_at(session, case_id)
    last_step = max((one.done_at for one in cases.steps(session, case_id)), default=None)
    heard = [one for one in (last_report, last_step) if one is not None]
    return not any(one > recorded[-1].recorded_at for one in heard)


def _has_left(work: UnitOfWork, case: Case) -> bool:
    # Nothing has happened yet in a case that is just being opened.
    return case.version > 1 and is_away(work.session, case.id)
