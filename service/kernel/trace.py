"""Which acts belong together across systems: the trace of W3C Trace Context, its numbers drawn and never derived."""

import re
from dataclasses import dataclass
from typing import Final

from service.kernel.ids import new_span_id, new_trace_id

_TRACEPARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
_FIRST_VERSION: Final = "00"
_NO_VERSION: Final = "ff"


@dataclass(frozen=True)
class Trace:
    """One step in a trace.

    Attributes:
        trace_id: 32 hex digits, the same for everything that one request caused, here and elsewhere.
        span_id: 16 hex digits of this step.
        parent_id: the step that caused this one; None when the trace starts here.
    """

    trace_id: str
    span_id: str
    parent_id: str | None = None

    @property
    def header(self) -> str:
        """Give the `traceparent` header that hands the trace on."""
        return f"{_FIRST_VERSION}-{self.trace_id}-{self.span_id}-01"


def trace_from(traceparent: str | None) -> Trace:
    """Continue the trace that a request belongs to, or start one when the header is absent or not well-formed.

    Args:
        traceparent: the header's value (W3C Trace Context, section 3.2).
    """
    found = _TRACEPARENT.fullmatch(traceparent or "")
    if found is None or not _may_be_believed(*found.groups()):
        return Trace(new_trace_id(), new_span_id())
    return Trace(found[2], new_span_id(), found[3])


def _may_be_believed(version: str, trace_id: str, parent_id: str, more: str | None) -> bool:
    if version == _NO_VERSION or (version == _FIRST_VERSION and more is not None):
        return False
    return int(trace_id, 16) != 0 and int(parent_id, 16) != 0


def trace_within(trace_id: str | None) -> Trace:
    """Make a step of our own in a trace that was kept, or start one.

    Args:
        trace_id: as kept; None when what is done now was caused before traces were kept.
    """
    return Trace(trace_id or new_trace_id(), new_span_id())
