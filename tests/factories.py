"""Plain functions that make what a story needs, with dull defaults; all people and offices are invented."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlmodel import col, update

from service.access.roles import Role, caller
from service.audit import store as audit
from service.casework.cases.change_facts import change_facts
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.read_cases import read_case
from service.casework.cases.take_step import take_step
from service.casework.commands.cases import ChangeFacts
from service.casework.commands.consent import RecordConsent
from service.casework.commands.partners import RegisterEndpoint
from service.casework.commands.referrals import AnswerReferral
from service.casework.commands.reflection import TakeStep
from service.casework.commands.rights import RecordRights
from service.casework.commands.signals import ReceiveSignal
from service.casework.consent.record_consent import record_consent
from service.casework.context import Context
from service.casework.desk.work_on_tasks import list_tasks
from service.casework.partners.manage_endpoints import register_endpoint
from service.casework.partners.manage_partners import seed_partners
from service.casework.partners.try_endpoint import verify_endpoint
from service.casework.questions import ListTasks
from service.casework.referrals.answer_referral import answer_referral
from service.casework.rights.record_rights import record_rights
from service.casework.signals.receive_signal import receive_signal
from service.casework.signals.receive_without_case import receive_without_case
from service.casework.views.endpoints import RegisteredView
from service.casework.views.referrals import ReferralLine
from service.casework.views.reflection import PeriodView
from service.casework.views.signals import Receipt, ReceiptWithoutCase
from service.dispatch.signature import SignatureKind
from service.kernel.ids import new_key
from service.partners.directory import Listing
from service.partners.tables import Endpoint
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState
from service.rights.policy import Item
from service.signals.lifecycle import About
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.doubles import HonestSystem

OFFICE = "office-north"
OTHER_OFFICE = "office-south"

A_WOMAN_FOUND_BY_THE_POLICE: Mapping[str, Any] = {
    "citizenship": "third_country",
    "residence": "none",
    "dublin_claimant": "no",
    "age": 30,
    "indication": "yes",
    "exploitation": ["sexual"],
    "reporter": "police",
    "consent": {"registration": "given", "placement": "given", "police_contact": "given"},
    "reflection_choice": "accepted",
    "accepted_on": "2026-11-23",
    "found_in": "GM0153",
    "psychological_problems": "no",
}


def told(**changes: object) -> dict[str, Any]:
    """Give the facts of a plain case by the names of the vocabulary; a story changes them, or leaves out with None."""
    facts = {**A_WOMAN_FOUND_BY_THE_POLICE, **changes}
    return {name: value for name, value in facts.items() if value is not None}


def told_over_http(**changes: object) -> dict[str, Any]:
    """Give the facts of a plain case as a coordinator's system sends them."""
    return {
        "citizenship": "third_country",
        "residence": "none",
        "dublinClaimant": "no",
        "age": 30,
        "indication": "yes",
        "exploitation": ["sexual"],
        "reporter": "police",
        "consent": {"registration": "given", "placement": "given", "policeContact": "given"},
        "reflectionChoice": "accepted",
        "acceptedOn": "2026-11-23",
        "foundIn": "GM0153",
        "psychologicalProblems": "no",
        **changes,
    }


def signal(key: str | None = None, /, **changes: object) -> ReceiveSignal:
    """Make a signal about a plain case, under a new submission key unless one is given."""
    return ReceiveSignal(submission_key=key or new_key("test-")[:40], facts=told(**changes))


def told_about_rights(**changes: object) -> RecordRights:
    """Make a record that the person was told everything, in a language that the person understands."""
    said = {
        "items": list(Item),
        "given_on": "2026-11-23",
        "language": "bg",
        "understood": True,
        "how": "interpreter",
        "given_by": "officer-1",
        "organisation": "police",
        **changes,
    }
    return RecordRights.model_validate(said)


def said_about_consent(purpose: str, saying: str = "given", **changes: object) -> RecordConsent:
    """Make a record that an adult said something about consent, after everything was explained."""
    said = {
        "purpose": purpose,
        "saying": saying,
        "by": "person",
        "said_on": "2026-11-23",
        "language": "bg",
        "informed": ["purpose", "recipients", "withdrawal"],
        "evidence": "oral_witnessed",
        **changes,
    }
    return RecordConsent.model_validate(said)


def says(service: Service, case_id: UUID, **consent: str) -> None:
    """Let the person say something about consent to one purpose after the other, having been told about rights."""
    record_rights(coordinator(service), case_id, told_about_rights())
    for purpose, saying in consent.items():
        version = read_case(coordinator(service), case_id).version
        record_consent(coordinator(service), case_id, frozenset({version}), said_about_consent(purpose, saying))


def stepped(service: Service, case_id: UUID, step: str, on: str | None, **said: object) -> PeriodView:
    """Record a step of the reflection period that the police established and told by telephone."""
    told = {"step": step, "on": on, "established_by": "police", "learned": "telephone", **said}
    desk = coordinator(service)
    seen = frozenset({read_case(desk, case_id).version})
    return take_step(desk, case_id, seen, TakeStep.model_validate(told))


