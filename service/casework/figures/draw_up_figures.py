"""Somebody draws up the figures of half a year: counted once, kept for ever, so coarse that they point at nobody."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.casework.context import Context
from service.casework.views.figures import FiguresList, FiguresView
from service.database.one_at_a_time import one_at_a_time
from service.database.sealing.vault import KeyDestroyed, Vault
from service.figures import store as figures
from service.figures.counting import TABLES, Counted, HalfYear, counted, laid_out
from service.figures.suppression import suppressed
from service.figures.tables import PeriodFigures
from service.kernel.canonical_json import canonical_bytes
from service.kernel.clock import AMSTERDAM
from service.kernel.errors import DomainError, Kind

_FEWEST: Final = "figures.fewest"
_YOUNG_UNTIL: Final = "figures.young_until"
_TOGETHER: Final = 100


class PeriodNotOver(DomainError):
    """Cases may still be opened in the period."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "period-not-over"
    title: ClassVar[str] = "Figures are drawn up of a period that is over"


def draw_up_figures(context: Context, period: str) -> FiguresView:
    """Count the cases that were opened in a period, or give what was counted before.

    Figures that were told are never counted again: whoever lays two versions side by side sees who changed. A case that
    was erased is not counted.

    Args:
        context: who asks.
        period: such as 2026-H1.

    Raises:
        ScopeMissing: the caller may not draw up figures.
        PeriodNotUnderstood: this is no period.
        PeriodNotOver: cases may still be opened in it.
        KeysUnavailable: the keys are away.
    """
    context.require(Scope.FIGURES_DRAW_UP)
    with context.refusals_kept(Event.FIGURES_REFUSED, Action.CREATE):
        half = HalfYear.named(period)
        if context.today() < half.day_after:
            raise PeriodNotOver
    with context.look() as session:
        before = figures.kept(session, half.name)
    if before is not None:
        return _read(context, before)
    found, seen = _counted(context, half)
    content = canonical_bytes(_content(context, found))
    with context.work() as work:
        one_at_a_time(work.session, "figures", half.name)
        kept = figures.kept(work.session, half.name)
        if kept is None:
            now, who = context.clock.now(), context.caller.subject
            kept = PeriodFigures(period=half.name, content=content, drawn_up_at=now, drawn_up_by=who)
            figures.add(work.session, kept)
            touched = (Touched("figures", half.name), Touched("content", sha256(content).hexdigest()))
            context.record(work, Act(Event.FIGURES_DRAWN_UP, Action.CREATE, SYSTEM_STREAM, touched))
        for case_id in seen:
            context.record(work, Act(Event.CASE_COUNTED, Action.READ, str(case_id), (Touched("case", str(case_id)),)))
        return _view(kept)


def read_figures(context: Context, period: str) -> FiguresView:
    """Give the figures of a period.

    Args:
        context: who reads.
        period: such as 2026-H1.

    Raises:
        ScopeMissing: the caller may not read figures.
        PeriodNotUnderstood: this is no period.
        FiguresNotFound: they were not drawn up.
    """
    context.require(Scope.FIGURES_READ)
    with context.refusals_kept(Event.FIGURES_REFUSED, Action.READ), context.look() as session:
        found = figures.figures_of(session, HalfYear.named(period).name)
    return _read(context, found)


def list_figures(context: Context) -> FiguresList:
    """Give the figures of all periods, newest first.

    Args:
        context: who reads.

    Raises:
        ScopeMissing: the caller may not read figures.
    """
    context.require(Scope.FIGURES_READ)
    with context.look() as session:
        found = figures.periods(session)
    return FiguresList(items=tuple(_read(context, one) for one in found))


def _read(context: Context, kept: PeriodFigures) -> FiguresView:
    with context.work() as work:
        touched = (Touched("figures", kept.period),)
        context.record(work, Act(Event.FIGURES_READ, Action.READ, SYSTEM_STREAM, touched))
    return _view(kept)


def _counted(context: Context, half: HalfYear) -> tuple[list[Counted], list[UUID]]:
    first, end = (
        datetime.combine(day, time.min, AMSTERDAM).astimezone(UTC) for day in (half.first_day, half.day_after)
    )
    with context.look() as session:
        ids = cases.opened_between(session, first, end)
    found: list[Counted] = []
    for start in range(0, len(ids), _TOGETHER):
        with context.look() as session:
            found.extend(_together(context, session, ids[start : start + _TOGETHER]))
    return found, ids


def _together(context: Context, session: Session, ids: Sequence[UUID]) -> list[Counted]:
    vault, found = Vault(session, context.keys), list[Counted]()
    young_until = _number(context, _YOUNG_UNTIL)
    decided = decisions.live_decisions(session, ids)
    for case in cases.cases_by_id(session, ids):
        try:
            facts = cases.known(session, vault, case)
            found.append(counted(facts, decisions.content(vault, decided[case.id]), young_until))
        except KeyDestroyed:
            continue
    return found


def _content(context: Context, found: Sequence[Counted]) -> dict[str, Any]:
    fewest = _number(context, _FEWEST)
    told = len(found) if len(found) >= fewest else None
    laid = {name: suppressed(laid_out(found, name), fewest) if told else {} for name in TABLES}
    return {"fewest_told": fewest, "cases": told, "tables": laid}


def _number(context: Context, name: str) -> int:
    return context.rules().parameters.needed_number(name, context.today())


def _view(kept: PeriodFigures) -> FiguresView:
    return FiguresView(period=kept.period, drawn_up_at=kept.drawn_up_at, **json.loads(kept.content))
