"""An operator says at the terminal that a clock was ahead, and is told when none was."""

from pathlib import Path

import pytest

from tests.cli.terminal import typed


@pytest.mark.only_on("sqlite")
def test_where_no_clock_was_ahead_there_is_nothing_to_accept(
    home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", database_url)
    typed("keys", "create")

    refused = typed("clock", "accept", "--reason", "time_source")

    assert refused.code != 0
    assert "holds nothing back" in refused.err
