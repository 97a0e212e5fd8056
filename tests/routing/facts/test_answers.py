"""Facts are understood or refused one by one, and what was told is never repeated over the wire."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.routing.facts.answers import Answers, AnswersRefused, answers_from, read_answers_file
from service.routing.facts.vocabulary import Vocabulary
from service.routing.text.mistakes import FilesRefused
from tests.routing.factories import FACTS
from tests.routing.facts.test_vocabulary import vocabulary_in

VOCABULARY: Vocabulary = vocabulary_in(FACTS)
SECRET = "Jansen, Voorbeeldstraat 91"


def read(text: str | bytes) -> Answers:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_answers_file(io.BytesIO(raw), VOCABULARY)


def refused(text: str | bytes) -> list[str]:
    with pytest.raises(FilesRefused) as refusal:
        read(text)
    return [str(mistake).removeprefix("-:") for mistake in refusal.value.mistakes]


def problems(facts: Mapping[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(AnswersRefused) as refusal:
        answers_from(facts, VOCABULARY)
    return [(problem.pointer, problem.code) for problem in refusal.value.problems]


def test_what_was_not_told_has_its_default() -> None:
    answers = read("age: 30")

    assert answers.given == {"age": 30}
    assert answers["age"] == 30
    assert answers["citizenship"] == "unknown"
    assert answers["detention"] == "no"
    assert answers["exploitation"] == frozenset({"unknown"})
    assert answers["consent"] == {"registration": "not_asked", "placement": "not_asked"}
    assert answers["accepted_on"] is None
    assert answers["received_at"] is None
    assert answers["found_in"] is None


def test_what_was_told_has_its_own_kind() -> None:
    answers = read(
        "{exploitation: [labour, sexual], consent: {placement: given}, accepted_on: 2024-02-29, age: unknown,\n"
        "found_in: GM0363, return_country: NL, received_at: 2026-11-23T18:30:00.5+01:00}",
    )

    assert answers["exploitation"] == {"labour", "sexual"}
    assert answers["consent"] == {"registration": "not_asked", "placement": "given"}
    assert answers["accepted_on"] == date(2024, 2, 29)
    assert answers["age"] == "unknown"
    assert answers["found_in"] == "GM0363"
    assert answers["return_country"] == "NL"
    assert answers["received_at"] == datetime(2026, 11, 23, 17, 30, 0, 500_000, tzinfo=UTC)


def test_tables_read_members_of_sets_and_entries_of_maps_as_columns() -> None:
    assert read("{exploitation: [labour], consent: {placement: refused}, age: 3}").columns() == {
        "citizenship": "unknown",
        "age": 3,
        "detention": "no",
        "exploitation.sexual": "no",
        "exploitation.labour": "yes",
        "exploitation.unknown": "no",
        "consent.registration": "not_asked",
        "consent.placement": "refused",
        "accepted_on.told": "no",
        "received_at.told": "no",
        "found_in.told": "no",
        "return_country.told": "no",
    }


def test_the_columns_of_answers_are_those_of_the_vocabulary() -> None:
    assert list(read("{}").columns()) == list(VOCABULARY.fact_columns)


def test_the_order_of_telling_changes_nothing() -> None:
    one = read("{age: 30, exploitation: [labour, sexual]}")
    other = answers_from({"exploitation": ["sexual", "labour"], "age": 30}, VOCABULARY)

    assert one.given == other.given
    assert list(one.given) == list(other.given)


def test_a_fact_that_does_not_exist_cannot_be_asked() -> None:
    with pytest.raises(KeyError):
        read("{}")["colour"]


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("citizenshp: dutch", ["1: there is no fact of this name (did you mean citizenship?)"]),
        ("citizenship: duch", ["1: citizenship does not know this value (did you mean dutch?)"]),
        ("detention: true", ["1: detention is a word, not a boolean (write yes)"]),
        ("citizenship:", ["1: citizenship has no value (leave citizenship out when nothing was told)"]),
        ("age: 121", ["1: age is a whole number from 0 to 120 or unknown"]),
        ("age: '17'", ["1: age is a whole number from 0 to 120 or unknown (write it without quotes)"]),
        ("age: 17.0", ["1: age is a whole number from 0 to 120 or unknown"]),
        ("age: true", ["1: age is a whole number from 0 to 120 or unknown"]),
        ("accepted_on: 2026-02-30", ["1: accepted_on is no date (that month has 28 days)"]),
        ("accepted_on: 2026-13-01", ["1: accepted_on is no date (no such day in the calendar)"]),
        ("accepted_on: 23-11-2026", ["1: accepted_on is no date (did you mean 2026-11-23?)"]),
        ("accepted_on: 2026-11-23T10:00:00Z", ["1: accepted_on is no date (write it as YYYY-MM-DD)"]),
        ("accepted_on: 0001-01-01", ["1: accepted_on is no date (the year must lie between 1900 and 2199)"]),
        ("accepted_on: ٢٠٢٦-11-23", ["1: accepted_on is no date (write it as YYYY-MM-DD)"]),
        (
            "found_in: Utrecht",
            ["1: found_in is no code of a municipality (the code of Statistics Netherlands: GM and four digits)"],
        ),
        ("return_country: nl", ["1: return_country is no code of a country (two capitals, as in ISO 3166-1)"]),
        ("exploitation: labour", ["1: exploitation is a list (write [one, two])"]),
        (
            "exploitation:\n  - labour\n  - labor\n  - labour\n",
            [
                "3: exploitation does not know this value (did you mean labour?)",
                "4: exploitation names this value twice",
            ],
        ),
        (
            "consent:\n  placment: given\n  registration: gven\n",
            [
                "2: consent has no entry of this name (did you mean placement?)",
                "3: consent does not know this value (did you mean given?)",
            ],
        ),
        ("consent: given", ["1: consent is a mapping (one entry each for registration, placement)"]),
        ("- age", ["1: facts must be names with values (write name: value)"]),
        ("age: 1\nage: 2\n", ["2: the key age stands here twice (the first one is in line 1)"]),
        (
            'found_in: "GM0363\\0"',
            ["1: found_in is no code of a municipality (the code of Statistics Netherlands: GM and four digits)"],
        ),
        (
            "citizenship: dutch\nage: 3\ndetention: yes\n",
            [
                (
                    "3: detention contradicts citizenship in line 1: A Dutch national is never in immigration "
                    "detention. (correct one of the two)"
                ),
            ],
        ),
    ],
)
def test_a_file_is_refused_with_the_line_and_what_was_meant(text: str, mistakes: list[str]) -> None:
    assert refused(text) == mistakes


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-23",
        "2026-11-23T18:30:00",
        "2026-11-23T18:30+01:00",
        "2026-11-23 18:30:00+01:00",
        "2026-11-23T18:30:00+0100",
        "2026-11-23T25:30:00+01:00",
        "2026-11-23T18:30:00-00:00",
        "2026-02-30T18:30:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_an_instant_has_seconds_and_an_offset(written: str) -> None:
    assert [said.partition(" (")[0] for said in refused(f"received_at: {written}")] == ["1: received_at is no instant"]
    assert problems({"received_at": written}) == [("/facts/received_at", "not-an-instant")]


def test_every_mistake_is_told_at_once() -> None:
    assert len(refused("age: 200\ncitizenship: duch\naccepted_on: soon\ncolour: red\n")) == 4


def test_json_is_accepted_and_keeps_its_lines() -> None:
    assert read('{"age": 30,\n\t"citizenship": "eu"}').given == {"citizenship": "eu", "age": 30}
    assert refused('{"age": 30,\n\t"citizenship": "duch"}') == [
        "2: citizenship does not know this value (did you mean dutch?)"
    ]


def test_a_file_is_named_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("age: 200\n")

    with pytest.raises(FilesRefused, match=f"{file}:1: age"):
        read_answers_file(file, VOCABULARY)
    with pytest.raises(FilesRefused, match="given:1: age"):
        read_answers_file(file, VOCABULARY, "given")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"citizenship": SECRET}, [("/facts/citizenship", "not-in-domain")]),
        ({SECRET: "x"}, [("/facts", "unknown-fact")]),
        ({"citizenship": None}, [("/facts/citizenship", "no-value")]),
        ({"citizenship": {"deep": [SECRET]}}, [("/facts/citizenship", "not-in-domain")]),
        ({"detention": True}, [("/facts/detention", "not-in-domain")]),
        ({"age": True}, [("/facts/age", "not-in-domain")]),
        ({"age": SECRET}, [("/facts/age", "not-in-domain")]),
        ({"age": 10**5000}, [("/facts/age", "not-in-domain")]),
        ({"exploitation": SECRET}, [("/facts/exploitation", "not-a-list")]),
        ({"exploitation": ["labour", SECRET]}, [("/facts/exploitation/1", "not-in-domain")]),
        ({"exploitation": ["labour", "labour"]}, [("/facts/exploitation/1", "told-twice")]),
        ({"exploitation": [["labour"]]}, [("/facts/exploitation/0", "not-in-domain")]),
        ({"consent": SECRET}, [("/facts/consent", "not-a-mapping")]),
        ({"consent": {SECRET: "given"}}, [("/facts/consent", "unknown-entry")]),
        ({"consent": {"placement": SECRET}}, [("/facts/consent/placement", "not-in-domain")]),
        ({"accepted_on": SECRET}, [("/facts/accepted_on", "not-a-date")]),
        ({"accepted_on": "23-11-2026"}, [("/facts/accepted_on", "not-a-date")]),
        ({"accepted_on": "2026-11-23\n"}, [("/facts/accepted_on", "not-a-date")]),
        ({"found_in": "GM0363\0"}, [("/facts/found_in", "not-a-code")]),
        ({"return_country": "N\ud800"}, [("/facts/return_country", "not-a-code")]),
        ({"citizenship": "dutch", "detention": "yes"}, [("/facts/detention", "contradiction")]),
        ({"citizenship": "dutch", "detention": SECRET}, [("/facts/detention", "not-in-domain")]),
    ],
)
def test_a_telling_is_refused_with_pointer_and_code(facts: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert problems(facts) == expected


@given(
    st.dictionaries(
        st.sampled_from([*VOCABULARY.facts, "colour"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
            max_leaves=6,
        ),
    ),
)
def test_nothing_that_can_be_told_breaks_the_reading(facts: dict[str, object]) -> None:
    try:
        answers = answers_from(facts, VOCABULARY)
    except AnswersRefused:
        return
    assert answers_from(answers.given, VOCABULARY) == answers


def test_a_refusal_never_repeats_what_was_told() -> None:
    marked: dict[str, object] = {
        **{name: SECRET for name in VOCABULARY.facts if name not in ("exploitation", "consent")},
        "exploitation": [SECRET],
        "consent": {SECRET: "given", "placement": SECRET},
        SECRET: SECRET,
    }

    with pytest.raises(AnswersRefused) as refusal:
        answers_from(marked, VOCABULARY)

    assert len(refusal.value.problems) == len(VOCABULARY.facts) + 2
    told = repr(refusal.value.problems) + str(refusal.value) + refusal.value.detail
    assert not any(word in told for word in SECRET.split())


def test_a_flood_of_mistakes_costs_no_flood_of_answers() -> None:
    with pytest.raises(AnswersRefused) as refusal:
        answers_from({f"citizenshp{number}": 1 for number in range(20_000)}, VOCABULARY)

    assert len(refusal.value.problems) == 100
