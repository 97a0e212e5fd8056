"""What a person can be asked to do beside what the rules ask for, and which of it belongs together."""

from typing import Final, TypeAlias

Ask: TypeAlias = tuple[str, str]
"""A kind of task, and the rule that asks for it."""

COMPARE: Final = ("compare_signals", "signal")
"""Kind and origin of the task that two reports differ; no rule asks for it and no rule can take it back."""

CORRECT: Final = ("correct_facts", "signal")
"""Kind and origin of the task that a report has left a case: a person looks which facts nobody else had told."""

LOOK_ALIKE: Final = ("compare_cases", "recognition")
"""Kind and origin of the task that another case of the organisation may be about the same person."""

DOUBLE_WORK: Final = ("end_double_work", "recognition")
"""Kind and origin of the task that a person has two cases: what was asked twice is taken back by a person."""

HOLD_CONSULTATION: Final = "hold_consultation"
"""Kind of the task to hold a consultation on its day."""

FOLLOW_CONSULTATION: Final = "consultation_follow_up"
"""Kind of the task that a consultation decided on; what it is stands in the decisions, sealed."""

DELIVER_BY_HAND: Final = "deliver_by_hand"
"""Kind of the task that a message was given up, so that a person must reach the partner otherwise."""

NO_ENDPOINT: Final = "no_endpoint"
"""Kind of the task that a partner's system listens nowhere, so that a person must reach the partner otherwise."""

IN_TROUBLE: Final = "delivery_in_trouble"
"""Kind of the early warning that a message is still not with its partner, although it is tried on."""

SILENT_PARTNER: Final = "silent_partner"
"""Kind of the task that a partner did not answer within its term."""

NOBODY_ACCEPTS: Final = "nobody_accepts"
"""Kind of the task that nobody is left who could be asked."""

LOOK_INTO_DECLINE: Final = "look_into_decline"
"""Kind of the task that a partner declined for a reason that another partner would have too."""

PERSON_DECLINED: Final = "person_declined"
"""Kind of the task that the person said no to a partner: somebody talks to the person before anybody else is asked."""

RELEASE_REFERRAL: Final = "release_referral"
"""Kind of the task that another partner can be asked as soon as a person releases it."""

RECONSIDER_REFERRAL: Final = "reconsider_referral"
"""Kind of the task that a partner has what the rules no longer let it be asked; a person decides what becomes of it."""

OFFER_AGAIN: Final = "offer_again"
"""Kind of the task to offer help again to somebody who refused: a no is kept, and it is not the last word."""

WAITS_FOR_PLACE: Final = "waits_for_place"
"""Kind of the task that a person waits for a place for too long."""

END_FORMER: Final = "end_former_placement"
"""Kind of the task that a person has come to the next place, so that the former one can be given up."""

REVIEW_SHELTER: Final = "review_shelter"
"""Kind of the task to look at the shelter of somebody who has come back."""

AFTER_PLACEMENT: Final = "after_placement"
"""Kind of the task that a person has left a place and no next one is known."""

FOLLOW_UP: Final = "return_follow_up"
"""Kind of the task to get in touch some time after a return."""

RECALL_BY_HAND: Final = "recall_by_hand"
"""Kind of the task to tell a partner that consent ended, where no message can."""

RECALL_UNANSWERED: Final = "recall_unanswered"
"""Kind of the task that a partner does not say what it did after consent ended."""

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

TRIAGE: Final = "triage_signal"
"""Kind of the task to say what becomes of a signal."""

ANNOUNCE: Final = "announce_head_count"
"""Kind of the task to tell how many people may be found, and no name."""

PLACES_UNANSWERED: Final = "places_unanswered"
"""Kind of the task that partners say nothing to a question for places; there is no case to it."""

PLACES_MISSING: Final = "places_missing"
"""Kind of the task that everybody has answered a question for places and they are too few; there is no case to it."""

ACT_HINDERED: Final = "act_hindered"
"""Kind of the task that what was to happen at its time fails again and again; what asks for it is the code of why."""

CLOCKS_WAIT: Final = "clocks_wait"
"""Kind of the task that a case was decided about behind a wrong clock: its clocks wait, and a person keeps the days."""

RANG_EARLY: Final = "rang_early"
"""Kind of the task to look at what rang by a clock that was ahead; what asks for it is the code of why it was."""

CONSIDER_CLOSING: Final = "consider_closing"
"""Kind of the task to look whether the case of somebody who has left with an unknown destination can be closed."""

ABOUT_DELIVERY: Final = frozenset({DELIVER_BY_HAND, NO_ENDPOINT, IN_TROUBLE})
"""What lies on a desk while a partner does not know of its referral."""

ABOUT_ANSWERS: Final = frozenset(
    {SILENT_PARTNER, NOBODY_ACCEPTS, LOOK_INTO_DECLINE, PERSON_DECLINED, RELEASE_REFERRAL, ACT_HINDERED}
)
"""What lies on a desk until somebody takes a referral."""

ABOUT_A_REFERRAL: Final = ABOUT_DELIVERY | ABOUT_ANSWERS | {RECONSIDER_REFERRAL, WARN_PARTNER}
"""What is about one partner's work, and so is no task of the whole case."""

ABOUT_RECALL: Final = frozenset({RECALL_BY_HAND, RECALL_UNANSWERED})
"""What lies on a desk until a partner has said what it did after consent ended."""

ASKED_BY_EVENTS: Final = frozenset(
    {
        *(COMPARE[0], CORRECT[0], LOOK_ALIKE[0], DOUBLE_WORK[0], FOLLOW_UP),
        *(WAITS_FOR_PLACE, END_FORMER, AFTER_PLACEMENT, HOLD_CONSULTATION, FOLLOW_CONSULTATION),
        *(REVIEW_SHELTER, RECALL_BY_HAND, CLOCKS_WAIT, RANG_EARLY),
    }
)
"""What no decision asks for, so that no decision takes it back."""
