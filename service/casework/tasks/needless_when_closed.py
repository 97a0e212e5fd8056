"""What nobody has to do any more once a case is closed, and when a person considers closing it."""

from typing import Final

from service.cases.lifecycle import CloseReason
from service.casework.tasks.after_return import NEEDLESS
from service.casework.tasks.kinds import CONSIDER_CLOSING, PERIOD_ENDS_SOON, REVIEW_SUSPENSION, Ask
from service.routing.decision import Decision

_WITH_THE_CASE: Final = frozenset({CONSIDER_CLOSING, PERIOD_ENDS_SOON, REVIEW_SUSPENSION})
_NOT_HERE: Final = frozenset({CloseReason.UNKNOWN_DESTINATION, CloseReason.RETURNED, CloseReason.SAME_PERSON})

_LEFT: Final = "SH-20"
_PROPOSES: Final = "MS-04"


def needless_when_closed(reason: CloseReason) -> frozenset[str]:
    """Give the kinds of tasks that closing itself makes needless.

    Clocks stop with the case, and so does what they asked for. Whoever has left needs no stay or place here, and
    whoever has another case gets them there. All else is somebody's to do, or to say that it need not be done: help
    that was promised, a period that nobody has offered, a message that did not arrive, a contact that was agreed. What
    is dropped opens again with the case. That the line runs here is assumed.

    Args:
        reason: why the case is closed.
    """
    return _WITH_THE_CASE | NEEDLESS if reason in _NOT_HERE else _WITH_THE_CASE


def closing_to_consider(decision: Decision) -> frozenset[Ask]:
    """Give the task to consider closing the case, once the police have established an unknown destination.

    A person closes it, because the file of somebody who is only away stays open.

    Args:
        decision: the decision as made.
    """
    return frozenset({(CONSIDER_CLOSING, _PROPOSES)}) if decision.shelter.rule == _LEFT else frozenset()
