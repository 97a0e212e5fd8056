"""A cursor says where a page ended, and nothing that was not given by us is believed."""

import contextlib
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.paging import CursorNotUnderstood, Mark, cursor, mark_from

instants = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- Hypothesis takes naive bounds


@given(instants, st.uuids())
def test_a_cursor_gives_back_the_place_it_was_made_from(at: datetime, row_id: UUID) -> None:
    assert mark_from(cursor(Mark(at, row_id))) == Mark(at, row_id)


@given(instants, st.uuids())
def test_a_cursor_can_stand_in_an_address_as_it_is(at: datetime, row_id: UUID) -> None:
    written = cursor(Mark(at, row_id))

    assert written is not None
    assert written.replace("-", "").replace("_", "").isalnum()


def test_the_first_page_has_no_cursor_before_it_and_the_last_none_after_it() -> None:
    assert (mark_from(None), cursor(None)) == (None, None)


@pytest.mark.parametrize("written", ["", "x", "A" * 31, "A" * 33, "=" * 32, "é" * 32, "A" * 31 + "\n", "f" + "_" * 31])
def test_what_is_no_cursor_of_ours_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(CursorNotUnderstood) as refused:
        mark_from(written)

    assert [problem.pointer for problem in refused.value.problems] == ["/cursor"]
    assert not written or written not in refused.value.detail


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_reader(written: str) -> None:
    with contextlib.suppress(CursorNotUnderstood):
        assert cursor(mark_from(written)) == written
