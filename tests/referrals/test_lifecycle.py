"""Every legal move of a referral, and no other."""

from itertools import product

import pytest

from service.kernel.transitions import IllegalTransition, next_state
from service.referrals.lifecycle import (
    BY_A_PERSON,
    CONSEQUENCES,
    LIFECYCLE,
    READABLE,
    UNANSWERED,
    Consequence,
    Decliner,
    DeclineReason,
    ReferralEvent,
    ReferralState,
    WithdrawReason,
    declined_by,
)

E, S = ReferralEvent, ReferralState


@pytest.mark.parametrize(
    "events",
    [
        [E.QUEUE, E.DELIVER, E.ACKNOWLEDGE, E.ACCEPT, E.START, E.COMPLETE],
        [E.QUEUE, E.HAND_OVER, E.ACCEPT, E.START, E.COMPLETE],
        [E.QUEUE, E.ACCEPT, E.DELIVER, E.START, E.COMPLETE],
        [E.QUEUE, E.EXPIRE, E.ACCEPT, E.START, E.COMPLETE],
    ],
    ids=["by its message", "by telephone", "before its message", "late"],
)
def test_a_referral_comes_to_its_end_in_several_ways(events: list[ReferralEvent]) -> None:
    state = S.PROPOSED
    for event in events:
        state = next_state(LIFECYCLE, state, event)

    assert state is S.COMPLETED


@pytest.mark.parametrize(("state", "event"), list(product(ReferralState, ReferralEvent)))
def test_what_the_table_does_not_hold_cannot_happen(state: ReferralState, event: ReferralEvent) -> None:
    if (state, event) not in LIFECYCLE:
        with pytest.raises(IllegalTransition):
            next_state(LIFECYCLE, state, event)


@pytest.mark.parametrize("state", [S.COMPLETED, S.DECLINED, S.WITHDRAWN])
def test_what_has_ended_is_moved_by_nothing_but_the_note_that_its_message_came(state: ReferralState) -> None:
    assert {event: after for (before, event), after in LIFECYCLE.items() if before is state} == {E.DELIVER: state}


def test_everything_that_has_not_ended_can_be_taken_back() -> None:
    assert {before for before, event in LIFECYCLE if event is E.WITHDRAW} == set(ReferralState) - {
        *(S.COMPLETED, S.DECLINED, S.WITHDRAWN)
    }


def test_silence_ends_what_nobody_has_answered_and_nothing_else() -> None:
    assert {before for before, event in LIFECYCLE if event is E.EXPIRE} == UNANSWERED


def test_a_partner_reads_from_the_release_until_its_work_has_ended() -> None:
    assert UNANSWERED | {S.ACCEPTED, S.IN_PROGRESS} == READABLE
    ended = set(ReferralState) - READABLE - {S.PROPOSED}
    assert ended == {S.COMPLETED, S.DECLINED, S.WITHDRAWN, S.EXPIRED}


def test_every_reason_leads_somewhere_and_only_one_is_the_person_s_own() -> None:
    assert CONSEQUENCES.keys() == set(DeclineReason)
    assert set(CONSEQUENCES.values()) == set(Consequence)
    assert [one for one in DeclineReason if declined_by(one) is Decliner.PERSON] == [DeclineReason.PERSON_DECLINED]
    assert {WithdrawReason.PERSON_DECIDED, WithdrawReason.MISTAKE, WithdrawReason.SAFETY} == BY_A_PERSON
