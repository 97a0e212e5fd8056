"""A code is called by words in every language, and what nobody has named is still readable."""

from service.routing.text.deadline_words import DEADLINES
from service.routing.text.spoken import called
from service.routing.text.task_words import TASKS


def test_a_task_and_a_deadline_have_words_in_both_languages_and_an_unknown_code_is_said_as_it_is_written() -> None:
    assert called(TASKS, "establish_status") == {
        "nl": "verblijfsstatus vaststellen",
        "en": "establish the residence status",
    }
    assert called(DEADLINES, "reflection_end")["nl"] == "laatste dag van de bedenktijd"
    assert called(TASKS, "look_at_it") == {"nl": "look at it", "en": "look at it"}
