"""Who has come in to place somebody: what is in sight for whom, and where an organisation that was asked may place."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from service.audit.event import Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.commands.places import KeptPlace
from service.casework.places.proposed_place import Decided, decided_for
from service.consent.policy import CONSENT, Consent, Purpose
from service.database.unit_of_work import UnitOfWork
from service.kernel.versions import Seen, require_version
from service.places import store as places
from service.places.lifecycle import OPEN, PlacementState
from service.places.policy import MayNotPlace, TypeNotProposed, as_told, kinds_to_place
from service.places.tables import Placement
from service.referrals import store as referrals
from service.referrals.tables import Referral

_NOWHERE: Final[frozenset[tuple[str, bool]]] = frozenset()


@dataclass(frozen=True)
class Entered:
    """Somebody who may place in a case, and the transaction that holds the case.

    Attributes:
        work: the transaction.
        case: the case, which nobody else changes until it ends.
        owner: who sees to a placement that begins now.
        decided: what counts for the case, as far as this door tells it.
        asked: the referral by which the organisation comes in; None at the desk.
        kinds: in which kinds of places that organisation may place, each with whether it is for the meantime.
    """

    work: UnitOfWork
    case: Case
    owner: str
    decided: Decided
    asked: Referral | None = None
    kinds: frozenset[tuple[str, bool]] = _NOWHERE

    @property
    def ground(self) -> tuple[Touched, ...]:
        """On what somebody came in, for the trail; at the desk the case itself is the ground."""
        return () if self.asked is None else (Touched("referral", str(self.asked.id)),)

    def may_see(self, placement: Placement) -> bool:
        """Tell whether a placement is in sight: at the desk all are, else the own ones and those to be placed."""
        if self.asked is None or placement.placed_by == self.asked.partner_id:
            return True
        is_sought = placement.state is PlacementState.WAITING
        return is_sought and (placement.shelter_type, placement.interim) in self.kinds

    def placement(self, placement_id: UUID, seen: Seen) -> Placement:
        """Find a placement that is in sight, and let nobody else change it.

        Raises:
            PlacementNotFound: there is no such placement in sight.
            Unseen: the caller names no version.
            Stale: somebody changed the placement in between.
        """
        found = places.placement_of(self.work.session, self.case.id, placement_id)
        if not self.may_see(found):
            raise places.PlacementNotFound
        require_version(found.version, seen)
        return found

    def check_kind(self, wanted: tuple[str, bool]) -> None:
        """Let nobody who comes by a referral look for a place of a kind in which others place.

        Raises:
            TypeNotProposed: it is none that this organisation may place in.
        """
        if self.asked is not None and wanted not in self.kinds:
            raise TypeNotProposed

    def check_placer(self, place: KeptPlace) -> None:
        """Let nobody who comes by a referral place in the name of another.

        Raises:
            MayNotPlace: another organisation is said to place.
        """
        if self.asked is not None and place.placed_by != self.asked.partner_id:
            raise MayNotPlace


def let_in_by(work: UnitOfWork, asked: Referral) -> Entered:
    """Let in an organisation that has something to place for the person, or keeps a place.

    Args:
        work: the transaction; it holds the case where something is to change.
        asked: the referral by which the organisation comes in, and may read.

    Raises:
        ReferralNotFound: it has not.
    """
    (case,) = cases.cases_by_id(work.session, [asked.case_id])
    said = cases.known(work.session, work.vault, case).get(CONSENT, {}).get(Purpose.PLACEMENT)
    decided, known = decided_for(work, case), places.placements_of(work.session, case.id)
    proposed = as_told(decided.proposed, agreed=said == Consent.GIVEN)
    waits = any(one.state is PlacementState.WAITING for one in known)
    kinds = kinds_to_place(asked.asked_as, proposed, waits=waits)
    if not kinds and not any(one.placed_by == asked.partner_id and one.state in OPEN for one in known):
        raise referrals.ReferralNotFound
    return Entered(work, case, case.org, replace(decided, proposed=proposed), asked, kinds)
