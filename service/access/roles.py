"""Roles and what each may do; a caller is one of them, for one organisation."""

from collections.abc import Mapping
from dataclasses import dataclass
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

    SIGNALS_WRITE = "signals:write"
    CASES_READ = "cases:read"
    DECISIONS_CONFIRM = "decisions:confirm"
    REFERRALS_READ = "referrals:read"
    REFERRALS_ANSWER = "referrals:answer"
    REFERRALS_DELIVER = "referrals:deliver"
    TRAIL_READ = "trail:read"
    RULES_READ = "rules:read"
    PARTNERS_READ = "partners:read"
    PARTNERS_WRITE = "partners:write"
    ACCESS_GRANT = "access:grant"


SCOPES: Final[Mapping[Role, frozenset[Scope]]] = {
    Role.COORDINATOR: frozenset(
        {
            Scope.SIGNALS_WRITE,
            Scope.CASES_READ,
            Scope.DECISIONS_CONFIRM,
            Scope.TRAIL_READ,
            Scope.RULES_READ,
            Scope.PARTNERS_READ,
        }
    ),
    Role.PARTNER: frozenset({Scope.REFERRALS_READ, Scope.REFERRALS_ANSWER}),
    Role.AUDITOR: frozenset({Scope.CASES_READ, Scope.TRAIL_READ, Scope.RULES_READ}),
    Role.POLICY_OWNER: frozenset({Scope.RULES_READ}),
    Role.ADMINISTRATOR: frozenset({Scope.PARTNERS_READ, Scope.PARTNERS_WRITE, Scope.ACCESS_GRANT}),
    Role.SYSTEM: frozenset({Scope.REFERRALS_DELIVER}),
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
    """Who is asking: a pseudonym, a role, an organisation and what the token allows."""

    subject: str
    role: Role
    org: str
    scopes: frozenset[Scope]

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
