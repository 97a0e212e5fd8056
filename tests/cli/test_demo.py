"""The rehearsal shows what the service does, in a place of its own, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from service.cli.demo.cast import CASES, SYSTEMS, WITNESS
from service.receiver.answering import Answer
from service.routing.rule_set import RuleSet
from tests.cli.terminal import ROOT, started
from tests.conftest import RULES
from tests.waiting import until


def test_at_least_ten_examples_of_one_day_are_played(rules: RuleSet) -> None:
    days = {one.id: one.on for one in rules.examples}
    assert len(set(CASES)) >= 10
    assert len({days[name] for name in CASES}) == 1


def test_partners_accept_decline_stay_silent_and_one_is_down_for_a_while() -> None:
    directory = (RULES / "reference" / "partners.csv").read_text(encoding="utf-8")
    assert [partner for partner in SYSTEMS if not re.search(rf"^{partner},", directory, re.MULTILINE)] == []
    assert {manner.answer for manner in SYSTEMS.values()} == {Answer.ACCEPT, Answer.DECLINE, Answer.SILENT}
    assert any(manner.away for manner in SYSTEMS.values())
    assert SYSTEMS[WITNESS].answer is Answer.ACCEPT


def test_a_case_is_shown_from_signal_to_verified_log_and_nothing_in_earnest_is_touched(tmp_path: Path) -> None:
    in_earnest = {"NRM_DATABASE_URL": f"sqlite:///{tmp_path / 'earnest.sqlite3'}", "NRM_LOG_NAME": "earnest"}
    heard = started("demo", "G10", environment={"NRM_HOME": str(tmp_path), **in_earnest}, seconds=110)

    assert heard.code == 0, heard.err
    shown = " ".join(heard.screen.split())
    # The story, the row and the source that decided, who was told and answered, and the auditor's verdict.
    assert "A Dutch woman of 24" in shown
    assert "RP-01 Kamerstukken I 2020-2021, 35 876, B" in shown
    assert re.search(r"Nationale Politie ✓ accepts full referral, confirmed, NT-05", shown)
    assert re.search(r"\$ nrm audit verify --checkpoint \S+ [1-9][0-9]* entries in .* compared: verified", shown)
    assert {path.name for path in tmp_path.iterdir()} == {"demo"}


def test_an_example_that_nobody_wrote_is_not_played(tmp_path: Path) -> None:
    heard = started("demo", "G1O", environment={"NRM_HOME": str(tmp_path)})

    assert heard.code == 2
    assert "did you mean" in heard.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_left_running_can_be_used_and_ends_as_a_whole_and_all_of_it_in_dutch(tmp_path: Path) -> None:
    with (tmp_path / "screen").open("wb") as screen:
        demo = subprocess.Popen(
            [sys.executable, "-m", "service", "demo", "G32", "--keep", "--lang", "nl"],
            cwd=ROOT,
            env={**os.environ, "NRM_HOME": str(tmp_path), "COLUMNS": "200"},
            stdout=screen,
            stderr=subprocess.STDOUT,
        )
    try:
        shown = until(lambda: places(tmp_path / "screen"), "the places are printed", seconds=110)
        token, url = shown
        answer = httpx.get(url, headers={"Authorization": f"Bearer {Path(token).read_text()}"}, trust_env=False)
        assert answer.status_code == 200
        assert answer.json()["items"] != []
    finally:
        demo.send_signal(signal.SIGINT)
        assert demo.wait(60) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
    words = ("Bedenktijd", "Opvang", "anonieme melding", "✓ neemt aan", "Zaak 1 van 1", "Alles draait door tot Ctrl-C")
    assert [word for word in words if word not in (tmp_path / "screen").read_text(encoding="utf-8")] == []


def places(screen: Path) -> tuple[str, str] | None:
    """Read the token's file and the address off the command that is printed for trying it out."""
    found = re.search(r'Bearer \$\(cat (\S+)\)" (\S+)\n', screen.read_text(encoding="utf-8"))
    return None if found is None else (found[1], found[2])
