"""More becomes known, or something turns out otherwise: a new version of the facts, and a decision on it."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case, CaseFacts
from service.casework.cases.decide_case import settle
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.cases import ChangeFacts
from service.casework.context import Context
from service.casework.reflection.judge_steps import Claim, judge_steps
from service.casework.reflection.keep_records import keep_records
from service.casework.views.cases import ChangeView
from service.consent.policy import CONSENT
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.versions import Seen, require_version
from service.routing.decide import decide
from service.routing.decision import Decision
from service.routing.facts.answers import Answers, answers_from


class ConsentElsewhere(DomainError):
    """Consent has a place of its own, where it is kept by whom it was given, when, and after what was explained."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "consent-elsewhere"
    title: ClassVar[str] = "Consent is recorded by POST /v1/cases/{caseId}/consents, and changes no other way"


def change_facts(context: Context, case_id: UUID, seen: Seen, command: ChangeFacts) -> ChangeView:
    """Change what is known about a case and decide again; what was sent to partners stays sent.

    Args:
        context: who knows more.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: what changes; a fact that becomes null is not told any more (RFC 7396).

    Raises:
        ScopeMissing: the caller may not change cases.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        StepNotUnderstood: a day of the reflection period is still to come.
        StepOutOfOrder: a step of the period cannot follow on what happened before, or would have to be explained.
        WrongEstablisher: the caller's organisation does not establish such a step; the one that did has to be named.
        RightsNotTold: they say that a report was made, and nobody recorded that the person was told about rights first.
        ConsentElsewhere: consent is among what changes.
        AnswersRefused: the facts that would result cannot be understood; nothing is kept.
    """
    context.require(Scope.CASES_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.FACTS_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        require_version(case.version, seen)
        known = cases.known(work.session, work.vault, case)
        answers = answers_from(patched(known, command.facts), context.rules().vocabulary)
        if CONSENT in command.facts:
            raise ConsentElsewhere(problems=(Problem("/facts/consent", ConsentElsewhere.code, ConsentElsewhere.title),))
        decision = decide(context.rules(), answers, context.today())
        claim = Claim(context.caller.org)
        steps = judge_steps(context, work, case, (known, answers.given, decision), claim)
        keep_records(context, work, case, steps, claim)
        return keep_facts(context, work, case, known, (answers, decision))


def keep_facts(
    context: Context, work: UnitOfWork, case: Case, known: Mapping[str, Any], found: tuple[Answers, Decision]
) -> ChangeView:
    """Keep facts as a new version, unless nothing in them is new, and the decision on them.

    Args:
        context: who told them.
        work: the unit of work; it holds the case's row.
        case: what they are about.
        known: the version that counted so far.
        found: the facts that count from now on, and the decision on them.

    Raises:
        NobodyToAsk: the directory was never filled.
    """
    answers, decision = found
    before, told_before = case.version, case.facts_version
    changed = tuple(name for name in {**known, **answers.given} if known.get(name) != answers.given.get(name))
    version = told_before + 1 if changed else told_before
    if changed:
        given = cases.sealed_facts(work.vault, case.id, version, answers.given)
        facts = CaseFacts(case_id=case.id, version=version, given=given, told_at=context.clock.now())
        cases.add(work.session, facts)
    cases.touch(work.session, case, version)
    touched = (
        Touched("case", str(case.id), before, case.version),
        Touched("facts", str(case.id), told_before, version, changed),
    )
    commitment = work.vault.commitment(case.id, answers.given)
    context.record(work, Act(Event.FACTS_CHANGED, Action.UPDATE, str(case.id), touched, commitment=commitment))
    made = settle(context, work, case, answers, decision)
    return ChangeView(case_id=case.id, version=case.version, facts_version=version, decision_id=made.id)


def patched(known: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Apply changes as JSON merge patch has it (RFC 7396).

    Args:
        known: what was told so far.
        changes: new values; null takes one away.
    """
    result = dict(known)
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            former = result.get(name)
            result[name] = patched(former if isinstance(former, Mapping) else {}, value)
        else:
            result[name] = value
    return result
