"""Where a page of a list ended, as an opaque word that a caller hands back to get the next page."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from service.kernel.errors import DomainError, Kind, Problem

LARGEST_PAGE: Final = 100
"""Rows on a page at most."""

USUAL_PAGE: Final = 25
"""Rows on a page when nobody says how many."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FORM: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_INSTANT_BYTES: Final = 8


class CursorNotUnderstood(DomainError):
    """The cursor is none that this service gave."""

    kind = Kind.INVALID
    code = "cursor-not-understood"
    title = "This cursor was not given by the service"


@dataclass(frozen=True)
class Mark:
    """The last row of a page: its instant and its id, which together are unique."""

    at: datetime
    id: UUID


def cursor(mark: Mark | None) -> str | None:
    """Write a mark as 32 characters that can stand in an address; none after the last page."""
    if mark is None:
        return None
    microseconds = (mark.at - _EPOCH) // timedelta(microseconds=1)
    packed = microseconds.to_bytes(_INSTANT_BYTES, "big", signed=True) + mark.id.bytes
    return base64.urlsafe_b64encode(packed).decode("ascii")


def mark_from(written: str | None) -> Mark | None:
    """Read a cursor back; whoever brings none begins at the first page.

    Raises:
        CursorNotUnderstood: it is none of ours.
    """
    if written is None:
        return None
    written = written if _FORM.fullmatch(written) else ""
    try:
        packed = base64.urlsafe_b64decode(written)
        at = _EPOCH + timedelta(microseconds=int.from_bytes(packed[:_INSTANT_BYTES], "big", signed=True))
        row_id = UUID(bytes=packed[_INSTANT_BYTES:])
    except (ValueError, OverflowError, binascii.Error):
        raise CursorNotUnderstood(
            problems=(Problem("/cursor", CursorNotUnderstood.code, CursorNotUnderstood.title),)
        ) from None
    return Mark(at, row_id)
