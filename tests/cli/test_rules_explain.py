"""`nrm rules explain`: why, in both languages, for those who work on a case and for the person."""

import json
import re

import pytest

from service.cli.words import Language
from service.routing.explanation.as_data import as_data
from service.routing.explanation.explain import explain
from service.routing.explanation.explained import Audience
from tests.cli.terminal import ROOT, typed
from tests.routing.dutch import rules

RULES = rules()
EXAMPLES = {example.id: example for example in RULES.examples}


def test_an_example_is_explained_by_its_name_on_its_own_day() -> None:
    for language in Language:
        heard = typed("rules", "explain", "G24", "--lang", language)
        assert (heard.code, heard.err) == (0, "")
        assert "RP-04" in heard.screen
        assert "RP-12" in heard.screen


def test_a_file_of_facts_is_explained_as_the_example_with_the_same_facts() -> None:
    example = EXAMPLES["G22"]
    told = json.dumps(example.facts.given).encode()

    heard = typed("rules", "explain", "-", "--on", str(example.on), "--json", stdin=told)

    explanation = explain(RULES, example.facts, example.on, Audience.PROFESSIONAL)
    assert json.loads(heard.out) == json.loads(json.dumps(as_data(RULES, explanation, Language.EN)))


def test_the_person_reads_short_sentences_without_codes() -> None:
    heard = typed("rules", "explain", "G24", "--for", "person", "--lang", "nl")

    assert "U heeft al eerder bedenktijd gehad. Dat kan één keer." in heard.screen
    assert "RP-" not in heard.screen

    data = typed("rules", "explain", "G24", "--for", "person", "--lang", "nl", "--json")
    assert not re.search("RP-|one_off|not_available|rule_set", data.out.decode())
    assert json.loads(data.out)["parts"][0]["outcome"][0] == "Er is nu geen bedenktijd voor u. Hulp is er wel."


def test_a_name_that_is_neither_file_nor_example_is_refused_with_the_nearest() -> None:
    heard = typed("rules", "explain", "G244")

    assert heard.code == 2
    assert "did you mean G" in heard.err


SHOWN = re.findall(
    r"^```console\n\$ nrm (rules explain .*)\n([^`]+)```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
)


def test_five_explanations_are_shown_on_the_page() -> None:
    assert len(SHOWN) == 5
    assert (
        {"person" in command for command, _ in SHOWN}
        == {"--lang nl" in command for command, _ in SHOWN}
        == {True, False}
    )


@pytest.mark.parametrize(("command", "text"), SHOWN)
def test_the_explanations_on_the_page_are_those_that_are_printed(
    command: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")

    assert typed(*command.split()).screen.strip() == text.strip()
