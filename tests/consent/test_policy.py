"""Who may say what about consent, and when it counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.consent.policy import (
    LIFECYCLE,
    ChildView,
    Consent,
    Informed,
    Person,
    Purpose,
    Said,
    Saying,
    Speaker,
    objections,
)
from service.kernel.transitions import IllegalTransition, next_state

TODAY = date(2026, 11, 23)
ADULT = Person(is_child=False, age=30, care_from=16, guardian=True, parent_there=True, parent_suspected=False)
TWELVE = replace(ADULT, is_child=True, age=12)
SIXTEEN = replace(ADULT, is_child=True, age=16)
IN_DOUBT = replace(ADULT, is_child=True, age=None)
LEFT_ALONE = replace(TWELVE, guardian=False, parent_there=False)
GIVEN = Said(
    purpose=Purpose.REGISTRATION,
    saying=Saying.GIVE,
    by=Speaker.PERSON,
    said_on=TODAY,
    informed=frozenset(Informed),
    child_view=None,
)
FOR_A_CHILD = replace(GIVEN, by=Speaker.GUARDIAN, child_view=ChildView.AGREES)


def codes(said: Said, person: Person = ADULT) -> list[str]:
    return [one.code for one in objections(said, person, TODAY)]


def test_cn_02_an_adult_agrees_after_everything_was_explained() -> None:
    assert codes(GIVEN) == []
    assert codes(replace(GIVEN, informed=frozenset({Informed.PURPOSE, Informed.RECIPIENTS}))) == ["not-informed"]
    assert codes(replace(GIVEN, said_on=TODAY + timedelta(days=1))) == ["still-to-come"]
    assert codes(replace(GIVEN, by=Speaker.GUARDIAN)) == ["not-theirs-to-say"]


def test_a_no_needs_no_explanation_and_always_counts_when_it_is_the_person_s_own() -> None:
    for person in (ADULT, TWELVE, SIXTEEN, IN_DOUBT, LEFT_ALONE):
        for saying in (Saying.REFUSE, Saying.WITHDRAW):
            assert codes(replace(GIVEN, saying=saying, informed=frozenset()), person) == []


@pytest.mark.parametrize(
    ("person", "said", "refused_as"),
    [
        pytest.param(TWELVE, GIVEN, ["not-theirs-to-say"], id="a child of twelve alone"),
        pytest.param(IN_DOUBT, GIVEN, ["not-theirs-to-say"], id="somebody whose age is in doubt"),
        pytest.param(TWELVE, replace(GIVEN, purpose=Purpose.PLACEMENT), ["not-theirs-to-say"], id="twelve, in care"),
        pytest.param(SIXTEEN, replace(GIVEN, purpose=Purpose.PLACEMENT), [], id="sixteen, in care"),
        pytest.param(SIXTEEN, GIVEN, ["not-theirs-to-say"], id="sixteen, beyond care"),
        pytest.param(
            SIXTEEN,
            replace(FOR_A_CHILD, by=Speaker.PARENT, purpose=Purpose.PLACEMENT, saying=Saying.WITHDRAW),
            ["not-theirs-to-say"],
            id="a parent takes back what a child of sixteen said alone",
        ),
        pytest.param(SIXTEEN, replace(FOR_A_CHILD, by=Speaker.PARENT), [], id="sixteen, beyond care, by the parent"),
        pytest.param(TWELVE, FOR_A_CHILD, [], id="the guardian, and the child agrees"),
        pytest.param(TWELVE, replace(FOR_A_CHILD, by=Speaker.PARENT), [], id="the parent, and the child agrees"),
        pytest.param(TWELVE, replace(FOR_A_CHILD, child_view=None), ["child-not-heard"], id="the child was not heard"),
        pytest.param(
            TWELVE, replace(FOR_A_CHILD, child_view=ChildView.DISAGREES), ["child-disagrees"], id="the child disagrees"
        ),
        pytest.param(
            replace(TWELVE, parent_there=False),
            replace(FOR_A_CHILD, by=Speaker.PARENT),
            ["not-theirs-to-say"],
            id="a parent who is not there",
        ),
        pytest.param(
            replace(TWELVE, guardian=False), FOR_A_CHILD, ["not-theirs-to-say"], id="a guardian whom nobody appointed"
        ),
        pytest.param(
            replace(TWELVE, guardian=False),
            replace(FOR_A_CHILD, saying=Saying.WITHDRAW),
            ["not-theirs-to-say"],
            id="a guardian whom nobody appointed does not withdraw either",
        ),
        pytest.param(
            replace(SIXTEEN, guardian=False, parent_there=False),
            replace(GIVEN, purpose=Purpose.PLACEMENT),
            [],
            id="sixteen, in care, with nobody beside it",
        ),
        pytest.param(
            replace(TWELVE, parent_suspected=True),
            replace(FOR_A_CHILD, by=Speaker.PARENT),
            ["not-theirs-to-say"],
            id="a parent who is suspected",
        ),
        pytest.param(
            replace(TWELVE, parent_suspected=True),
            replace(FOR_A_CHILD, by=Speaker.PARENT, saying=Saying.WITHDRAW),
            ["not-theirs-to-say"],
            id="a parent who is suspected does not withdraw either",
        ),
    ],
)
def test_ch_05_who_consents_for_a_child(person: Person, said: Said, refused_as: list[str]) -> None:
    assert codes(said, person) == refused_as


def test_ch_05_nobody_gives_a_yes_for_a_child_for_whom_nobody_stands_up() -> None:
    for speaker in Speaker:
        for purpose in Purpose:
            said = replace(FOR_A_CHILD, by=speaker, purpose=purpose)
            assert codes(said, LEFT_ALONE) == ["not-theirs-to-say"]


def test_who_may_not_speak_reads_nothing_about_the_person() -> None:
    alone = next(iter(objections(GIVEN, TWELVE, TODAY)))
    suspected = replace(TWELVE, parent_suspected=True)
    parent = next(iter(objections(replace(FOR_A_CHILD, by=Speaker.PARENT), suspected, TODAY)))

    assert alone == parent


def test_what_was_never_given_is_not_withdrawn_and_what_was_said_is_not_unasked() -> None:
    said_at_all = {Consent.GIVEN, Consent.REFUSED, Consent.WITHDRAWN}
    assert {before for before, saying in LIFECYCLE if saying is Saying.WITHDRAW} == {Consent.GIVEN}
    assert said_at_all.isdisjoint(before for before, saying in LIFECYCLE if saying is Saying.LEAVE_OPEN)
    assert all(following.value == saying.value for (_, saying), following in LIFECYCLE.items())
    with pytest.raises(IllegalTransition):
        next_state(LIFECYCLE, Consent.GIVEN, Saying.REFUSE)
