"""Whoever is asked where somebody was found finds the code by the name, and leaves no trace of which one."""

import pytest

from service.access.roles import ScopeMissing
from service.casework.rules.list_municipalities import list_municipalities
from service.wiring import Service
from tests.factories import coordinator, partner


@pytest.mark.only_on("sqlite")
def test_the_municipalities_of_today_are_given_by_name_and_those_that_merged_are_not(service: Service) -> None:
    found = list_municipalities(coordinator(service))

    codes = {one.name: one.code for one in found.items}
    assert codes["Leeuwarden"] == "GM0080"
    assert "Appingedam" not in codes
    assert list(codes) == sorted(codes)
    assert len(found.items) == 342
    with pytest.raises(ScopeMissing):
        list_municipalities(partner(service, "comensha"))
