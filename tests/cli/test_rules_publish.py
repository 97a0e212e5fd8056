"""Policy owners at the terminal: a draft is tried, proposed, published and can be decided by years later."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Heard, typed
from tests.routing.drafts import draft_folder

BECAUSE = ("--because", "Offices open earlier.")
PAST = ("--retroactive", "The circular says so from the start.")
ORG = ("--org", "office-north")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, filled_home: Path) -> Iterator[Path]:
    folder = Path(shutil.copytree(filled_home, tmp_path_factory.mktemp("rules") / "home"))
    (folder / "facts.yaml").write_text("indication: yes\nreporter: police\nage: 30\nfound_in: GM0153\n", "utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NRM_HOME", str(folder))
        assert typed("signals", "add", str(folder / "facts.yaml"), *ORG).code == 0
        yield folder


def test_a_draft_is_tried_proposed_by_one_and_published_by_another(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def publish(subject: str, *words: str, role: str = "policy_owner") -> Heard:
        given = typed("token", "--role", role, "--org", "ministry", "--subject", subject)
        monkeypatch.setenv("NRM_TOKEN", given.screen.strip())
        return typed("rules", "publish", draft, *BECAUSE, *words)

    draft = str(draft_folder(home / "draft", ("parameters.yaml", 'value: "09:00"', 'value: "08:30"')))

    tried = json.loads(typed("rules", "impact", draft, "--json").screen)
    assert (tried["openCases"], tried["changed"]) == (None, None)
    assert publish("c-017", *PAST, role="coordinator").code == 6
    for said in ("", "owner-1"):
        stranger = typed("rules", "publish", draft, *BECAUSE, *PAST, "--token", said)
        assert (stranger.code, "bearer token" in stranger.err) == (7, True), stranger.err
    refused = publish("owner-1")
    assert (refused.code, "retroactive" in refused.err) == (2, True)
    proposed = publish("owner-1", *PAST)
    assert (proposed.code, "not in force yet" in proposed.screen) == (0, True), proposed.err
    assert publish("owner-1", *PAST).code == 5
    published = publish("owner-2", *PAST, "--json")
    rule_set = json.loads(published.screen)["ruleSet"]
    assert f"in force: {rule_set}" in typed("rules", "published").screen

    nl = home / "written" / "nl"
    assert typed("rules", "published", "--into", str(nl)).code == 0
    assert rule_set in typed("rules", "diff", draft, str(nl)).screen.replace("\n", "")
    assert "Nothing changes." in typed("rules", "diff", draft, str(nl)).screen
    assert typed("rules", "published", "--into", str(nl)).code == 2

    added = typed("signals", "add", str(home / "facts.yaml"), *ORG, "--json")
    case = json.loads(typed("cases", "show", json.loads(added.screen)["caseId"], *ORG, "--json").screen)
    assert [one["receipt"]["rules"] for one in case["decisions"]] == [rule_set]


def test_whoever_says_why_rules_change_is_told_that_it_is_kept_as_written() -> None:
    words = " ".join(re.sub(r"[^\w,:. -]", " ", typed("rules", "publish", "--help").screen).split())

    assert words.count("Kept as written and not sealed: no names, and nothing about a person.") == 2


def test_every_decision_is_made_again_by_the_rules_of_its_day(home: Path) -> None:
    again = typed("rules", "replay", "--all", "--json")

    assert again.code == 0, again.err
    found = json.loads(again.screen)
    assert found["decisions"] == found["reproduced"] > 0
    case = found["lines"][0]["caseId"]
    assert typed("rules", "replay", "--case", case).screen == "1 / 1 made again to the byte\n"
    assert typed("rules", "replay").code == 2


def test_what_was_known_at_an_instant_can_be_asked_for(home: Path) -> None:
    case = json.loads(typed("cases", "list", *ORG, "--json").screen)["items"][-1]["id"]
    ago, later = ("--known-on", "2020-01-01T00:00:00"), ("--known-on", "2100-01-01T00:00:00+00:00")

    assert typed("cases", "as-known", case, *ORG, *ago).code == 4
    decided = typed("cases", "as-known", case, *ORG, *later, "--valid-on", "2026-11-23")
    assert json.loads(decided.screen)["on"] == "2026-11-23", decided.err
