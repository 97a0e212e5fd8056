"""A process knows the rules in force without asking at every turn, and goes on with what it knows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session

from service.database.engine import Database
from service.kernel.errors import Unavailable
from service.routing.rule_set import RuleSet
from service.rulebook.store import RulesInForce


class Looks:
    """Opens sessions, counts them, and can be told that the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.count = 0
        self.away = False

    @contextmanager
    def __call__(self) -> Iterator[Session]:
        self.count += 1
        if self.away:
            raise Unavailable
        with self._database.look() as session:
            yield session


@pytest.fixture
def looks(database: Database) -> Looks:
    return Looks(database)


@pytest.mark.only_on("sqlite")
def test_as_long_as_nothing_was_published_the_folder_counts_and_is_read_once(looks: Looks, rules: RuleSet) -> None:
    read: list[int] = []
    seconds = iter([0.0, 0.5, 0.9, 1.6, 1.6])

    def folder() -> RuleSet:
        read.append(1)
        return rules

    in_force = RulesInForce(looks, folder, lambda: next(seconds))

    assert [in_force() for _ in range(4)] == [rules] * 4
    assert (looks.count, len(read)) == (2, 1)


@pytest.mark.only_on("sqlite")
def test_a_process_whose_database_goes_away_goes_on_with_what_it_knows(looks: Looks, rules: RuleSet) -> None:
    seconds = iter(range(0, 100, 2))
    in_force = RulesInForce(looks, lambda: rules, lambda: float(next(seconds)))
    in_force()
    looks.away = True

    assert in_force() is rules


@pytest.mark.only_on("sqlite")
def test_a_process_that_knows_nothing_does_not_guess(looks: Looks, rules: RuleSet) -> None:
    looks.away = True

    with pytest.raises(Unavailable):
        RulesInForce(looks, lambda: rules)()
