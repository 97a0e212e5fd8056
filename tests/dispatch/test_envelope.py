"""What a partner is told, byte for byte."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dispatch.envelope import MessageKind, Notice, event_bytes

RECORDED = datetime(2026, 3, 1, 9, 30, 0, 125_000, tzinfo=UTC)
DATAREF = "https://nrm.example.org/v1/referrals/0190b0a1-0000-7000-8000-000000000001"


def make_notice(**changes: object) -> Notice:
    values: dict[str, object] = {
        "message_id": "msg_1",
        "kind": MessageKind.REFERRAL_SENT,
        "referral_id": "0190b0a1-0000-7000-8000-000000000001",
        "sequence": 7,
        "recorded_at": RECORDED,
        "dataref": DATAREF,
    }
    return Notice(**(values | changes))  # type: ignore[arg-type]


def test_a_notice_is_a_cloud_event_that_says_where_to_fetch_and_nothing_else() -> None:
    assert json.loads(event_bytes(make_notice())) == {
        "specversion": "1.0",
        "id": "msg_1",
        "source": "urn:nld:verwijsmechanisme:systeem:doorverwijzing",
        "type": "nl.verwijsmechanisme.verwijzing.verzonden.v1",
        "subject": "0190b0a1-0000-7000-8000-000000000001",
        "time": "2026-03-01T09:30:00.125Z",
        "sequence": "0000000007",
        "dataref": DATAREF,
        "datacontenttype": "application/json",
        "data": {"referralId": "0190b0a1-0000-7000-8000-000000000001"},
    }


def test_attribute_names_keep_to_what_every_protocol_can_carry() -> None:
    names = json.loads(event_bytes(make_notice()))
    assert all(name.isascii() and name.isalnum() and name.islower() and len(name) <= 20 for name in names)


def test_the_instant_is_told_in_utc_wherever_it_was_taken() -> None:
    in_amsterdam = RECORDED.astimezone(timezone(timedelta(hours=1)))
    assert event_bytes(make_notice(recorded_at=in_amsterdam)) == event_bytes(make_notice())


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        event_bytes(make_notice(recorded_at=RECORDED.replace(tzinfo=None)))


def test_a_sequence_that_starts_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="starts at 1"):
        event_bytes(make_notice(sequence=0))


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_sequences_sort_as_text_as_they_do_as_numbers(one: int, other: int) -> None:
    first, second = (json.loads(event_bytes(make_notice(sequence=n)))["sequence"] for n in (one, other))
    assert (first < second) == (one < other)
