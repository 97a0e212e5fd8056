"""Keeps what partners say of their places, and lets nobody take a place that another one holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, SQLModel, col, func, select

from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.places.lifecycle import (
    HOLD_LIFECYCLE,
    PLACEMENT_LIFECYCLE,
    HoldEvent,
    HoldState,
    PlacementEvent,
)
from service.places.policy import TargetGroup
from service.places.tables import Capacity, PlaceHold, Placement, PlacementStep

_STEP_SAID: Final = SealedColumn[dict[str, Any]](PlacementStep, "said")


class CapacityNotFound(DomainError):
    """No partner has reported these places."""

    kind = Kind.NOT_FOUND
    code = "capacity-not-found"
    title = "No partner has reported these places"


class OlderReport(DomainError):
    """What is known already is newer than what is reported now."""

    kind = Kind.CONFLICT
    code = "older-report"
    title = "A newer report of these places was given before"


class HoldNotFound(DomainError):
    """There is no such hold, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "hold-not-found"
    title = "There is no such hold"


class HoldOver(DomainError):
    """The time for which the place was kept is over; somebody else may have it."""

    kind = Kind.CONFLICT
    code = "hold-over"
    title = "The place is no longer held; hold one again"


class NoFreePlace(DomainError):
    """Every place that the partner reported as free is held or was taken since."""

    kind = Kind.CONFLICT
    code = "no-free-place"
    title = "No place is free here"


class PlacementNotFound(DomainError):
    """The case has no such placement."""

    kind = Kind.NOT_FOUND
    code = "placement-not-found"
    title = "The case has no such placement"


@dataclass(frozen=True)
class Report:
    """What a partner says of its places of one kind for one group."""

    partner_id: str
    shelter_type: str
    target_group: TargetGroup
    places: int
    free: int
    occupied: int | None
    as_of: datetime


def add(session: Session, *rows: SQLModel) -> None:
    """Keep a hold, a question, or one who is asked."""
    session.add_all(rows)


def keep_report(session: Session, capacity_id: UUID, report: Report, by: tuple[str, datetime]) -> Capacity:
    """Keep what a partner says, in the place of what it said before.

    Args:
        session: the session of the act, which nobody else of the partner has reported in since.
        capacity_id: the id that these places get when they are reported for the first time.
        report: what it says.
        by: who says so, and when.

    Raises:
        OlderReport: a newer report is kept.
    """
    question = select(Capacity).where(
        col(Capacity.partner_id) == report.partner_id,
        col(Capacity.shelter_type) == report.shelter_type,
        col(Capacity.target_group) == report.target_group,
    )
    known = session.exec(question.with_for_update()).one_or_none()
    said = {**vars(report), "reported_by": by[0], "reported_at": by[1]}
    if known is None:
        known = Capacity(id=capacity_id, **said)
        session.add(known)
    elif report.as_of < known.as_of:
        raise OlderReport
    else:
        known.sqlmodel_update({**said, "version": known.version + 1})
    session.flush()
    return known


def capacities(session: Session, partner_id: str | None = None) -> list[Capacity]:
    """Give everything that is reported, by partner, or what one partner reports."""
    question = select(Capacity)
    if partner_id is not None:
        question = question.where(col(Capacity.partner_id) == partner_id)
    ordered = question.order_by(col(Capacity.partner_id), col(Capacity.shelter_type), col(Capacity.target_group))
    return list(session.exec(ordered))


