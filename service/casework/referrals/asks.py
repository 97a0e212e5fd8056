"""What became of an ask: the referrals that were made for it, one after the other, until a partner takes it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Self
from uuid import UUID

from service.referrals.lifecycle import TAKEN
from service.referrals.tables import Referral
from service.routing.decision import Decision, Notification


@dataclass(frozen=True)
class Ask:
    """What is asked in a case, whoever is asked: in which capacity, what is told, and by which rule."""

    asked_as: str
    content: str
    rule: str

    @classmethod
    def of(cls, referral: Referral) -> Self:
        """Give what a referral asks."""
        return cls(referral.asked_as, referral.content, referral.rule)

    @classmethod
    def by(cls, notification: Notification) -> Self:
        """Give what a notification of a decision asks."""
        return cls(notification.to, notification.content, notification.rule)


@dataclass(frozen=True)
class Chain:
    """The referrals that were made for one ask, oldest first: each but the first in the place of another."""

    referrals: tuple[Referral, ...]

    @property
    def first(self) -> Referral:
        """The one with which it began."""
        return self.referrals[0]

    @property
    def newest(self) -> Referral:
        """The one to which it has come."""
        return self.referrals[-1]

    @property
    def is_taken(self) -> bool:
        """Whether a partner has taken it."""
        return any(referral.state in TAKEN for referral in self.referrals)

    def answers(self, ask: Ask, first_choices: Collection[str]) -> bool:
        """Tell whether this is what became of an ask as it stands now.

        Args:
            ask: what is asked now.
            first_choices: the partners with any of which it could have begun now.
        """
        return Ask.of(self.first) == ask and self.first.partner_id in first_choices


def chains(referrals: Iterable[Referral]) -> list[Chain]:
    """Put the referrals of a case together by what they were made for."""
    by_id = {referral.id: referral for referral in referrals}
    found: dict[UUID, list[tuple[int, Referral]]] = {}
    for referral in by_id.values():
        first, steps = referral, 0
        while first.instead_of is not None:
            first, steps = by_id[first.instead_of], steps + 1
        found.setdefault(first.id, []).append((steps, referral))
    return [Chain(tuple(one for _, one in sorted(members, key=itemgetter(0)))) for members in found.values()]


def chain_of(referral: Referral, referrals: Iterable[Referral]) -> Chain:
    """Give the chain to which a referral belongs."""
    return next(chain for chain in chains(referrals) if referral.id in {one.id for one in chain.referrals})


def asked_by(decision: Decision) -> set[Ask]:
    """Give what a decision asks."""
    return {Ask.by(one) for one in decision.notifications}


def asked_by_kept(decided: Mapping[str, Any]) -> set[Ask]:
    """Give what a decision asks, as it is kept."""
    return {Ask(one["to"], one["content"], one["rule"]) for one in decided["notifications"]}
