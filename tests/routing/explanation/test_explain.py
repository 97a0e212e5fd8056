"""Every explanation is true: what it names applied, has that value, and would lead where it says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.routing.decide import decide, decide_as_told
from service.routing.decision import Decision
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.explanation.as_data import as_data
from service.routing.explanation.called import Called
from service.routing.explanation.explain import FOR_THE_PERSON, explain
from service.routing.explanation.explained import Audience, Explanation, FiredRow
from service.routing.explanation.said import PARTS, without_brackets
from service.routing.explanation.sentences import paragraphs
from service.routing.explanation.ways import is_told, value_of
from service.routing.facts.answers import Answers, AnswersRefused, answers_from
from service.routing.facts.vocabulary import FactKind
from service.routing.rule_set import Example
from service.routing.text.spoken import Language
from tests.routing.dutch import ADULT, CONSENT, TODAY, rules
from tests.routing.people import DAYS, people

EXAMPLES = [pytest.param(one, id=one.id) for one in rules().examples]
GUARDS = rules().vocabulary.guards
ROW = re.compile(r"\((?:regel|row) ([A-Z]{2}-[0-9A-Za-z]+)\)|(?:Regel|Row) ([A-Z]{2}-[0-9A-Za-z]+) \(")


@cache
def of(example_id: str, audience: Audience) -> Explanation:
    example = next(one for one in rules().examples if one.id == example_id)
    return explain(rules(), example.facts, example.on, audience)


def explained(example: Example, audience: Audience = Audience.PROFESSIONAL) -> Explanation:
    return of(example.id, audience)


def applied(decision: Decision) -> dict[str, set[str]]:
    return {name: {row.id for row in finding.rows} for name, finding in decision.findings.items()}


def outcome(decision: Decision, table: str) -> object:
    return [sorted(row.then.items()) for row in decision.findings[table].rows]


def fired(explanation: Explanation) -> Iterator[tuple[str, FiredRow]]:
    return ((table.table, row) for table in explanation.tables for row in table.fired)


def otherwise(answers: Answers, told: Mapping[str, object]) -> Answers:
    return answers_from({**answers.given, **told}, rules().vocabulary)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_professional_reads_which_rows_applied_with_their_sources_and_the_facts_as_they_were_told(
    example: Example,
) -> None:
    decision, explanation = decide_as_told(rules(), example.facts, example.on), explained(example)

    assert {table.table: {row.row for row in table.fired} for table in explanation.tables} == applied(decision)
    for table, row in fired(explanation):
        written = next(one for one in rules().tables[table].table.rows if one.id == row.row)
        assert [source.split(" (")[0] for source in row.sources] == [one.cite.split(" (")[0] for one in written.sources]
        assert (row.rule, dict(row.outcome)) == (written.rule, dict(written.then))
        assert all(known.value in written.when[known.column] for known in row.columns if known.column in written.when)
        for fact in row.facts:
            assert (fact.value, fact.told) == (value_of(example.facts, fact.fact), is_told(example.facts, fact.fact))


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_stands_in_the_way_does_so_and_a_change_leads_to_the_row_by_deciding_again(example: Example) -> None:
    decision = decide_as_told(rules(), example.facts, example.on)
    for table in explained(example).tables:
        compiled = rules().tables[table.table]
        values = decision.findings[table.table].values
        for better in table.better:
            row = next(one for one in compiled.table.rows if one.id == better.row)
            (now,) = decision.findings[table.table].rows
            assert compiled.table.more_favourable(row, now)
            looked_at = {name for cell in better.obstacles for name in (cell.column, cell.column.partition(".")[0])}
            assert looked_at.isdisjoint(GUARDS.frozen)
            assert {cell.column for cell in better.obstacles} == {
                name for name, cell in row.when.items() if values[name] not in cell
            }
            assert all(str(values[cell.column]) == cell.found for cell in better.obstacles)
            if better.change:
                told = {change.fact: change.then for change in better.change}
                again = decide_as_told(rules(), otherwise(example.facts, told), example.on)
                assert better.row in applied(again)[table.table]
                assert told.keys().isdisjoint(GUARDS.frozen)
                assert all(change.now == value_of(example.facts, change.fact) for change in better.change)
            if len(better.change) > 1:
                for change in better.change:
                    again = decide_as_told(rules(), otherwise(example.facts, {change.fact: change.then}), example.on)
                    assert better.row not in applied(again)[table.table]


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_fact_that_made_no_difference_makes_none_whatever_is_told_of_it(example: Example) -> None:
    now = decide(rules(), example.facts, example.on)
    for one in explained(example).no_difference:
        fact = rules().vocabulary.facts[one.fact]
        for value in [word for word in fact.values if word != "unknown"] or range(0, 121, 13):
            try:
                other = decide_as_told(rules(), otherwise(example.facts, {one.fact: value}), example.on)
            except (AnswersRefused, ImpossibleFacts):
                continue
            if "shelter" in one.parts:
                assert (other.shelter.type, other.shelter.interim) == (now.shelter.type, now.shelter.interim)
            if "reflection_period" in one.parts:
                assert other.reflection_period.status == now.reflection_period.status


@given(st.sampled_from(rules().examples), people())
@settings(max_examples=40, deadline=None)
def test_whoever_shares_the_facts_that_mattered_gets_the_same(example: Example, somebody: Answers) -> None:
    decision = decide_as_told(rules(), example.facts, example.on)
    for table, row in fired(explained(example)):
        if (other := with_these_facts(somebody, example.facts, row, example.on)) is not None:
            again = decide_as_told(rules(), other, example.on)
            if rules().tables[table].outcomes:
                assert outcome(again, table) == outcome(decision, table)
            else:
                assert row.row in applied(again)[table]


def with_these_facts(somebody: Answers, known: Answers, row: FiredRow, on: date) -> Answers | None:
    """Give somebody else the facts that a row stands on; None where that would be a person who cannot be."""
    told = dict(somebody.given)
    for fact in {one.fact.partition(".")[0] for one in row.facts}:
        told.pop(fact, None)
        if fact in known.given:
            told[fact] = known.given[fact]
    try:
        other = answers_from(told, rules().vocabulary)
        decide_as_told(rules(), other, on)
    except (AnswersRefused, ImpossibleFacts):
        return None
    return other


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_sentences_name_only_rows_that_applied_or_would_and_leave_nothing_open(
    example: Example, language: Language
) -> None:
    explanation = explained(example)
    named = {row.row for _, row in fired(explanation)}
    better = {one.row for table in explanation.tables for one in table.better}
    cites = {"; ".join(row.sources) for _, row in fired(explanation)}
    text = [one for part in paragraphs(rules(), explanation, language) for one in part.sentences]

    assert all(text)
    assert not [one for one in text if "{" in one or re.search(r"[a-z]_[a-z]", one)]
    assert {one for line in text for found in ROW.findall(line) for one in found if one} <= named | better
    for line in text:
        if line.startswith(("Grond: ", "Ground: ")):
            assert line.partition(": ")[2].removesuffix(".") in cites


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("example", EXAMPLES)
def test_every_fact_in_the_sentences_was_told_so(example: Example, audience: Audience) -> None:
    explanation = explained(example, audience)
    named = {fact.fact for _, row in fired(explanation) for fact in row.facts}
    for language in Language:
        called = Called(rules(), language)
        true = {f"{called.fact(name)}: {called.told(name, value_of(example.facts, name))}" for name in named}
        if audience is Audience.PERSON:
            true = {without_brackets(one) for one in true}
        openings = [
            rules().phrases.sentences[audience][name][language].partition("{")[0] for name in ("facts", "more_facts")
        ]
        text = [one for part in paragraphs(rules(), explanation, language) for one in part.sentences]
        lists = [line.removeprefix(one).removesuffix(".") for line in text for one in openings if line.startswith(one)]
        assert lists or audience is Audience.PERSON
        assert {one for line in lists for one in line.split("; ")} <= true


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_person_reads_nothing_that_belongs_in_a_talk_no_criteria_and_no_codes(example: Example) -> None:
    explanation = explained(example, Audience.PERSON)
    silent = {*GUARDS.in_person_only.facts}

    assert {table.table for table in explanation.tables} == set(FOR_THE_PERSON)
    assert not [one for table in explanation.tables for one in table.better]
    assert not [row.columns for _, row in fired(explanation) if row.columns]
    told = {fact.fact.partition(".")[0] for _, row in fired(explanation) for fact in row.facts}
    assert told.isdisjoint(silent)
    cited = [(table, source) for table, row in fired(explanation) for source in row.sources]
    assert not [
        one for one in cited if "shelter" in one[0] or not re.match("Vreemdelingen|Verdrag|Richt|Veror|Wet", one[1])
    ]
    assert {name.partition(".")[0] for name in explanation.questions}.isdisjoint(silent | GUARDS.frozen)
    assert {one.fact for one in explanation.no_difference}.isdisjoint(silent)
    for language in Language:
        text = "\n".join(one for part in paragraphs(rules(), explanation, language) for one in part.sentences)
        assert not re.search(r"\b(RP|SH|CL|NT)-[0-9]|\{|[a-z]_[a-z]", text)
        assert not re.search(r"slachtoffer|victim|barrière|Wegwijzer|extra |de anderen|the others", text)
        for name in silent - {"exploitation_certainty"}:
            fact = rules().vocabulary.facts.get(name)
            assert fact is None or f"{fact.label[language]}: " not in text


def leaves(data: object) -> Iterator[str]:
    if isinstance(data, Mapping):
        yield from (leaf for one in data.values() for leaf in leaves(one))
    elif isinstance(data, list | tuple):
        yield from (leaf for one in data for leaf in leaves(one))
    elif data is not None:
        assert isinstance(data, str)
        yield data


def assert_nothing_but_what_is_said(explanation: Explanation) -> None:
    """Every word of the data stands in a sentence; but for the days and names of parts that letters are made with."""
    for language in Language:
        data = as_data(rules(), explanation, language)
        said = "\n".join(one for part in paragraphs(rules(), explanation, language) for one in part.sentences)
        known = {"person", str(language), *PARTS}
        beyond = {leaf for leaf in leaves(data) if leaf not in said and leaf not in known}
        assert {day for day in beyond if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", day)} == set()
        codes = re.compile(r"[a-z0-9]_[a-z]|[A-Z]{2}-[0-9]|sha256")
        assert [leaf for leaf in leaves(data) if leaf not in PARTS and codes.search(leaf)] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_data_for_the_person_holds_nothing_but_what_the_sentences_say(example: Example) -> None:
    explanation = explained(example, Audience.PERSON)
    assert_nothing_but_what_is_said(explanation)

    data = as_data(rules(), explanation, Language.EN)
    assert data.keys() == {"audience", "language", "on", "parts", "no_difference", "questions", "text"}
    called = Called(rules(), Language.EN)
    facts = rules().vocabulary.facts
    silent = {without_brackets(called.fact(name)) for name in GUARDS.in_person_only.facts if name in facts}
    labels = {fact["label"] for part in data["parts"] for fact in part["facts"]}  # type: ignore[attr-defined]
    assert (labels | {*data["no_difference"]} | {*data["questions"]}).isdisjoint(silent)  # type: ignore[misc]


def test_a_professional_is_given_the_rows_and_codes_and_every_member_of_the_explanation() -> None:
    explanation = of("G24", Audience.PROFESSIONAL)
    data = as_data(rules(), explanation, Language.NL)

    assert data.keys() == {field.name for field in fields(Explanation)}
    assert {row["row"] for table in data["tables"] for row in table["fired"]} >= {"RP-04", "SH-22"}  # type: ignore[attr-defined]


def checked_alone(example: Example) -> Iterator[tuple[str, object]]:
    """Give every other word of every fact that is one word and may be named as one to check."""
    for name, fact in rules().vocabulary.facts.items():
        if fact.kind is FactKind.CHOICE and name not in GUARDS.frozen:
            for word in fact.values:
                if word not in ("unknown", "not_asked", "not_answered", example.facts[name]):
                    yield name, word


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.id in {"G20", "G22", "G24", "G44", "G56"}])
def test_no_single_fact_to_check_that_leads_to_something_better_is_left_unnamed(example: Example) -> None:
    for name in ("reflection_availability", "shelter"):
        table, explained_table = rules().tables[name].table, explained(example).table(name)
        assert explained_table is not None
        (now,) = decide_as_told(rules(), example.facts, example.on).findings[name].rows
        named = [next(row for row in table.rows if row.id == one.row) for one in explained_table.better if one.change]
        for fact, word in checked_alone(example):
            try:
                again = decide_as_told(rules(), otherwise(example.facts, {fact: word}), example.on)
            except (AnswersRefused, ImpossibleFacts):
                continue
            (then,) = again.findings[name].rows
            if table.more_favourable(then, now):
                assert any(not table.more_favourable(then, one) for one in named), (fact, word)


def test_nobody_is_told_which_story_leads_to_a_bed() -> None:
    used = answers_from({**ADULT, "reflection_used": "yes"}, rules().vocabulary)
    told = explain(rules(), used, TODAY, Audience.PROFESSIONAL)

    assert not [one for table in told.tables for one in table.better if one.outcome.get("type") == "group_beds"]


@given(people(), DAYS)
@settings(max_examples=25, deadline=None)
def test_to_nobody_a_change_of_what_they_are_or_choose_is_named(somebody: Answers, on: date) -> None:
    try:
        explanation = explain(rules(), somebody, on, Audience.PROFESSIONAL)
    except ImpossibleFacts:
        return
    for table in explanation.tables:
        for better in table.better:
            told = {change.fact: change.then for change in better.change}
            assert told.keys().isdisjoint(GUARDS.frozen)
            if told:
                again = decide_as_told(rules(), otherwise(somebody, told), on)
                assert better.row in applied(again)[table.table]


def test_nobody_is_told_that_a_report_would_open_a_shelter() -> None:
    used = answers_from({**ADULT, "reflection_used": "yes"}, rules().vocabulary)
    table = explain(rules(), used, TODAY, Audience.PROFESSIONAL).table("shelter")

    assert table is not None
    assert [row.outcome["type"] for row in table.fired] == ["review"]
    assert {"SH-18a", "SH-18b", "SH-18c"}.isdisjoint(one.row for one in table.better)
    assert [(change.fact, change.then) for one in table.better if one.row == "SH-09" for change in one.change] == [
        ("reflection_used", "no")
    ]


def test_nobody_is_told_that_consent_would_help() -> None:
    refused = {**ADULT, "consent": {**CONSENT, "placement": "refused"}}
    explanation = explain(rules(), answers_from(refused, rules().vocabulary), TODAY, Audience.PROFESSIONAL)
    table = explanation.table("shelter")

    assert table is not None
    assert [row.row for row in table.fired] == ["SH-03"]
    assert not table.better


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("table", FOR_THE_PERSON)
def test_there_are_words_for_every_outcome_in_both_languages(table: str, audience: Audience) -> None:
    compiled = rules().tables[table]
    spoken = {"status", "reason", "ended_by", "type", "next", "interim"}
    for name, output in compiled.table.outputs.items():
        if name in spoken and (
            audience is Audience.PROFESSIONAL or table != "reflection_availability" or name == "reason"
        ):
            for value in output.values:
                words = rules().phrases.outcomes[f"{table}.{name}"][value][audience]
                assert set(words) == set(Language)


def test_a_fact_that_is_a_day_is_told_as_that_day() -> None:
    started = {**ADULT, "reflection_choice": "accepted", "accepted_on": "2026-11-20"}
    table = explain(rules(), answers_from(started, rules().vocabulary), TODAY, Audience.PERSON).table(
        "reflection_period"
    )

    assert table is not None
    assert ("accepted_on", "2026-11-20") in [(fact.fact, fact.value) for row in table.fired for fact in row.facts]


POLICE = re.compile(
    "politie|aangifte|proces-verbaal|onderzoek|getuige|officier|B8/3 vanaf|op grond van B8/3"
    "|police|report|record|witness|investigation|prosecutor|co-operate",
    re.IGNORECASE,
)
STARTED = {"reflection_choice": "accepted", "accepted_on": "2026-11-02"}
REPORTS = {
    "record_signed": {**STARTED, "reported_on": "2026-11-10", "record_signed_on": "2026-11-12"},
    "cooperated": {**STARTED, "cooperated_on": "2026-11-12"},
    "renounced": {**STARTED, "renounced_on": "2026-11-12"},
    "witness": {"role": "witness_reporter"},
    "detained": {"detention": "yes", "police_agree": "no"},
    "permit": {"residence": "b8_permit", "permit_from": "2026-11-12", "reported_on": "2026-11-10"},
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("told", [pytest.param(told, id=name) for name, told in REPORTS.items()])
def test_no_paper_says_what_somebody_did_at_the_police(told: Mapping[str, str], language: Language) -> None:
    known = answers_from({**ADULT, **told}, rules().vocabulary)
    explanation = explain(rules(), known, TODAY, Audience.PERSON)
    everywhere = {rules().phrases.sentences[Audience.PERSON]["help"][language]}
    text = {one for part in paragraphs(rules(), explanation, language) for one in part.sentences} - everywhere

    assert explanation.ends is None
    assert len(text) > 3
    assert not [one for one in text if POLICE.search(one)]
    assert_nothing_but_what_is_said(explanation)


def test_the_person_reads_the_days_of_a_running_period_in_full() -> None:
    started = answers_from({**ADULT, **STARTED}, rules().vocabulary)
    explanation = explain(rules(), started, TODAY, Audience.PERSON)
    said = {one for part in paragraphs(rules(), explanation, Language.NL) for one in part.sentences}

    assert "Uw bedenktijd is van maandag 2 november 2026 tot en met dinsdag 2 februari 2027." in said
    assert "Dit is een voorstel van maandag 23 november 2026. Een medewerker beslist." in said
