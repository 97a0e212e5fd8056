"""Figures over HTTP: how many, by half year and by coarse features, and never so few that they point at somebody."""

from typing import Annotated, Final

from fastapi import APIRouter, Path

from service.api.caller import MayDrawUpFigures, MayReadFigures
from service.casework.figures.draw_up_figures import draw_up_figures, list_figures, read_figures
from service.casework.views.figures import FiguresList, FiguresView

router: Final = APIRouter(prefix="/v1", tags=["figures"], redirect_slashes=False)

_Period = Annotated[str, Path(pattern="^20[0-9]{2}-H[12]$", description="Half a calendar year.", examples=["2026-H1"])]


@router.get("/figures", operation_id="listFigures", summary="List figures")
def show_all(context: MayReadFigures) -> FiguresList:
    """Give the figures of all periods that were drawn up, newest first."""
    return list_figures(context)


@router.get("/figures/{period}", operation_id="readFigures", summary="Read figures")
def show(period: _Period, context: MayReadFigures) -> FiguresView:
    """Give the figures of a period; null stands for fewer than may be told."""
    return read_figures(context, period)


@router.post("/figures/{period}", operation_id="drawUpFigures", summary="Draw up figures")
def draw_up(period: _Period, context: MayDrawUpFigures) -> FiguresView:
    """Count the cases of a period that is over, or give what was counted before: figures once told never change."""
    return draw_up_figures(context, period)
