"""Places are asked for without a person: what leaves fits many people, and whoever has places says so."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from service.access.roles import Role
from service.audit.event import SYSTEM_STREAM, Event
from service.casework.commands.places import AnswerCapacity, AskCapacity
from service.casework.deliveries.deliver_referrals import record
from service.casework.places.answer_capacity import answer_capacity, read_question
from service.casework.places.ask_capacity import QuestionNotUnderstood, ask_capacity, read_answers
from service.casework.places.list_questions import list_questions
from service.casework.places.report_capacity import list_capacity
from service.casework.questions import ListCapacity, ListCapacityQuestions
from service.casework.trail.verify_log import verify_log
from service.casework.views.places import CapacityQuestionView
from service.dispatch.backoff import Trouble
from service.dispatch.lifecycle import DeliveryState
from service.kernel.ids import new_id
from service.places.lifecycle import PlaceAnswer
from service.places.policy import TRAITS, TargetGroup, Urgency
from service.places.questions import QuestionNotFound
from service.wiring import Service
from tests.casework.places.reports import WOMENS, reported
from tests.casework.sending import FAILED, everything_is_due, prepared_all
from tests.factories import OTHER_OFFICE, audit_bodies, auditor, bearer, coordinator, listen_at, partner
from tests.scenarios.listener import listening

OMM = ["blijf-groep-omm", "comensha", "fier-omm", "hvo-querido-omm", "kadera-omm"]
MULTIPROBLEM = AskCapacity(target_group=TargetGroup.MULTIPROBLEM, urgency=Urgency.URGENT, count=2)
SAYS_NOTHING_OF_A_PERSON = {"id", "urgency", "count", "answerBy", "answer", "places"}

Person = Mapping[str, str]


def people() -> list[Person]:
    """Invent a year of people: all combinations of what a question could tell about one."""
    return [
        {"gender": gender, "child": child, "household": household, "multiproblem": problems, "exploitation": form,
         "loverboy": loverboy, "nationality": nationality, "municipality": municipality}
        for gender in ("female", "male", "other")
        for child in ("yes", "no")
        for household in ("alone", "with_children", "family")
        for problems in ("yes", "no")
        for form in ("sexual", "labour")
        for loverboy in ("yes", "no")
        for nationality in ("AA", "BB", "CC", "DD")
        for municipality in ("GM0153", "GM0363")
    ]  # fmt: skip


TELLS: Mapping[str, Callable[[Person, Any], bool]] = {
    "targetGroup": lambda person, said: all(
        person[trait] in values for trait, values in TRAITS[TargetGroup(said)].items()
    )
}


def fitting(content: Mapping[str, Any]) -> int:
    """Count whom everything in a question fits; what is not known here could tell anything, and fits nobody."""
    telling = {name: said for name, said in content.items() if name not in SAYS_NOTHING_OF_A_PERSON}
    return sum(all(name in TELLS and TELLS[name](one, said) for name, said in telling.items()) for one in people())


async def test_what_is_captured_on_the_wire_and_fetched_fits_many_people(
    service: Service, api: httpx.AsyncClient
) -> None:
    where = "Oost-Nederland"
    with listening() as listener:
        url = f"{listener.url}/comensha"
        listener.secrets["/comensha"] = listen_at(service.operator(), "comensha", url).checks_with
        command = AskCapacity(target_group=TargetGroup.LABOUR_GROUPS, police_unit=where)
        asked = await asyncio.to_thread(ask_capacity, coordinator(service), command)
        [sending] = await asyncio.to_thread(prepared_all, service)
        outcome = await service.send(sending.parcel)
        await asyncio.to_thread(record, service.system(), sending, outcome)
    [post] = listener.posts
    message = json.loads(post.body)
    comes = await api.get(f"/v1/capacity-questions/{asked.id}", headers=bearer(service, Role.PARTNER, "comensha"))

    assert (post.subject, message.pop("data")) == (str(asked.id), {"questionId": str(asked.id)})
    assert message.keys() == {
        *("specversion", "id", "source", "type", "subject", "time"),
        *("sequence", "dataref", "datacontenttype"),
    }
    assert fitting(comes.json()) >= enough(service)
    assert where not in comes.text + post.body.decode()
    told = [one["event"] for one in audit_bodies(service, SYSTEM_STREAM)]
    assert [told.count(one) for one in (Event.QUESTION_SENDING, Event.QUESTION_SENT, Event.QUESTION_READ)] == [1, 1, 1]
    assert verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_whatever_is_asked_for_fits_as_many_people_as_the_parameter_says(service: Service) -> None:
    for group in TargetGroup:
        content = CapacityQuestionView(
            id=new_id(),
            target_group=group,
            urgency=Urgency.URGENT,
            count=1,
            answer_by=service.clock.now(),
            answer=None,
            places=None,
        )
        assert fitting(content.model_dump(mode="json", by_alias=True)) >= enough(service), group


def enough(service: Service) -> int:
    amount = service.rules().parameters.on("places.question_fits_at_least", service.clock.now().date())
    assert isinstance(amount, int)
    return amount


def test_the_test_above_would_see_a_field_that_tells_more() -> None:
    asked = {"id": "1", "targetGroup": "men", "urgency": "urgent", "count": 1}

    assert fitting(asked) > 0
    assert fitting({**asked, "nationality": "AA"}) == fitting({**asked, "age": 31}) == 0


def test_partners_answer_with_a_number_and_an_answer_changes_no_report(service: Service) -> None:
    asked = ask_capacity(coordinator(service), MULTIPROBLEM)
    assert [one.partner_id for one in asked.asked] == OMM
    for partner_id, answer, places in (("kadera-omm", PlaceAnswer.YES, 2), ("fier-omm", PlaceAnswer.NO, None)):
        seen = read_question(partner(service, partner_id), asked.id)
        assert (seen.target_group, seen.urgency, seen.count) == (TargetGroup.MULTIPROBLEM, Urgency.URGENT, 2)
        answer_capacity(partner(service, partner_id), asked.id, AnswerCapacity(answer=answer, places=places))
    # A program that acknowledges whatever comes takes no answer back.
    answer_capacity(partner(service, "kadera-omm"), asked.id, AnswerCapacity(answer=PlaceAnswer.ACKNOWLEDGE))

    came = {one.partner_id: (one.answer, one.places) for one in read_answers(coordinator(service), asked.id).asked}

    assert came["kadera-omm"] == (PlaceAnswer.YES, 2)
    assert came["fier-omm"] == (PlaceAnswer.NO, None)
    assert came["comensha"] == (None, None)
    assert read_answers(coordinator(service), asked.id).reported == ()


def test_nobody_answers_who_was_not_asked_and_a_no_has_no_number(service: Service) -> None:
    asked = ask_capacity(coordinator(service), MULTIPROBLEM)
    yes = AnswerCapacity(answer=PlaceAnswer.YES)

    with pytest.raises(QuestionNotFound):
        answer_capacity(partner(service, WOMENS), asked.id, yes)
    with pytest.raises(QuestionNotFound):
        read_answers(coordinator(service, OTHER_OFFICE), asked.id)
    with pytest.raises(QuestionNotUnderstood):
        answer_capacity(partner(service, "fier-omm"), asked.id, AnswerCapacity(answer=PlaceAnswer.NO, places=1))
    with pytest.raises(QuestionNotUnderstood):
        ask_capacity(coordinator(service), MULTIPROBLEM.model_copy(update={"police_unit": "Nowhere"}))

    assert {one.answer for one in read_answers(coordinator(service), asked.id).asked} == {None}
    refused = [one for one in audit_bodies(service, SYSTEM_STREAM) if one["event"] == Event.QUESTION_REFUSED]
    assert [one["outcome"] for one in refused] == ["refused"] * 3


@pytest.mark.only_on("sqlite")
def test_whoever_has_reported_enough_is_named_and_nobody_is_asked(service: Service) -> None:
    reported(service, free=2)
    command = AskCapacity(target_group=TargetGroup.WOMEN, count=2)

    enough = ask_capacity(coordinator(service), command)
    too_few = ask_capacity(coordinator(service), command.model_copy(update={"count": 3}))

    assert ([one.partner_id for one in enough.reported], enough.asked) == ([WOMENS], ())
    assert WOMENS in {one.partner_id for one in too_few.asked}


@pytest.mark.only_on("sqlite")
def test_a_region_narrows_who_is_asked_only_where_many_people_stay(service: Service) -> None:
    in_the_east = AskCapacity(target_group=TargetGroup.WOMEN, police_unit="Oost-Nederland", count=9)
    reported(service, occupied=9)
    few = ask_capacity(coordinator(service), in_the_east)
    reported(service, occupied=10)
    many = ask_capacity(coordinator(service), in_the_east)

    assert few.everywhere
    assert not many.everywhere
    asked = {one.partner_id for one in few.asked}, {one.partner_id for one in many.asked}
    assert "womens-amsterdam" in asked[0] - asked[1]
    assert {WOMENS, "comensha"} <= asked[1] < asked[0]


@pytest.mark.only_on("sqlite")
def test_a_question_that_does_not_arrive_is_tried_on_and_is_on_no_case_s_desk(service: Service) -> None:
    listen_at(service.operator(), "comensha", "http://127.0.0.1:9/")
    ask_capacity(coordinator(service), AskCapacity(target_group=TargetGroup.LABOUR_GROUPS))

    for _ in range(5):
        for sending in prepared_all(service):
            record(service.system(), sending, FAILED)
        everything_is_due(service)

    failed = [one for one in audit_bodies(service, SYSTEM_STREAM) if one["event"] == Event.QUESTION_DELIVERY_FAILED]
    assert len(failed) >= 5
    assert verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_a_partner_without_a_system_finds_the_question_and_who_asked_sees_that_it_was_not_sent(
    service: Service,
) -> None:
    first, second = (ask_capacity(coordinator(service), MULTIPROBLEM) for _ in range(2))
    assert prepared_all(service) == []

    told = {one.partner_id: (one.delivery, one.trouble) for one in read_answers(coordinator(service), first.id).asked}

    assert told["kadera-omm"] == (DeliveryState.WAITING, Trouble.NOBODY_LISTENS)
    ours = partner(service, "kadera-omm")
    page = list_questions(ours, ListCapacityQuestions(page_size=1))
    rest = list_questions(ours, ListCapacityQuestions(page_size=1, cursor=page.next_cursor))
    assert {page.items[0].id, rest.items[0].id, rest.next_cursor} == {first.id, second.id, None}
    answer_capacity(ours, first.id, AnswerCapacity(answer=PlaceAnswer.NO))
    assert [one.id for one in list_questions(ours, ListCapacityQuestions(answered=False)).items] == [second.id]
    assert list_questions(partner(service, WOMENS), ListCapacityQuestions()).items == ()


@pytest.mark.only_on("sqlite")
def test_whoever_looks_at_places_or_answers_leaves_a_trace(service: Service) -> None:
    asked = ask_capacity(coordinator(service), MULTIPROBLEM)
    list_capacity(coordinator(service), ListCapacity())
    read_answers(coordinator(service), asked.id)
    list_questions(partner(service, "kadera-omm"), ListCapacityQuestions())

    told = [one["event"] for one in audit_bodies(service, SYSTEM_STREAM)]

    assert told[-3:] == [Event.CAPACITY_LISTED, Event.QUESTION_READ, Event.QUESTION_LISTED]
