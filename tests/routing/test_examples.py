"""The examples of the Dutch rules: invented people, what must follow for them, and what must not."""

from dataclasses import replace

import pytest

from service.routing.examples import matches, run_example
from service.routing.rule_set import Example
from tests.routing.dutch import rules


@pytest.mark.parametrize("example", rules().examples, ids=lambda example: example.id)
def test_the_example_holds(example: Example) -> None:
    assert [str(difference) for difference in run_example(rules(), example).differences] == []


@pytest.mark.parametrize("example", rules().examples, ids=lambda example: example.id)
def test_the_example_can_fail(example: Example) -> None:
    spoiled = replace(example, expect={**example.expect, "rule_set": "another"}, absent={})

    assert [difference.place for difference in run_example(rules(), spoiled).differences] == ["rule_set"]


def one(name: str) -> Example:
    return next(example for example in rules().examples if example.id == name)


def test_a_wrong_expectation_is_named_with_its_place_and_what_was_found() -> None:
    wrong = replace(one("G01"), expect={"shelter": {"type": "omm"}}, absent={})

    assert [str(found) for found in run_example(rules(), wrong).differences] == [
        "shelter.type: wanted 'omm', found 'cosm'"
    ]


def test_an_entry_that_is_not_in_the_list_is_missed() -> None:
    wrong = replace(one("G01"), expect={"notifications": [{"to": "embassy"}]}, absent={})

    assert [str(found) for found in run_example(rules(), wrong).differences] == [
        "notifications: wanted {to: embassy}, found none of these"
    ]


def test_of_a_list_only_the_entries_are_shown_that_begin_as_the_wanted_one_does() -> None:
    wrong = replace(
        one("G03-accepted"), expect={"deadlines": [{"kind": "reflection_end", "due": "2027-07-02"}]}, absent={}
    )

    (told,) = map(str, run_example(rules(), wrong).differences)
    assert told.startswith(
        "deadlines: wanted {kind: reflection_end, due: 2027-07-02}, found {kind: reflection_end, due: "
    )
    assert told.count("kind: ") == 2


def test_what_must_be_absent_and_is_there_is_reported() -> None:
    wrong = replace(one("G01"), expect={}, absent={"notifications": [{"to": "ind"}]})
    outcome = run_example(rules(), wrong)

    assert not outcome.holds
    assert "nothing like {to: ind}" in str(outcome.differences[0])


def test_what_is_found_may_say_more_than_what_is_wanted() -> None:
    assert matches({"a": 1}, {"a": 1, "b": 2})
    assert not matches({"a": 1, "b": 2}, {"a": 1})
    assert not matches({"a": None}, {"a": 1})


def test_examples_tell_their_story_in_both_languages() -> None:
    assert [example.id for example in rules().examples if {"nl", "en"} - example.story.keys()] == []
