"""What somebody could say of one fact, so that every way in which rules tell cases apart is among it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from service.kernel.clock import AMSTERDAM
from service.routing.facts.read_answers import Said
from service.routing.facts.vocabulary import CodeList, Fact, FactKind
from service.routing.rule_set import RuleSet
from service.routing.unsaid import starts_of_ranges

_AGO: Final = (timedelta(0), timedelta(days=1), timedelta(days=40), timedelta(days=120))
_HOURS: Final = (time(10), time(23))
_COUNTRY: Final = "XX"  # a user-assigned code of ISO 3166-1: some country, whichever
_ADULT: Final = 30


class Sayings:
    """What could be said by the vocabulary and the reference data of one rule set."""

    def __init__(self, rules: RuleSet, today: date) -> None:
        """Prepare.

        Args:
            rules: the rules, whose tables say which numbers differ.
            today: the day on which places are looked up, to give one of each kind.
        """
        self._rules = rules
        self._codes = rules.places.one_of_each_kind(today, _ADULT)

    def of(self, fact: Fact, now: Said | None, on: date) -> Iterator[Said]:
        """Give what could be said of a fact.

        Args:
            fact: the fact.
            now: what is said of it now; entries of a map are changed one at a time.
            on: the decision date; days lie on it or before it.
        """
        match fact.kind:
            case FactKind.CHOICE:
                yield from fact.values
            case FactKind.SET:
                yield from ([value] for value in fact.values)
            case FactKind.MAP:
                entries = now if isinstance(now, dict) else {}
                yield from ({**entries, key: value} for key in fact.keys for value in fact.values)
            case FactKind.NUMBER | FactKind.CODE:
                yield from self._listed(fact)
            case FactKind.DATE:
                yield from ((on - ago).isoformat() for ago in _AGO)
            case FactKind.INSTANT:
                yield from (datetime.combine(on, hour, AMSTERDAM).isoformat() for hour in _HOURS)
            case FactKind.PER_MEMBER:
                return

    def _listed(self, fact: Fact) -> Iterable[Said]:
        if fact.number is not None:
            return sorted(starts_of_ranges(fact.name, fact.number, self._rules))
        return self._codes if fact.codes is CodeList.MUNICIPALITY else (_COUNTRY,)
