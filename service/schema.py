"""Every table of the service in one place, for migrations and for the tests that compare them."""

from typing import Final

from sqlmodel import SQLModel

from service.audit.tables import AuditEntry, AuditHead
from service.cases.tables import Case, CaseDecision, CaseFacts
from service.database.sealing.kept_keys import KeptKey
from service.dispatch.tables import Attempt, Delivery, Lane
from service.partners.tables import Endpoint, Partner
from service.referrals.tables import Referral
from service.signals.tables import Signal

TABLES: Final = (
    AuditEntry,
    AuditHead,
    Case,
    CaseDecision,
    CaseFacts,
    Attempt,
    Delivery,
    Lane,
    KeptKey,
    Endpoint,
    Partner,
    Referral,
    Signal,
)

METADATA: Final = SQLModel.metadata
