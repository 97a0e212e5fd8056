"""What two reports about one person have in common, in the one spelling in which it is compared.

A name alone is too common to say anything, so it counts together with the day of birth. An address of mail or a
telephone number counts by itself. Nothing that these rules find is more than a reason to ask.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h"}
)
_DUTCH_PARTICLES: Final = frozenset({"van", "de", "der", "den", "het", "ten", "ter", "te"})
_PARTICLES: Final = _DUTCH_PARTICLES | frozenset(
    {"von", "zu", "da", "das", "do", "dos", "di", "del", "della", "du", "la", "le", "el", "al", "bin", "ibn", "bint"}
)
_MAIL: Final = re.compile(r"[^\s@<>,;:\"'()]+@[^\s@<>,;:\"'()]+\.[^\s@<>,;:\"'().]+")
_TELEPHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]{6,}[0-9]")
_DUTCH: Final = "31"
_SHORTEST_NUMBER: Final = 8
_LONGEST_NUMBER: Final = 15


class TraitKind(StrEnum):
    """Which kinds of traits there are."""

    NAME_AND_BIRTH = "name_and_birth"
    MAIL = "mail"
    TELEPHONE = "telephone"


@dataclass(frozen=True, order=True, repr=False)
class Trait:
    """One thing by which a person may be recognised; never printed and never kept as it is."""

    kind: TraitKind
    value: str


def traits_of(name: str | None, born: date | None, contact: str | None) -> frozenset[Trait]:
    """Give everything by which a person may be recognised.

    Args:
        name: as it was told, in any order and script.
        born: day of birth.
        contact: as it was told: telephone numbers, mail addresses, and anything around them.
    """
    found = set(_mails(contact or "")) | set(_telephones(contact or ""))
    words = _words(name or "")
    if words and born is not None:
        found.add(Trait(TraitKind.NAME_AND_BIRTH, f"{' '.join(words)} {born.isoformat()}"))
    return frozenset(found)


def _words(name: str) -> list[str]:
    """Give the words of a name without accents, capitals and particles, in an order of their own."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold().translate(_LETTERS))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    words = re.findall(r"\w+", bare.replace("'", "").replace("\u2019", ""))
    return sorted(word for word in words if word not in _PARTICLES) or sorted(words)


def _mails(contact: str) -> list[Trait]:
    return [Trait(TraitKind.MAIL, found.casefold()) for found in _MAIL.findall(unicodedata.normalize("NFKC", contact))]


def _telephones(contact: str) -> list[Trait]:
    """Give telephone numbers in international form (ITU-T E.164); without a country they are Dutch."""
    written = _MAIL.sub(" ", unicodedata.normalize("NFKC", contact))
    numbers = [_international(found) for found in _TELEPHONE.findall(written)]
    whole = (number for number in numbers if _SHORTEST_NUMBER <= len(number) <= _LONGEST_NUMBER)
    return [Trait(TraitKind.TELEPHONE, number) for number in whole]


def _international(written: str) -> str:
    with_country = written.startswith("+")
    digits = re.sub(r"[^0-9]", "", written.replace("(0)", ""))
    if with_country:
        return digits
    if digits.startswith("00"):
        return digits[2:]
    return _DUTCH + digits[1:] if digits.startswith("0") else digits