def capacity(session: Session, capacity_id: UUID, *, lock: bool = False) -> Capacity:
    """Give what is reported of some places.

    Args:
        session: where to look.
        capacity_id: which places.
        lock: whether nobody else may take one of them until this transaction ends.

    Raises:
        CapacityNotFound: nothing is.
    """
    found = session.get(Capacity, capacity_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise CapacityNotFound
    return found


def left(session: Session, reported: Collection[Capacity], now: datetime) -> dict[UUID, int]:
    """Count the places that can be taken: what was reported as free, without what is held and was taken since.

    Args:
        session: where to look.
        reported: what is reported; locked when somebody is about to take one.
        now: business time.
    """
    is_held = (col(PlaceHold.state) == HoldState.HELD) & (col(PlaceHold.until) > now)
    was_taken = (col(PlaceHold.state) == HoldState.USED) & (col(PlaceHold.ended_at) > col(Capacity.as_of))
    counted = (
        select(PlaceHold.capacity_id, func.count())
        .join(Capacity, col(Capacity.id) == col(PlaceHold.capacity_id))
        .where(col(PlaceHold.capacity_id).in_([one.id for one in reported]), is_held | was_taken)
        .group_by(col(PlaceHold.capacity_id))
    )
    taken = dict(session.exec(counted).all())
    return {one.id: max(one.free - taken.get(one.id, 0), 0) for one in reported}


def hold_of(session: Session, capacity_id: UUID, hold_id: UUID, org: str) -> PlaceHold:
    """Find what an organisation holds of some places, and let nobody else change it until this transaction ends.

    Raises:
        HoldNotFound: it holds no such thing there.
    """
    question = select(PlaceHold).where(
        col(PlaceHold.id) == hold_id, col(PlaceHold.capacity_id) == capacity_id, col(PlaceHold.org) == org
    )
    found = session.exec(question.with_for_update()).one_or_none()
    if found is None:
        raise HoldNotFound
    return found


def hold(session: Session, hold_id: UUID) -> PlaceHold:
    """Give a hold, for the service itself and for no caller, and let nobody else change it.

    Raises:
        HoldNotFound: there is none.
    """
    found = session.get(PlaceHold, hold_id, with_for_update=True)
    if found is None:
        raise HoldNotFound
    return found


def end_hold(session: Session, held: PlaceHold, event: HoldEvent, now: datetime) -> None:
    """End a hold: it is released, used, or its time is over; and give a used place back when the stay has ended.

    Args:
        session: the session that holds its row locked.
        held: which one.
        event: how it ends.
        now: business time.

    Raises:
        HoldOver: it ends otherwise than by time, and its time is over.
        IllegalTransition: it has ended before.
    """
    is_over = held.state is HoldState.EXPIRED or (held.state is HoldState.HELD and held.until <= now)
    if event is not HoldEvent.EXPIRE and is_over:
        raise HoldOver
    held.state = next_state(HOLD_LIFECYCLE, held.state, event)
    held.ended_at = now
    held.version += 1
    session.flush()


def first_over(session: Session, now: datetime, besides: Collection[UUID]) -> UUID | None:
    """Give the hold whose time has been over longest and that nobody has ended; None when there is none."""
    question = (
        select(PlaceHold.id)
        .where(col(PlaceHold.state) == HoldState.HELD, col(PlaceHold.until) <= now)
        .where(col(PlaceHold.id).not_in(besides))
    )
    return session.exec(question.order_by(col(PlaceHold.until), col(PlaceHold.id)).limit(1)).first()


def placements_of(session: Session, case_id: UUID) -> list[Placement]:
    """Give a case's placements, oldest first."""
    question = select(Placement).where(col(Placement.case_id) == case_id)
    return list(session.exec(question.order_by(col(Placement.opened_at), col(Placement.id))))


def placement_of(session: Session, case_id: UUID, placement_id: UUID) -> Placement:
    """Find a placement of a case, looking for both so that no other case's is found, and let nobody else change it.

    Raises:
        PlacementNotFound: the case has no such placement.
    """
    question = select(Placement).where(col(Placement.id) == placement_id, col(Placement.case_id) == case_id)
    found = session.exec(question.with_for_update()).one_or_none()
    if found is None:
        raise PlacementNotFound
    return found


def move_placement(session: Session, placement: Placement, event: PlacementEvent) -> None:
    """Move a placement, whose row this transaction holds locked, through its life.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    placement.state = next_state(PLACEMENT_LIFECYCLE, placement.state, event)
    placement.version += 1
    session.flush()


def note_question(session: Session, placement: Placement, question_id: UUID) -> None:
    """Note what CoMensha was asked because nobody has found a place."""
    placement.question_id = question_id
    placement.version += 1
    session.flush()


def keep_step(
    session: Session, vault: Vault, placement: Placement, said: Mapping[str, Any], by: tuple[str, datetime]
) -> PlacementStep:
    """Keep a step of a placement, sealed.

    Args:
        session: the session of the act.
        vault: seals it.
        placement: whose step it is, moved already.
        said: when and why.
        by: who recorded it, and when.
    """
    step = PlacementStep(
        placement_id=placement.id,
        version=placement.version,
        case_id=placement.case_id,
        said=_STEP_SAID.seal(vault, placement.case_id, (placement.id, placement.version), dict(said)),
        recorded_by=by[0],
        recorded_at=by[1],
    )
    session.add(step)
    session.flush()
    return step


def steps_of(session: Session, placement_ids: Collection[UUID]) -> list[PlacementStep]:
    """Give the steps of some placements, in order."""
    question = select(PlacementStep).where(col(PlacementStep.placement_id).in_(placement_ids))
    return list(session.exec(question.order_by(col(PlacementStep.placement_id), col(PlacementStep.version))))


def said_of_step(vault: Vault, step: PlacementStep) -> dict[str, Any]:
    """Give when and why a step was taken.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _STEP_SAID.open(vault, step.case_id, (step.placement_id, step.version), step.said)
