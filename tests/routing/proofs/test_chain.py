"""The chain loses nobody: whatever is decided about anybody is a way in which the chain can come out."""

from datetime import date

from hypothesis import given, settings

from service.routing.decide import decide_as_told
from service.routing.facts.answers import Answers
from service.routing.facts.reading import Reading
from service.routing.facts.vocabulary import FactKind
from service.routing.proofs.asked_code import passed
from service.routing.proofs.chain import DECIDED, JUDGED, Chain
from service.routing.proofs.invariants import breaks, chain_of
from service.routing.proofs.person import Person
from service.routing.proofs.space import Box
from service.routing.steps import find
from tests.routing.dutch import rules
from tests.routing.people import DAYS, people

CHAIN = chain_of(rules())


def place_of(chain: Chain, person: Answers, on: date) -> Box:
    """Give the box of exactly what is told and decided about somebody."""
    space = chain.space
    decision = decide_as_told(rules(), person, on)
    values = dict(next(iter(decision.findings.values())).values)
    dates = [fact.name for fact in rules().vocabulary.facts.values() if fact.kind is FactKind.DATE]
    values |= {passed(day): "yes" if isinstance(told := person[day], date) and told <= on else "no" for day in dates}
    found = space.everything
    for name, known in space.values.items():
        if name in values:
            nearest = [one for one in known if isinstance(one, int) and isinstance(values[name], int)]
            value = max((one for one in nearest if one <= int(values[name])), default=values[name])
            found &= space.where(name, [value])
    judged = next(finding.day for finding in decision.findings.values() if finding.table.name == "reflection_claim")
    for column, day in ((DECIDED, on), (JUDGED, judged)):
        found &= space.where(column, [str(max([CHAIN.days[0], *(one for one in CHAIN.days if one <= day)]))])
    return found


@settings(max_examples=60)
@given(person=people(), on=DAYS)
def test_whatever_is_decided_about_anybody_is_a_way_through_the_chain(person: Answers, on: date) -> None:
    assert next(CHAIN.people(place_of(CHAIN, person, on)), None) is not None


@settings(max_examples=40)
@given(person=people(), on=DAYS)
def test_nobody_is_an_exception_to_a_statement_that_was_proved(person: Answers, on: date) -> None:
    broken = [
        one.id for one in rules().invariants if not one.told_otherwise and breaks(rules(), one, Person(person, on))
    ]
    assert broken == []


@settings(max_examples=40)
@given(person=people(), on=DAYS)
def test_code_reads_nothing_that_neither_its_ways_nor_its_reads_name(person: Answers, on: date) -> None:
    reading = Reading(person, on, rules().parameters, rules().places, person.columns())
    find(rules().steps, reading)
    known = {name.partition(".")[0] for name in CHAIN.space.of_column}
    for step in CHAIN.steps:
        if step.reads:
            named = {
                name.partition(".")[0]
                for name, bits in CHAIN.space.of_column.items()
                if bits & step.reads or any(bits & ~way for way in step.ways)
            }
            read = {name.partition(".")[0] for name in vars(reading)["_read_by"][step.name]}
            assert read & known <= named, step.name
