"""One value, one byte form, the same as everybody else's."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.canonical_json import canonical_bytes, digest

_KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_WHOLE = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
_VALUES = st.recursive(
    st.none() | st.booleans() | _WHOLE | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_the_bytes_are_those_of_an_independent_rfc_8785_writer(value: object) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


def test_the_order_of_members_does_not_change_the_hash() -> None:
    assert digest({"a": 1, "b": [True, None]}) == digest({"b": (True, None), "a": 1})


@pytest.mark.parametrize("value", [1.5, {1: "a"}, {"a": object()}, {"a": {1, 2}}])
def test_what_has_no_byte_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes(value)


@pytest.mark.parametrize("value", [2**53, {"é": 1}, "\ud800"])
def test_what_others_would_read_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_bytes(value)
