"""An end of a period that a signal tells of is kept as it was told; who established it, somebody has to find out."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from service.cases.tables import Case
from service.casework.reflection.judge_steps import fact_of
from service.database.unit_of_work import UnitOfWork
from service.reflection import store as reflection
from service.reflection.lifecycle import Step

ESTABLISH_END: Final = "establish_period_end"
"""Kind of the task to ask who established that a period ended, and to record it."""

_RULES: Final[Mapping[Step, str]] = {
    Step.UNKNOWN_DESTINATION: "CL-06",
    Step.RENOUNCED: "CL-07",
    Step.REVOKED: "CL-11",
}


def endings_to_establish(work: UnitOfWork, case: Case, given: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Give the tasks about ends that somebody must have established and of whom nobody has said who it was.

    Args:
        work: the unit of work that keeps the facts.
        case: the case.
        given: the facts that count.
    """
    if given.get(fact_of(Step.ACCEPTED)) is None or not any(fact_of(step) in given for step in _RULES):
        return frozenset()
    kept = reflection.records(work.session, case.id)
    said = {one["step"]: one["on"] for one in map(partial(reflection.said, work.vault), kept)}
    return frozenset(
        (ESTABLISH_END, rule)
        for step, rule in _RULES.items()
        if fact_of(step) in given and said.get(step) != given[fact_of(step)]
    )
