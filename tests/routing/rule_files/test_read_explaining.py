"""What explanations need of the rule files is read, and a mistake in it is told with its line and what was meant."""

from pathlib import Path

import pytest

from service.routing.rule_files.load import rule_set_in
from service.routing.rule_files.read_phrases import SLOTS
from service.routing.text.mistakes import FilesRefused
from tests.routing.factories import FACTS, changed, mistakes_of, rules_folder, small_rule_set

GUARDED = (
    FACTS
    + """\
explaining:
  protected: {facts: [citizenship, age], why: {en: What somebody is.}}
  own_choice: {facts: [consent, accepted_on, route], why: {en: What somebody chooses.}}
  in_person_only: {facts: [detention], why: {en: Said in a talk.}}
"""
)
TIERS = "status: {values: [offer, none], favourable: [offer, none]}"


def phrases(outcomes: str, title: str = "Of {day}.") -> str:
    lines = ["schema: nrm-explanation/1", "sentences:"]
    for audience, sentences in SLOTS.items():
        lines.append(f"  {audience}:")
        lines += [f'    {name}: {{en: "{title if name == "title" else name}"}}' for name in sentences]
    return "\n".join([*lines, "outcomes:", f"  {outcomes}", ""])


def with_phrases(folder: Path, text: str) -> list[str]:
    rules_folder(folder)
    (folder / "explanation.yaml").write_text(text, encoding="utf-8")
    return mistakes_of(folder)


def test_guards_name_facts_and_derived_values(tmp_path: Path) -> None:
    guards = small_rule_set(tmp_path, facts=GUARDED).vocabulary.guards

    assert guards.frozen == {"citizenship", "age", "consent", "accepted_on", "route"}
    assert guards.in_person_only.facts == ("detention",)


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        (
            "[citizenship, age]",
            "[citizenshp]",
            "a fact of protected cannot be 'citizenshp' (did you mean citizenship?)",
        ),
        (
            "own_choice:",
            "own_choise:",
            "what explanations may not do knows no key own_choise (did you mean own_choice?)",
        ),
    ],
)
def test_a_misspelt_guard_is_told(tmp_path: Path, old: str, new: str, mistake: str) -> None:
    (found,) = mistakes_of(tmp_path, facts=GUARDED.replace(old, new))

    assert mistake in found
    assert found.startswith("facts.yaml:")


def test_what_is_favourable_orders_rows_by_the_first_outcome_that_differs(tmp_path: Path) -> None:
    period = changed("period", "status: {values: [offer, none]}", TIERS)
    table = small_rule_set(tmp_path, period=period).tables["period"].table
    none, offer, short = table.rows

    assert table.more_favourable(offer, none)
    assert not table.more_favourable(none, offer)
    assert not table.more_favourable(offer, short)


@pytest.mark.parametrize(
    ("favourable", "mistake"),
    [
        ("[offer, nothing]", "what is favourable of status cannot be 'nothing'"),
        ("[offer, [none, offer]]", "offer stands twice in what is favourable of status"),
    ],
)
def test_a_strange_order_is_told(tmp_path: Path, favourable: str, mistake: str) -> None:
    period = changed("period", "values: [offer, none]", f"values: [offer, none], favourable: {favourable}")

    assert any(mistake in one for one in mistakes_of(tmp_path, period=period))


def test_the_words_of_outcomes_are_read_by_audience(tmp_path: Path) -> None:
    rules_folder(tmp_path)
    said = phrases("period.status: {offer: {professional: {en: an offer}, person: {en: You get it.}}}")
    (tmp_path / "explanation.yaml").write_text(said, encoding="utf-8")

    assert small_rule_set(tmp_path).phrases.outcomes["period.status"]["offer"]["person"] == {"en": "You get it."}


@pytest.mark.parametrize(
    ("outcomes", "title", "mistake"),
    [
        ("period.stat: {offer: {professional: {en: an offer}}}", "Of {day}.", "no table gives period.stat"),
        (
            "period.status: {ofer: {professional: {en: an offer}}}",
            "Of {day}.",
            "knows no key ofer (did you mean offer?)",
        ),
        ("period.status: {offer: {person: {en: You.}}}", "Of {day}.", "offer of period.status has no professional"),
        ("route: {child: {professional: {en: child}}}", "Of {dag}.", "the sentence title cannot fill in {dag}"),
    ],
)
def test_mistakes_in_words_are_told(tmp_path: Path, outcomes: str, title: str, mistake: str) -> None:
    assert any(mistake in one for one in with_phrases(tmp_path, phrases(outcomes, title)))


def test_the_words_of_explanations_are_no_part_of_the_name_of_the_rules(tmp_path: Path) -> None:
    before = small_rule_set(tmp_path).name
    (tmp_path / "explanation.yaml").write_text(phrases("{}"), encoding="utf-8")

    assert small_rule_set(tmp_path).name == before


def test_a_mistake_in_the_facts_is_not_told_again_for_the_words_of_outcomes(tmp_path: Path) -> None:
    rules_folder(tmp_path, facts=changed("facts", "number: {from: 0", "number: {fro: 0"))
    said = phrases("period.status: {offer: {professional: {en: an offer}}}")
    (tmp_path / "explanation.yaml").write_text(said, encoding="utf-8")

    with pytest.raises(FilesRefused) as refused:
        rule_set_in(tmp_path, {"route": ()})

    assert not [one for one in refused.value.mistakes if one.file.endswith("explanation.yaml")]
