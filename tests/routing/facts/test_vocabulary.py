"""The vocabulary says which facts exist, how they are asked, and which columns tables may read."""

from service.routing.engine.cells import Cell
from service.routing.engine.domains import YES_OR_NO, Choice, Number
from service.routing.facts.vocabulary import CodeList, FactKind, Vocabulary
from service.routing.rule_files.read_vocabulary import read_vocabulary
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import read_document
from tests.routing.factories import FACTS


def vocabulary_in(text: str) -> Vocabulary:
    """Read a vocabulary that has no mistakes."""
    mistakes: list[Mistake] = []
    document = read_document(text, "facts.yaml", mistakes)
    assert document is not None
    found = read_vocabulary(document, mistakes)
    assert mistakes == []
    return found.vocabulary


def test_every_fact_keeps_its_place_its_kind_and_its_default() -> None:
    facts = vocabulary_in(FACTS).facts

    assert [(fact.name, fact.kind, fact.default) for fact in facts.values()] == [
        ("citizenship", FactKind.CHOICE, "unknown"),
        ("age", FactKind.NUMBER, "unknown"),
        ("detention", FactKind.CHOICE, "no"),
        ("exploitation", FactKind.SET, ("unknown",)),
        ("consent", FactKind.MAP, "not_asked"),
        ("accepted_on", FactKind.DATE, None),
        ("received_at", FactKind.INSTANT, None),
        ("found_in", FactKind.CODE, None),
        ("return_country", FactKind.CODE, None),
    ]
    assert facts["found_in"].codes is CodeList.MUNICIPALITY
    assert facts["detention"].ask_when == {"citizenship": Cell(("eu", "unknown"))}
    assert facts["citizenship"].values["eu"] == {"en": "EU"}
    assert facts["citizenship"].group == "person"


def test_tables_read_choices_numbers_members_entries_and_derived_values_and_of_days_whether_they_were_told() -> None:
    given = Choice(("given", "refused", "not_asked"))

    assert vocabulary_in(FACTS).columns() == {
        "citizenship": Choice(("dutch", "eu", "unknown")),
        "age": Number(0, 120, unknown=True),
        "detention": YES_OR_NO,
        "exploitation.sexual": YES_OR_NO,
        "exploitation.labour": YES_OR_NO,
        "exploitation.unknown": YES_OR_NO,
        "consent.registration": given,
        "consent.placement": given,
        "accepted_on.told": YES_OR_NO,
        "received_at.told": YES_OR_NO,
        "found_in.told": YES_OR_NO,
        "return_country.told": YES_OR_NO,
        "route": Choice(("child", "adult")),
    }


def test_a_number_can_only_be_unknown_when_it_is_unknown_until_told() -> None:
    known = FACTS.replace(
        "number: {from: 0, to: 120}\n    default: unknown", "number: {from: 0, to: 120}\n    default: 0"
    )

    assert vocabulary_in(known).columns()["age"] == Number(0, 120, unknown=False)


def test_what_can_never_be_true_together_keeps_its_reason() -> None:
    (never,) = vocabulary_in(FACTS).never

    assert never.when == {"citizenship": Cell(("dutch",)), "detention": Cell(("yes",))}
    assert never.why == {"en": "A Dutch national is never in immigration detention."}
