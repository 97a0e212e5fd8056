"""What is established has happened, and after what it follows upon."""

from datetime import date

import pytest

from service.journal.policy import EntryNotUnderstood, require_day

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "not_before", "code"),
    [
        (date(2026, 11, 24), None, "still-to-come"),
        (date(2026, 11, 19), date(2026, 11, 20), "out-of-order"),
        (date(2026, 11, 24), date(2026, 11, 25), "still-to-come"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_reason(day: date, not_before: date | None, code: str) -> None:
    with pytest.raises(EntryNotUnderstood) as refused:
        require_day(day, TODAY, not_before)

    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/on", code)]


def test_today_and_the_day_of_what_came_before_are_good_days() -> None:
    require_day(TODAY, TODAY)
    require_day(date(2026, 11, 20), TODAY, date(2026, 11, 20))
