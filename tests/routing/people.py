"""Every person that the vocabulary can describe, drawn at random."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from service.routing.facts.answers import Answers, AnswersRefused, answers_from
from service.routing.facts.vocabulary import CodeList, Fact, FactKind
from tests.routing.dutch import rules

FIRST_DAY, LAST_DAY = date(2019, 7, 1), date(2029, 12, 31)
DAYS = st.dates(FIRST_DAY, LAST_DAY)
_INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
_CODES = {
    CodeList.MUNICIPALITY: st.sampled_from(
        ["GM0153", "GM0200", "GM0344", "GM0457", "GM0716", "GM0788", "GM1696", "GM1783", "GM9999"]
    ),
    CodeList.COUNTRY: st.sampled_from(["HU", "NG"]),
}


def _values(fact: Fact) -> st.SearchStrategy[object]:
    drawn: dict[FactKind, st.SearchStrategy[object]] = {
        FactKind.DATE: DAYS.map(date.isoformat),
        FactKind.INSTANT: _INSTANTS.map(lambda instant: instant.isoformat(timespec="seconds")),
    }
    if fact.values:
        words = st.sampled_from(list(fact.values))
        drawn[FactKind.CHOICE] = words
        drawn[FactKind.SET] = st.lists(words, unique=True, min_size=1)
        drawn[FactKind.MAP] = st.dictionaries(st.sampled_from(list(fact.keys)), words) if fact.keys else st.nothing()
    if fact.number is not None:
        drawn[FactKind.NUMBER] = st.integers(fact.number.low, fact.number.high) | st.just("unknown")
    if fact.codes is not None:
        drawn[FactKind.CODE] = _CODES[fact.codes]
    return drawn[fact.kind]


def _possible(facts: dict[str, object]) -> Answers | None:
    try:
        return answers_from(facts, rules().vocabulary)
    except AnswersRefused:
        return None


def people(**fixed: st.SearchStrategy[object]) -> st.SearchStrategy[Answers]:
    """Draw what was told about somebody: any facts, any left out, nothing that contradicts itself.

    Args:
        fixed: facts that are always told, with what may be told of them.
    """
    vocabulary = rules().vocabulary
    told = {name: _values(fact) for name, fact in vocabulary.facts.items() if name not in fixed and fact.of is None}
    return st.fixed_dictionaries(fixed, optional=told).map(_possible).filter(lambda one: one is not None).map(_certain)


def _certain(answers: Answers | None) -> Answers:
    assert answers is not None
    return answers
