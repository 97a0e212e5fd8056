"""Says in plain words why a file is no YAML, in the line where a person should look."""

import re
from collections.abc import Iterator
from typing import Final

import yaml

from service.routing.text.mistakes import Mistake

_UNSEEN: Final = (
    (re.compile(r" *\t"), "a tab in the indentation", "YAML indents with spaces only"),
    (re.compile(r"[ \t]*[\u00a0\u2007\u202f\u200b\ufeff]"), "an invisible character in the indentation", "type spaces"),
    (re.compile(r"(<{7}|={7}|>{7})( |$)"), "two versions of these lines were never merged", "keep one of the two"),
    (re.compile(r" *[\u2013\u2014\u2022] "), "a long dash or dot stands before an item", "type a hyphen: - "),
)
_FRIENDLY: Final = (
    (
        "mapping values are not allowed",
        "a colon stands where no value can start",
        "check the indentation, and put quotes around text with a colon in it",
    ),
    ("could not find expected ':'", "a key has no colon", "write `key: value`"),
    (
        "did not find expected key",
        "the indentation does not fit the lines above",
        "align the entries of one list or mapping",
    ),
    (
        "did not find expected '-' indicator",
        "the indentation does not fit the list above",
        "align the dashes of one list",
    ),
    ("did not find expected ',' or ']'", "a list that was opened with [ is not closed", "add the comma or the ]"),
    ("did not find expected ',' or '}'", "a mapping that was opened with { is not closed", "add the comma or the }"),
    ("expected ',' or ']'", "a list that was opened with [ is not closed", "add the comma or the ]"),
    ("expected ',' or '}'", "a mapping that was opened with { is not closed", "add the comma or the }"),
    ("did not find expected node content", "a value is missing", "close the list or mapping, or remove the comma"),
    ("found unexpected end of stream", "a quote is opened and not closed", "add the closing quote"),
    ("cannot start any token", "a value cannot start with this character", "put quotes around the value"),
    ("unknown escape character", "an escape that is not known", "write a backslash twice, or use single quotes"),
    ("invalid Unicode character escape", "an escape that is no character", None),
    ("control characters are not allowed", "a control character stands in the text", "remove it"),
    ("special characters are not allowed", "a control character stands in the text", "remove it"),
    ("undefined tag handle", "a tag is not allowed here", "put quotes around a value that starts with !"),
)


def syntax_mistakes(error: yaml.YAMLError, text: str, name: str) -> list[Mistake]:
    """Give the mistakes behind a parser's refusal: whatever nobody sees, else the one place it stumbled over.

    Args:
        error: what PyYAML or libyaml raised.
        text: the whole text.
        name: how mistakes call the file.
    """
    unseen = list(_unseen(text, name))
    if unseen and "control" not in str(error):
        return unseen
    return [_stumbled(error, text, name)]


def _unseen(text: str, name: str) -> Iterator[Mistake]:
    for line, written in enumerate(text.split("\n"), start=1):
        for pattern, what, hint in _UNSEEN:
            if pattern.match(written):
                yield Mistake(name, line, what, hint)
                break


def _stumbled(error: yaml.YAMLError, text: str, name: str) -> Mistake:
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    line = _line(error, text)
    for pattern, what, hint in _FRIENDLY:
        if pattern in said:
            opened = getattr(error, "context_mark", None) if "opened" in what else None
            return Mistake(name, line if opened is None else int(opened.line) + 1, what, hint)
    return Mistake(name, line, f"this is no YAML: {said}")


def _line(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        # At the end of the text the parser points behind the last line, where nobody can look.
        return min(int(mark.line) + 1, max(1, len(text.splitlines())))
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
