"""Who establishes a step of the reflection period stands in one file, and each mistake in it is named with its line."""

from pathlib import Path

import pytest

from service.reflection.lifecycle import Step
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused
from tests.routing.drafts import draft_folder

FILE = "period_steps.yaml"


def test_every_step_says_who_establishes_it_in_dutch_and_english_with_its_source(rules: RuleSet) -> None:
    steps = rules.period_steps

    assert steps.keys() == set(Step)
    assert all(one.establishes and one.sources and one.who.keys() == {"nl", "en"} for one in steps.values())
    mob = steps["unknown_destination"]
    assert [mob.is_established_by(kind) for kind in ("police", "border_police", "coa", None)] == [
        True,
        True,
        False,
        False,
    ]
    assert steps["reported"].is_established_by(None)


def test_mistakes_are_named_all_at_once(tmp_path: Path) -> None:
    folder = draft_folder(
        tmp_path,
        (FILE, "  offered:", "  ofered:"),
        (FILE, "establishes: [police, border_police, ind]", "establishes: [police, indd]"),
        (FILE, "    status: old_text\n", ""),
    )
    with pytest.raises(FilesRefused) as refused:
        load_rule_set(folder)

    said = [str(one).split(f"{FILE}:", 1)[1] for one in refused.value.mistakes if FILE in str(one)]
    assert any("no fact is the day of the step ofered (did you mean offered?)" in one for one in said)
    assert any("cannot be 'indd' (did you mean ind?)" in one for one in said)
    assert any("the step unknown_destination has no status" in one for one in said)
