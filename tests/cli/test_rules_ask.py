"""`nrm rules ask`: an intake that stops asking when the outcome is settled."""

import json

import pytest

from service.cli.words import Language
from tests.cli.terminal import typed

SETTLED = {Language.NL: "Er hoeft niets meer gevraagd te worden.", Language.EN: "Nothing more needs to be asked."}


@pytest.mark.parametrize("language", Language)
def test_no_indication_settles_the_period_and_nothing_more_is_asked(language: Language) -> None:
    heard = typed("rules", "ask", "--part", "reflection_period", "--on", "2026-11-23", "--lang", language, stdin=b"2\n")

    assert heard.code == 0
    assert SETTLED[language] in heard.screen
    assert heard.err.count("?") == 1


def test_an_answer_is_a_number_of_the_list_or_a_word_and_an_empty_line_is_not_known() -> None:
    lines = b"perhaps\n1\npolice\n\n\n\n"
    heard = typed("rules", "ask", "--part", "reflection_period", "--json", stdin=lines)

    told = json.loads(heard.out)
    assert (told["facts"]["indication"], told["facts"]["reporter"]) == ("yes", "police")
    assert "I do not understand that: a number from the list" in heard.err
    assert told["decision"]["reflection_period"]["status"] == "offer_provisional"


def test_whoever_stops_is_told_that_more_answers_may_change_it() -> None:
    heard = typed("rules", "ask", stdin=b"1\n")

    assert "Stopped; more answers may change it." in heard.screen


def test_a_part_that_no_decision_has_is_refused() -> None:
    heard = typed("rules", "ask", "--part", "weather")

    assert heard.code == 2
    assert "weather is no part of a decision" in heard.err
