"""The chain: each entry names the hash of the one before it, so that a change, a hole or a cut shows."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from service.audit.merkle import leaf_of
from service.kernel.canonical_json import canonical_bytes

_DERIVED: Final = ("stream", "seq", "id", "ts", "event")


@dataclass(frozen=True)
class Kept:
    """An entry as the database gives it back: its exact bytes and the columns derived from them."""

    seq: int
    body: bytes
    leaf_hash: str
    stream: str
    event: str
    id: str
    ts: str
    leaf_index: int | None


@dataclass(frozen=True)
class Head:
    """The last link of a stream as it was noted when it was written."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Break:
    """The first place where a stream does not hold, and what is wrong there."""

    seq: int
    what: str


def leaf_hash(body: bytes) -> str:
    """Hash an entry's bytes as a leaf (RFC 6962 section 2.1), in hex."""
    return leaf_of(body).hex()


def first_break(entries: Iterable[Kept], head: Head | None) -> Break | None:
    """Hash every entry of one stream again and find the first that does not fit, or None when all fit.

    Args:
        entries: the whole stream in its own order.
        head: the noted last link; None when none was noted.
    """
    expected, previous = 1, None
    for kept in entries:
        wrong = misfit(kept, expected, previous)
        if wrong is not None:
            return Break(expected, wrong)
        expected, previous = expected + 1, leaf_hash(kept.body)
    noted = (head.seq, head.hash) if head is not None else (0, None)
    if noted != (expected - 1, previous):
        return Break(expected, "the stream does not end where it was noted to end")
    return None


def misfit(kept: Kept, expected: int, previous: str | None) -> str | None:
    """Tell what is wrong with an entry as the next one of its stream; nothing when it fits.

    Args:
        kept: the entry as found.
        expected: the number that it must have.
        previous: hash of the entry before it; None for the first.
    """
    said = said_in(kept.body)
    if said is None:
        return "the entry's bytes are not canonical JSON"
    if kept.seq != expected or said.get("seq") != expected:
        return "an entry is missing or out of order"
    if leaf_hash(kept.body) != kept.leaf_hash:
        return "the entry's bytes are not the ones that were hashed"
    if said.get("prev") != previous:
        return "the entry does not follow from the one before it"
    if any(said.get(name) != getattr(kept, name) for name in _DERIVED):
        return "the columns beside the entry say something else than the entry"
    return None


def said_in(body: bytes) -> dict[str, Any] | None:
    """Read an entry's bytes; nothing when they are not the one form that a value has."""
    try:
        said = json.loads(body)
        same = canonical_bytes(said) == body
    except (ValueError, TypeError, RecursionError):
        return None
    return said if same and isinstance(said, dict) else None
