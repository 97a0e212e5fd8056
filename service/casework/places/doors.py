"""By which door somebody comes in who places: the desk of the case, or a referral that asked its organisation to place.

Both lead to the same acts. Whoever comes by a referral sees what it places itself and nothing else of the case, for as
long as it may read the referral.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Action, Event, Touched
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.context import Context
from service.casework.places.entered import Entered, let_in_by
from service.casework.places.proposed_place import decided_for
from service.casework.places.show_placements import as_placer, placement_views
from service.casework.referrals.ask_partner import hold
from service.casework.referrals.contents import ABOUT_A_PERSON
from service.casework.views.places import PlacementAsPlacer, PlacementView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind
from service.places.tables import Placement
from service.referrals import store as referrals
from service.referrals.lifecycle import TAKEN
from service.referrals.tables import Referral

Shown = TypeVar("Shown")
_Shown_co = TypeVar("_Shown_co", covariant=True)


class NotAcceptedYet(DomainError):
    """An organisation places somebody before it has said that it takes what it was asked."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "not-accepted-yet"
    title: ClassVar[str] = "Accept the referral before you place somebody"


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
            entered = let_in_by(work, found)
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
