"""The name of a message has one form, and its number can be read off it."""

import pytest

from service.dispatch.message_id import is_message_id, message_id, new_message_id, number_of


def test_a_new_name_has_the_form_and_gives_its_number_back() -> None:
    named = new_message_id()

    assert is_message_id(named)
    assert message_id(number_of(named)) == named
    assert new_message_id() != named


@pytest.mark.parametrize(
    "written", ["", "msg_", "msg_" + "A" * 32, "msg_" + "a" * 33, "a" * 32, "msg_" + "a" * 32 + "\n"]
)
def test_what_has_another_form_names_no_message(written: str) -> None:
    assert not is_message_id(written)
