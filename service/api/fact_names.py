"""Spells the names of facts as HTTP has them: camelCase outside, snake_case in files; values are the same in both."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Final

from pydantic.alias_generators import to_camel

from service.routing.facts.vocabulary import FactKind, Vocabulary

_WITH_OFFSET: Final = re.compile(r"[0-9-]{10}T[0-9:]{8}(\.[0-9]{1,6})?(?!-00:00)[+-][0-9]{2}:[0-9]{2}")
_WORD: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")


def inside_facts(facts: Mapping[str, object], vocabulary: Vocabulary) -> dict[str, object]:
    """Give facts the names of the vocabulary; a name that is not one outside cannot become one inside.

    Args:
        facts: as they came in a body.
        vocabulary: which facts there are.
    """
    inside = {_outside(name): name for name in vocabulary.facts}
    found: dict[str, object] = {}
    for name, said in facts.items():
        known = inside.get(name)
        if known is not None and isinstance(said, dict):
            keys = {_outside(key): key for key in vocabulary.facts[known].keys}
            found[known] = {keys.get(key, _never_a_name(key)): value for key, value in said.items()}
        elif known is not None and vocabulary.facts[known].kind is FactKind.INSTANT:
            found[known] = _in_utc(said)
        else:
            found[known or _never_a_name(name)] = said
    return found


@cache
def _outside(name: str) -> str:
    """Spell a name of the vocabulary as HTTP has it; there are only so many."""
    return to_camel(name)


def outside_pointer(pointer: str) -> str:
    """Spell a pointer into facts as the sender wrote them."""
    return "/".join(to_camel(step) for step in pointer.split("/"))


def outside_words(sentence: str, pointer: str, vocabulary: Vocabulary) -> str:
    """Spell the facts that a sentence names as the sender would write them; values stay as they are.

    Args:
        sentence: about one problem.
        pointer: where it is, below `/facts`; the entries of that fact are names too.
        vocabulary: which facts there are.
    """
    at = vocabulary.facts.get((*pointer.split("/"), "", "")[2])
    names = {*vocabulary.facts, *(at.keys if at else ())}
    return _WORD.sub(lambda word: to_camel(word[0]) if word[0] in names else word[0], sentence)


def _in_utc(said: object) -> object:
    """Spell an instant as every answer spells it, in UTC; what is none stays, and is refused by whoever reads it."""
    if not isinstance(said, str) or not _WITH_OFFSET.fullmatch(said):
        return said
    try:
        return datetime.fromisoformat(said).astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return said


def _never_a_name(name: str) -> str:
    # A blank keeps the name near enough for "did you mean", and no fact has one.
    return name.replace("_", " ") if "_" in name else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower() + " "
