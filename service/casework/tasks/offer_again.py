"""Whoever refuses is offered help again later: nothing leaves about the person meanwhile, and nobody is forgotten."""

from collections.abc import Mapping
from typing import Any, Final

from service.cases.tables import Case
from service.casework.context import Context
from service.casework.tasks.after_return import needless
from service.casework.tasks.kinds import OFFER_AGAIN, Ask
from service.casework.tasks.open_tasks import ask_once
from service.consent.policy import CONSENT, Consent, Purpose
from service.database.unit_of_work import UnitOfWork

_TO_HELP: Final = (Purpose.REGISTRATION, Purpose.PLACEMENT)
_LATER: Final[Ask] = (OFFER_AGAIN, "CN-03")


def offers_to_repeat(given: Mapping[str, Any]) -> frozenset[Ask]:
    """Give the task to offer help again, where consent to being registered or placed was refused.

    Args:
        given: the facts that count.
    """
    said = given.get(CONSENT) or {}
    refused = any(said.get(purpose) == Consent.REFUSED for purpose in _TO_HELP)
    return frozenset({_LATER}) if refused else frozenset()


def offer_after(context: Context, work: UnitOfWork, case: Case, purpose: Purpose) -> None:
    """Have help offered once more after a new no, though it was offered since the former one.

    Args:
        context: who wrote the no down.
        work: the unit of work; it holds the case's row.
        case: whose person it is.
        purpose: what was refused.
    """
    if purpose in _TO_HELP and OFFER_AGAIN not in needless(work, case):
        ask_once(context, work, case, [_LATER])
