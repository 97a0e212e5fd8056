"""What doors show of figures."""

from datetime import datetime

from pydantic import BaseModel

from service.casework.views.shape import SHOWN


class FiguresView(BaseModel):
    """How many cases were opened in half a year; null is fewer than may be told, or left out to hide these.

    `tables` holds the number of cases by each feature, `cases` that of all. Where a table is empty, nothing could be
    told without pointing at somebody.
    """

    model_config = SHOWN

    period: str
    drawn_up_at: datetime
    fewest_told: int
    cases: int | None
    tables: dict[str, dict[str, int | None]]


class FiguresList(BaseModel):
    """The periods of which there are figures, newest first."""

    model_config = SHOWN

    items: tuple[FiguresView, ...]
