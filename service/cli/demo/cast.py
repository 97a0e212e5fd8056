"""Who plays in a rehearsal: the cases in their order, and the partners whose systems listen, each in its own manner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service.receiver.answering import Answer

CASES: Final = ("G01", "G10", "G12", "G15", "G08", "G09", "G50", "G18", "G40-no-consent", "G32", "G35", "G56")
"""Examples of the rules, in the order in which they are played."""


@dataclass(frozen=True)
class Manner:
    """How a partner's system behaves.

    Attributes:
        answer: what it says to every referral.
        away: how many messages it refuses first, because it is down for a while.
    """

    answer: Answer = Answer.ACCEPT
    away: int = 0


WITNESS: Final = "comensha"
"""The partner whose copy of the audit log's promise the log is verified with."""

SYSTEMS: Final[Mapping[str, Manner]] = {
    WITNESS: Manner(),
    "police": Manner(),
    "emm": Manner(),
    "nidos": Manner(),
    "labour-authority": Manner(),
    "coordinator-veiligheidsregio-twente-zorg-en-veiligheidshuis": Manner(),
    "coordinator-pmw-humanitas": Manner(),
    "coordinator-moviera": Manner(),
    "coordinator-shop-den-haag": Manner(away=1),
    "coordinator-lumens": Manner(Answer.DECLINE),
    "coordinator-hvo-querido-acm": Manner(Answer.SILENT),
}
"""The partners whose systems listen; the others show what happens where nobody does."""
