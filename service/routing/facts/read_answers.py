"""Checks what was told, fact by fact, without ever repeating it: what was told is about a person."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeGuard

from service.routing.engine.domains import UNKNOWN, Number
from service.routing.engine.table import Never
from service.routing.facts.vocabulary import CodeList, Fact, FactKind, Vocabulary
from service.routing.text.entries import EARLIEST_YEAR, LATEST_YEAR, boolean_hint, parsed_day, turned_day
from service.routing.text.mistakes import meant, one_of
from service.routing.text.yaml_document import Node

Said = str | int | list[str] | dict[str, str]

_MOST_REFUSALS: Final = 100
_LONGEST_WORD: Final = 64
_INSTANT: Final = re.compile(
    r"(?P<year>[0-9]{4})-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    # An unknown offset (-00:00) is none.
    r"(Z|(?!-00:00)[+-][0-9]{2}:[0-9]{2})",
)
_CODES: Final = {
    CodeList.MUNICIPALITY: (re.compile(r"GM[0-9]{4}"), "the code of Statistics Netherlands: GM and four digits"),
    CodeList.COUNTRY: (re.compile(r"[A-Z]{2}"), "two capitals, as in ISO 3166-1"),
}


@dataclass(frozen=True)
class Refusal:
    """One thing that cannot be understood: where it stands, and a sentence that does not repeat it."""

    path: tuple[str, ...]
    line: int
    code: str
    detail: str
    hint: str | None = None


@dataclass(frozen=True)
class _Place:
    """Where a value stands: the path below the facts, and the line, 0 outside files."""

    path: tuple[str, ...]
    line: int

    def at(self, step: str | int, value: object) -> "_Place":
        return _Place((*self.path, str(step)), value.line if isinstance(value, Node) else self.line)


class AnswerReader:
    """Reads one telling: what could be understood is in `said`, the rest is in `refusals`."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Start with nothing told.

        Args:
            vocabulary: which facts exist.
        """
        self._vocabulary = vocabulary
        self._lines: dict[str, int] = {}
        self.said: dict[str, Said] = {}
        self.refusals: list[Refusal] = []

    def read(self, source: object) -> None:
        """Read every fact of a mapping.

        Args:
            source: names and values, as JSON gives them or as a located document.
        """
        top = _Place((), source.line if isinstance(source, Node) else 0)
        mapping = _bare(source)
        if not isinstance(mapping, Mapping):
            self._refuse(top, "not-a-mapping", "facts must be names with values", "write name: value")
            return
        for name, value in mapping.items():
            fact = self._vocabulary.facts.get(name) if isinstance(name, str) else None
            key_line = source.key_lines[name] if isinstance(source, Node) else 0
            if fact is None:
                self._refuse_unknown(_Place((), key_line), name)
                continue
            self._lines[fact.name] = key_line
            said = self._value(fact, value, _Place((), key_line).at(fact.name, value))
            if said is not None:
                self.said[fact.name] = said
        self.said = {name: self.said[name] for name in self._vocabulary.facts if name in self.said}
        for name, said in self.said.items():
            self._check_members(self._vocabulary.facts[name], said)

    def check_together(self, columns: Mapping[str, str | int]) -> None:
        """Refuse facts that can never be true together.

        Args:
            columns: the value of every column, told or by default.
        """
        misunderstood = {refusal.path[0] for refusal in self.refusals if refusal.path}
        for never in self._vocabulary.never:
            facts = tuple(dict.fromkeys(column.partition(".")[0] for column in never.when))
            if misunderstood.isdisjoint(facts) and never.holds_of(columns):
                self._refuse_contradiction(never, facts)

    def _value(self, fact: Fact, value: object, place: _Place) -> Said | None:
        bare = _bare(value)
        if bare is None:
            hint = f"leave {fact.name} out when nothing was told"
            self._refuse(place, "no-value", f"{fact.name} has no value", hint)
            return None
        match fact.kind:
            case FactKind.CHOICE:
                return self._word(fact, bare, place)
            case FactKind.SET:
                return self._members(fact, bare, place)
            case FactKind.MAP | FactKind.PER_MEMBER:
                return self._entries(fact, value, place)
            case _:
                return self._single(fact, bare, place)

    def _single(self, fact: Fact, bare: object, place: _Place) -> str | int | None:
        if fact.number is not None:
            return self._number(fact.name, fact.number, bare, place)
        if fact.kind is FactKind.DATE:
            return self._date(fact, bare, place)
        return self._instant(fact, bare, place) if fact.kind is FactKind.INSTANT else self._code(fact, bare, place)

    def _word(self, fact: Fact, bare: object, place: _Place) -> str | None:
        if isinstance(bare, str) and bare in fact.values:
            return bare
        if isinstance(bare, bool) and {"yes", "no"} <= set(fact.values):
            hint = boolean_hint(value=bare)
            self._refuse(place, "not-in-domain", f"{fact.name} is a word, not a boolean", hint)
            return None
        self._refuse(place, "not-in-domain", f"{fact.name} does not know this value", self._meant(bare, fact.values))
        return None

    def _members(self, fact: Fact, bare: object, place: _Place) -> list[str] | None:
        if not _is_list(bare):
            self._refuse(place, "not-a-list", f"{fact.name} is a list", "write [one, two]")
            return None
        words: list[str] = []
        for position, item in enumerate(bare):
            here = place.at(position, item)
            word = self._word(fact, _bare(item), here)
            if word is not None and word in words:
                self._refuse(here, "told-twice", f"{fact.name} names this value twice")
            elif word is not None:
                words.append(word)
        return [word for word in fact.values if word in words]

    def _entries(self, fact: Fact, value: object, place: _Place) -> dict[str, str] | None:
        bare = _bare(value)
        if not isinstance(bare, Mapping):
            hint = f"one entry each for {', '.join(fact.keys)}"
            self._refuse(place, "not-a-mapping", f"{fact.name} is a mapping", hint)
            return None
        found: dict[str, str] = {}
        for key, item in bare.items():
            line = value.key_lines[str(key)] if isinstance(value, Node) else place.line
            if not isinstance(key, str) or key not in fact.keys:
                near = self._meant(key, fact.keys)
                self._refuse(_Place(place.path, line), "unknown-entry", f"{fact.name} has no entry of this name", near)
            elif (word := self._word(fact, _bare(item), place.at(key, item))) is not None:
                found[key] = word
        return {key: found[key] for key in fact.keys if key in found}

    def _check_members(self, fact: Fact, said: Said) -> None:
        """Refuse what is told about a member of a set that nobody told."""
        if fact.of is None or any(refusal.path[:1] == (fact.of,) for refusal in self.refusals):
            return
        told, named = self.said.get(fact.of), said if isinstance(said, dict) else {}
        for member in named:
            if not isinstance(told, list) or member not in told:
                place = _Place((fact.name, member), self._lines[fact.name])
                detail = f"{fact.name} is about something that {fact.of} does not name"
                self._refuse(place, "not-told", detail, "name it there too")

    def _number(self, name: str, number: Number, bare: object, place: _Place) -> str | int | None:
        if isinstance(bare, str | int) and bare in number:
            return bare
        words = f" or {UNKNOWN}" if number.unknown else ""
        detail = f"{name} is a whole number from {number.low} to {number.high}{words}"
        digits = isinstance(bare, str) and bare.isdigit()
        self._refuse(place, "not-in-domain", detail, "write it without quotes" if digits else None)
        return None

    def _date(self, fact: Fact, bare: object, place: _Place) -> str | None:
        found = parsed_day(bare)
        if isinstance(found, str):
            # Only the writer of a file may read the own words again; an answer over the wire never repeats them.
            turned = turned_day(bare) if place.line else None
            self._refuse(place, "not-a-date", f"{fact.name} is no date", turned or found)
            return None
        return found.isoformat()

    def _instant(self, fact: Fact, bare: object, place: _Place) -> str | None:
        parts = _INSTANT.fullmatch(bare) if isinstance(bare, str) else None
        hint = "date, time with seconds, and offset, as in RFC 3339: 2026-11-23T18:30:00+01:00"
        if parts is not None and not EARLIEST_YEAR <= int(parts["year"]) <= LATEST_YEAR:
            hint = f"the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}"
        elif parts is not None and _in_calendar(parts.group()):
            return parts.group()
        self._refuse(place, "not-an-instant", f"{fact.name} is no instant", hint)
        return None

    def _code(self, fact: Fact, bare: object, place: _Place) -> str | None:
        pattern, hint = _CODES[fact.codes or CodeList.COUNTRY]
        if isinstance(bare, str) and pattern.fullmatch(bare):
            return bare
        self._refuse(place, "not-a-code", f"{fact.name} is no code of a {fact.codes}", hint)
        return None

    def _refuse_unknown(self, place: _Place, name: object) -> None:
        self._refuse(place, "unknown-fact", "there is no fact of this name", self._meant(name, self._vocabulary.facts))

    def _refuse_contradiction(self, never: Never, facts: tuple[str, ...]) -> None:
        told = sorted((self._lines[fact], fact) for fact in facts if fact in self._lines)
        line, last = told[-1] if told else (0, facts[-1])
        others = [f"{fact} in line {where}" if where else fact for where, fact in told if fact != last]
        against = " and ".join(others) if others else "what counts when nothing is told"
        detail = f"{last} contradicts {against}: {never.why.get('en', '')}"
        self._refuse(_Place((last,), line), "contradiction", detail, "correct one of the two")

    def _meant(self, said: object, words: Collection[str]) -> str | None:
        # Looking for the nearest word costs time, so neither long text nor many mistakes may buy much of it.
        if isinstance(said, str) and len(said) <= _LONGEST_WORD and len(self.refusals) < _MOST_REFUSALS:
            return meant(said, words)
        return one_of(words)

    def _refuse(self, place: _Place, code: str, detail: str, hint: str | None = None) -> None:
        if len(self.refusals) < _MOST_REFUSALS:
            self.refusals.append(Refusal(place.path, place.line, code, detail, hint))


def _bare(value: object) -> object:
    return value.value if isinstance(value, Node) else value


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _in_calendar(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
