"""The life of a signal: received, and then triaged; what was mistaken can be taken back, and it waits again."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SignalKind(StrEnum):
    """What somebody wants who sends a signal: that something is done, for one or for many, or to know whom to ask."""

    REPORT = "report"
    ADVICE_REQUEST = "advice_request"
    GROUP = "group"


class About(StrEnum):
    """Whom a signal is about: one person, or nobody whom anybody has identified yet."""

    PERSON = "person"
    NOBODY_KNOWN = "nobody_known"


class Standing(StrEnum):
    """Where a signal can be: it waits, or triage has come to an outcome."""

    RECEIVED = "received"
    CASE_OPENED = "case_opened"
    LINKED = "linked"
    ADVICE_ONLY = "advice_only"
    DISMISSED = "dismissed"
    MEMBERS_RECORDED = "members_recorded"


class SignalState(StrEnum):
    """Whether a signal still waits for somebody to look at it."""

    RECEIVED = "received"
    TRIAGED = "triaged"


class SignalEvent(StrEnum):
    """What triage can do with a signal."""

    OPEN_CASE = "open_case"
    LINK = "link"
    ADVISE = "advise"
    DISMISS = "dismiss"
    UNLINK = "unlink"
    REOPEN = "reopen"
    RECORD_MEMBERS = "record_members"


class DismissReason(StrEnum):
    """Why nothing follows from a signal; no source lists the reasons, so the list is assumed."""

    NO_INDICATION = "no_indication"
    NOT_TRAFFICKING = "not_trafficking"
    KNOWN_ALREADY = "known_already"
    NOBODY_FOUND = "nobody_found"
    MISTAKE = "mistake"


LIFECYCLE: Final[Mapping[tuple[Standing, SignalEvent], Standing]] = {
    (Standing.RECEIVED, SignalEvent.OPEN_CASE): Standing.CASE_OPENED,
    (Standing.RECEIVED, SignalEvent.LINK): Standing.LINKED,
    (Standing.RECEIVED, SignalEvent.ADVISE): Standing.ADVICE_ONLY,
    (Standing.RECEIVED, SignalEvent.DISMISS): Standing.DISMISSED,
    # The signal that opened a case stays its origin; whoever joined it by mistake leaves it again.
    (Standing.LINKED, SignalEvent.UNLINK): Standing.RECEIVED,
    (Standing.ADVICE_ONLY, SignalEvent.REOPEN): Standing.RECEIVED,
    (Standing.DISMISSED, SignalEvent.REOPEN): Standing.RECEIVED,
    # A group: many are found together, and more may turn out to belong to it.
    (Standing.RECEIVED, SignalEvent.RECORD_MEMBERS): Standing.MEMBERS_RECORDED,
    (Standing.MEMBERS_RECORDED, SignalEvent.RECORD_MEMBERS): Standing.MEMBERS_RECORDED,
}

OF_A_GROUP: Final = frozenset({SignalEvent.DISMISS, SignalEvent.REOPEN, SignalEvent.RECORD_MEMBERS})
"""What can be done with a group: it is nobody, so it is no case itself."""


def state_of(standing: Standing) -> SignalState:
    """Tell whether a signal still waits."""
    return SignalState.RECEIVED if standing is Standing.RECEIVED else SignalState.TRIAGED


def outcome_of(standing: Standing) -> Standing | None:
    """Give what triage came to; None while the signal waits."""
    return None if standing is Standing.RECEIVED else standing
