"""A trace goes on when the caller's header is to be believed, and starts anew when it is not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.trace import trace_from, trace_within

ID = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


def test_a_good_header_goes_on_with_a_step_of_our_own() -> None:
    trace = trace_from(f"00-{ID}-{SPAN}-00")

    assert (trace.trace_id, trace.parent_id) == (ID, SPAN)
    assert trace.span_id != SPAN
    assert trace.header == f"00-{ID}-{trace.span_id}-01"


@pytest.mark.parametrize("tail", ["", "-what-comes-later"])
def test_a_later_version_is_read_as_far_as_it_is_known(tail: str) -> None:
    assert trace_from(f"cc-{ID}-{SPAN}-01{tail}").trace_id == ID


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        f"ff-{ID}-{SPAN}-01",
        f"00-{ID.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{ID}-{'0' * 16}-01",
        f"00-{ID[1:]}-{SPAN}-01",
        f"00-{ID}-{SPAN}-1",
        f"00-{ID}-{SPAN}-01-more",
        f"cc-{ID}-{SPAN}-01.more",
        f" 00-{ID}-{SPAN}-01",
        f"00-{ID}-{SPAN}-01\n",
    ],
)
def test_a_header_that_is_not_to_be_believed_starts_a_trace(header: str | None) -> None:
    trace = trace_from(header)

    assert trace.trace_id != ID
    assert trace.parent_id is None


@given(st.text(max_size=80))
def test_whatever_the_header_says_the_trace_is_well_formed(header: str) -> None:
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace_from(header).header)


def test_a_kept_trace_goes_on_and_a_missing_one_starts() -> None:
    assert trace_within(ID).trace_id == ID
    assert trace_within(None).trace_id != trace_within(None).trace_id
