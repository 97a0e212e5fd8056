"""In which other ways a fact could have been told, for everything that is tried by deciding again."""

from collections.abc import Iterator, Mapping

from service.routing.engine.domains import UNKNOWN
from service.routing.facts.answers import Answers
from service.routing.facts.read_answers import Said
from service.routing.facts.vocabulary import Fact, FactKind, Vocabulary
from service.routing.unsaid import NOT_KNOWN

Told = Mapping[str, Said]


def value_of(answers: Answers, name: str) -> Said | None:
    """Give what is told of a fact, or of one entry or member of it such as `consent.placement`, as files write it.

    Args:
        answers: what was told.
        name: of the fact, or of the fact and the entry.
    """
    fact, _, part = name.partition(".")
    known = answers[fact]
    if isinstance(known, frozenset):
        members = [value for value in answers.vocabulary.facts[fact].values if value in known]
        return ("yes" if part in known else "no") if part else members
    if isinstance(known, Mapping):
        return known[part] if part else dict(known)
    return known if known is None or isinstance(known, str | int) else known.isoformat()


def is_told(answers: Answers, name: str) -> bool:
    """Tell whether somebody told a fact or the entry of it; what counts by default was told by nobody."""
    fact, _, part = name.partition(".")
    said = answers.given.get(fact)
    return part in said if part and isinstance(said, dict) else said is not None


def other_words(fact: Fact, answers: Answers) -> Iterator[Said]:
    """Give every other word that could be told of a fact that is one word, and entry by entry of one that is a map."""
    known = answers[fact.name]
    if fact.kind is FactKind.CHOICE:
        yield from (value for value in fact.values if value != known)
    elif isinstance(known, Mapping):
        for key in fact.keys:
            yield from ({**known, key: value} for value in fact.values if value != known[key])


def other_answers(fact: Fact, answers: Answers) -> Iterator[Said]:
    """Give what could turn out to be true of a fact instead: another word, one member of a set more or less."""
    known = answers[fact.name]
    if fact.kind is FactKind.CHOICE:
        yield from (value for value in fact.values if value not in (known, *NOT_KNOWN))
    elif isinstance(known, frozenset):
        for member in fact.values:
            members = known ^ {member} - {UNKNOWN} if member != UNKNOWN else frozenset()
            if members - {UNKNOWN}:
                yield [value for value in fact.values if value in members - {UNKNOWN}]


def can_be(vocabulary: Vocabulary, columns: Mapping[str, str | int]) -> bool:
    """Tell whether facts do not contradict each other."""
    return not any(never.holds_of(columns) for never in vocabulary.never)
