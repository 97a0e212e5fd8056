"""Reads XML of people we do not know: no document type, so no entities and nothing fetched; small, and not deep."""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from service.routing.text.mistakes import Mistake

LARGEST: Final = 8_000_000
_DEEPEST: Final = 64
_MOST: Final = 200_000


@dataclass
class Element:
    """An element with its namespace, its attributes, its children, the text directly in it, and its line."""

    namespace: str
    name: str
    attributes: dict[str, str]
    line: int
    children: "list[Element]" = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> "list[Element]":
        """Give the children of a name in the namespace of this element."""
        return [one for one in self.children if one.name == name and one.namespace == self.namespace]

    def first(self, name: str) -> "Element | None":
        """Give the first child of a name, None when there is none."""
        return next(iter(self.all(name)), None)

    def text_of(self, *names: str) -> str | None:
        """Give the text of a child, or of a child of that, and so on; None when there is no such child."""
        found: Element | None = self
        for name in names:
            found = None if found is None else found.first(name)
        return None if found is None else found.text.strip()


class _Refused(Exception):
    """The file holds something that no table needs."""


def read_xml(raw: bytes, file: str, mistakes: list[Mistake]) -> Element | None:
    """Read a file, or note why it cannot be read.

    Args:
        raw: what stands in the file.
        file: how mistakes call it.
        mistakes: where mistakes are added.
    """
    if len(raw) > LARGEST:
        mistakes.append(Mistake(file, 1, f"the file is longer than {LARGEST} bytes"))
        return None
    builder = _Builder()
    try:
        builder.parser.Parse(raw, True)  # noqa: FBT003 - the library's own order of arguments
    except expat.ExpatError as error:
        what = f"this is no well-formed XML: {expat.ErrorString(error.code)}"
        mistakes.append(Mistake(file, error.lineno, what))
    except (LookupError, ValueError):
        mistakes.append(Mistake(file, 1, "the encoding that the file names is not known", "save the file as UTF-8"))
    except _Refused as refused:
        mistakes.append(Mistake(file, builder.parser.CurrentLineNumber, str(refused)))
    else:
        return builder.root
    return None


class _Builder:
    """Keeps the elements that are open while the parser goes through the file."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _doctype(self, *_: object) -> None:
        raise _Refused("a document type (<!DOCTYPE ...>) is not allowed: it can name entities and other files")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) == _DEEPEST:
            raise _Refused("elements are nested too deeply")
        self._count += 1
        if self._count > _MOST:
            raise _Refused(f"the file has more than {_MOST} elements")
        namespace, _, local = name.rpartition(" ")
        found = Element(namespace, local, attributes, self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(found)
        else:
            self.root = found
        self._open.append(found)
        self._texts.append([])

    def _end(self, _: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def _text(self, text: str) -> None:
        self._texts[-1].append(text)
