"""What was told about a case: checked against the vocabulary, with the default for everything that was not told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, ClassVar

from service.kernel.errors import DomainError, Kind, Problem
from service.routing.engine.domains import UNKNOWN
from service.routing.facts.read_answers import AnswerReader, Refusal, Said
from service.routing.facts.vocabulary import Fact, FactKind, Vocabulary
from service.routing.text.mistakes import FilesRefused, Mistake
from service.routing.text.yaml_document import Node, decoded, read_document

Answer = str | int | date | datetime | frozenset[str] | Mapping[str, str] | None


class AnswersRefused(DomainError):
    """What was told cannot be understood; every problem has a pointer and none repeats what was told."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "facts-refused"
    title: ClassVar[str] = "The facts hold mistakes"


@dataclass(frozen=True)
class Answers:
    """The answers given, in the order of the vocabulary, and through them every fact with its default."""

    vocabulary: Vocabulary
    given: Mapping[str, Said]

    def __getitem__(self, name: str) -> Answer:
        """Give a fact as rules think of it: a word, a number or `unknown`, a set, a day, an instant, a map.

        Of what is told per member of a set rules know nothing: it is None to them, and stands in `given`.

        Raises:
            KeyError: the vocabulary has no such fact.
        """
        return self._typed[name]

    @cached_property
    def _typed(self) -> Mapping[str, Answer]:
        return {name: _answer(fact, self.given.get(name)) for name, fact in self.vocabulary.facts.items()}

    def told_otherwise(self, name: str, said: Said) -> "Answers":
        """Give the same answers but for one.

        Args:
            name: the fact that is told otherwise.
            said: what is told of it, as `given` holds it.
        """
        other = Answers(self.vocabulary, {**self.given, name: said})
        # Every other fact stands as it was read.
        vars(other)["_typed"] = {**self._typed, name: _answer(self.vocabulary.facts[name], said)}
        return other

    def columns(self) -> dict[str, str | int]:
        """Give the value of every column that comes straight from the facts, as tables read them."""
        found: dict[str, str | int] = {}
        for name in self.vocabulary.facts:
            found |= self.columns_of(name)
        return found

    def columns_of(self, name: str) -> dict[str, str | int]:
        """Give the columns of one fact.

        Raises:
            KeyError: the vocabulary has no such fact.
        """
        fact, value = self.vocabulary.facts[name], self._typed[name]
        if isinstance(value, frozenset):
            return {f"{name}.{member}": "yes" if member in value else "no" for member in fact.values}
        if isinstance(value, Mapping):
            return {f"{name}.{key}": word for key, word in value.items()}
        if fact.kind in (FactKind.CHOICE, FactKind.NUMBER) and isinstance(value, str | int):
            return {name: value}
        if fact.kind is FactKind.PER_MEMBER:
            return {}
        return {f"{name}.told": "no" if value is None else "yes"}


def read_answers_file(source: Path | BinaryIO, vocabulary: Vocabulary, name: str | None = None) -> Answers:
    """Read a file of facts, YAML 1.2 or JSON.

    Args:
        source: the file, or an open stream of bytes such as standard input.
        vocabulary: which facts exist.
        name: how mistakes call the file; by default its path, or `-` for a stream.

    Raises:
        FilesRefused: the file holds mistakes, all of them listed.
    """
    mistakes: list[Mistake] = []
    if isinstance(source, Path):
        document = read_document(source, name or str(source), mistakes)
    else:
        text = decoded(source.read(), name or "-", mistakes)
        document = None if text is None else read_document(text, name or "-", mistakes)
    answers = None if document is None else answers_in(document, vocabulary, mistakes)
    if mistakes or answers is None:
        raise FilesRefused(mistakes)
    return answers


def answers_in(document: Node, vocabulary: Vocabulary, mistakes: list[Mistake]) -> Answers | None:
    """Read facts out of a document that has been read already.

    Args:
        document: the mapping of facts.
        vocabulary: which facts exist.
        mistakes: where mistakes are added, each in its own line.

    Returns:
        The answers, or None when there are mistakes.
    """
    answers, refusals = _read(document, vocabulary)
    mistakes.extend(Mistake(document.file, refusal.line, refusal.detail, refusal.hint) for refusal in refusals)
    return None if refusals else answers


def answers_from(mapping: Mapping[str, object], vocabulary: Vocabulary) -> Answers:
    """Read facts as they come out of JSON.

    Args:
        mapping: names of facts and what was told.
        vocabulary: which facts exist.

    Raises:
        AnswersRefused: something cannot be understood; `problems` says what and where.
    """
    answers, refusals = _read(mapping, vocabulary)
    if refusals:
        raise AnswersRefused(problems=tuple(_problem(refusal) for refusal in refusals))
    return answers


def _read(source: object, vocabulary: Vocabulary) -> tuple[Answers, list[Refusal]]:
    reader = AnswerReader(vocabulary)
    reader.read(source)
    answers = Answers(vocabulary, reader.said)
    reader.check_together(answers.columns())
    return answers, reader.refusals


def _problem(refusal: Refusal) -> Problem:
    detail = f"{refusal.detail} ({refusal.hint})" if refusal.hint else refusal.detail
    return Problem("/" + "/".join(("facts", *refusal.path)), refusal.code, detail)


def _answer(fact: Fact, said: Said | None) -> Answer:
    if fact.kind is FactKind.SET:
        return frozenset(said if isinstance(said, list) else fact.default if isinstance(fact.default, tuple) else ())
    if fact.kind is FactKind.MAP:
        entries = said if isinstance(said, dict) else {}
        return {key: str(entries.get(key, fact.default)) for key in fact.keys}
    if said is None or fact.kind is FactKind.PER_MEMBER:
        return fact.default if isinstance(fact.default, str | int) else None
    if fact.kind is FactKind.DATE:
        return date.fromisoformat(str(said))
    if fact.kind is FactKind.INSTANT:
        return datetime.fromisoformat(str(said))
    return said if isinstance(said, str | int) else UNKNOWN
