"""What is shown about the keys of personal data: their names, their ages and what they open, never a key."""

from datetime import datetime

from pydantic import BaseModel

from service.casework.views.shape import SHOWN


class EpochView(BaseModel):
    """One wrapping key: since when it is used, how many keys of cases it wraps, and whether it is here."""

    model_config = SHOWN

    id: str
    made_at: datetime | None
    newest: bool
    present: bool
    wraps: int


class KeysView(BaseModel):
    """How the keys stand; `available` is false while they are away, and then nothing sealed can be read."""

    model_config = SHOWN

    available: bool
    epochs: tuple[EpochView, ...]
    lookup: str | None


class RotationView(BaseModel):
    """What a rotation did: the key that wraps from now on, and how many keys of cases it took over."""

    model_config = SHOWN

    epoch: str
    rewrapped: int


class RetirementView(BaseModel):
    """Which wrapping keys were destroyed, and which are still needed or too fresh to know."""

    model_config = SHOWN

    retired: tuple[str, ...]
    kept: tuple[str, ...]
