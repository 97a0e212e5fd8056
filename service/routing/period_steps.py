"""Who establishes which step of the reflection period, as the rules of a country have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service.routing.engine.table import Source, Status
from service.routing.text.entries import Words

ANYBODY: Final = "anybody"
"""In place of a kind of organisation: nobody has to establish that it happened."""


@dataclass(frozen=True)
class PeriodStep:
    """One step of the period.

    Attributes:
        name: what it is called.
        establishes: the kinds of organisations that establish it.
        label: what it is called in words.
        who: who establishes it, in a sentence.
        sources: where that stands.
        status: how well that is founded.
    """

    name: str
    establishes: tuple[str, ...]
    label: Words
    who: Words
    sources: tuple[Source, ...]
    status: Status

    def is_established_by(self, kind: str | None) -> bool:
        """Tell whether an organisation of a kind may say that it happened; None is one that nobody knows."""
        return ANYBODY in self.establishes or kind in self.establishes


PeriodSteps = Mapping[str, PeriodStep]
"""The steps by their names; one that is not there is established by nobody."""
