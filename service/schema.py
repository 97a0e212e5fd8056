"""Every table of the service in one place, for migrations and for the tests that compare them."""

from typing import Final

from sqlmodel import SQLModel

from service.access.tables import Revocation
from service.audit.tables import AuditCheckpoint, AuditEntry, AuditHead, AuditNode, AuditSequencer
from service.cases.tables import Case, CaseDecision, CaseFacts, CaseReturn, DecisionOverride
from service.consent.tables import ConsentEntry, Recall
from service.consultations.tables import Consultation, Participant
from service.database.sealing.kept_keys import KeptKey
from service.deadlines.tables import Deadline, Suspension
from service.dispatch.tables import Attempt, Circuit, Delivery, Lane
from service.figures.tables import PeriodFigures
from service.journal.tables import JournalEntry
from service.partners.tables import Endpoint, Partner
from service.places.tables import Capacity, CapacityAsk, CapacityQuestion, PlaceHold, Placement, PlacementStep
from service.recognition.tables import Comparison, RecognitionTag
from service.referrals.tables import Referral
from service.reflection.tables import PeriodRecord
from service.repeats.tables import KeptRequest
from service.rights.tables import RightsRecord
from service.rulebook.tables import KeptRuleSet, RuleProposal
from service.signals.tables import Signal, SignalStep
from service.tasks.tables import Task

TABLES: Final = (
    AuditCheckpoint,
    AuditEntry,
    AuditHead,
    AuditNode,
    AuditSequencer,
    Case,
    CaseDecision,
    CaseFacts,
    CaseReturn,
    ConsentEntry,
    Recall,
    DecisionOverride,
    Deadline,
    Suspension,
    Attempt,
    Circuit,
    Delivery,
    Lane,
    JournalEntry,
    KeptKey,
    Endpoint,
    Partner,
    PeriodFigures,
    Capacity,
    CapacityAsk,
    CapacityQuestion,
    PlaceHold,
    Placement,
    PlacementStep,
    Comparison,
    Consultation,
    Participant,
    RecognitionTag,
    Referral,
    KeptRequest,
    Revocation,
    PeriodRecord,
    RightsRecord,
    KeptRuleSet,
    RuleProposal,
    Signal,
    SignalStep,
    Task,
)

METADATA: Final = SQLModel.metadata
