"""What goes into a column comes out the same, and what means nothing does not go in."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect
from sqlalchemy.engine.url import make_url

from service.database.columns import CanonicalJson, Coded, UtcInstant
from service.referrals.lifecycle import ReferralState

SQLITE, POSTGRESQL = (make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql"))
SUMMER = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_an_instant_comes_back_in_utc(dialect: Dialect) -> None:
    kept = UtcInstant().process_bind_param(SUMMER, dialect)
    given = UtcInstant().process_result_value(kept, dialect)

    assert given == SUMMER
    assert given is not None
    assert given.utcoffset() == timedelta(0)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcInstant().process_bind_param(datetime(2026, 7, 1, 12, 0), SQLITE)  # noqa: DTZ001 -- the mistake under test


def test_nothing_stays_nothing() -> None:
    for column in (UtcInstant(), CanonicalJson(), Coded(ReferralState)):
        assert column.process_bind_param(None, SQLITE) is None
        assert column.process_result_value(None, SQLITE) is None


def test_json_is_kept_in_its_one_form() -> None:
    kept = CanonicalJson().process_bind_param({"b": ["é"], "a": 1}, SQLITE)

    assert kept == '{"a":1,"b":["é"]}'
    assert CanonicalJson().process_result_value(kept, SQLITE) == {"a": 1, "b": ["é"]}


def test_a_code_that_is_not_in_its_list_is_refused() -> None:
    assert Coded(ReferralState).process_result_value("queued", SQLITE) is ReferralState.QUEUED
    with pytest.raises(ValueError, match="lost"):
        Coded(ReferralState).process_bind_param("lost", SQLITE)  # type: ignore[arg-type]
