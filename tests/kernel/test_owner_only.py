"""What holds keys or cases is readable by its owner alone, whatever the process's habits are."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.kernel.owner_only import make_empty, own_folder, put_in_place


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_folder_is_its_owners_alone_with_all_that_had_to_be_made_above_it(tmp_path: Path) -> None:
    own_folder(tmp_path / "home" / "keys")

    assert [rights(tmp_path / one) for one in ("home", "home/keys")] == [0o700, 0o700]


def test_a_folder_that_was_there_stays_as_its_owner_made_it(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()

    own_folder(tmp_path / "shared")

    assert rights(tmp_path / "shared") == 0o755


def test_a_file_is_its_owners_alone_and_keeps_what_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "home" / "secret"
    put_in_place(file, "a secret")
    make_empty(file)
    make_empty(tmp_path / "home" / "rows")

    assert file.read_text() == "a secret"
    assert [rights(one) for one in (file, tmp_path / "home" / "rows")] == [0o600, 0o600]
