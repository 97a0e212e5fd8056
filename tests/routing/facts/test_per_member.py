"""What is told about each member of a set is kept with the case, asked of told members only, and read by no rule."""

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.routing.facts.answers import Answers, AnswersRefused, answers_from, read_answers_file
from service.routing.facts.vocabulary import FactKind
from service.routing.text.mistakes import FilesRefused
from tests.routing.factories import FACTS, mistakes_of
from tests.routing.facts.test_vocabulary import vocabulary_in

HOW_SURE = """\
  sureness:
    per_member:
      of: exploitation
      values: {certain: {en: Certain}, possible: {en: Possible}, unknown: {en: Unknown}}
    group: signal
    label: {en: Sureness}
    question: {en: How sure?}
"""
VOCABULARY = vocabulary_in(FACTS.replace("  exploitation:\n", f"{HOW_SURE}  exploitation:\n"))
BOTH = ["sexual", "labour"]


def told(**facts: object) -> Answers:
    return answers_from(facts, VOCABULARY)


def problems(facts: Mapping[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(AnswersRefused) as refusal:
        answers_from(facts, VOCABULARY)
    return [(problem.pointer, problem.code) for problem in refusal.value.problems]


def test_its_entries_are_the_members_of_the_set_but_not_the_unknown_one() -> None:
    fact = VOCABULARY.facts["sureness"]

    assert (fact.kind, fact.of, list(fact.keys)) == (FactKind.PER_MEMBER, "exploitation", BOTH)


def test_no_table_can_read_it() -> None:
    answers = told(exploitation=BOTH, sureness={"sexual": "possible"})

    assert VOCABULARY.columns() == vocabulary_in(FACTS).columns()
    assert answers.columns() == told(exploitation=BOTH).columns()
    assert answers["sureness"] is None


def test_it_is_kept_as_told() -> None:
    answers = told(sureness={"labour": "unknown", "sexual": "possible"}, exploitation=BOTH)

    assert answers.given == {"sureness": {"sexual": "possible", "labour": "unknown"}, "exploitation": BOTH}


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"sureness": {"labour": "certain"}}, [("/facts/sureness/labour", "not-told")]),
        ({"sureness": {"labour": "unknown"}}, [("/facts/sureness/labour", "not-told")]),
        (
            {"exploitation": ["sexual"], "sureness": {"sexual": "certain", "labour": "certain"}},
            [("/facts/sureness/labour", "not-told")],
        ),
        ({"exploitation": ["unknown"], "sureness": {"unknown": "certain"}}, [("/facts/sureness", "unknown-entry")]),
        ({"exploitation": ["sexual"], "sureness": {"sexual": "surely"}}, [("/facts/sureness/sexual", "not-in-domain")]),
        ({"exploitation": ["sexual"], "sureness": "certain"}, [("/facts/sureness", "not-a-mapping")]),
        # The set itself was not understood: what it would name is anybody's guess.
        ({"exploitation": ["sexal"], "sureness": {"sexual": "certain"}}, [("/facts/exploitation/0", "not-in-domain")]),
    ],
)
def test_what_was_not_told_has_no_sureness(facts: Mapping[str, object], refused: list[tuple[str, str]]) -> None:
    assert problems(facts) == refused


@pytest.mark.parametrize(
    ("other", "hint"), [("age", "known: exploitation"), ("expliotation", "did you mean exploitation?")]
)
def test_it_is_about_a_set_and_nothing_else(tmp_path: Path, other: str, hint: str) -> None:
    about = HOW_SURE.replace("of: exploitation", f"of: {other}")

    assert mistakes_of(tmp_path, facts=FACTS.replace("derived:\n", f"{about}derived:\n")) == [
        f"facts.yaml:57: sureness is about {other!r}, which is no set ({hint})"
    ]


def test_a_file_is_told_the_line() -> None:
    with pytest.raises(FilesRefused) as refusal:
        read_answers_file(io.BytesIO(b"age: 30\nsureness:\n  labour: certain\n"), VOCABULARY)

    (mistake,) = refusal.value.mistakes
    assert str(mistake) == "-:2: sureness is about something that exploitation does not name (name it there too)"
