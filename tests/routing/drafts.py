"""Drafts of the Dutch rules: the folder with some lines changed."""

import shutil
from pathlib import Path

from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from tests.routing.dutch import FOLDER

Edit = tuple[str, str, str]

NO_PERIOD = "then: {status: not_available, reason: dublin}"
THIRTY_DAYS: Edit = (
    "tables/reflection_availability.yaml",
    NO_PERIOD,
    "then: {status: offer, period: dublin, length: reflection.dublin}",
)
"""Dublin claimants of 2019 to 2023 get the period that those after them got."""


def draft_folder(folder: Path, *edits: Edit) -> Path:
    """Copy the Dutch rules into `nl` below a folder and change some lines: file, old text, new text."""
    copy = folder / "nl"
    shutil.copytree(FOLDER, copy, dirs_exist_ok=True)
    for file, old, new in edits:
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def draft(folder: Path, *edits: Edit) -> RuleSet:
    """Load a draft of the Dutch rules."""
    return load_rule_set(draft_folder(folder, *edits))
