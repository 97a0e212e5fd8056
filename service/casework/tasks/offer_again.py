"""Whoever refuses is offered help again later: nothing leaves about the person meanwhile, and nobody is forgotten."""

from collections.abc import Mapping
from typing import Any, Final

from service.casework.tasks.kinds import OFFER_AGAIN, Ask
from service.consent.policy import CONSENT, Consent, Purpose

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
