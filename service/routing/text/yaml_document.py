"""Reads YAML 1.2 (and so JSON) into a tree that remembers its lines; what does not belong in a rule file is refused.

Source: https://yaml.org/spec/1.2.2/ with the core schema, less what makes files hard to read: anchors, aliases, tags,
octal and hexadecimal numbers, several documents in a file. Words like `yes`, `on` and `2026-11-23` are plain text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_syntax import syntax_mistakes

Scalar = str | int | float | bool | None

_PARSER: Final = getattr(yaml, "CLoader", yaml.Loader)
_DEEPEST: Final = 24
_LARGEST: Final = 2_000_000
_WORDS: Final[Mapping[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CURLY: Final = ("\u201c", "\u201d", "\u201e", "\u2018", "\u2019")
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,18}")
_BROKEN: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a file and the line it starts in: a scalar, a list of nodes, or a mapping of words to nodes."""

    file: str
    line: int
    value: "Scalar | list[Node] | dict[str, Node]"
    key_lines: Mapping[str, int] = field(default_factory=dict)

    def mistake(self, what: str, hint: str | None = None) -> Mistake:
        """Say what is wrong with this value, in its own line."""
        return Mistake(self.file, self.line, what, hint)

    def key_mistake(self, key: str, what: str, hint: str | None = None) -> Mistake:
        """Say what is wrong with an entry of this mapping, in the line of its key."""
        return Mistake(self.file, self.key_lines.get(key, self.line), what, hint)

    def plain(self) -> object:
        """Give the value without its lines, as JSON would hold it."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_document(source: Path | str, name: str, mistakes: list[Mistake]) -> Node | None:
    """Read one document and note everything wrong with its writing.

    Args:
        source: the file, or the text itself.
        name: how mistakes call the file.
        mistakes: where mistakes are added.

    Returns:
        The tree, or None when the file cannot be read as YAML at all; then a mistake says why.
    """
    text = _fitting(source, name, mistakes) if isinstance(source, str) else file_text(source, name, mistakes)
    if text is None:
        return None
    try:
        return _Tree(text, name, mistakes).root()
    except _TooDeep as error:
        mistakes.append(Mistake(name, error.line, "lists and mappings are nested too deeply"))
        return None
    except yaml.YAMLError as error:
        mistakes.extend(syntax_mistakes(error, text, name))
        return None


def file_text(source: Path, name: str, mistakes: list[Mistake]) -> str | None:
    """Give the text of a file, or None and a mistake where there is none or it is not UTF-8.

    Args:
        source: the file.
        name: how mistakes call the file.
        mistakes: where mistakes are added.
    """
    try:
        raw = source.read_bytes()
    except OSError as error:
        mistakes.append(Mistake(name, 1, f"the file cannot be read: {error.strerror}"))
        return None
    return decoded(raw, name, mistakes)


def decoded(raw: bytes, name: str, mistakes: list[Mistake]) -> str | None:
    """Give the text of UTF-8 bytes, or None and a mistake in the line where it stops being UTF-8.

    Args:
        raw: what was read, with or without a byte order mark.
        name: how mistakes call the file.
        mistakes: where mistakes are added.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        mistakes.append(Mistake(name, line, "this is not UTF-8 text", "save the file as UTF-8"))
        return None
    return _fitting(text, name, mistakes)


def _fitting(text: str, name: str, mistakes: list[Mistake]) -> str | None:
    if len(text) <= _LARGEST:
        return text
    mistakes.append(Mistake(name, 1, f"the file is longer than {_LARGEST} characters"))
    return None


class _TooDeep(Exception):
    """Lists and mappings are nested deeper than any rule needs."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Tree:
    """Builds the located tree out of the parser's events, because events still show anchors, tags and quotes."""

    def __init__(self, text: str, name: str, mistakes: list[Mistake]) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_PARSER)
        self._name = name
        self._mistakes = mistakes

    def root(self) -> Node | None:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            self._wrong(1, "the file is empty")
            return None
        tree = self._node(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._wrong(_line(after), "a second document starts here", "one file holds one document")
        return tree

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event)
        self._refuse_references(event, line)
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_curly_quotes(event, line)
            return Node(self._name, line, _resolved(event.value) if event.implicit[0] else event.value)
        if isinstance(event, yaml.AliasEvent):
            return Node(self._name, line, None)
        if depth == _DEEPEST:
            raise _TooDeep(line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._name, line, list(self._items(depth + 1)))
        return self._mapping(line, depth + 1)

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth)

    def _mapping(self, line: int, depth: int) -> Node:
        entries: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth)
            value = self._node(next(self._events), depth)
            if not isinstance(key.value, str):
                self._wrong(key.line, "a key must be a word", _key_hint(key))
            elif key.value in entries:
                first = key_lines[key.value]
                self._wrong(key.line, f"the key {key.value} stands here twice", f"the first one is in line {first}")
            else:
                entries[key.value] = value
                key_lines[key.value] = key.line
        return Node(self._name, line, entries, key_lines)

    def _refuse_references(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._wrong(line, f"a reference (*{event.anchor}) is not allowed here", "write the value out")
        elif (anchor := getattr(event, "anchor", None)) is not None:
            self._wrong(line, f"an anchor (&{anchor}) is not allowed here", "write the value out where it is used")
        if (tag := getattr(event, "tag", None)) is not None:
            self._wrong(line, f"a tag ({tag}) is not allowed here", "write the value without it")

    def _refuse_curly_quotes(self, event: yaml.ScalarEvent, line: int) -> None:
        """Refuse what a word processor makes of quotes: they quote nothing, and the text ends at its first comma."""
        if event.implicit[0] and event.value.startswith(_CURLY):
            self._wrong(line, f"a curly quote ({event.value[0]}) opens a text here", 'type straight quotes: "')

    def _wrong(self, line: int, what: str, hint: str | None = None) -> None:
        self._mistakes.append(Mistake(self._name, line, what, hint))


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else int(event.start_mark.line) + 1


def _resolved(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _BROKEN.fullmatch(text) else text


def _key_hint(key: Node) -> str:
    if isinstance(key.value, int | float):
        return f'put quotes around it: "{key.value}"' if not isinstance(key.value, bool) else "a boolean is no word"
    return "write a word before the colon"
