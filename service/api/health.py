"""Whether this process lives; it looks at nothing else, so that a slow database does not get it killed."""

from typing import Final, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse

router: Final = APIRouter(tags=["health"], redirect_slashes=False)


class Health(BaseModel):
    """A process that answers lives."""

    model_config = ConfigDict(frozen=True)

    status: Literal["pass"] = "pass"


class HealthAnswer(JSONResponse):
    """The media type in which health is told."""

    media_type = "application/health+json"


@router.get("/health", operation_id="readHealth", summary="Is the process alive", response_class=HealthAnswer)
def show_health() -> Health:
    """Tell that the process lives."""
    return Health()
