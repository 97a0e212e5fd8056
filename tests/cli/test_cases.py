"""A coordinator at the terminal submits a signal from files, and finds the case, the tasks and the trail of it."""

import json
from enum import StrEnum
from pathlib import Path

import pytest

from service.casework.tasks.kinds import (
    ABOUT_A_REFERRAL,
    ACT_HINDERED,
    ANNOUNCE,
    ASKED_BY_EVENTS,
    PLACES_MISSING,
    PLACES_UNANSWERED,
    TRIAGE,
)
from service.cli.words import NAMES
from service.referrals.lifecycle import DeclineReason, ReferralState, WithdrawReason
from tests.cli.terminal import nrm

ORG = ("--org", "office-north")
FACTS = "indication: yes\nreporter: police\nage_in_doubt: yes\nfound_in: GM0153\n"
NARRATIVE = "Invented: she was found behind the station."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (folder / "story.txt").write_text(NARRATIVE, encoding="utf-8")
    (folder / "who.json").write_text('{"name": "Invented Person", "birthDate": "1996-02-29"}', encoding="utf-8")
    assert nrm(folder, "migrate").code == 0
    return folder


@pytest.fixture(scope="module")
def receipt(home: Path) -> dict[str, str]:
    words = ("--narrative", str(home / "story.txt"), "--identity", str(home / "who.json"), "--json")
    done = nrm(home, "signals", "add", str(home / "facts.yaml"), *ORG, *words)
    assert done.code == 0, done.err
    found: dict[str, str] = json.loads(done.screen)
    return found


def test_a_signal_is_shown_as_it_was_told(home: Path, receipt: dict[str, str]) -> None:
    done = nrm(home, "signals", "show", receipt["signalId"], *ORG)

    assert done.code == 0, done.err
    assert NARRATIVE in done.screen
    assert "name: Invented Person" in done.screen
    assert "birth date: 1996-02-29" in done.screen
    assert "found_in: GM0153" in done.screen


def test_a_second_signal_joins_the_case(home: Path, receipt: dict[str, str]) -> None:
    done = nrm(home, "signals", "add", str(home / "facts.yaml"), *ORG, "--case", receipt["caseId"], "--json")

    assert json.loads(done.screen)["caseId"] == receipt["caseId"]


def test_what_is_about_nobody_known_stands_in_the_queue_until_somebody_triages_it(home: Path) -> None:
    (home / "money.yaml").write_text("reporter: bank\nfound_in: GM0363\n", encoding="utf-8")
    kept = nrm(home, "signals", "add", str(home / "money.yaml"), *ORG, "--about", "nobody_known")
    signal_id = kept.screen.splitlines()[0].removeprefix("signal ")

    queue = nrm(home, "signals", "list", *ORG, "--state", "received")
    done = nrm(home, "signals", "triage", signal_id, "dismiss", *ORG, "--seen", "1", "--reason", "known_already")

    assert "(NT-15)" in kept.screen
    assert signal_id in queue.screen
    assert done.screen.splitlines() == [f"signal {signal_id}, dismissed, version 2"]
    assert signal_id not in nrm(home, "signals", "list", *ORG, "--state", "received").screen


def test_a_case_is_listed_shown_and_traced(home: Path, receipt: dict[str, str]) -> None:
    listed = nrm(home, "cases", "list", *ORG)
    shown = nrm(home, "cases", "show", receipt["caseId"], *ORG)
    trail = nrm(home, "cases", "trail", receipt["caseId"], *ORG, "--subject", "coordinator-7")

    assert receipt["caseId"] in listed.screen
    assert "age_check" in shown.screen
    assert "CoMensha" in shown.screen
    assert "signal:received" in trail.screen
    assert trail.screen.endswith("verified\n")
    assert NARRATIVE not in shown.screen + trail.screen


def test_the_same_is_given_as_json(home: Path, receipt: dict[str, str]) -> None:
    page = json.loads(nrm(home, "cases", "list", *ORG, "--json").screen)
    case = json.loads(nrm(home, "cases", "show", receipt["caseId"], *ORG, "--json").screen)

    assert [one["id"] for one in page["items"]] == [case["id"]] == [receipt["caseId"]]


def test_the_reflection_period_is_told_in_dutch_and_english(home: Path, receipt: dict[str, str]) -> None:
    words = ("cases", "period", receipt["caseId"], *ORG)
    english, dutch = nrm(home, *words), nrm(home, *words, "--lang", "nl")
    data = json.loads(nrm(home, *words, "--json").screen)

    assert (english.code, dutch.code) == (0, 0)
    assert english.screen.startswith("Reflection period: ")
    assert dutch.screen.startswith("Bedenktijd: ")
    assert "Can follow: " in english.screen
    assert "politie" in dutch.screen
    assert data["caseId"] == receipt["caseId"]


