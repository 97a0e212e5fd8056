"""What a person must do because the time of a clock has come."""

from typing import Final

DEADLINE_MISSED: Final = "deadline_missed"
"""Kind of the task that something was not done by its deadline."""

PERIOD_ENDS_SOON: Final = "reflection_ends_soon"
"""Kind of the task to prepare for the end of a reflection period."""

WARN_PARTNER: Final = "warn_partner"
"""Kind of the task to tell a partner that works on the case of the end of the reflection period."""

REVIEW_FACTS: Final = "review_facts"
"""Kind of the task to tell the facts of a case anew, because the rules of today make nothing of them."""

REVIEW_SUSPENSION: Final = "review_suspension"
"""Kind of the task to see whether a deadline must stand still any longer."""

ESCALATE: Final = "escalate_to_"
"""How the kinds of tasks begin that somebody else must hear of a missed deadline; whom, follows."""
