"""Whatever open cases may hold, rules that come into force understand it."""

from dataclasses import replace

import pytest

from service.routing.changes.kept_answers import AnswersLost, require_answers_kept
from service.routing.engine.domains import Number
from service.routing.facts.vocabulary import Fact, FactKind, Vocabulary

AGE = Fact("age", FactKind.NUMBER, "unknown", "person", {}, {}, number=Number(0, 120, unknown=True))
FORMS = Fact("forms", FactKind.SET, (), "signal", {}, {}, values={"labour": {}, "other": {}})
CONSENT = Fact("consent", FactKind.MAP, "no", "wishes", {}, {}, values={"yes": {}, "no": {}}, keys={"shelter": {}})


def of(*facts: Fact) -> Vocabulary:
    return Vocabulary({fact.name: fact for fact in facts}, {}, ())


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ((AGE, FORMS), "consent (the fact itself)"),
        ((AGE, FORMS, replace(CONSENT, keys={})), "consent (shelter)"),
        ((AGE, FORMS, replace(CONSENT, values={"yes": {}})), "consent (no)"),
        ((AGE, replace(FORMS, values={"labour": {}}), CONSENT), "forms (other)"),
        ((AGE, replace(FORMS, kind=FactKind.CHOICE), CONSENT), "forms (its kind)"),
        ((replace(AGE, number=Number(0, 40, unknown=True)), FORMS, CONSENT), "age (0..120)"),
        ((replace(AGE, number=Number(1, 120, unknown=True)), FORMS, CONSENT), "age (0..120)"),
        ((replace(AGE, number=Number(0, 120, unknown=False)), FORMS, CONSENT), "age (unknown)"),
        ((replace(AGE, number=Number(0, 40, unknown=False)), FORMS), "age (0..120); age (unknown); consent (the fact"),
    ],
)
def test_a_fact_that_is_dropped_or_narrowed_is_named_with_what_is_missing(new: tuple[Fact, ...], told: str) -> None:
    with pytest.raises(AnswersLost) as refused:
        require_answers_kept(of(AGE, FORMS, CONSENT), of(*new))
    assert told in refused.value.detail


def test_more_facts_answers_and_numbers_are_welcome() -> None:
    wider = replace(AGE, number=Number(0, 130, unknown=True))
    more = replace(FORMS, values={**FORMS.values, "begging": {}})
    require_answers_kept(of(AGE, FORMS), of(more, wider, CONSENT))