def coordinator(service: Service, org: str = OFFICE) -> Context:
    """Give the context of a coordinator."""
    return service.context(caller("coordinator-1", Role.COORDINATOR, org))


def listen_at(
    context: Context, partner_id: str, url: str, signature: SignatureKind = SignatureKind.SYMMETRIC
) -> RegisteredView:
    """Let a partner's system listen, a good while after it was asked something before."""
    left_alone(context, partner_id)
    return registered_and_proved(context, partner_id, url, signature)


def left_alone(context: Context, partner_id: str) -> None:
    """Let a while pass in which a partner's systems are asked nothing about the wire."""
    with context.database.writer.begin() as connection:
        asked = update(Endpoint).where(col(Endpoint.partner_id) == partner_id)
        connection.execute(asked.values(challenged_at=None, tried_at=None))


def registered_and_proved(
    context: Context, partner_id: str, url: str, signature: SignatureKind = SignatureKind.SYMMETRIC
) -> RegisteredView:
    """Register where a partner's system listens, and let it prove itself as one does that has its secret."""
    registered = register_endpoint(context, RegisterEndpoint(partner_id=partner_id, url=url, signature=signature))
    verify_endpoint(replace(context, carry=HonestSystem(registered.checks_with)), registered.id)
    return registered


def partner(service: Service, partner_id: str) -> Context:
    """Give the context of a partner's system."""
    return service.context(caller("system-1", Role.PARTNER, partner_id))


def auditor(service: Service) -> Context:
    """Give the context of an auditor."""
    return service.context(caller("auditor-1", Role.AUDITOR, "inspectorate"))


def opened_case(service: Service, **changes: object) -> Receipt:
    """Submit a signal about a plain case."""
    return receive_signal(coordinator(service), signal(**changes))


def waiting_signal(service: Service, **changes: object) -> ReceiptWithoutCase:
    """Submit a signal about nobody known: money that moves as if somebody was exploited, unless a story says more."""
    facts = {"reporter": "bank", "exploitation": ["labour"], "found_in": "GM0363", **changes}
    key = new_key("test-")[:40]
    command = ReceiveSignal.model_validate({"submission_key": key, "facts": facts, "about": About.NOBODY_KNOWN})
    return receive_without_case(coordinator(service), command)


def referral_to(service: Service, case_id: UUID, asked_as: str) -> UUID:
    """Give the id of a case's referral to a kind of organisation."""
    lines = read_case(coordinator(service), case_id).referrals
    return next(line.id for line in lines if line.asked_as == asked_as)


def bearer(
    service: Service, role: Role = Role.COORDINATOR, org: str = OFFICE, *, without: str | None = None
) -> dict[str, str]:
    """Give the header of a good token, with all that the role may do or with one scope less."""
    who = caller("caller-1", role, org)
    narrowed = replace(who, scopes=who.scopes - {without})
    token = service.issuer().issue(narrowed, service.clock.wall(), timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


def audit_bodies(service: Service, stream: object) -> list[dict[str, Any]]:
    """Give what the entries of a trail say, in order."""
    with service.database.look() as session:
        return [json.loads(kept.body) for kept in audit.entries_of(session, str(stream))]


def one_more(service: Service, partner_id: str, kind: str) -> None:
    """Add an invented organisation to the directory."""
    invented = Listing(id=partner_id, name=f"An invented {kind}", kind=kind, source="invented")
    seed_partners(service.operator(), [invented])


def lines_for(service: Service, case_id: UUID, asked_as: str) -> list[ReferralLine]:
    """Give a case's referrals to those who were asked as one kind of organisation, oldest first."""
    lines = [line for line in read_case(coordinator(service), case_id).referrals if line.asked_as == asked_as]
    by_id = {line.id: line for line in lines}

    def place(line: ReferralLine) -> int:
        return 0 if line.instead_of is None else 1 + place(by_id[line.instead_of])

    return sorted(lines, key=place)


def answers(service: Service, line: ReferralLine, answer: Answer, reason: DeclineReason | None = None) -> ReferralState:
    """Let the partner that was asked answer."""
    said = AnswerReferral(answer=answer, reason=reason)
    return answer_referral(partner(service, line.partner_id), line.id, said).state


def open_tasks_about(service: Service, line: ReferralLine) -> list[str]:
    """Give the kinds of what lies on the desk about a referral."""
    page = list_tasks(coordinator(service), ListTasks(state=TaskState.OPEN, page_size=100))
    return sorted(task.kind for task in page.items if task.referral_id == line.id)


def changed(service: Service, case_id: UUID, **facts: JsonValue) -> None:
    """Change facts of a case on the version that counts now."""
    version = read_case(coordinator(service), case_id).version
    change_facts(coordinator(service), case_id, frozenset({version}), ChangeFacts(facts=facts))


def confirmed(service: Service, case_id: UUID) -> None:
    """Confirm the newest decision of a case."""
    decision = read_case(coordinator(service), case_id).decisions[-1]
    confirm_decision(coordinator(service), case_id, decision.id)
