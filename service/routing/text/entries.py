"""Reads the entries that every rule file is made of: known keys, words per language, days, lists, sources."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from service.routing.text.mistakes import Mistake, closest, meant, one_of
from service.routing.text.yaml_document import Node

Words = Mapping[str, str]

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2199
_DAY: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_DAY_FIRST: Final = re.compile(r"(?P<day>[0-9]{1,2})[-/. ](?P<month>[0-9]{1,2})[-/. ](?P<year>[0-9]{4})")
_MONTHS: Final = 12
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def entries(
    node: Node,
    mistakes: list[Mistake],
    *,
    required: Collection[str] = (),
    optional: Collection[str] = (),
    thing: str = "this",
) -> Mapping[str, Node]:
    """Give the known entries of a mapping and note the unknown and the missing ones.

    Args:
        node: what stands in the file.
        mistakes: where mistakes are added.
        required: keys that must be there.
        optional: further keys that may be there.
        thing: how mistakes call the mapping.
    """
    if not isinstance(node.value, dict):
        mistakes.append(node.mistake(f"{thing} must be a mapping", one_of((*required, *optional))))
        return {}
    known = (*required, *optional)
    free = [word for word in known if word not in node.value]
    misspelt = {closest(key, free) for key in node.value if key not in known}
    mistakes.extend(
        node.key_mistake(key, f"{thing} knows no key {key}", meant(key, free or known))
        for key in node.value
        if key not in known
    )
    mistakes.extend(node.mistake(f"{thing} has no {key}") for key in required if key in free and key not in misspelt)
    return {key: value for key, value in node.value.items() if key in known}


def named(node: Node, mistakes: list[Mistake], thing: str) -> Iterator[tuple[str, Node]]:
    """Give the entries of a mapping whose keys are names of somebody's choosing, and note names that are none.

    Args:
        node: what stands in the file.
        mistakes: where mistakes are added.
        thing: what the names are names of.
    """
    if not isinstance(node.value, dict):
        mistakes.append(node.mistake(f"{thing} must be a mapping of names"))
        return
    for name, value in node.value.items():
        if _NAME.fullmatch(name):
            yield name, value
        else:
            mistakes.append(
                node.key_mistake(
                    name, f"{name!r} is no name for {thing}", "small letters, digits and single underscores"
                ),
            )


def listed(node: Node | None, mistakes: list[Mistake], thing: str) -> list[Node]:
    """Give the items of a list; nothing for a list that is absent.

    Args:
        node: what stands in the file, None when the entry is left out.
        mistakes: where mistakes are added.
        thing: how mistakes call the list.
    """
    if node is None:
        return []
    if isinstance(node.value, list):
        return node.value
    mistakes.append(node.mistake(f"{thing} must be a list", "write - before each item, or [one, two]"))
    return []


def text(node: Node | None, mistakes: list[Mistake], thing: str) -> str | None:
    """Give a text that is not empty, or None and a mistake; None for an absent entry.

    Args:
        node: what stands in the file, None when the entry is left out.
        mistakes: where mistakes are added.
        thing: how mistakes call the text.
    """
    if node is None:
        return None
    if isinstance(node.value, str) and node.value.strip():
        return node.value.strip()
    if isinstance(node.value, bool):
        mistakes.append(node.mistake(f"{thing} is a boolean", boolean_hint(value=node.value)))
    elif isinstance(node.value, int | float):
        mistakes.append(node.mistake(f"{thing} is a number, not a text", "put quotes around it"))
    else:
        mistakes.append(node.mistake(f"{thing} must be a text"))
    return None


def one_word(node: Node | None, mistakes: list[Mistake], thing: str, words: Collection[str]) -> str | None:
    """Give a word out of a closed list, or None and a mistake that names the nearest one.

    Args:
        node: what stands in the file, None when the entry is left out.
        mistakes: where mistakes are added.
        thing: how mistakes call the word.
        words: every word that may stand there.
    """
    said = text(node, mistakes, thing)
    if node is None or said is None or said in words:
        return said
    mistakes.append(node.mistake(f"{thing} cannot be {said!r}", meant(said, words)))
    return None


def in_languages(node: Node | None, mistakes: list[Mistake], thing: str) -> Words:
    """Give a text per language, English always among them.

    Args:
        node: what stands in the file, None when the entry is left out.
        mistakes: where mistakes are added.
        thing: how mistakes call the text.
    """
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        mistakes.append(node.mistake(f"{thing} must be given per language", "{nl: ..., en: ...}"))
        return {}
    if "en" not in node.value:
        mistakes.append(node.mistake(f"{thing} has no English text", "add en: ..."))
    said: dict[str, str] = {}
    for language, value in node.value.items():
        if not _LANGUAGE.fullmatch(language):
            mistakes.append(node.key_mistake(language, f"{language!r} is no language", "two small letters (ISO 639-1)"))
        elif (words := text(value, mistakes, thing)) is not None:
            said[language] = words
    return said


def day(node: Node | None, mistakes: list[Mistake], thing: str) -> date | None:
    """Give a calendar day, or None and a mistake; None for an absent entry.

    Args:
        node: what stands in the file, None when the entry is left out.
        mistakes: where mistakes are added.
        thing: how mistakes call the day.
    """
    if node is None:
        return None
    found = parsed_day(node.value)
    if isinstance(found, date):
        return found
    mistakes.append(node.mistake(f"{thing} is no date", turned_day(node.value) or found))
    return None


def parsed_day(said: object) -> date | str:
    """Give the calendar day (ISO 8601, YYYY-MM-DD), or the hint that says how to write it."""
    if not isinstance(said, str) or (parts := _DAY.fullmatch(said)) is None:
        return "write it as YYYY-MM-DD"
    year, month, number = int(parts["year"]), int(parts["month"]), int(parts["day"])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return f"the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}"
    try:
        return date(year, month, number)
    except ValueError:
        known_month = 1 <= month <= _MONTHS and number > 0
        return f"that month has {monthrange(year, month)[1]} days" if known_month else "no such day in the calendar"


def turned_day(said: object) -> str | None:
    """Give the hint for a day that was written day first, or None when it was not."""
    parts = _DAY_FIRST.fullmatch(said) if isinstance(said, str) else None
    if parts is None:
        return None
    found = parsed_day(f"{parts['year']}-{parts['month']:0>2}-{parts['day']:0>2}")
    return f"did you mean {found}?" if isinstance(found, date) else None


def boolean_hint(*, value: bool) -> str:
    """Give the hint for true and false where the words yes and no are meant."""
    return f"write {'yes' if value else 'no'}"
