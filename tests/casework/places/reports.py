"""What partners of the directory say of their places in these tests."""

from typing import Any

from service.casework.commands.places import ReportCapacity
from service.casework.places.report_capacity import report_capacity
from service.casework.views.places import CapacityView
from service.places.policy import TargetGroup
from service.wiring import Service
from tests.factories import partner

WOMENS = "womens-enschede"


def reported(service: Service, partner_id: str = WOMENS, **said: Any) -> CapacityView:  # noqa: ANN401 -- whatever a report holds
    plain = {"shelter_type": "womens", "target_group": TargetGroup.WOMEN, "places": 4, "free": 1}
    return report_capacity(partner(service, partner_id), ReportCapacity(**{**plain, **said}))
