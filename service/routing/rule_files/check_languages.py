"""Checks that a folder of rules speaks every language that it speaks elsewhere, so that nobody reads half of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node

_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_ALWAYS: Final = "en"
_NAMES: Final = {"en": "English", "nl": "Dutch"}


def untranslated(documents: Iterable[Node]) -> Iterator[Mistake]:
    """Find every text that lacks a language in which most texts of the folder are written.

    Args:
        documents: the files of rules as trees.
    """
    texts = [text for document in documents for text in _texts(document)]
    counts = Counter(language for _, languages in texts for language in languages)
    spoken = sorted(language for language, count in counts.items() if count > len(texts) / 2)
    for node, languages in texts:
        for missing in (one for one in spoken if one not in languages):
            yield node.mistake(f"this text has no {_NAMES.get(missing, missing)}", f"add {missing}: ...")


def _texts(node: Node) -> Iterator[tuple[Node, frozenset[str]]]:
    if isinstance(node.value, list):
        for item in node.value:
            yield from _texts(item)
    elif isinstance(node.value, dict):
        if _ALWAYS in node.value and all(
            _LANGUAGE.fullmatch(key) and isinstance(value.value, str) for key, value in node.value.items()
        ):
            yield node, frozenset(node.value)
        for value in node.value.values():
            yield from _texts(value)
