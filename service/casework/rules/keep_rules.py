"""A rule set that decides or is proposed is kept by its content, so that it is there when somebody decides again."""

from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.database.unit_of_work import UnitOfWork
from service.routing.rule_files.bundle import Bundle
from service.rulebook import store as rulebook


def keep_rules(context: Context, work: UnitOfWork, bundle: Bundle) -> None:
    """Keep a rule set, unless it is kept already.

    Args:
        context: who uses or proposes it.
        work: the unit of work of that act.
        bundle: its files.
    """
    if rulebook.keep(work.session, bundle, context.clock.now()):
        touched = (Touched("rule_set", bundle.hash),)
        context.record(work, Act(Event.RULES_KEPT, Action.CREATE, SYSTEM_STREAM, touched, policy=bundle.name))
