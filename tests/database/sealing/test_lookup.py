"""Tags recognise equal values of one kind under one key, and nothing else."""

import pytest

from service.database.sealing.keyring import KeysUnavailable
from service.database.sealing.lookup import TAG_BYTES, new_lookup_key, read_lookup_key


def test_equal_values_have_equal_tags_and_no_others_do() -> None:
    key = new_lookup_key()

    assert key.tag("name", ["jana", "voorbeeld"]) == key.tag("name", ["jana", "voorbeeld"])
    assert key.tag("name", ["jana", "voorbeeld"]) != key.tag("name", ["janavoorbeeld"])
    assert key.tag("name", "x") != key.tag("contact", "x")
    assert key.tag("name", "x") != new_lookup_key().tag("name", "x")
    assert len(key.tag("name", "x")) == TAG_BYTES
    assert len(key.digest("name", "x")) == 64


def test_a_lookup_key_comes_back_from_its_text_under_the_same_name() -> None:
    key = new_lookup_key()

    again = read_lookup_key(key.as_text())
    assert (again, again.id) == (key, key.id)
    assert key.id != new_lookup_key().id


@pytest.mark.parametrize("text", ["", "AAAA", "not base64", "é"])
def test_text_that_is_no_lookup_key_is_refused(text: str) -> None:
    with pytest.raises(KeysUnavailable):
        read_lookup_key(text)
