"""What follows from a decision about a case: it takes the place of the one before, asks partners and opens tasks."""

from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.lifecycle import DecisionEvent, DecisionState
from service.cases.tables import Case, CaseDecision
from service.casework.consultations.recall_shared import recall_shared
from service.casework.context import Context
from service.casework.deadlines.set_clocks import set_clocks
from service.casework.places.end_placement import release_places
from service.casework.referrals.ask_partner import withdraw
from service.casework.referrals.open_referrals import open_referrals
from service.casework.referrals.take_back import recall_without_asking
from service.casework.reflection.endings_told import endings_to_establish
from service.casework.rights.rights_told import rights_to_record
from service.casework.rules.keep_rules import keep_rules
from service.casework.tasks.needless_when_closed import closing_to_consider
from service.casework.tasks.offer_again import offers_to_repeat
from service.casework.tasks.open_tasks import open_tasks
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.referrals import store as referrals
from service.referrals.lifecycle import WithdrawReason
from service.routing.changes.receipts import receipt
from service.routing.decision import Decision
from service.routing.facts.answers import Answers
from service.routing.rule_files.bundle import bundle_from

_FIRST = 1


def settle(context: Context, work: UnitOfWork, case: Case, answers: Answers, decision: Decision) -> CaseDecision:
    """Keep a decision about the facts that count now, and everything that follows from it.

    Args:
        context: who caused the decision.
        work: the unit of work of the act; it holds the case's row.
        case: what was decided about.
        answers: the facts that were decided on, which are the case's newest version.
        decision: the decision as made.

    Raises:
        NobodyToAsk: the directory was never filled.
    """
    former = _supersede(context, work, case)
    made = _keep(context, work, case, answers, decision)
    if not cases.is_open(case):
        # Consent was taken back. Nobody is asked or has to do anything else as long as nobody works on the case.
        recall_without_asking(context, work, case.id, answers)
        recall_shared(context, work, case, answers.given)
        return made
    open_referrals(context, work, made, (answers, decision), former)
    recall_shared(context, work, case, answers.given)
    told_elsewhere = rights_to_record(work, case, answers.given) | endings_to_establish(work, case, answers.given)
    besides = offers_to_repeat(answers.given) | closing_to_consider(decision)
    open_tasks(context, work, case, decision, told_elsewhere | besides)
    set_clocks(context, work, case, made, decision)
    release_places(context, work, case, answers, decision)
    return made


def _supersede(context: Context, work: UnitOfWork, case: Case) -> CaseDecision | None:
    """Let the decision that counted so far count no longer, and give it if there was one."""
    earlier = decisions.live_decisions(work.session, [case.id]).get(case.id)
    if earlier is None:
        return None
    waiting = referrals.proposed_by(work.session, earlier.id)
    decisions.move(work.session, earlier, DecisionEvent.SUPERSEDE)
    touched = Touched("decision", str(earlier.id), earlier.version - 1, earlier.version)
    context.record(work, Act(Event.DECISION_SUPERSEDED, Action.UPDATE, str(case.id), (touched,)))
    # What was sent stays sent; what still waited for a person waits for a decision that no longer counts.
    for referral in waiting:
        withdraw(context, work, referral, WithdrawReason.SUPERSEDED)
    return earlier


def _keep(context: Context, work: UnitOfWork, case: Case, answers: Answers, decision: Decision) -> CaseDecision:
    decision_id, content = new_id(), decision.as_json()
    proof = receipt(answers.given, content, decision.rule_set, decision.on)
    _keep_rules(context, work, decision)
    made = CaseDecision(
        id=decision_id,
        case_id=case.id,
        facts_version=case.facts_version,
        facts_digest=work.vault.commitment(case.id, answers.given),
        rule_set=decision.rule_set,
        decided_on=decision.on,
        content=decisions.sealed_content(work.vault, case.id, decision_id, content),
        receipt=decisions.sealed_receipt(work.vault, case.id, decision_id, proof.as_json()),
        made_at=context.clock.now(),
        state=DecisionState.PROPOSED,
    )
    cases.add(work.session, made)
    read = Touched("facts", str(case.id), case.facts_version, case.facts_version)
    touched = (Touched("decision", str(made.id), None, _FIRST), read)
    commitment, policy = work.vault.commitment(case.id, content), decision.rule_set
    act = Act(Event.DECISION_MADE, Action.CREATE, str(case.id), touched, policy=policy, commitment=commitment)
    context.record(work, act)
    return made


def _keep_rules(context: Context, work: UnitOfWork, decision: Decision) -> None:
    """Keep the rules that decided, so that they are there when somebody decides again."""
    rules = context.rules()
    # Whoever publishes keeps what is replaced first; the rules that decided are there then.
    if rules.name == decision.rule_set:
        keep_rules(context, work, bundle_from(rules))
