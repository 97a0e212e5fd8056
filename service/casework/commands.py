"""What somebody may ask of the service, one frozen shape per use case; every door parses these and nothing else."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StrictBool
from pydantic.alias_generators import to_camel

from service.dispatch.signature import SignatureKind
from service.partners.directory import PartnerStatus
from service.partners.lifecycle import WantedState
from service.referrals.lifecycle import Answer, DeclineReason
from service.routing.text.entries import EARLIEST_YEAR, LATEST_YEAR
from service.tasks.lifecycle import TaskOutcome

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


LONGEST_GRACE: Final = 7 * 24 * 60 * 60
"""Seconds for which an older secret may sign beside a new one."""

USUAL_GRACE: Final = 24 * 60 * 60
"""Seconds for which it does when nobody says how long."""


class Identity(BaseModel):
    """Who the person is, as far as it was told; sealed with the case's own key and read by no rule."""

    model_config = AS_SAID

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")] | None = None
    birth_date: Day | None = None
    contact: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")] | None = None


class ReceiveSignal(BaseModel):
    """A signal about a possible victim: coded facts, and a key under which it can be repeated safely."""

    model_config = AS_SAID

    submission_key: SubmissionKey
    facts: dict[str, JsonValue] = Field(description="What is known, by the names of the vocabulary.")
    narrative: Annotated[str, Field(min_length=1, max_length=10_000)] | None = Field(
        default=None, description="What was seen or told, in the reporter's words; sealed, and read by no rule."
    )
    identity: Identity | None = None
    case_id: UUID | None = Field(
        default=None, description="The case that the signal is about, when it is known; otherwise a new one is opened."
    )


class ChangeFacts(BaseModel):
    """What is known now: facts with their new values; null means that a fact is not told any more (RFC 7396)."""

    model_config = AS_SAID

    facts: dict[str, JsonValue] = Field(description="What changes, by the names of the vocabulary.")


class RecordReturn(BaseModel):
    """The person has returned to another country."""

    model_config = AS_SAID

    returned_on: Day = Field(description="The local day of the actual return, today at the latest.")
    follow_up_wanted: StrictBool = Field(description="Whether the person wants contact afterwards.")
    explanation: Reason | None = Field(
        default=None,
        description="Needed when the day lies before the case was opened, and when it corrects what was recorded.",
    )


class ChosenShelter(BaseModel):
    """A shelter that a person chose, in the words of the rules."""

    model_config = AS_SAID

    type: Annotated[str, Field(max_length=64)]
    placed_by: Annotated[str, Field(max_length=64)] | None = None


class ChosenRegion(BaseModel):
    """Another care coordinator than the region's own."""

    model_config = AS_SAID

    care_coordinator: Annotated[str, Field(max_length=64)] = Field(
        description="Id in the directory of the care coordinator who takes over."
    )
    central_municipality: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class OverrideDecision(BaseModel):
    """A person decides otherwise about one part of a decision, and says why."""

    model_config = AS_SAID

    reason: Reason
    shelter: ChosenShelter | None = None
    region: ChosenRegion | None = None
    withhold: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="Referrals that wait for a person and shall not be sent."
    )


class PreviewDecision(BaseModel):
    """Facts to decide about without keeping them."""

    model_config = AS_SAID

    facts: dict[str, JsonValue] = Field(description="What is known, by the names of the vocabulary.")
    on: Day | None = Field(default=None, description="Decision date, a local day; left out means today.")


class AssignTask(BaseModel):
    """Who does a task and until when; what is left out stays, null takes it away."""

    model_config = AS_SAID

    owner: Pseudonym | None = None
    due: Day | None = None


class FinishTask(BaseModel):
    """A task was done."""

    model_config = AS_SAID

    outcome: TaskOutcome


class HandOverTask(BaseModel):
    """Another person or desk goes on with a task."""

    model_config = AS_SAID

    to: Pseudonym


class AnswerReferral(BaseModel):
    """A partner's answer to a referral; declining needs a coded reason, and nothing else has one."""

    model_config = AS_SAID

    answer: Answer
    reason: DeclineReason | None = Field(default=None, description="Why the referral is declined.")


class ChangePartner(BaseModel):
    """Whether a partner is asked from now on."""

    model_config = AS_SAID

    status: PartnerStatus


class RegisterEndpoint(BaseModel):
    """Where a partner's system will listen."""

    model_config = AS_SAID

    partner_id: PartnerId | None = Field(
        default=None, description="Whose system it is; a partner leaves it out or names itself."
    )
    url: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="An https address on port 443 or 8443, of a host with a full name on the internet."
    )
    signature: SignatureKind = Field(
        default=SignatureKind.SYMMETRIC,
        description="How messages to it are signed. symmetric: v1 (HMAC-SHA-256), with a secret that both sides keep. "
        "asymmetric: v1a (ed25519), with a private key that never leaves the service and a public key to check with.",
    )


class ChangeEndpoint(BaseModel):
    """Whether an endpoint gets messages; one that was disabled must prove again whose it is."""

    model_config = AS_SAID

    state: WantedState = Field(
        description="active takes back a pause or a disabling; after a disabling the state is pending_verification."
    )


class RotateSecret(BaseModel):
    """A new secret signs from now on; those before it sign beside it for a while."""

    model_config = AS_SAID

    grace_period_seconds: Annotated[int, Field(ge=0, le=LONGEST_GRACE)] = Field(
        default=USUAL_GRACE,
        description="How long older secrets sign beside the new one; 0 takes them away at once, as when one leaked.",
    )


class WithdrawReferral(BaseModel):
    """A coordinator takes a referral back."""

    model_config = AS_SAID

    reason: Literal["person_decided", "mistake", "safety"] = Field(
        description="Why, as a code: the person decided otherwise, it was a mistake, or it is not safe. The partner is "
        "not told why."
    )


class HandOverReferral(BaseModel):
    """A coordinator told a partner of a referral, by telephone or in person, and may have heard its answer."""

    model_config = AS_SAID

    answer: Answer | None = Field(default=None, description="What the partner answered; left out when it did not yet.")
    reason: DeclineReason | None = Field(default=None, description="Why the referral is declined.")


class RecoverDeliveries(BaseModel):
    """Everything recorded from one instant until another that did not arrive is sent now."""

    model_config = AS_SAID

    since: Instant = Field(description="Messages recorded at this instant or later.")
    until: Instant = Field(description="Messages recorded before this instant, 14 days later at most.")


class SkipReason(StrEnum):
    """Why a message is not sent any more; a code, because the trail keeps it."""

    ARRIVED_OTHERWISE = "arrived_otherwise"
    NOT_NEEDED = "not_needed"
    CANNOT_BE_TAKEN = "cannot_be_taken"
    MISTAKE = "mistake"


class SkipDelivery(BaseModel):
    """A message is not sent any more, and those behind it go on."""

    model_config = AS_SAID

    reason: SkipReason


class ProposeRules(BaseModel):
    """A rule set is wanted in force: why, and why days that have passed must get another outcome if they do.

    Rules are about nobody, so the reasons are kept as written and not sealed.
    """

    model_config = AS_SAID

    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    retroactive: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
