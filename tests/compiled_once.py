"""Statements are compiled once for all databases of a kind; once for each test's own was a fifth of the work."""

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Compiled, Connection

Key = tuple[Any, ...]


class _ByKind(MutableMapping[Key, Compiled]):
    """What was compiled, by the kind of database and the statement; SQLAlchemy asks by one engine's dialect."""

    def __init__(self) -> None:
        self._kept: dict[Key, Compiled] = {}

    def __getitem__(self, key: Key) -> Compiled:
        return self._kept[key[0].name, *key[1:]]

    def __setitem__(self, key: Key, compiled: Compiled) -> None:
        self._kept[key[0].name, *key[1:]] = compiled

    def __delitem__(self, key: Key) -> None:
        del self._kept[key[0].name, *key[1:]]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


_COMPILED = _ByKind()


def share(connection: Connection) -> None:
    """Let a connection find what was compiled for any other of its kind."""
    connection.execution_options(compiled_cache=_COMPILED)
