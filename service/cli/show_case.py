"""A case on a terminal: what was decided, who was asked and what they said, and what a person must do."""

from collections.abc import Iterator
from uuid import UUID

from service.casework.views.cases import CaseStepView, CaseView, DecisionView
from service.casework.views.referrals import ReferralLine
from service.cli.words import Language, pick, said
from service.kernel.clock import AMSTERDAM


def case_lines(case: CaseView, language: Language) -> Iterator[str]:
    """Give the lines that show a case.

    Args:
        case: as its coordinator sees it.
        language: in which outcomes are told.
    """
    yield f"case {case.id}, {case.state}, version {case.version}, facts version {case.facts_version}"
    for name, value in case.facts.items():
        yield f"  {name}: {value}"
    yield from (_step(step, language) for step in case.steps)
    for record in case.returns:
        yield f"returned on {record.returned_on}, contact wanted: {'yes' if record.follow_up_wanted else 'no'}"
    for decision in case.decisions:
        yield from _decision(decision, language)
    for one in case.to_ask:
        yield f"{pick(('te vragen', 'to ask'), language)}: {one.question[language]} {one.fact}"
    names = {line.id: line.partner_name for line in case.referrals}
    for line in case.referrals:
        yield from _referral(line, names, language)
    for task in case.tasks:
        due = "" if task.due is None else f", due {task.due}"
        about = "" if task.referral_id is None else f" -> {names[task.referral_id]}"
        yield f"task {task.id}, {task.state}{due}: {task.kind} ({task.rule}){about}"
        yield f"  {said('tasks.kind', task.kind, language)}"


def _decision(decision: DecisionView, language: Language) -> Iterator[str]:
    told = decision.content
    yield f"decision {decision.id}, {decision.state}, of {told.on}, facts version {decision.facts_version}"
    period, shelter = told.reflection_period, told.shelter
    outcome = {
        said("part", "reflection_period", language): said("reflection_period.status", period.status, language),
        said("part", "shelter", language): said("shelter.type", shelter.type, language),
        pick(("Zorgcoördinator", "Care coordinator"), language): told.region.care_coordinator,
    }
    if shelter.interim is not None:
        outcome[pick(("Tot die tijd", "Until then"), language)] = said(
            "interim_shelter.interim", shelter.interim, language
        )
    yield f"  {'; '.join(f'{name}: {value}' for name, value in outcome.items())}"
    if decision.receipt is not None:
        yield f"  decided by {decision.receipt.rules}, {decision.receipt.engine}"
        yield f"  hash of the facts {decision.receipt.facts}, of the decision {decision.receipt.outcome}"
    for override in decision.overrides:
        yield f"  overridden: {override.part} by {override.chosen_by}"


def _step(step: CaseStepView, language: Language) -> str:
    happened, why = said("cases.event", step.event, language), said("cases.reason", step.reason, language)
    return f"{happened} {step.done_at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}: {why}"


def _referral(line: ReferralLine, names: dict[UUID, str], language: Language) -> Iterator[str]:
    content = said("notifications.content", line.content, language)
    yield f"referral {line.id}, {line.state}, version {line.version}: {line.partner_name}, {line.content} ({line.rule})"
    parts = [said("referrals.state", line.state, language), content]
    if line.partner_phone and line.withdraw_reason is None:
        parts.append(f"{pick(('te bellen op', 'to call at'), language)} {line.partner_phone}")
    if line.answer_by is not None:
        until = f"{line.answer_by.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
        parts.append(f"{pick(('antwoord uiterlijk', 'answer by'), language)} {until}")
    if line.decline_reason is not None:
        parts.append(said("referrals.decline_reason", line.decline_reason, language))
    if line.withdraw_reason is not None:
        parts.append(said("referrals.withdraw_reason", line.withdraw_reason, language))
    if line.asked_next is not None:
        parts.append(f"{pick(('daarna gevraagd', 'asked next'), language)}: {names[line.asked_next]}")
    yield f"  {'; '.join(parts)}"
