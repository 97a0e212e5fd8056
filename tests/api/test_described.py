"""Whatever the description allows is answered as it says, and what it does not allow is refused as it says.

The requests are made up from the served description by a program that knows nothing else of the service. Half of those
that are right name things that are there, and every role sends them.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.access.roles import SCOPES, Role
from service.app import build_app
from service.wiring import Service
from tests.api.test_matrix import ASKS, GIVEN, own
from tests.api.things import Things

BOUNDED: Final = 240
LONG: Final = 20_000
DONE_WITH_AT_MOST: Final = 20
"""How many requests of one operation may do something with the same things: they are closed to much by then."""

ANY_VERSION: Final = ",".join(f'"{version}"' for version in range(1, 40))

# Facts may contradict each other in ways that no schema says: those are refused although each is well-formed.
NOT_HELD: Final[list[CheckFunction]] = [positive_data_acceptance]


def hold_to_the_description(service: Service, requests: int, *, same_every_time: bool) -> int:
    """Ask every operation rightly and wrongly, hold each answer to what is described, and tell how many there were.

    Args:
        service: what is asked.
        requests: how many at least.
        same_every_time: whether the same requests are made up at every run.
    """
    # The name under which the library's client asks for what it is handed.
    known = service.settings.model_copy(update={"allowed_hosts": "testserver"})
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", build_app(replace(service, settings=known)))
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    # Where nothing is sent, nothing can be sent wrongly, and one right request is like the next.
    with_content = [one for one in operations if _needed(one)]
    each = requests // (2 * len(with_content)) + 1
    there, asked = Things(service), 0
    for operation in operations:
        for mode in GenerationMode if operation in with_content else (GenerationMode.POSITIVE,):
            sent = _Sent(service, operation, there)
            _ask(operation.as_strategy(generation_mode=mode), sent, each, same_every_time=same_every_time)
            asked += sent.requests
    return asked


class _Sent:
    """What goes with the requests to one operation: a token, and the names of things that are there."""

    def __init__(self, service: Service, operation: Any, there: Things) -> None:  # noqa: ANN401 -- the library's operation
        self.requests = 0
        scopes = [scope for needed in _needed(operation) for scope in needed["bearer"]]
        may = [role for role in GIVEN if SCOPES[role].issuperset(scopes)]
        # Who may is asked for most often: whoever may not is refused before anything else is looked at.
        self.roles = st.sampled_from([*may * (2 * len(GIVEN)), *GIVEN])
        self._service = service
        self._how = ASKS[operation.definition.raw["operationId"]]
        self._there = there

    def send(self, case: Case[Any], role: Role, *, about_something: bool) -> None:
        """Send one request, and hold its answer to what is described."""
        self.requests += 1
        if self.requests % DONE_WITH_AT_MOST == 1:
            self._there.renew(self._how.ids.values())
        if about_something and case.meta is not None and case.meta.generation.mode.is_positive:
            case.path_parameters |= {name: self._there[what] for name, what in self._how.ids.items()}
            if self._how.versioned:
                case.headers["If-Match"] = ANY_VERSION
        headers = {} if _without_token(case) else own(self._service, role)
        answer = case.call_and_validate(headers=headers, excluded_checks=NOT_HELD)
        if case.method != "GET" and answer.status_code < HTTPStatus.BAD_REQUEST:
            self._there.spend(self._how.ids.values())


def _needed(operation: Any) -> list[dict[str, list[str]]]:  # noqa: ANN401 -- the library's operation
    """Give what an operation needs; nothing when whoever brings no token is served too."""
    security: list[dict[str, list[str]]] = operation.definition.raw.get("security", [{}])
    return [] if {} in security else security


def _ask(cases: Any, sent: _Sent, requests: int, *, same_every_time: bool) -> None:  # noqa: ANN401 -- a strategy of cases
    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        derandomize=same_every_time,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, role=sent.roles, about_something=st.booleans())
    def hold(case: Case[Any], role: Role, about_something: bool) -> None:  # noqa: FBT001 -- drawn
        sent.send(case, role, about_something=about_something)

    hold()


def _without_token(case: Case[Any]) -> bool:
    """Tell whether the missing token is what is wrong with a case: then it is not put right by sending one."""
    return case.meta is not None and "Authorization" in str(case.meta.phase.data)


@pytest.mark.only_on("sqlite")
@pytest.mark.timeout(900)
def test_every_operation_answers_as_it_is_described(service: Service) -> None:
    assert hold_to_the_description(service, BOUNDED, same_every_time=True) >= BOUNDED


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_operation_answers_as_it_is_described_twenty_thousand_times(service: Service) -> None:
    assert hold_to_the_description(service, LONG, same_every_time=False) >= LONG
