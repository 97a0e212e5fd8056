"""Who has the keys can seal another content in a row's place, and is found by what the entry committed to."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import CaseDecision, CaseFacts, CaseReturn, DecisionOverride
from service.casework.cases.change_facts import change_facts
from service.casework.cases.override_decision import override_decision
from service.casework.cases.read_cases import read_case
from service.casework.cases.record_return import record_return
from service.casework.commands.cases import ChangeFacts, OverrideDecision, RecordReturn
from service.casework.commands.journal import RecordAssessment
from service.casework.commands.signals import Identity
from service.casework.journal.assess_needs import record_assessment
from service.casework.rights.record_rights import record_rights
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.verify_log import verify_log
from service.database.sealing.data_key import Place
from service.database.sealing.vault import Vault
from service.journal import store as journal
from service.journal.lifecycle import Occasion
from service.journal.tables import JournalEntry
from service.reflection import store as reflection
from service.reflection.tables import PeriodRecord
from service.rights import store as rights
from service.rights.tables import RightsRecord
from service.signals.tables import Signal
from service.wiring import Service
from tests.factories import auditor, coordinator, signal, stepped, told_about_rights


@pytest.fixture
def case_id(service: Service) -> UUID:
    """Tell everything that is committed to: signals, facts, decisions and a choice of a person."""
    desk = coordinator(service)
    more = {"narrative": "Invented for a test.", "identity": Identity(name="Jana Voorbeeld")}
    made = receive_signal(desk, signal().model_copy(update=more)).case_id
    receive_signal(desk, signal().model_copy(update={"case_id": made}))
    change_facts(desk, made, frozenset({read_case(desk, made).version}), ChangeFacts(facts={"gender": "female"}))
    choice = OverrideDecision.model_validate({"reason": "Invented for a test.", "shelter": {"type": "cosm"}})
    case = read_case(desk, made)
    override_decision(desk, made, case.decisions[-1].id, choice)
    record_rights(desk, made, told_about_rights())
    assessed = RecordAssessment(on=date(2026, 11, 23), occasion=Occasion.FIRST_CONTACT, needs={}, risk="orange")
    record_assessment(desk, made, frozenset({read_case(desk, made).version}), assessed)
    stepped(service, made, "accepted", "2026-11-23")
    returned = RecordReturn(returned_on=date(2026, 11, 23), follow_up_wanted=True)
    record_return(desk, made, frozenset({read_case(desk, made).version}), returned)
    return made


def replace_facts(session: Session, vault: Vault, case_id: UUID) -> None:
    sealed = cases.sealed_facts(vault, case_id, 1, {"citizenship": "dutch"})
    session.execute(update(CaseFacts).where(col(CaseFacts.version) == 1).values(given=sealed))


def replace_decision(session: Session, vault: Vault, case_id: UUID) -> None:
    decision = session.exec(select(CaseDecision)).all()[0]
    content = {**decisions.content(vault, decision), "tracks": ["invented"]}
    session.execute(
        update(CaseDecision)
        .where(col(CaseDecision.id) == decision.id)
        .values(content=decisions.sealed_content(vault, case_id, decision.id, content))
    )


def replace_rights(session: Session, vault: Vault, case_id: UUID) -> None:
    said = {**rights.said(vault, session.exec(select(RightsRecord)).one()), "understood": False}
    session.execute(update(RightsRecord).values(said=rights.sealed(vault, case_id, 1, said)))


def replace_establisher(session: Session, vault: Vault, case_id: UUID) -> None:
    said = {**reflection.said(vault, session.exec(select(PeriodRecord)).one()), "established_by": "ind"}
    session.execute(update(PeriodRecord).values(said=reflection.sealed(vault, case_id, 1, said)))


def replace_return(session: Session, vault: Vault, case_id: UUID) -> None:
    sealed = cases.sealed_return(vault, case_id, 1, {"returned_on": "2026-11-01"})
    session.execute(update(CaseReturn).values(said=sealed))


def replace_assessment(session: Session, vault: Vault, case_id: UUID) -> None:
    kept = session.exec(select(JournalEntry)).one()
    sealed = journal.sealed(vault, case_id, kept.id, {**journal.said(vault, kept), "risk": "green"})
    session.execute(update(JournalEntry).values(said=sealed))


def replace_reason(session: Session, vault: Vault, case_id: UUID) -> None:
    kept = session.exec(select(DecisionOverride)).one()
    sealed = vault.seal(case_id, Place("decision_override", "reason", str(kept.id)), "Another reason.")
    session.execute(update(DecisionOverride).values(reason=sealed))


def replace_narrative(session: Session, vault: Vault, case_id: UUID) -> None:
    told = next(one for one in session.exec(select(Signal)) if one.narrative is not None)
    sealed = vault.seal(case_id, Place("signal", "narrative", str(told.id)), "Another story.")
    session.execute(update(Signal).where(col(Signal.id) == told.id).values(narrative=sealed))


def remove_identity(session: Session, vault: Vault, case_id: UUID) -> None:
    session.execute(update(Signal).values(identity=None))


def test_what_nobody_touched_is_what_was_committed_to(service: Service, case_id: UUID) -> None:
    found = verify_log(auditor(service))

    assert found.verified, found.breaks
    # Two signals, facts when the case was opened, when the signals were joined and when they changed, three decisions,
    # one choice, a return, what the person was told about rights, who established a step of the period, and an
    # assessment with the facts, the decision and the clock that it led to.
    assert found.contents == 16


@pytest.mark.parametrize(
    ("replace", "event"),
    [
        (replace_facts, "case:opened"),
        (replace_decision, "decision:made"),
        (replace_return, "return:recorded"),
        (replace_assessment, "assessment:recorded"),
        (replace_rights, "rights:recorded"),
        (replace_establisher, "period:recorded"),
        (replace_reason, "decision:overridden"),
        (replace_narrative, "signal:received"),
        (remove_identity, "signal:received"),
    ],
)
def test_a_content_that_was_sealed_anew_is_found_and_its_entry_named(
    service: Service, case_id: UUID, replace: Callable[[Session, Vault, UUID], None], event: str
) -> None:
    with Session(service.database.writer) as session:
        replace(session, Vault(session, service.keys), case_id)
        session.commit()

    found = verify_log(auditor(service))

    assert not found.verified
    assert {broken.stream for broken in found.breaks} == {str(case_id)}
    assert f"what {event} kept" in found.breaks[0].what


def test_a_content_that_was_moved_from_another_row_is_found(service: Service, case_id: UUID) -> None:
    with Session(service.database.writer) as session:
        first, second = session.exec(select(CaseDecision).order_by(col(CaseDecision.made_at))).all()[:2]
        session.execute(update(CaseDecision).where(col(CaseDecision.id) == first.id).values(content=second.content))
        session.commit()

    assert ["cannot be opened" in broken.what for broken in verify_log(auditor(service)).breaks] == [True]


def test_while_the_keys_are_away_the_log_is_verified_without_the_contents(
    service: Service, case_id: UUID, home: Path
) -> None:
    (home / "keys" / "keyring").unlink()
    service.keys.forget()

    found = verify_log(auditor(service))
    assert (found.verified, found.contents) == (True, 0)
