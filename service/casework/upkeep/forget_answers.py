"""Answers that were kept for senders who ask again are forgotten when their day is over."""

from service.access.roles import Scope
from service.casework.context import Context
from service.repeats import store as repeats


def forget_answers(context: Context) -> int:
    """Forget what has had its day, and tell how many answers that were.

    Args:
        context: the service's own.

    Raises:
        ScopeMissing: the caller is not the service itself.
    """
    context.require(Scope.ANSWERS_FORGET)
    with context.work() as work:
        return repeats.forget_old(work.session, context.clock.wall())
