"""JSON has one meaning or is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.strict_json import NotStrictJson, read_strict

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=10)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=10,
)


@given(_VALUES)
def test_plain_json_is_read_as_it_is(value: object) -> None:
    assert read_strict(json.dumps(value).encode()) == value


@given(st.binary(max_size=40))
def test_bytes_are_json_or_are_refused(content: bytes) -> None:
    try:
        read = read_strict(content)
    except NotStrictJson:
        return
    assert read == json.loads(content)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"x":{"a":1,"\\u0061":2}}',
        "NaN",
        "-Infinity",
        "1e999",
        '"\\u0000"',
        '{"\\ud800":1}',
        "\ufeff{}",
    ],
)
def test_what_readers_understand_differently_is_refused(text: str) -> None:
    with pytest.raises(NotStrictJson):
        read_strict(text.encode())


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(NotStrictJson):
        read_strict(b'"\xff"')
