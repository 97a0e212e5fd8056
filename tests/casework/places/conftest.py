"""What every story of a place begins with."""

from uuid import UUID

import pytest

from service.referrals.lifecycle import Answer
from service.wiring import Service
from tests.factories import answers, lines_for, opened_case


@pytest.fixture
def case_id(service: Service) -> UUID:
    """Open a case of a woman in her reflection period, whom CoMensha has taken up."""
    opened = opened_case(service).case_id
    answers(service, lines_for(service, opened, "comensha")[0], Answer.ACCEPT)
    return opened
