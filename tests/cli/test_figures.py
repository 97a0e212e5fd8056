"""A policy owner draws up the figures of half a year at the terminal."""

import json
from pathlib import Path

import pytest

from service.kernel.errors import Kind
from tests.cli.terminal import typed

pytestmark = pytest.mark.only_on("sqlite")
WHO = ("--org", "ministry", "--subject", "owner-1")


def test_figures_are_drawn_up_and_a_period_that_is_none_is_refused(
    home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", database_url)

    shown = json.loads(typed("figures", "2025-H1", *WHO, "--json").out)
    assert (shown["period"], shown["cases"], shown["fewestTold"]) == ("2025-H1", None, 5)
    assert "2025-H1: fewer than 5 cases" in typed("figures", "2025-H1", *WHO).screen
    assert typed("figures", "2025", *WHO).code == Kind.INVALID.exit_code
