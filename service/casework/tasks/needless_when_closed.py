"""What nobody has to do any more once a case is closed, and when a person considers closing it."""

from typing import Final

from service.casework.tasks.after_return import NEEDLESS
from service.casework.tasks.kinds import CONSIDER_CLOSING, PERIOD_ENDS_SOON, REVIEW_SUSPENSION, Ask
from service.routing.decision import Decision

NEEDLESS_WHEN_CLOSED: Final = NEEDLESS | {CONSIDER_CLOSING, PERIOD_ENDS_SOON, REVIEW_SUSPENSION}
"""Tasks that closing itself makes needless: about a stay or a place here, and about clocks that stop with the case.

All others are somebody's to do or to say that they need not be done: help that was promised, a message that did not
arrive, a person whom a consultation or a promised contact waits for. What is dropped opens again with the case. That
the line runs here is assumed.
"""

_LEFT: Final = "SH-20"
_PROPOSES: Final = "MS-04"


def closing_to_consider(decision: Decision) -> frozenset[Ask]:
    """Give the task to consider closing the case, once the police have established an unknown destination.

    A person closes it, because the file of somebody who is only away stays open.

    Args:
        decision: the decision as made.
    """
    return frozenset({(CONSIDER_CLOSING, _PROPOSES)}) if decision.shelter.rule == _LEFT else frozenset()
