"""A decision is shown with the members with which it was made, none more and none less."""

from dataclasses import fields, is_dataclass

import pytest
from pydantic import BaseModel

from service.casework.views import decision as shown
from service.routing import decision as made
from tests.routing.dutch import decided

PARTS: list[tuple[type[BaseModel], type]] = [
    (shown.ReflectionPeriodPart, made.ReflectionPeriod),
    (shown.ShelterPart, made.Shelter),
    (shown.RegionPart, made.Region),
    (shown.NotificationPart, made.Notification),
    (shown.DeadlinePart, made.Deadline),
    (shown.TaskPart, made.Task),
    (shown.QuestionPart, made.Question),
]


@pytest.mark.parametrize(("part", "source"), PARTS, ids=[source.__name__ for _, source in PARTS])
def test_a_part_is_shown_with_the_fields_that_it_has(part: type[BaseModel], source: type) -> None:
    assert is_dataclass(source)
    # What tells how a part came about, and does not count when two are compared, is no part of what was decided.
    assert list(part.model_fields) == [field.name for field in fields(source) if field.compare]


def test_a_whole_decision_is_shown_with_the_members_that_are_stored() -> None:
    stored = decided().as_json()

    assert list(shown.DecisionContent.model_fields) == list(stored)
    trace = stored["trace"]
    assert isinstance(trace, list)
    assert {tuple(line) for line in trace} == {tuple(shown.TracePart.model_fields)}
    # A member that the view does not know would be let through as extra; one that it lost would be refused.
    assert shown.DecisionContent.model_validate(stored).model_extra == {}
