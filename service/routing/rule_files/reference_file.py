"""One file of reference data: comma-separated values whose mistakes are told with file and line."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from service.routing.text.entries import parsed_day
from service.routing.text.mistakes import Mistake, meant

_CODE: Final = re.compile(r"GM\d{4}")


class ReferenceFile:
    """One file of reference data; remembers its place so that mistakes can name it."""

    def __init__(
        self,
        path: Path,
        needed: tuple[str, ...],
        mistakes: list[Mistake],
        keys: set[str] | None = None,
    ) -> None:
        """Open a file.

        Args:
            path: where it is.
            needed: columns that must be there and whose cells must not be empty.
            mistakes: where mistakes are added.
            keys: the keys of sources that a line may name; None when lines name none.
        """
        self._path = path
        self._needed = needed
        self._mistakes = mistakes
        self._keys = keys
        self._line = 1

    def lines(self) -> Iterator[dict[str, str]]:
        """Give the lines, with white space around every cell removed; an empty file has none."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self.mistake("this file is missing or is not UTF-8")
            return
        reader = csv.DictReader(text.splitlines())
        missing = [name for name in self._needed if name not in (reader.fieldnames or ())]
        if missing:
            self.mistake(f"the columns {', '.join(missing)} are missing")
            return
        for self._line, line in enumerate(reader, start=2):
            self._check(line)
            yield {name: (value or "").strip() for name, value in line.items() if isinstance(name, str)}

    def _check(self, line: Mapping[str, str | None]) -> None:
        for name in self._needed:
            if not (line.get(name) or "").strip():
                self.mistake(f"{name} is empty")
        for key in (line.get("source") or "").split(";") if self._keys is not None else ():
            if key and key not in (self._keys or ()):
                self.mistake(f"sources.csv has no key {key}", meant(key, self._keys or ()))

    def mistake(self, what: str, hint: str | None = None) -> None:
        """Note a mistake at the line that is being read."""
        self._mistakes.append(Mistake(str(self._path), self._line, what, hint))

    def code(self, text: str) -> str:
        """Give a CBS municipality code."""
        if text and not _CODE.fullmatch(text):
            self.mistake("this is no municipality code", "write GM and four digits, such as GM0363")
        return text

    def day(self, text: str) -> date | None:
        """Give a day, or None for an empty cell."""
        found = parsed_day(text) if text else None
        if isinstance(found, str):
            self.mistake("this is no date", found)
            return None
        return found

    def word(self, text: str, words: tuple[str, ...]) -> str:
        """Give a word out of a closed list."""
        if text not in words:
            self.mistake(f"{text!r} is not one of {', '.join(words)}", meant(text, words))
        return text

    def number(self, text: str) -> int | None:
        """Give a whole number of years, or None for an empty cell."""
        if text and not text.isdecimal():
            self.mistake(f"{text!r} is no age in years")
            return None
        return int(text) if text else None
