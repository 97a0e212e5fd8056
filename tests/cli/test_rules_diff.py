"""`nrm rules diff`: for whom a change of the rules changes the outcome, as a screen and as JSON."""

import json

import pytest

from tests.cli.terminal import ROOT, typed
from tests.routing.drafts import THIRTY_DAYS, draft_folder

DUTCH = str(ROOT / "routing_rules" / "nl")
NOON = ("--on", "2026-11-23")


@pytest.fixture(scope="module")
def dublin(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(draft_folder(tmp_path_factory.mktemp("dublin"), THIRTY_DAYS))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Dublin",
                "Thu 1 Aug 2019 - Wed 17 May 2023",
                "RETROACTIVE",
                "RP-06",
                "For example",
                "not available",
                "that is proved",
            ],
        ),
        (
            "nl",
            [
                "Voor wie",
                "do 1 aug 2019 - wo 17 mei",
                "TERUGWERKEND",
                "RP-06",
                "Bijvoorbeeld",
                "niet beschikbaar",
                "dat is bewezen",
            ],
        ),
    ],
)
def test_a_screen_says_for_whom_from_when_by_which_rows_and_gives_an_example(
    dublin: str, language: str, said: list[str]
) -> None:
    heard = typed("rules", "diff", DUTCH, dublin, "--lang", language, *NOON)

    assert heard.code == 0
    assert [words for words in said if words not in heard.screen] == []


def test_json_holds_the_boxes_and_both_decisions_about_the_example(dublin: str) -> None:
    found = json.loads(typed("rules", "diff", DUTCH, dublin, "--json", *NOON).out)

    (table,) = [one for one in found["tables"] if one["changes"]]
    assert [one["table"] for one in found["tables"] if one["exact"]] == [table["table"]]
    assert all(one["reads_what_changes"] for one in found["tables"] if not one["exact"])
    (change,) = table["changes"]
    assert found["retroactive"] is change["retroactive"] is True
    assert change["days"] == {"judged_on": [["2019-08-01", "2023-05-17"]]}
    assert change["when"]["reflection_claim.claim"] == "dublin"
    decisions = [change["example"][side]["reflection_period"]["status"] for side in ("old", "new")]
    assert decisions == ["not_available", "offer"]


def test_the_gate_lets_nothing_through_that_changes_days_that_have_passed(dublin: str) -> None:
    refused = typed("rules", "diff", DUTCH, dublin, "--gate", *NOON)

    assert (refused.code, "retroactive" in refused.err) == (2, True)
    assert typed("rules", "diff", DUTCH, DUTCH, "--gate", *NOON).screen.endswith("Nothing changes.\n")
