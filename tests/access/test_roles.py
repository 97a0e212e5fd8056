"""Each role may do its own work and nothing more."""

from itertools import product

import pytest

from service.access.roles import PURPOSES, SCOPES, Caller, Role, Scope, ScopeMissing, caller


@pytest.mark.parametrize(("role", "scope"), list(product(Role, Scope)))
def test_a_caller_may_do_what_its_role_may(role: Role, scope: Scope) -> None:
    who = caller("one", role, "office-north")

    if scope in SCOPES[role]:
        who.require(scope)
    else:
        with pytest.raises(ScopeMissing):
            who.require(scope)


def test_a_token_with_fewer_scopes_allows_less() -> None:
    narrow = Caller("one", Role.COORDINATOR, "office-north", frozenset({Scope.CASES_READ}))

    assert narrow.may(Scope.CASES_READ)
    assert not narrow.may(Scope.SIGNALS_WRITE)


def test_nobody_who_sees_content_can_also_give_access() -> None:
    content = {Scope.SIGNALS_READ, Scope.CASES_READ, Scope.TASKS_READ, Scope.REFERRALS_READ, Scope.TRAIL_READ}
    power = {Scope.ACCESS_GRANT, Scope.KEYS_MANAGE}

    assert not any(scopes & power and scopes & content for scopes in SCOPES.values())


def test_whoever_checks_changes_nothing_and_whoever_writes_rules_only_draws_up_figures_besides() -> None:
    reading = {scope for scope in Scope if scope.endswith((":read", ":verify", ":preview", ":replay", ":try"))}

    assert SCOPES[Role.AUDITOR] <= reading
    assert SCOPES[Role.POLICY_OWNER] <= reading | {Scope.RULES_PUBLISH, Scope.FIGURES_DRAW_UP}


def test_every_role_has_a_purpose_and_every_scope_a_role() -> None:
    assert PURPOSES.keys() == SCOPES.keys() == set(Role)
    assert frozenset().union(*SCOPES.values()) == set(Scope)