def test_a_return_is_recorded_on_the_version_that_was_seen(home: Path) -> None:
    # Whoever may be a child returns only after a decision on its interest.
    (home / "adult.yaml").write_text(FACTS.replace("age_in_doubt: yes", "age: 30"), encoding="utf-8")
    added = json.loads(nrm(home, "signals", "add", str(home / "adult.yaml"), *ORG, "--json").screen)
    (home / "why.txt").write_text("Invented: it came to light later.", encoding="utf-8")
    words = ("cases", "return", added["caseId"], *ORG, "--on", "2026-01-31", "--follow-up")
    unexplained = nrm(home, *words, "--seen", "1")
    done = nrm(home, *words, "--seen", "1", "--explanation", str(home / "why.txt"))
    stale = nrm(home, *words, "--seen", "1")

    assert (unexplained.code, stale.code) == (2, 5)
    assert done.code == 0, done.err
    assert "due 2026-02-28: return_follow_up" in done.screen
    assert "returned on 2026-01-31, contact wanted: yes" in nrm(home, "cases", "show", added["caseId"], *ORG).screen


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("cases", "show", "00000000-0000-7000-8000-000000000000", *ORG), 4),
        (("cases", "list", *ORG, "--size", "1000"), 2),
        (("cases", "list", *ORG, "--cursor", "nonsense"), 2),
        (("signals", "show", "jane", *ORG), 2),
        (("signals", "add", "facts.yaml", *ORG, "--key", "short"), 2),
        (("cases", "list", "--org", "jane@example.org"), 2),
    ],
)
def test_a_refusal_is_a_sentence_and_an_exit_code(home: Path, words: tuple[str, ...], code: int) -> None:
    done = nrm(home, *(str(home / word) if word == "facts.yaml" else word for word in words))

    assert (done.code, done.screen) == (code, "")
    assert done.err
    assert "Traceback" not in done.err


def test_another_office_s_case_is_not_there(home: Path, receipt: dict[str, str]) -> None:
    assert nrm(home, "cases", "show", receipt["caseId"], "--org", "office-south").code == 4


def test_an_identity_that_is_wrong_is_named_and_not_repeated(home: Path) -> None:
    (home / "wrong.json").write_text('{"name": "Invented Person", "bsn": "123456782"}', encoding="utf-8")
    done = nrm(home, "signals", "add", str(home / "facts.yaml"), *ORG, "--identity", str(home / "wrong.json"))

    assert done.code == 2
    assert "bsn" in done.err
    assert not [word for word in ("Invented", "123456782") if word in done.err]


def test_what_comes_after_midnight_is_listed_on_the_day_that_it_is_here(home: Path) -> None:
    after_midnight = {"NRM_CLOCK_STARTS_AT": "2026-11-21T23:40:00Z"}
    nrm(home, "signals", "add", str(home / "facts.yaml"), *ORG, **after_midnight)

    for listed in ("cases", "signals"):
        assert nrm(home, listed, "list", *ORG, **after_midnight).screen.splitlines()[1].startswith("2026-11-22"), listed


def test_what_became_of_referrals_and_tasks_is_said_in_dutch_and_in_english(
    home: Path, receipt: dict[str, str]
) -> None:
    dutch, english = (
        nrm(home, "cases", "show", receipt["caseId"], *ORG, "--lang", language).screen for language in ("nl", "en")
    )

    for shown, words in (
        (
            dutch,
            ("Opvang: ", "te vragen: ", "onderweg; volledige verwijzing; te bellen op 555-", "leeftijd onderzoeken"),
        ),
        (english, ("Shelter: ", "to ask: ", "on its way; full referral; to call at 555-", "check the age")),
    ):
        assert [one for one in words if one not in shown] == []


@pytest.mark.parametrize(
    ("place", "codes"),
    [
        ("referrals.state", ReferralState),
        ("referrals.decline_reason", DeclineReason),
        ("referrals.withdraw_reason", WithdrawReason),
    ],
)
def test_every_word_about_a_referral_has_its_dutch(place: str, codes: type[StrEnum]) -> None:
    assert NAMES[place].keys() == set(codes)


def test_every_task_that_an_act_or_a_silence_asks_for_has_its_dutch() -> None:
    assert NAMES["tasks.kind"].keys() >= ABOUT_A_REFERRAL | ASKED_BY_EVENTS | {
        TRIAGE,
        ANNOUNCE,
        PLACES_MISSING,
        PLACES_UNANSWERED,
        ACT_HINDERED,
    }
