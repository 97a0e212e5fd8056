"""Somebody asks what a decision would have been: by what was known at an instant, about any day."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.casework.context import Context
from service.casework.rules.kept_rules import KeptRules
from service.casework.views.decision import DecisionContent
from service.kernel.clock import local_day
from service.kernel.errors import DomainError, Kind
from service.routing.decide import decide
from service.routing.facts.answers import answers_from
from service.routing.rule_files.bundle import bundle_in, loaded
from service.routing.rule_set import RuleSet
from service.rulebook import store as rulebook


class NothingKnownThen(DomainError):
    """At that instant nothing was known of the case, or nobody kept by which rules it was decided."""

    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code: ClassVar[str] = "nothing-known-then"
    title: ClassVar[str] = "Nothing was known of the case at that instant"


def decide_as_known(context: Context, case_id: UUID, known_on: datetime, valid_on: date | None) -> DecisionContent:
    """Decide as it would have been done at an instant: by the facts told by then and the rules in force then.

    Args:
        context: who asks.
        case_id: the case.
        known_on: the instant up to which things count as known.
        valid_on: the day to decide about; the local day of the instant when left out.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
        NothingKnownThen: nothing was known of it yet.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked) as tried, context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        tried.in_case(case.id)
        facts = cases.facts_known_at(work.session, case.id, known_on)
        rules = _rules(work.session, context, case.id, known_on)
        if facts is None or rules is None:
            raise NothingKnownThen
        answers = answers_from(cases.told(work.vault, facts), rules.vocabulary)
        decision = decide(rules, answers, valid_on or local_day(known_on))
        touched = (asked, Touched("facts", str(case.id), facts.version, facts.version))
        act = Act(Event.DECISION_PREVIEWED, Action.READ, str(case.id), touched, policy=decision.rule_set)
        context.record(work, act)
    return DecisionContent.model_validate(decision.as_json())


def _rules(session: Session, context: Context, case_id: UUID, at: datetime) -> RuleSet | None:
    """Give the rules that were in force: what was published last by then, else those by which the case was decided."""
    published = rulebook.in_force_at(session, at)
    if published is not None:
        return loaded(bundle_in(rulebook.canonical_by_hash(session, published)))
    made = [one.rule_set for one in decisions.decisions_of(session, case_id) if one.made_at <= at]
    return KeptRules(context.rules()).named(session, made[-1]) if made else None
