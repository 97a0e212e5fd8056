"""Roles and what each may do; a caller is one of them, for one organisation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from service.kernel.errors import DomainError, Kind


class Role(StrEnum):
    """What somebody is to the mechanism."""

    COORDINATOR = "coordinator"
    PARTNER = "partner"
    AUDITOR = "auditor"
    POLICY_OWNER = "policy_owner"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Scope(StrEnum):
    """One thing that may be done, as `noun:verb`."""

    SIGNALS_READ = "signals:read"
    SIGNALS_WRITE = "signals:write"
    SIGNALS_TRIAGE = "signals:triage"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    CASES_CLOSE = "cases:close"
    CASES_REOPEN = "cases:reopen"
    PERIODS_READ = "periods:read"
    PERIODS_WRITE = "periods:write"
    RIGHTS_READ = "rights:read"
    RIGHTS_WRITE = "rights:write"
    DECISIONS_PREVIEW = "decisions:preview"
    DECISIONS_CONFIRM = "decisions:confirm"
    DECISIONS_OVERRIDE = "decisions:override"
    DECISIONS_REPLAY = "decisions:replay"
    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    CONSULTATIONS_READ = "consultations:read"
    CONSULTATIONS_WRITE = "consultations:write"
    REFERRALS_READ = "referrals:read"
    REFERRALS_ANSWER = "referrals:answer"
    REFERRALS_MANAGE = "referrals:manage"
    REFERRALS_DELIVER = "referrals:deliver"
    REFERRALS_ESCALATE = "referrals:escalate"
    DEADLINES_READ = "deadlines:read"
    DEADLINES_WRITE = "deadlines:write"
    DEADLINES_FIRE = "deadlines:fire"
    DEADLINES_RECONCILE = "deadlines:reconcile"
    DELIVERIES_READ = "deliveries:read"
    DELIVERIES_RESEND = "deliveries:resend"
    DELIVERIES_SKIP = "deliveries:skip"
    TRAIL_READ = "trail:read"
    LOG_VERIFY = "log:verify"
    LOG_SEAL = "log:seal"
    LOG_CONTINUE = "log:continue"
    ANSWERS_FORGET = "answers:forget"
    RULES_READ = "rules:read"
    RULES_TRY = "rules:try"
    RULES_PUBLISH = "rules:publish"
    FIGURES_READ = "figures:read"
    FIGURES_DRAW_UP = "figures:draw_up"
    PARTNERS_READ = "partners:read"
    PARTNERS_WRITE = "partners:write"
    ENDPOINTS_READ = "endpoints:read"
    ENDPOINTS_WRITE = "endpoints:write"
    CAPACITY_READ = "capacity:read"
    CAPACITY_WRITE = "capacity:write"
    PLACES_HOLD = "places:hold"
    PLACEMENTS_WRITE = "placements:write"
    REFERRALS_PLACE = "referrals:place"
    ACCESS_GRANT = "access:grant"
    KEYS_MANAGE = "keys:manage"
    HEALTH_READ = "health:read"


SCOPES: Final[Mapping[Role, frozenset[Scope]]] = {
    Role.COORDINATOR: frozenset(
        {
            Scope.SIGNALS_READ,
            Scope.SIGNALS_WRITE,
            Scope.SIGNALS_TRIAGE,
            Scope.CONSULTATIONS_WRITE,
            Scope.CASES_READ,
            Scope.CASES_WRITE,
            Scope.CASES_CLOSE,
            Scope.CASES_REOPEN,
            Scope.PERIODS_READ,
            Scope.PERIODS_WRITE,
            Scope.RIGHTS_READ,
            Scope.RIGHTS_WRITE,
            Scope.DECISIONS_PREVIEW,
            Scope.DECISIONS_CONFIRM,
            Scope.DECISIONS_OVERRIDE,
            Scope.REFERRALS_MANAGE,
            Scope.DELIVERIES_READ,
            Scope.DELIVERIES_RESEND,
            Scope.DELIVERIES_SKIP,
            Scope.TASKS_READ,
            Scope.TASKS_WRITE,
            Scope.DEADLINES_READ,
            Scope.DEADLINES_WRITE,
            Scope.TRAIL_READ,
            Scope.RULES_READ,
            Scope.FIGURES_READ,
            Scope.PARTNERS_READ,
            Scope.CAPACITY_READ,
            Scope.PLACES_HOLD,
            Scope.PLACEMENTS_WRITE,
        }
    ),
    Role.PARTNER: frozenset(
        {
            Scope.CONSULTATIONS_READ,
            Scope.CAPACITY_READ,
            Scope.CAPACITY_WRITE,
            Scope.REFERRALS_READ,
            Scope.REFERRALS_ANSWER,
            Scope.REFERRALS_PLACE,
            Scope.DELIVERIES_READ,
            Scope.DELIVERIES_RESEND,
            Scope.ENDPOINTS_READ,
            Scope.ENDPOINTS_WRITE,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Scope.SIGNALS_READ,
            Scope.CASES_READ,
            Scope.PERIODS_READ,
            Scope.RIGHTS_READ,
            Scope.TASKS_READ,
            Scope.DEADLINES_READ,
            Scope.DELIVERIES_READ,
            Scope.TRAIL_READ,
            Scope.LOG_VERIFY,
            Scope.DECISIONS_REPLAY,
            Scope.RULES_READ,
            Scope.RULES_TRY,
            Scope.FIGURES_READ,
            Scope.PARTNERS_READ,
            Scope.CAPACITY_READ,
            Scope.ENDPOINTS_READ,
        }
    ),
    # Whoever writes the rules tries them on invented facts, and on open cases sees numbers; no case is ever in sight.
    Role.POLICY_OWNER: frozenset(
        {
            Scope.RULES_READ,
            Scope.RULES_TRY,
            Scope.RULES_PUBLISH,
            Scope.DECISIONS_PREVIEW,
            Scope.FIGURES_READ,
            Scope.FIGURES_DRAW_UP,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Scope.PARTNERS_READ,
            Scope.PARTNERS_WRITE,
            Scope.ENDPOINTS_READ,
            Scope.ENDPOINTS_WRITE,
            Scope.DELIVERIES_READ,
            Scope.DELIVERIES_RESEND,
            Scope.DELIVERIES_SKIP,
            Scope.ACCESS_GRANT,
            Scope.KEYS_MANAGE,
            Scope.HEALTH_READ,
            Scope.LOG_VERIFY,
            Scope.LOG_CONTINUE,
            Scope.DEADLINES_RECONCILE,
            Scope.DECISIONS_REPLAY,
        }
    ),
    Role.SYSTEM: frozenset(
        {
            Scope.REFERRALS_DELIVER,
            Scope.REFERRALS_ESCALATE,
            Scope.DEADLINES_FIRE,
            Scope.DEADLINES_RECONCILE,
            Scope.LOG_SEAL,
            Scope.ANSWERS_FORGET,
        }
    ),
}

PURPOSES: Final[Mapping[Role, str]] = {
    Role.COORDINATOR: "case-coordination",
    Role.PARTNER: "referral-handling",
    Role.AUDITOR: "supervision",
    Role.POLICY_OWNER: "policy-maintenance",
    Role.ADMINISTRATOR: "administration",
    Role.SYSTEM: "delivery",
}
"""For what each role works with data, as the trail says it."""


class ScopeMissing(DomainError):
    """The caller is known and may not do this."""

    kind = Kind.FORBIDDEN
    code = "scope-missing"
    title = "You may not do this"


@dataclass(frozen=True)
class Caller:
    """Who is asking: a pseudonym, a role, an organisation and what the token allows.

    Attributes:
        subject: the pseudonym.
        role: what the caller is to the mechanism.
        org: the caller's organisation.
        scopes: what the token allows.
        given_at: when the token was given; None for whoever needs none, and it is nothing that tells callers apart.
    """

    subject: str
    role: Role
    org: str
    scopes: frozenset[Scope]
    given_at: datetime | None = field(default=None, compare=False)

    def may(self, scope: Scope) -> bool:
        """Tell whether the caller may do this: the token says so and the role allows it."""
        return scope in self.scopes & SCOPES[self.role]

    def require(self, scope: Scope) -> None:
        """Stop a caller who may not do this.

        Raises:
            ScopeMissing: the token or the role does not allow it.
        """
        if not self.may(scope):
            detail = f"This needs the scope '{scope}'."
            raise ScopeMissing(detail)


def caller(subject: str, role: Role, org: str) -> Caller:
    """Make a caller with everything that a role may do."""
    return Caller(subject=subject, role=role, org=org, scopes=SCOPES[role])
