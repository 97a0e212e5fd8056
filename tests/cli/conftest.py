"""What every command that is typed in this process finds: the Dutch rules, read once for all of them."""

from pathlib import Path

import pytest

from service import wiring
from service.cli.rules import asked
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from tests.routing.dutch import FOLDER, rules


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every other folder each time; what is started as a program reads its own."""

    def load(folder: Path) -> RuleSet:
        return rules() if folder.resolve() == FOLDER else load_rule_set(folder)

    for module in (asked, wiring):
        monkeypatch.setattr(module, "load_rule_set", load)
