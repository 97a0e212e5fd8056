"""What can be established in a case; what ends something names the entry that it ends."""

from enum import StrEnum


class EntryKind(StrEnum):
    """The kinds of entries in a case's journal."""

    ASSESSMENT = "assessment"
    ABSENCE = "absence"
    ABSENCE_ENDED = "absence_ended"
    GUARDIAN_APPOINTED = "guardian_appointed"
    GUARDIAN_ENDED = "guardian_ended"
    BEST_INTEREST_DECIDED = "best_interest_decided"
    RETURN_RISK_ASSESSED = "return_risk_assessed"
    PROSECUTOR_ANSWERED = "prosecutor_answered"
    HAND_OVER_OFFERED = "hand_over_offered"
    PERMIT_GRANTED = "permit_granted"
    CRIMINAL_CASE_ENDED = "criminal_case_ended"
    ENFORCEMENT_AGREED = "enforcement_agreed"
    COMPENSATION_DISCUSSED = "compensation_discussed"
    FOREIGN_REFERENCE_NOTED = "foreign_reference_noted"


class Occasion(StrEnum):
    """Why a risk and needs assessment is made."""

    FIRST_CONTACT = "first_contact"
    AFTER_30_DAYS = "after_30_days"
    AFTER_60_DAYS = "after_60_days"
    BEFORE_THE_END = "before_the_end"
    AT_A_MOVE = "at_a_move"
    OTHER = "other"


class AbsenceKind(StrEnum):
    """How somebody came to be away."""

    LEAVE_OVERDUE = "leave_overdue"
    RAN_AWAY = "ran_away"
    OTHER = "other"


class Mandate(StrEnum):
    """With which authority somebody stands up for a child."""

    GUARDIAN = "guardian"
    TEMPORARY_GUARDIAN = "temporary_guardian"
    FAMILY_GUARDIAN = "family_guardian"


class Risk(StrEnum):
    """How great a risk is, on the one scale of all partners."""

    GREEN = "green"
    ORANGE = "orange"
    RED = "red"


class FirstRoute(StrEnum):
    """Which enforcement goes first, as the local consultation agreed."""

    CRIMINAL = "criminal"
    ADMINISTRATIVE = "administrative"
    TOGETHER = "together"
