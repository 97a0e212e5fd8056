"""What work on a case is needless once the person has left the country."""

from typing import Final

from service.cases import store as cases
from service.cases.tables import Case
from service.database.unit_of_work import UnitOfWork
from service.signals import store as signals

SERIES: Final = "return.follow_up"
"""How the names of the parameters begin that say after which terms that is."""

NEEDLESS: Final = frozenset(
    {
        *("ask_police_to_offer", "ask_prosecutor_and_police", "establish_status", "exit_plan"),
        *("ask_preference", "check_family_capacity", "choose_place", "place_decision"),
        *("return_counselling", "return_risk_assessment", "housing_advice"),
    }
)
"""Tasks about a stay here, a place here, and whether to return; that a return makes them needless is assumed."""


def needless(work: UnitOfWork, case: Case) -> frozenset[str]:
    """Give the kinds of tasks that nobody needs while the person is away.

    A report that comes after the return was recorded may say that the person is back, and so may whoever reopens the
    case: from then on everything is needed again that the rules ask for.

    Args:
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
    """
    if case.version == 1:
        # Nothing has happened yet in a case that is just being opened.
        return frozenset()
    recorded = cases.returns(work.session, case.id)
    if not recorded:
        return frozenset()
    last_report = signals.last_submitted_at(work.session, case.id)
    last_step = max((one.done_at for one in cases.steps(work.session, case.id)), default=None)
    heard = [one for one in (last_report, last_step) if one is not None]
    return frozenset() if any(one > recorded[-1].recorded_at for one in heard) else NEEDLESS
