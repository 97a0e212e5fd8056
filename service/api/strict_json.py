"""Reads JSON as RFC 8259 and RFC 7493 have it: one meaning per text, and nothing that breaks what comes after."""

import json
from typing import Final, NoReturn

_DEEPEST: Final = 16


class NotStrictJson(ValueError):
    """The text is not JSON, or means different things to different readers."""


def read_strict(body: bytes) -> object:
    """Read a JSON text, refusing what readers understand differently.

    Args:
        body: the bytes as they came.

    Raises:
        NotStrictJson: it is no UTF-8 JSON, names a member twice, holds a number that is none, a NUL or half a
            surrogate pair, or is nested more than sixteen deep.
    """
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_members, parse_constant=_no_number, parse_float=_finite
        )
        _check(value, 0)
    except (ValueError, RecursionError):
        raise NotStrictJson from None
    return value


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrictJson
    return found


def _no_number(_word: str) -> NoReturn:
    raise NotStrictJson


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise NotStrictJson
    return number


def _check(value: object, depth: int) -> None:
    if depth > _DEEPEST:
        raise NotStrictJson
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list):
        for member in value:
            _check(member, depth + 1)
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_text(name)
            _check(member, depth + 1)


def _check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise NotStrictJson
