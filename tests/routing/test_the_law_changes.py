"""A change of the law is a line with a date: what was accepted before keeps its term, and a slip is refused."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from service.routing.decide import decide
from service.routing.decision import ReflectionPeriod
from service.routing.examples import run_examples
from service.routing.facts.answers import answers_from
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused
from tests.routing.dutch import ADULT, DUBLIN, FOLDER, accepted, rules

THIRTY_DAYS = """\
      - from: 2023-05-18
        value: 30 days
"""
CLOSED_THIRTY_DAYS = """\
      - from: 2023-05-18
        to: 2026-12-31
        value: 30 days
"""
FORTY_FIVE_DAYS = """\
      - from: 2027-01-01
        value: 45 days
        source: [{cite: "WBV 2026/99 (verzonnen)"}]
        status: assumed
"""


def changed(folder: Path, closed: str, added: str) -> Path:
    """Copy the Dutch rules and change the term of the Dublin period."""
    copy = shutil.copytree(FOLDER, folder / "nl")
    file = copy / "parameters.yaml"
    before = file.read_text(encoding="utf-8")
    start = before.index(THIRTY_DAYS)
    end = before.index("\n\n", start)
    file.write_text(
        before[:start] + closed + before[start + len(THIRTY_DAYS) : end] + "\n" + added + before[end:], encoding="utf-8"
    )
    return copy


def period(rule_set: RuleSet, start: date, on: date) -> ReflectionPeriod:
    facts = ADULT | DUBLIN | accepted(start)
    return decide(rule_set, answers_from(facts, rule_set.vocabulary), on).reflection_period


def test_the_dublin_period_becomes_forty_five_days_for_whoever_accepts_from_that_day_on(tmp_path: Path) -> None:
    new = load_rule_set(changed(tmp_path, CLOSED_THIRTY_DAYS, FORTY_FIVE_DAYS))

    last_of_the_old = period(new, date(2026, 12, 31), on=date(2027, 1, 15))
    first_of_the_new = period(new, date(2027, 1, 1), on=date(2027, 1, 15))

    assert (last_of_the_old.length, last_of_the_old.ends) == ("P30D", date(2027, 1, 30))
    assert (first_of_the_new.length, first_of_the_new.ends) == ("P45D", date(2027, 2, 15))


def test_the_changed_rules_have_another_name_and_the_stories_after_the_change_must_be_told_anew(tmp_path: Path) -> None:
    new = load_rule_set(changed(tmp_path, CLOSED_THIRTY_DAYS, FORTY_FIVE_DAYS))

    assert new.name.startswith("nl@sha256:")
    assert new.name != rules().name
    changed_stories = {outcome.example.id for outcome in run_examples(new) if not outcome.holds}
    # The stories of a woman who accepts in May 2027, after the change; whoever changes the law tells them anew.
    assert changed_stories == {"G03-accepted", "G03-unsafe", "G03-reported", "G03-signed", "G05", "G06-answer"}


@pytest.mark.parametrize(
    ("closed", "added", "said"),
    [
        (THIRTY_DAYS, FORTY_FIVE_DAYS, "end the earlier one with to: 2026-12-31"),
        (
            CLOSED_THIRTY_DAYS,
            FORTY_FIVE_DAYS.replace("2027-01-01", "2027-02-01"),
            "from 2027-01-01 until this one starts",
        ),
        (CLOSED_THIRTY_DAYS, FORTY_FIVE_DAYS.replace("2027-01-01", "2027-13-01"), "no such day in the calendar"),
        (CLOSED_THIRTY_DAYS, FORTY_FIVE_DAYS.replace("45 days", "45 dagen"), "is no term"),
        (CLOSED_THIRTY_DAYS, FORTY_FIVE_DAYS.replace("status: assumed", "status: asumed"), "did you mean assumed?"),
    ],
)
def test_a_slip_in_the_dates_is_refused_with_its_line(tmp_path: Path, closed: str, added: str, said: str) -> None:
    folder = changed(tmp_path, closed, added)

    with pytest.raises(FilesRefused) as refused:
        load_rule_set(folder)

    assert any(said in str(mistake) and "parameters.yaml" in mistake.file for mistake in refused.value.mistakes), [
        str(mistake) for mistake in refused.value.mistakes
    ]


def test_a_new_rule_counts_from_its_first_day_and_not_before(tmp_path: Path) -> None:
    copy = shutil.copytree(FOLDER, tmp_path / "nl")
    tracks = copy / "tables" / "tracks.yaml"
    row = """
  - id: LB-10
    when: {indicated: yes, child.child: no, exploitation.labour: yes, coercion: no}
    then: {track: labour_criminal}
    valid_from: 2027-07-01
    source: [{cite: "Wetsvoorstel 36 547 (verzonnen datum)"}]
    status: assumed
"""
    tracks.write_text(tracks.read_text(encoding="utf-8").rstrip("\n") + row, encoding="utf-8")
    new = load_rule_set(copy)
    worker = answers_from(ADULT | {"exploitation": ["labour"], "coercion": "no"}, new.vocabulary)

    assert "labour_criminal" not in decide(new, worker, date(2027, 6, 30)).tracks
    assert "labour_criminal" in decide(new, worker, date(2027, 7, 1)).tracks
