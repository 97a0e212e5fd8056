"""Somebody looks up the code of a municipality; nobody can tell which one, because all are given."""

from operator import attrgetter

from service.access.roles import Scope
from service.casework.context import Context
from service.casework.views.rules import MunicipalityList, MunicipalityView


def list_municipalities(context: Context) -> MunicipalityList:
    """Give the municipalities of today, by name.

    Args:
        context: who looks; reference data hold no person.

    Raises:
        ScopeMissing: the caller may not try the rules.
    """
    context.require(Scope.DECISIONS_PREVIEW)
    today = context.today()
    found = context.rules().places.on(today)
    return MunicipalityList(
        on=today,
        items=tuple(
            MunicipalityView(
                code=one.code,
                name=one.name,
                province=one.province,
                police_unit=one.police_unit,
                central_municipality=one.central_municipality or None,
            )
            for one in sorted(found, key=attrgetter("name"))
        ),
    )
