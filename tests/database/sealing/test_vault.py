"""Personal data opens only with its key, in its own place, and for its own case."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, update
from sqlmodel import Session, col, select

from service.database.engine import Database
from service.database.sealing.data_key import DataKey, NotSealedHere, Place
from service.database.sealing.kept_keys import KeptKey
from service.database.sealing.keyring import BOXED, WRAPPED, KeysUnavailable
from service.database.sealing.keys import open_keys
from service.database.sealing.vault import KeyDestroyed, Vault
from service.kernel.ids import new_bytes, new_id

PLACE = Place("signal", "narrative", "row-1")
STORY = {"told": "Invented for a test: Jana Voorbeeld worked in a greenhouse.", "times": [1, 2, None]}
CASE, OTHER_CASE = new_id(), new_id()


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "keys"


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.writer.connect() as opened:
        yield opened


@pytest.fixture
def act(connection: Connection, folder: Path) -> Callable[[], Vault]:
    """Begin an act in a process that holds no key yet; all acts see each other's rows."""
    return lambda: Vault(Session(connection), open_keys(folder))


def test_what_was_sealed_opens_in_a_later_act(act: Callable[[], Vault]) -> None:
    sealed = act().seal(CASE, PLACE, STORY)

    assert act().open(CASE, PLACE, sealed) == STORY


def test_what_is_sealed_shows_nothing_of_itself_and_differs_each_time(act: Callable[[], Vault]) -> None:
    vault = act()
    one, other = vault.seal(CASE, PLACE, STORY), vault.seal(CASE, PLACE, STORY)

    assert one != other
    assert b"Voorbeeld" not in one + other


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, table="case_facts"),
        replace(PLACE, column="identity"),
        replace(PLACE, row="row-2"),
        replace(PLACE, shape=2),
    ],
)
def test_a_value_moved_to_another_place_does_not_open(act: Callable[[], Vault], elsewhere: Place) -> None:
    vault = act()
    sealed = vault.seal(CASE, PLACE, STORY)

    with pytest.raises(NotSealedHere):
        vault.open(CASE, elsewhere, sealed)


def test_a_value_moved_to_another_case_does_not_open(act: Callable[[], Vault]) -> None:
    vault = act()
    sealed = vault.seal(CASE, PLACE, STORY)
    vault.seal(OTHER_CASE, PLACE, STORY)

    with pytest.raises(NotSealedHere):
        vault.open(OTHER_CASE, PLACE, sealed)
    with pytest.raises(KeyDestroyed):
        act().open(OTHER_CASE, PLACE, sealed)


@given(at=st.integers(min_value=0, max_value=200), bit=st.integers(min_value=0, max_value=7))
def test_a_value_of_which_one_bit_changed_does_not_open(at: int, bit: int) -> None:
    key = DataKey(new_id(), new_bytes(32))
    sealed = bytearray(key.seal(CASE, PLACE, STORY))
    # The first 17 bytes choose the key; the vault's tests cover those.
    sealed[17 + at % (len(sealed) - 17)] ^= 1 << bit

    with pytest.raises(NotSealedHere):
        key.open(CASE, PLACE, bytes(sealed))


@pytest.mark.parametrize("garbage", [b"", b"\x01", b"\x02" + bytes(60), b"{}"])
def test_bytes_that_were_never_sealed_do_not_open(act: Callable[[], Vault], garbage: bytes) -> None:
    with pytest.raises(NotSealedHere):
        act().open(CASE, PLACE, garbage)


def test_a_value_that_names_another_key_finds_none(act: Callable[[], Vault]) -> None:
    vault = act()
    sealed = vault.seal(CASE, PLACE, STORY)

    with pytest.raises(KeyDestroyed):
        vault.open(CASE, PLACE, sealed[:1] + new_id().bytes + sealed[17:])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(value=JSON)
def test_every_json_value_comes_back_as_it_was(value: object) -> None:
    key = DataKey(new_id(), new_bytes(32))

    assert json.loads(key.open(CASE, PLACE, key.seal(CASE, PLACE, value))) == value


def test_one_case_has_one_key_and_each_case_its_own(act: Callable[[], Vault], connection: Connection) -> None:
    for _ in range(2):
        vault = act()
        vault.seal(CASE, PLACE, STORY)
        vault.seal(OTHER_CASE, PLACE, STORY)

    owners = connection.execute(select(col(KeptKey.owner))).scalars().all()
    assert sorted(owners) == sorted([CASE, OTHER_CASE])


def test_with_its_key_destroyed_a_value_is_gone(act: Callable[[], Vault], connection: Connection) -> None:
    sealed = act().seal(CASE, PLACE, STORY)
    connection.execute(delete(KeptKey).where(col(KeptKey.owner) == CASE))

    with pytest.raises(KeyDestroyed):
        act().open(CASE, PLACE, sealed)


def test_a_kept_key_that_was_changed_opens_nothing(act: Callable[[], Vault], connection: Connection) -> None:
    sealed = act().seal(CASE, PLACE, STORY)
    connection.execute(update(KeptKey).values(content=bytes(40)))

    with pytest.raises(KeysUnavailable):
        act().open(CASE, PLACE, sealed)


def test_a_commitment_fits_its_value_alone_and_says_nothing_without_the_key(
    act: Callable[[], Vault], connection: Connection
) -> None:
    made = act().commitment(CASE, STORY)

    assert act().committed(CASE, made, STORY)
    assert not act().committed(CASE, made, {**STORY, "times": []})
    assert made != act().commitment(OTHER_CASE, STORY)
    connection.execute(delete(KeptKey).where(col(KeptKey.owner) == CASE))
    with pytest.raises(KeyDestroyed):
        act().committed(CASE, made, STORY)


def test_while_the_keys_are_away_values_are_sealed_and_none_opens(
    act: Callable[[], Vault], connection: Connection, folder: Path
) -> None:
    before = act().seal(CASE, PLACE, STORY)
    away = (folder / "keyring").rename(folder / "taken-away")

    meanwhile = act().seal(CASE, PLACE, STORY)
    new_case = act().seal(OTHER_CASE, PLACE, STORY)
    for sealed, case in ((before, CASE), (meanwhile, CASE), (new_case, OTHER_CASE)):
        with pytest.raises(KeysUnavailable):
            act().open(case, PLACE, sealed)

    away.rename(folder / "keyring")
    for sealed, case in ((before, CASE), (meanwhile, CASE), (new_case, OTHER_CASE)):
        assert act().open(case, PLACE, sealed) == STORY
    forms = connection.execute(select(col(KeptKey.form)).order_by(col(KeptKey.id))).scalars().all()
    assert forms == [WRAPPED, BOXED, BOXED]


def test_with_keys_away_that_never_were_here_nothing_is_sealed(connection: Connection, folder: Path) -> None:
    vault = Vault(Session(connection), open_keys(folder, given="not a key"))

    with pytest.raises(KeysUnavailable):
        vault.seal(CASE, PLACE, STORY)


def test_no_key_is_ever_printed(act: Callable[[], Vault], folder: Path) -> None:
    vault = act()
    vault.seal(CASE, PLACE, STORY)
    keys = open_keys(folder)
    kept = (folder / "keyring").read_text(encoding="ascii").split()[1]

    printed = repr((vault, keys, keys.source, keys.ring(), keys.ring().newest, keys.lookup))
    assert kept not in printed
    assert repr(keys.ring().newest.secret) not in printed
