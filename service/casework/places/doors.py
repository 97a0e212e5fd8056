"""By which door somebody comes in who places: the desk of the case, or a referral that asked its organisation to place.

Both lead to the same acts. Whoever comes by a referral sees what it places itself and nothing else of the case, for as
long as it may read the referral.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Protocol, TypeVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.places import KeptPlace
from service.casework.context import Context
from service.casework.places.proposed_place import Decided, decided_for
from service.casework.places.show_placements import as_placer, placement_views
from service.casework.referrals.ask_partner import hold
from service.casework.referrals.contents import ABOUT_A_PERSON
from service.casework.views.places import PlacementAsPlacer, PlacementView
from service.consent.policy import CONSENT, Consent, Purpose
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind
from service.kernel.versions import Seen, require_version
from service.places import store as places
from service.places.lifecycle import OPEN, PlacementState
from service.places.policy import MayNotPlace, TypeNotProposed, as_told, kinds_to_place
from service.places.tables import Placement
from service.referrals import store as referrals
from service.referrals.lifecycle import TAKEN
from service.referrals.tables import Referral

Shown = TypeVar("Shown")
_Shown_co = TypeVar("_Shown_co", covariant=True)

_NOWHERE: Final[frozenset[tuple[str, bool]]] = frozenset()


class NotAcceptedYet(DomainError):
    """An organisation places somebody before it has said that it takes what it was asked."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "not-accepted-yet"
    title: ClassVar[str] = "Accept the referral before you place somebody"


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


class Door(Protocol[_Shown_co]):
    """Where somebody comes in who places."""

    def enter(
        self, context: Context, refused: Event, action: Action, *touched: Touched
    ) -> AbstractContextManager[Entered]:
        """Let in whoever may place, and hold the case; what is refused inside is kept in the trail."""

    def shown(self, work: UnitOfWork, placement: Placement) -> _Shown_co:
        """Show a placement as far as it is shown at this door."""


@dataclass(frozen=True)
class AtDesk:
    """The desk of the organisation that opened the case."""

    case_id: UUID

    @contextmanager
    def enter(self, context: Context, refused: Event, action: Action, *touched: Touched) -> Iterator[Entered]:
        """Let in whoever works on the case.

        Raises:
            ScopeMissing: the caller may not place.
            CaseNotFound: there is no such case for this caller.
            CaseClosed: nobody works on the case any more.
        """
        context.require(Scope.PLACEMENTS_WRITE)
        asked = (Touched("case", str(self.case_id)), *touched)
        with context.refusals_kept(refused, action, *asked) as tried, context.work() as work:
            case = hold_open_case(context, work, tried, self.case_id)
            yield Entered(work, case, context.caller.subject, decided_for(work, case))

    def shown(self, work: UnitOfWork, placement: Placement) -> PlacementView:
        """Show all of a placement."""
        (view,) = placement_views(work, [placement])
        return view


@dataclass(frozen=True)
class ByReferral:
    """A referral about the person to an organisation that places: CoMensha for COSM and OMM, for instance."""

    referral_id: UUID

    @contextmanager
    def enter(self, context: Context, refused: Event, action: Action, *touched: Touched) -> Iterator[Entered]:
        """Let in the organisation that was asked, for as long as it may read what it was asked.

        Raises:
            ScopeMissing: the caller may not place.
            ReferralNotFound: there is no referral by which this partner places somebody now.
            NotAcceptedYet: it wants to place, and has not said that it takes the referral.
        """
        context.require(Scope.REFERRALS_PLACE)
        asked = (Touched("referral", str(self.referral_id)), *touched)
        with context.refusals_kept(refused, action, *asked) as tried, context.work() as work:
            found = self._found(context, work)
            if action is not Action.READ:
                hold(work, found)
                # Somebody may have taken it back, or consent may have ended, meanwhile.
                found = self._found(context, work)
            entered = _let_in(work, found)
            tried.in_case(found.case_id)
            if action is not Action.READ and found.state not in TAKEN:
                raise NotAcceptedYet
            yield entered

    def shown(self, work: UnitOfWork, placement: Placement) -> PlacementAsPlacer:
        """Show where the place is and how far it is, and nothing that was said about the person."""
        (view,) = as_placer(work, [placement])
        return view

    def _found(self, context: Context, work: UnitOfWork) -> Referral:
        found = referrals.referral_sent_to(work.session, self.referral_id, context.caller.org)
        if found.content not in ABOUT_A_PERSON:
            raise referrals.ReferralNotFound
        return found


def _let_in(work: UnitOfWork, asked: Referral) -> Entered:
    """Let in an organisation that has something to place for the person, or keeps a place.

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
