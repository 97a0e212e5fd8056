"""A provider's keys are asked for when needed, never more often than once a minute, and by one request at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from service.access.provider_keys import LONGEST, PAUSE, SHORTEST, FetchFailed, KeysUnavailable, ProviderKeys
from tests.access.provider import PublishedKeys, ec_key, jwk_of, key_set

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OLD, NEW = ec_key(), ec_key()
FIRST_SET = key_set(jwk_of(OLD, "old"))
NEXT_SET = key_set(jwk_of(OLD, "old"), jwk_of(NEW, "new"))


def test_known_keys_are_not_asked_for_again_while_they_are_fresh() -> None:
    published = PublishedKeys([FIRST_SET])
    keys = ProviderKeys(published)

    assert keys.find("old", NOW) == keys.find("old", NOW + SHORTEST - SECOND)
    assert published.asked == 1


def test_a_new_key_is_found_as_soon_as_a_token_names_it_but_at_most_once_a_minute() -> None:
    published = PublishedKeys([FIRST_SET, NEXT_SET])
    keys = ProviderKeys(published)

    assert keys.find("old", NOW) is not None
    assert keys.find("new", NOW + SECOND) is None
    assert published.asked == 1
    assert keys.find("new", NOW + PAUSE) is not None
    assert published.asked == 2


def test_a_thousand_invented_names_ask_the_provider_once() -> None:
    published = PublishedKeys([FIRST_SET])
    keys = ProviderKeys(published)
    keys.find("old", NOW)

    assert {keys.find(f"invented-{n}", NOW + PAUSE) for n in range(1000)} == {None}
    assert published.asked == 2


def test_a_key_that_was_withdrawn_is_not_believed_once_the_set_is_read_again() -> None:
    keys = ProviderKeys(PublishedKeys([NEXT_SET, FIRST_SET]))
    keys.find("new", NOW)

    assert keys.find("new", NOW + SHORTEST) is None


@pytest.mark.parametrize("trouble", [FetchFailed(), b"<html>"])
def test_while_the_provider_is_away_what_was_known_serves_for_a_day_and_no_longer(trouble: bytes | Exception) -> None:
    keys = ProviderKeys(PublishedKeys([FIRST_SET, trouble]))
    keys.find("old", NOW)

    assert keys.find("old", NOW + SHORTEST + LONGEST - SECOND) is not None
    with pytest.raises(KeysUnavailable):
        keys.find("old", NOW + SHORTEST + LONGEST)


def test_a_provider_that_was_never_reached_is_tried_again_after_a_minute() -> None:
    published = PublishedKeys([FetchFailed(), FIRST_SET])
    keys = ProviderKeys(published)

    for at in (NOW, NOW + SECOND):
        with pytest.raises(KeysUnavailable):
            keys.find("old", at)
    assert published.asked == 1
    assert keys.find("old", NOW + PAUSE) is not None


@pytest.mark.parametrize(
    ("said", "kept"),
    [(None, SHORTEST), (timedelta(0), SHORTEST), (timedelta(hours=1), timedelta(hours=1)), (LONGEST * 30, LONGEST)],
)
def test_keys_stay_fresh_as_long_as_said_within_bounds(said: timedelta | None, kept: timedelta) -> None:
    published = PublishedKeys([FIRST_SET], said)
    keys = ProviderKeys(published)
    keys.find("old", NOW)

    keys.find("old", NOW + kept - SECOND)
    assert published.asked == 1
    keys.find("old", NOW + kept)
    assert published.asked == 2


def test_many_first_requests_at_once_ask_once_and_all_are_answered() -> None:
    together = threading.Barrier(8)
    published = PublishedKeys([FIRST_SET])
    keys = ProviderKeys(published)

    def ask(_: int) -> bool:
        together.wait()
        return keys.find("old", NOW) is not None

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))
    assert published.asked == 1


def test_while_one_request_asks_again_the_others_go_on_with_what_is_known() -> None:
    asking, answer = threading.Event(), threading.Event()
    documents = [FIRST_SET]

    def fetch() -> tuple[bytes, None]:
        if not documents:
            asking.set()
            assert answer.wait(10)
            return NEXT_SET, None
        return documents.pop(), None

    keys = ProviderKeys(fetch)
    keys.find("old", NOW)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(keys.find, "new", NOW + PAUSE)
        assert asking.wait(10)
        assert keys.find("old", NOW + PAUSE) is not None
        assert keys.find("new", NOW + PAUSE) is None
        answer.set()
        assert slow.result() is not None
