"""What every story of a place shares: who keeps one, who comes, who leaves, and what lies on the desk then."""

from datetime import date
from typing import Any
from uuid import UUID

from service.casework.cases.read_cases import read_case
from service.casework.commands.places import ConfirmPlacement, EndPlacement, KeptPlace, OpenPlacement
from service.casework.firing.fire_clock import due_clock, fire_clock
from service.casework.places.confirm_placement import confirm_placement
from service.casework.places.doors import AtDesk
from service.casework.places.end_placement import end_placement
from service.casework.places.keep_place import open_placement
from service.casework.places.show_placements import list_placements
from service.casework.views.places import PlacementView
from service.deadlines import store as deadlines
from service.places.lifecycle import PlacementState
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.factories import coordinator

TODAY = date(2026, 11, 23)
COSM = KeptPlace(partner_id="comensha", placed_by="comensha")
HERE = OpenPlacement(place=COSM)
CAME = ConfirmPlacement(placed_on=TODAY)
LEFT = EndPlacement(ended_on=TODAY, reason="moved_on")
BED = OpenPlacement(
    shelter_type="emergency_bed", interim=True, place=KeptPlace(partner_id="kadera-omm", placed_by="police")
)


def opened(service: Service, case_id: UUID, command: OpenPlacement = HERE) -> PlacementView:
    """Keep a place for a person at the desk of the case."""
    return open_placement(coordinator(service), AtDesk(case_id), command)


def came(service: Service, one: PlacementView, command: ConfirmPlacement = CAME) -> PlacementView:
    """Let the person come to a place."""
    return confirm_placement(coordinator(service), AtDesk(one.case_id), one.id, frozenset({one.version}), command)


def left(service: Service, one: PlacementView, **said: Any) -> PlacementView:  # noqa: ANN401 -- whatever an ending holds
    """Let the person leave a place, for the next one unless a story says otherwise."""
    command = LEFT.model_copy(update=said)
    return end_placement(coordinator(service), AtDesk(one.case_id), one.id, frozenset({one.version}), command)


def shown(service: Service, case_id: UUID) -> list[tuple[str, PlacementState]]:
    """Give the placements of a case, each of which somebody sees to."""
    found = list_placements(coordinator(service), case_id).items
    assert all(one.owner for one in found)
    return [(one.shelter_type, one.state) for one in found]


def desk(service: Service, case_id: UUID) -> set[str]:
    """Give the kinds of what is to be done in a case."""
    return {one.kind for one in read_case(coordinator(service), case_id).tasks if one.state is TaskState.OPEN}


def fired(service: Service, kind: str) -> bool:
    """Fire whatever is due, and tell whether a clock of a kind was among it."""
    among, seen = False, set[UUID]()
    while (found := due_clock(service.system(), seen)) is not None:
        seen.add(found)
        with service.database.look() as session:
            of_kind = deadlines.deadline(session, found).kind == kind
        among |= fire_clock(service.system(), found) and of_kind
    return among
