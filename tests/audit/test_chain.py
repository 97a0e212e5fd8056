"""A trail holds only if every byte of it is as it was written."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.audit.chain import Head, Kept, first_break, leaf_hash
from service.audit.event import Act, Action, Actor, Event, Place, Touched, entry, instant
from service.kernel.canonical_json import canonical_bytes

ACTOR = Actor(id="coordinator-1", role="coordinator", org="office-north", purpose="case-coordination")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def trail(length: int) -> list[Kept]:
    """Write a trail of so many entries."""
    kept: list[Kept] = []
    for seq in range(1, length + 1):
        act = Act(Event.CASE_READ, Action.READ, "case-1", (Touched("case", "case-1"),))
        place = Place("nrm", "node-1", seq, kept[-1].leaf_hash if kept else None)
        body = canonical_bytes(entry(act, ACTOR, place, AT, (f"id-{seq}", f"salt-{seq}")))
        leaf = leaf_hash(body)
        kept.append(Kept(seq, body, leaf, "case-1", Event.CASE_READ.value, f"id-{seq}", instant(AT), seq - 1))
    return kept


def head(kept: list[Kept]) -> Head | None:
    return Head(kept[-1].seq, kept[-1].leaf_hash) if kept else None


@given(st.integers(min_value=0, max_value=6))
def test_an_untouched_trail_holds(length: int) -> None:
    kept = trail(length)

    assert first_break(kept, head(kept)) is None


def test_a_leaf_is_hashed_as_certificate_transparency_does() -> None:
    # RFC 6962, section 2.1: the hash of a leaf is that of a zero byte and the leaf.
    assert leaf_hash(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(st.data())
def test_any_flipped_byte_is_found_even_when_its_hash_is_made_to_fit(data: st.DataObject) -> None:
    kept = trail(3)
    which = data.draw(st.integers(0, 2))
    where = data.draw(st.integers(0, len(kept[which].body) - 1))
    body = bytearray(kept[which].body)
    body[where] ^= 1 << data.draw(st.integers(0, 7))
    as_found = replace(kept[which], body=bytes(body))
    made_to_fit = replace(as_found, leaf_hash=leaf_hash(bytes(body)))

    for tampered in (as_found, made_to_fit):
        assert first_break([*kept[:which], tampered, *kept[which + 1 :]], head(kept)) is not None


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_missing_entry_is_found_wherever_it_was(gone: int) -> None:
    kept = trail(3)

    broken = first_break(kept[:gone] + kept[gone + 1 :], head(kept))

    assert broken is not None
    assert broken.seq == gone + 1


def test_swapped_entries_are_found() -> None:
    kept = trail(3)

    assert first_break([kept[0], kept[2], kept[1]], head(kept)) is not None


def test_an_added_entry_is_found_by_the_noted_end() -> None:
    kept = trail(3)

    assert first_break(kept, head(kept[:2])) is not None


def test_a_trail_that_vanished_whole_is_found_by_the_noted_end() -> None:
    kept = trail(2)

    assert first_break([], head(kept)) is not None


@pytest.mark.parametrize(
    "column",
    [{"stream": "case-2"}, {"event": "case:opened"}, {"seq": 9}, {"id": "id-9"}, {"ts": "2026-11-23T09:00:00.000001Z"}],
)
def test_columns_that_say_something_else_than_the_entry_are_found(column: dict[str, object]) -> None:
    kept = trail(2)

    assert first_break([kept[0], replace(kept[1], **column)], head(kept)) is not None  # type: ignore[arg-type]


def test_the_same_words_in_other_bytes_are_found() -> None:
    kept = trail(1)
    body = kept[0].body.replace(b'":"', b'": "', 1)
    spaced = replace(kept[0], body=body, leaf_hash=leaf_hash(body))

    broken = first_break([spaced], Head(1, spaced.leaf_hash))

    assert broken is not None
    assert "canonical" in broken.what
