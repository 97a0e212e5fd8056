"""What doors show of how the service is."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from service.casework.views.shape import SHOWN


class Status(StrEnum):
    """How well something is; what only gives a warning still works."""

    PASS = "pass"  # noqa: S105 -- not a password
    WARN = "warn"
    FAIL = "fail"


class CheckView(BaseModel):
    """One thing that was looked at: what kind of thing, how it is, and what was measured when."""

    model_config = SHOWN

    component_type: str
    status: Status
    observed_value: str | float | None
    observed_unit: str | None
    time: datetime


class HealthView(BaseModel):
    """How the service is: as well as the worst of its parts; what was looked at is shown to whoever may see it."""

    model_config = SHOWN

    status: Status
    checks: dict[str, tuple[CheckView, ...]] | None
