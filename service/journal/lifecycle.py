"""What can be established in a case; what ends something names the entry that it ends."""

from enum import StrEnum


class EntryKind(StrEnum):
    """The kinds of entries in a case's journal."""

    ASSESSMENT = "assessment"


class Occasion(StrEnum):
    """Why a risk and needs assessment is made."""

    FIRST_CONTACT = "first_contact"
    AFTER_30_DAYS = "after_30_days"
    AFTER_60_DAYS = "after_60_days"
    BEFORE_THE_END = "before_the_end"
    AT_A_MOVE = "at_a_move"
    OTHER = "other"
