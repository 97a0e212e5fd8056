"""Keeps figures, and finds them by their period."""

from sqlmodel import Session, col, select

from service.figures.tables import PeriodFigures
from service.kernel.errors import DomainError, Kind


class FiguresNotFound(DomainError):
    """Nobody has drawn up the figures of this period."""

    kind = Kind.NOT_FOUND
    code = "figures-not-found"
    title = "There are no figures of this period"


def add(session: Session, figures: PeriodFigures) -> None:
    """Keep the figures of a period."""
    session.add(figures)
    session.flush()


def kept(session: Session, period: str) -> PeriodFigures | None:
    """Give the figures of a period, None when they were not drawn up."""
    return session.get(PeriodFigures, period)


def figures_of(session: Session, period: str) -> PeriodFigures:
    """Give the figures of a period.

    Raises:
        FiguresNotFound: they were not drawn up.
    """
    found = kept(session, period)
    if found is None:
        raise FiguresNotFound
    return found


def periods(session: Session) -> list[PeriodFigures]:
    """Give the figures of all periods, newest first."""
    return list(session.exec(select(PeriodFigures).order_by(col(PeriodFigures.period).desc())))
