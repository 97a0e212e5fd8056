"""New rules understand every answer that the old ones did, because open cases hold such answers."""

from collections.abc import Iterator
from typing import ClassVar

from service.kernel.errors import DomainError, Kind, Problem
from service.routing.facts.vocabulary import Fact, Vocabulary


class AnswersLost(DomainError):
    """New rules no longer understand answers that open cases may hold, so those could not be decided on any more."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "answers-lost"
    title: ClassVar[str] = "Open cases hold answers that the new rules do not understand"


def require_answers_kept(old: Vocabulary, new: Vocabulary) -> None:
    """Stop rules that drop a fact, one of its answers, or a part of its range.

    Args:
        old: the vocabulary of the rules in force.
        new: that of the rules that are to follow them.

    Raises:
        AnswersLost: some answers would be lost; every fact is named with what is missing.
    """
    lost = [f"{fact.name} ({what})" for fact in old.facts.values() for what in _lost(fact, new.facts.get(fact.name))]
    if lost:
        detail = f"Open cases may hold these: keep them in {new.file}, and stop using them in rows: {'; '.join(lost)}."
        raise AnswersLost(detail, (Problem("/facts", AnswersLost.code, detail),))


def _lost(old: Fact, new: Fact | None) -> Iterator[str]:
    if new is None:
        yield "the fact itself"
        return
    if (old.kind, old.codes, old.of) != (new.kind, new.codes, new.of):
        yield "its kind"
        return
    missing = [*(old.values.keys() - new.values.keys()), *(old.keys.keys() - new.keys.keys())]
    yield from sorted(missing)
    if old.number is not None and new.number is not None:
        if old.number.low < new.number.low or new.number.high < old.number.high:
            yield f"{old.number.low}..{old.number.high}"
        if old.number.unknown and not new.number.unknown:
            yield "unknown"
