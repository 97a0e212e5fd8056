"""What is wrong in a file, where, and what was probably meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar, Final

from service.kernel.errors import DomainError, Kind
from service.routing.text.in_dutch import hint_in_dutch, in_dutch

_SHOWN_WORDS: Final = 16
_FROM_DUTCH: Final = {
    "ja": "yes",
    "nee": "no",
    "onbekend": "unknown",
    "geen": "none",
    "met_bron": "sourced",
    "oude_tekst": "old_text",
    "aangenomen": "assumed",
    "omstreden": "contested",
}
"""Words of these files that somebody who writes Dutch will type in Dutch."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in one line of one file.

    Attributes:
        example: somebody whom it would meet, in Dutch and in English.
    """

    file: str
    line: int
    what: str
    hint: str | None = None
    example: tuple[str, str] | None = None

    def __str__(self) -> str:
        """Give the mistake as an editor wants to jump to it: `file:line: what (hint)`, and an example below."""
        return "\n".join((self._in_english(), *self._examples()))

    def in_both(self) -> str:
        """Give the mistake with its Dutch below, where there is any."""
        dutch = in_dutch(self.what)
        hint = hint_in_dutch(self.hint) if self.hint else None
        below = [] if dutch is None else [f"  {dutch} ({hint})" if hint else f"  {dutch}"]
        return "\n".join((self._in_english(), *below, *self._examples()))

    def _in_english(self) -> str:
        said = f"{self.file}:{self.line}: {self.what}"
        return f"{said} ({self.hint})" if self.hint else said

    def _examples(self) -> tuple[str, ...]:
        if self.example is None:
            return ()
        return f"  bijvoorbeeld {self.example[0]}", f"  for example {self.example[1]}"


class FilesRefused(DomainError):
    """Files hold mistakes; all of them are listed and nothing of the files was taken."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "files-refused"
    title: ClassVar[str] = "The files hold mistakes"

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Collect the mistakes in the order of file and line.

        Args:
            mistakes: everything that is wrong, at least one; said twice counts once.
        """
        self.mistakes = tuple(sorted(set(mistakes), key=_place))
        super().__init__("\n".join(mistake.in_both() for mistake in self.mistakes))


def closest(word: str, words: Iterable[str]) -> str | None:
    """Give the known word that was probably meant, or None when nothing comes near.

    Args:
        word: what was written.
        words: every word that may stand there.
    """
    known = sorted(words)
    folded = {_folded(one): one for one in reversed(known)}
    translated = _FROM_DUTCH.get(_folded(word), _folded(word))
    if (same := folded.get(translated)) is not None:
        return same
    near = get_close_matches(_folded(word), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def meant(word: str, words: Iterable[str]) -> str | None:
    """Give the hint for a word that is not known: the nearest one, else the words that may stand there.

    Args:
        word: what was written.
        words: every word that may stand there, in the order in which they should be read.
    """
    known = tuple(words)
    if (near := closest(word, known)) is not None:
        return f"did you mean {near}?"
    return one_of(known)


def one_of(words: Iterable[str]) -> str | None:
    """Give the hint that lists what may stand there, shortened when it is long."""
    known = tuple(words)
    if not known:
        return None
    rest = f" and {len(known) - _SHOWN_WORDS} more" if len(known) > _SHOWN_WORDS else ""
    return f"known: {', '.join(known[:_SHOWN_WORDS])}{rest}"


def _folded(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")


def _place(mistake: Mistake) -> tuple[str, int, str, str]:
    return (mistake.file, mistake.line, mistake.what, mistake.hint or "")
