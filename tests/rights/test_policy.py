"""Seven rights come before a consent, and the consequences of a false report before a report."""

from datetime import date

from service.rights.policy import BEFORE_CONSENT, BEFORE_REPORT, Item, Telling, given_on, missing

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
SEVEN = frozenset(BEFORE_CONSENT)


def test_there_are_seven_rights_and_the_consequences_of_a_false_report() -> None:
    assert len(BEFORE_CONSENT) == 7
    assert set(BEFORE_REPORT) - SEVEN == {Item.FALSE_REPORT}


def test_what_was_told_in_parts_is_told_on_the_day_of_the_last_part() -> None:
    given = given_on(
        [Telling(SEVEN - {Item.LAWYER}, MONDAY, understood=True), Telling(SEVEN, TUESDAY, understood=True)]
    )

    assert missing(given, BEFORE_CONSENT, MONDAY) == (Item.LAWYER,)
    assert missing(given, BEFORE_CONSENT, TUESDAY) == ()
    assert missing(given, BEFORE_REPORT, TUESDAY) == (Item.FALSE_REPORT,)


def test_what_was_not_understood_was_not_told() -> None:
    given = given_on(
        [Telling(SEVEN, MONDAY, understood=False), Telling(frozenset({Item.WORK}), TUESDAY, understood=True)]
    )

    assert given == {Item.WORK: TUESDAY}
