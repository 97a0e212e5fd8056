"""Looks for somebody to whom a row applies, and for a near miss: one fact told otherwise, and it applies no more."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Final

from service.routing.engine.compiled import ImpossibleFacts
from service.routing.engine.table import Row
from service.routing.facts.answers import Answers, AnswersRefused, answers_from
from service.routing.facts.vocabulary import Fact, FactKind
from service.routing.proofs.chain import Chain
from service.routing.proofs.people import people
from service.routing.proofs.person import Person
from service.routing.row_examples import RowExample, rows_for
from service.routing.rule_set import RuleSet

_MOST_TRIED: Final = 2_000


def row_example(rule_set: RuleSet, chain: Chain, table: str, row: Row) -> RowExample | None:
    """Find somebody to whom a row applies, with a near miss; None when nobody is found.

    Args:
        rule_set: the rules.
        chain: their chain.
        table: the name of the table.
        row: one of its rows.
    """
    compiled = chain.tables[table]
    for person in islice(people(chain, chain.fires(compiled, row)), _MOST_TRIED):
        if row.id not in (_rows(rule_set, table, person.answers, person) or ()):
            continue
        for near in _told_otherwise(chain, person, row):
            instead = _rows(rule_set, table, near, person)
            if instead is not None and row.id not in instead:
                found = (row.id, person.on, person.answers, near, row.then, instead)
                return RowExample(table, *found, compiled.table.file, row.line)
    return None


def _rows(rule_set: RuleSet, table: str, answers: Answers, person: Person) -> tuple[str, ...] | None:
    try:
        return rows_for(rule_set, table, answers, person.on)
    except ImpossibleFacts:
        return None


def _told_otherwise(chain: Chain, person: Person, row: Row) -> Iterator[Answers]:
    """Tell one fact after the other otherwise; those first that were told, then those that the row itself reads."""
    vocabulary, given = person.answers.vocabulary, person.answers.given
    read = [name for column in reversed([*row.when]) if (name := column.partition(".")[0]) in vocabulary.facts]
    for name in dict.fromkeys((*reversed([*given]), *read, *vocabulary.facts)):
        fact = vocabulary.facts[name]
        for said in _sayings(chain, fact, given.get(name), person):
            try:
                near = answers_from({**given, name: said}, vocabulary)
            except AnswersRefused:
                continue
            if near.columns() != person.answers.columns() or near.given != given:
                yield near


def _sayings(chain: Chain, fact: Fact, known: object, person: Person) -> Iterator[object]:
    match fact.kind:
        case FactKind.CHOICE:
            yield from (value for value in fact.values if value not in (known, fact.default))
            yield fact.default
        case FactKind.NUMBER if fact.number is not None:
            told = known if isinstance(known, int) else None
            near = () if told is None else (told + 1, told - 1)
            yield from (number for number in (*near, 17, 18, 30, 3) if number in fact.number and number != told)
        case FactKind.SET:
            members = list(known) if isinstance(known, list) else []
            yield from ([one for one in members if one != member] for member in members if len(members) > 1)
            yield from ([*members, member] for member in fact.values if member not in members)
            yield from ([member] for member in fact.values if member not in members)
        case FactKind.MAP:
            entries = known if isinstance(known, Mapping) else {}
            yield from ({**entries, key: value} for key in fact.keys for value in fact.values)
        case FactKind.DATE:
            yield from (str(person.on + timedelta(days)) for days in (0, -1, -45, -200, 7))
        case FactKind.CODE if fact.codes is not None:
            yield from chain.codes[fact.codes]
        case FactKind.INSTANT:
            yield from (f"{person.on}T{hour}:00+01:00" for hour in ("11:00", "23:00"))
        case _:
            return
