"""Tells whoever waits in this process that rows of a table were kept; other processes find out by looking."""

import threading
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Final

Ring = Callable[[], object]
"""Called after a commit by the thread that committed: it must return at once and cannot fail."""


class Bell:
    """Rings after a commit, for those who listen for one of the tables that were written."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._guard: Final = threading.Lock()
        self._listening: list[tuple[AbstractSet[str], Ring]] = []

    @contextmanager
    def heard(self, tables: AbstractSet[str], ring: Ring) -> Iterator[None]:
        """Listen while the block runs.

        Args:
            tables: the names of the tables that matter.
            ring: what to call.
        """
        listener = (tables, ring)
        with self._guard:
            self._listening.append(listener)
        try:
            yield
        finally:
            with self._guard:
                self._listening.remove(listener)

    def ring(self, written: AbstractSet[str]) -> None:
        """Call everybody who listens for one of these tables.

        Args:
            written: the names of the tables whose rows were kept.
        """
        with self._guard:
            for tables, ring in self._listening:
                if not written.isdisjoint(tables):
                    ring()
