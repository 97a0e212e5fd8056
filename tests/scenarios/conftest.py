"""What every story can ask for: a desk that works on a case over HTTP."""

import httpx
import pytest

from service.wiring import Service
from tests.doubles import FixedClock
from tests.scenarios.desk import Desk


@pytest.fixture
def desk(api: httpx.AsyncClient, service: Service, clock: FixedClock) -> Desk:
    """Open a coordinator's desk."""
    return Desk(api, service, clock)
