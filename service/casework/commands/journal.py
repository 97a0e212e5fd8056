"""What somebody may establish in a case."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue, StrictBool

from service.casework.commands.shape import AS_SAID, Day, PartnerId, Pseudonym, Reason
from service.journal.lifecycle import AbsenceKind, EntryKind, FirstRoute, Mandate, Occasion, Risk


class RecordAssessment(BaseModel):
    """A risk and needs assessment: five needs, the six components of assistance, and how safe the person is."""

    model_config = AS_SAID

    on: Day = Field(description="The local day of the assessment, today at the latest.")
    occasion: Occasion
    needs: dict[str, JsonValue] = Field(
        description="What the person needs, as the fact `needs` has it: each `needed`, `not_needed`, `arranged` or "
        "`refused`; what is left out was not assessed."
    )
    risk: str | None = Field(
        default=None,
        max_length=64,
        description="How safe the person is, on the one scale of all partners (`risk`).",
    )
    remarks: Reason | None = Field(default=None, description="What codes cannot say; it stays in the case, sealed.")


class RecordAbsence(BaseModel):
    """The person is not where they live: a short time away is told too."""

    model_config = AS_SAID

    on: Day = Field(description="The local day from which the person is away, today at the latest.")
    kind: AbsenceKind
    risk: Risk | None = Field(default=None, description="The risk level that was agreed for going missing.")


class EndAbsence(BaseModel):
    """The person is back."""

    model_config = AS_SAID

    on: Day = Field(description="The local day of coming back, today at the latest.")


class GuardianAppointed(BaseModel):
    """Somebody stands up for the child from this day on."""

    model_config = AS_SAID

    kind: Literal[EntryKind.GUARDIAN_APPOINTED]
    organisation: PartnerId
    mandate: Mandate


class GuardianEnded(BaseModel):
    """A guardian stands up for the child no more."""

    model_config = AS_SAID

    kind: Literal[EntryKind.GUARDIAN_ENDED]
    guardian: UUID = Field(description="The milestone by which this guardian was appointed.")


class BestInterestDecided(BaseModel):
    """Somebody with authority decided whether a return is in the interest of the child."""

    model_config = AS_SAID

    kind: Literal[EntryKind.BEST_INTEREST_DECIDED]
    in_favour_of_return: StrictBool
    reason: Reason


class ReturnRiskAssessed(BaseModel):
    """What awaits the person after a return, and what is needed there."""

    model_config = AS_SAID

    kind: Literal[EntryKind.RETURN_RISK_ASSESSED]
    reprisals: Risk
    re_trafficking: Risk
    family: Risk
    needs_there: Reason | None = None


class ProsecutorAnswered(BaseModel):
    """The prosecutor said whether the person is needed in the Netherlands."""

    model_config = AS_SAID

    kind: Literal[EntryKind.PROSECUTOR_ANSWERED]
    needs_presence: StrictBool
    given_by: Pseudonym


class HandOverOffered(BaseModel):
    """A plan for a safe hand-over to the other state was offered."""

    model_config = AS_SAID

    kind: Literal[EntryKind.HAND_OVER_OFFERED]
    accepted: StrictBool


class PermitGranted(BaseModel):
    """The immigration service granted the permit; it is valid from the day that is told."""

    model_config = AS_SAID

    kind: Literal[EntryKind.PERMIT_GRANTED]


class CriminalCaseEnded(BaseModel):
    """Investigation, prosecution or trial ended or was dropped."""

    model_config = AS_SAID

    kind: Literal[EntryKind.CRIMINAL_CASE_ENDED]


class EnforcementAgreed(BaseModel):
    """The local consultation agreed in which order employers are dealt with."""

    model_config = AS_SAID

    kind: Literal[EntryKind.ENFORCEMENT_AGREED]
    first: FirstRoute


class CompensationDiscussed(BaseModel):
    """Somebody told the person of a way to compensation, or heard what the person wants."""

    model_config = AS_SAID

    kind: Literal[EntryKind.COMPENSATION_DISCUSSED]
    way: Annotated[str, Field(max_length=64)] = Field(description="A key of the fact `compensation`.")
    state: Annotated[str, Field(max_length=64)] = Field(
        description="How far it is, a value of the fact `compensation`."
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = Field(
        description="The language in which it was told (ISO 639)."
    )


class ForeignReferenceNoted(BaseModel):
    """A mechanism in another country referred the person to this one."""

    model_config = AS_SAID

    kind: Literal[EntryKind.FOREIGN_REFERENCE_NOTED]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field(description="ISO 3166-1 alpha-2.")
    reference: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]


Milestone = (
    GuardianAppointed
    | GuardianEnded
    | BestInterestDecided
    | ReturnRiskAssessed
    | ProsecutorAnswered
    | HandOverOffered
    | PermitGranted
    | CriminalCaseEnded
    | EnforcementAgreed
    | CompensationDiscussed
    | ForeignReferenceNoted
)
"""What can be established on the tracks of a case."""


class RecordMilestone(BaseModel):
    """Something was established on a day."""

    model_config = AS_SAID

    on: Day = Field(description="The local day on which it happened, today at the latest.")
    what: Annotated[Milestone, Field(discriminator="kind")]
