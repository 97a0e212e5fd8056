"""The Dutch rules, read once, and invented people to decide about."""

from datetime import date
from functools import cache
from pathlib import Path

from service.routing.decide import decide
from service.routing.decision import Decision
from service.routing.facts.answers import answers_from
from service.routing.facts.reading import Reading
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from service.routing.steps import find

FOLDER = Path(__file__).parents[2] / "routing_rules" / "nl"
TODAY = date(2026, 11, 23)
CONSENT = {"registration": "given", "placement": "given", "police_contact": "given"}

ADULT: dict[str, object] = {
    "citizenship": "third_country",
    "residence": "none",
    "dublin_claimant": "no",
    "age": 30,
    "gender": "female",
    "indication": "yes",
    "exploitation": ["sexual"],
    "reflection_used": "no",
    "psychological_problems": "no",
    "addiction": "no",
    "mild_intellectual_disability": "no",
    "acute_danger": "no",
    "in_coa_centre": "no",
    "perpetrators_near": "no",
    "distance_wanted": "no",
    "reporter": "police",
    "consent": CONSENT,
    "found_in": "GM0344",
    "shelter_wanted": "yes",
}
"""A woman of 30 from outside the EU without a right of stay, found by the police in Utrecht; nothing is open."""

DUTCH: dict[str, object] = {"citizenship": "dutch", "residence": "lawful", "registered_in": "GM0344"}
EU: dict[str, object] = {"citizenship": "eu", "residence": "union_law", "registered_in": "GM0344"}
ASYLUM: dict[str, object] = {"residence": "asylum_procedure"}
DUBLIN: dict[str, object] = {"residence": "asylum_procedure", "dublin_claimant": "yes"}
NGO_WITHOUT_CONSENT: dict[str, object] = {"reporter": "ngo", "consent": {}}


@cache
def rules() -> RuleSet:
    """Load the Dutch rules."""
    return load_rule_set(FOLDER)


def accepted(on: date) -> dict[str, object]:
    """Give the facts of somebody who accepted the reflection period on a day."""
    return {"reflection_choice": "accepted", "accepted_on": on.isoformat()}


def decided(*changes: dict[str, object], on: date = TODAY, **changed: object) -> Decision:
    """Decide about the adult with some facts changed."""
    facts = dict(ADULT)
    for change in (*changes, changed):
        facts.update(change)
    return decided_on_facts(facts, on)


def decided_on_facts(facts: dict[str, object], on: date = TODAY) -> Decision:
    """Decide about these facts and nothing else."""
    return decide(rules(), answers_from(facts, rules().vocabulary), on)


def read(*changes: dict[str, object], on: date = TODAY, **changed: object) -> Reading:
    """Find every value about the adult with some facts changed."""
    facts = dict(ADULT)
    for change in (*changes, changed):
        facts.update(change)
    answers = answers_from(facts, rules().vocabulary)
    reading = Reading(answers, on, rules().parameters, rules().places, answers.columns())
    find(rules().steps, reading)
    return reading


def told(decision: Decision, to: str) -> set[tuple[str, str]]:
    """Give what a recipient is told: content and dispatch."""
    return {(one.content, one.dispatch) for one in decision.notifications if one.to == to}


def rules_that_tell(decision: Decision, to: str) -> set[str]:
    """Give the rules by which a recipient is told."""
    return {one.rule for one in decision.notifications if one.to == to}


def due(decision: Decision, kind: str) -> list[str]:
    """Give the days on which something of a kind is due."""
    return [one.due.isoformat() for one in decision.deadlines if one.kind == kind]


def to_do(decision: Decision) -> set[str]:
    """Give what a person must do."""
    return {one.kind for one in decision.tasks}


def asked(decision: Decision) -> set[str]:
    """Give the facts that are asked."""
    return {one.fact for one in decision.questions}
