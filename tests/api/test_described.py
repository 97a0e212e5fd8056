"""Whatever the description allows is answered as it says, and what it does not allow is refused as it says.

The requests are made up from the served description by a program that knows nothing else of the service.
"""

from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.access.roles import Role
from service.app import build_app
from service.wiring import Service
from tests.factories import OFFICE, bearer, opened_case

BOUNDED: Final = 240
LONG: Final = 20_000

PARTNERS_ASK: Final = frozenset({"readReferral", "answerReferral"})
TAKES_NOTHING: Final = frozenset({"readHealth"})
"""Where nothing is sent, nothing can be sent wrongly."""

# Facts may contradict each other in ways that no schema says: those are refused although each is well-formed.
NOT_HELD: Final[list[CheckFunction]] = [positive_data_acceptance]


def hold_to_the_description(service: Service, requests: int, *, same_every_time: bool) -> None:
    """Ask every operation rightly and wrongly, and hold each answer to what is described.

    Args:
        service: what is asked.
        requests: how many altogether.
        same_every_time: whether the same requests are made up at every run.
    """
    opened_case(service)
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", build_app(service))
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    each = requests // (2 * len(operations)) + 1
    for operation in operations:
        name = operation.definition.raw["operationId"]
        partner = name in PARTNERS_ASK
        headers = bearer(service, Role.PARTNER, "comensha") if partner else bearer(service, Role.COORDINATOR, OFFICE)
        modes = (GenerationMode.POSITIVE,) if name in TAKES_NOTHING else tuple(GenerationMode)
        for mode in modes:
            _ask(operation.as_strategy(generation_mode=mode), headers, each, same_every_time=same_every_time)


def _ask(cases: Any, headers: dict[str, str], requests: int, *, same_every_time: bool) -> None:  # noqa: ANN401 -- a strategy of cases
    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        derandomize=same_every_time,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def hold(case: Case[Any]) -> None:
        case.call_and_validate(headers={} if _without_token(case) else headers, excluded_checks=NOT_HELD)

    hold()


def _without_token(case: Case[Any]) -> bool:
    """Tell whether the missing token is what is wrong with a case: then it is not put right by sending one."""
    return case.meta is not None and "Authorization" in str(case.meta.phase.data)


def test_every_operation_answers_as_it_is_described(service: Service) -> None:
    hold_to_the_description(service, BOUNDED, same_every_time=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_operation_answers_as_it_is_described_twenty_thousand_times(service: Service) -> None:
    hold_to_the_description(service, LONG, same_every_time=False)
