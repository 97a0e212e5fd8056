"""The shape of every command, and the small words that several commands share; each refuses what it does not know."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from service.routing.text.entries import EARLIEST_YEAR, LATEST_YEAR

AS_SAID: Final = ConfigDict(
    frozen=True,
    extra="forbid",
    alias_generator=to_camel,
    validate_by_name=True,
    validate_by_alias=True,
    hide_input_in_errors=True,
)

SubmissionKey = Annotated[
    str,
    Field(
        min_length=16,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Chosen by the sender, new for every signal; the same key and content give the same receipt again.",
        examples=["f3b0c8e2-1d6a-4a57-9d43-5f0c1a2b3c4d"],
    ),
]

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _written_day(said: object) -> object:
    """Let only a full day through (RFC 3339 full-date), not the numbers that Pydantic would take for one."""
    if said is None or (isinstance(said, str) and _DAY.fullmatch(said)) or isinstance(said, date):
        return said
    message = "not a day"
    raise ValueError(message)


def _near_day(day: date) -> date:
    """Let only days through that facts can be of too; further away no term can be counted any more."""
    if EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return day
    message = f"the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}"
    raise ValueError(message)


def _written_instant(said: object) -> object:
    """Let only a full instant with its offset through (RFC 3339 date-time), not what Pydantic would take for one."""
    if isinstance(said, datetime) or (isinstance(said, str) and _INSTANT.fullmatch(said)):
        return said
    message = "not an instant with its offset"
    raise ValueError(message)


def _near_instant(instant: datetime) -> datetime:
    _near_day(instant.date())
    return instant.astimezone(UTC)


Day = Annotated[
    date,
    BeforeValidator(_written_day),
    AfterValidator(_near_day),
    Field(json_schema_extra={"pattern": "^(19|20|21)[0-9]{2}-"}),
]

Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_instant),
    AfterValidator(_near_instant),
    Field(json_schema_extra={"pattern": "^(19|20|21)[0-9]{2}-"}),
]

Pseudonym = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="A person or desk by a pseudonym, never a name.",
    ),
]

Reason = Annotated[
    str, Field(min_length=1, max_length=2000, pattern=r"\S", description="Why, in a person's own words.")
]

PartnerId = Annotated[
    str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9-]*$", description="Its id in the directory.")
]
