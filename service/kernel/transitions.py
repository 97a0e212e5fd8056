"""The one reader of lifecycle tables: a lifecycle is a literal table of (state, event) to state."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from service.kernel.errors import DomainError, Kind

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class IllegalTransition(DomainError):
    """What was asked cannot happen in the state that the thing is in."""

    kind = Kind.CONFLICT
    code = "illegal-transition"
    title = "This cannot happen in the present state"


def next_state(table: Mapping[tuple[S, E], S], state: S, event: E) -> S:
    """Look up where an event leads from a state.

    Args:
        table: the lifecycle.
        state: where the thing is now.
        event: what happens to it.

    Raises:
        IllegalTransition: the table has no such move.
    """
    following = table.get((state, event))
    if following is None:
        detail = f"'{event}' is not possible while the state is '{state}'."
        raise IllegalTransition(detail)
    return following
