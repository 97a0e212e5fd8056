"""Column types that mean the same on SQLite and on PostgreSQL."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from service.kernel.canonical_json import canonical_bytes

_CODE_LENGTH: Final = 64


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant, kept and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write the instant in UTC.

        Raises:
            ValueError: the instant has no time zone, so nobody knows when it was.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant without a time zone cannot be stored"
            raise ValueError(message)
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Give the instant back with its time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CanonicalJson(TypeDecorator[Any]):
    """A JSON value kept as its canonical text, so that equal values are equal bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Write the value as canonical text."""
        return None if value is None else canonical_bytes(value).decode("utf-8")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 -- SQLAlchemy's signature; JSON has any shape
        """Read the value back."""
        return None if value is None else json.loads(value)


class Coded(TypeDecorator[StrEnum]):
    """A member of a closed list of codes, kept as its text."""

    impl = String(_CODE_LENGTH)
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        """Bind the column to its list.

        Args:
            codes: the closed list.
        """
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Write the code.

        Raises:
            ValueError: the value is not in the list.
        """
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Read the code back as a member of its list."""
        return None if value is None else self.codes(value)
