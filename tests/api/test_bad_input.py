"""Bad input gets a pointer and a code, is never repeated, and leaves nothing behind."""

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import func, select

from service.cases.tables import Case
from service.signals.tables import Signal
from service.wiring import Service
from tests.factories import bearer, told_over_http

KEY = "a-key-of-one-signal-0001"
MARK = "Zq7Marker"


def body(facts: object, **changes: object) -> str:
    return json.dumps({"submissionKey": KEY, "facts": facts, **changes})


def with_fact(name: str, value: object) -> str:
    return body(told_over_http(**{name: value}))


CASES: list[tuple[str, str, str, str]] = [
    ("no facts", json.dumps({"submissionKey": KEY}), "/facts", "missing"),
    ("no key", json.dumps({"facts": {}}), "/submissionKey", "missing"),
    ("short key", body({}, submissionKey=MARK), "/submissionKey", "too-short"),
    ("long key", body({}, submissionKey=MARK * 10), "/submissionKey", "too-long"),
    ("strange key", body({}, submissionKey=f"{MARK} {MARK}"), "/submissionKey", "wrong-form"),
    ("key with a line feed", body({}, submissionKey=f"{MARK}{MARK}\n"), "/submissionKey", "wrong-form"),
    ("key is a number", body({}, submissionKey=7), "/submissionKey", "not-text"),
    ("unknown member", body({}, **{MARK: 1}), "", "unknown-member"),
    ("facts are a list", body([MARK]), "/facts", "not-an-object"),
    ("not an object", json.dumps([MARK]), "", "not-an-object"),
    ("value outside", with_fact("citizenship", MARK), "/facts/citizenship", "not-in-domain"),
    ("unknown fact", with_fact(MARK, "yes"), "/facts", "unknown-fact"),
    ("misspelt fact", with_fact("citisenship", "eu"), "/facts", "unknown-fact"),
    ("fact spelt as in files", with_fact("accepted_on", "2026-11-23"), "/facts", "unknown-fact"),
    ("wrong date", with_fact("acceptedOn", f"2026-02-30{MARK}"), "/facts/acceptedOn", ""),
    ("date as number", with_fact("acceptedOn", 20261123), "/facts/acceptedOn", ""),
    ("age outside", with_fact("age", 121), "/facts/age", ""),
    ("age as text", with_fact("age", MARK), "/facts/age", ""),
    ("age as float", with_fact("age", 30.5), "/facts/age", ""),
    ("age as truth", with_fact("age", value=True), "/facts/age", ""),
    ("municipality", with_fact("foundIn", MARK), "/facts/foundIn", ""),
    ("set member", with_fact("exploitation", ["sexual", MARK]), "/facts/exploitation/1", "not-in-domain"),
    ("map value", with_fact("consent", {"policeContact": MARK}), "/facts/consent/policeContact", "not-in-domain"),
    ("map key", with_fact("consent", {MARK: "given"}), "/facts/consent", ""),
    ("map key as in files", with_fact("consent", {"police_contact": "given"}), "/facts/consent", ""),
    ("null", with_fact("age", None), "/facts/age", "no-value"),
    ("truth for a word", with_fact("detention", value=True), "/facts/detention", "not-in-domain"),
    ("contradiction", with_fact("citizenship", "dutch"), "", ""),
    ("broken JSON", '{"submissionKey": "' + MARK, "", "malformed-json"),
    ("two members", f'{{"submissionKey": "{KEY}", "submissionKey": "{KEY}", "facts": {{}}}}', "", "malformed-json"),
    ("NaN", f'{{"submissionKey": "{KEY}", "facts": {{"age": NaN}}}}', "", "malformed-json"),
    ("infinite", f'{{"submissionKey": "{KEY}", "facts": {{"age": 1e999}}}}', "", "malformed-json"),
    ("NUL", body({"citizenship": f"{MARK}\x00"}), "", "malformed-json"),
    ("half a pair", f'{{"submissionKey": "{KEY}", "facts": {{"citizenship": "\\ud800"}}}}', "", "malformed-json"),
    ("deep", body({"age": json.loads("[" * 40 + "]" * 40)}), "", "malformed-json"),
    ("very deep", "[" * 100_000, "", "malformed-json"),
    ("huge number", '{"submissionKey": "' + KEY + '", "facts": {"age": ' + "9" * 5000 + "}}", "", "malformed-json"),
    ("empty", "", "", "missing"),
]


@pytest.mark.parametrize(("content", "pointer", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_a_mistake_is_pointed_at_never_repeated_and_leaves_nothing(
    api: httpx.AsyncClient, service: Service, content: str, pointer: str, code: str
) -> None:
    headers = {**bearer(service), "Content-Type": "application/json"}
    answer = await api.post("/v1/signals", content=content.encode(), headers=headers)

    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert problem["status"] == 400
    assert problem["errors"]
    assert any(error["pointer"].startswith(pointer) and code in error["code"] for error in problem["errors"])
    assert MARK not in answer.text
    assert kept(service) == 0


@pytest.mark.parametrize(
    "said",
    [
        {"submission_key": KEY, "facts": {}},
        {"submissionKey": KEY, "facts": {}, "identity": {"birth_date": "2001-02-03"}},
    ],
)
async def test_members_have_no_second_spelling(
    api: httpx.AsyncClient, service: Service, said: dict[str, object]
) -> None:
    answer = await api.post("/v1/signals", json=said, headers=bearer(service))

    assert answer.status_code == 400
    assert "unknown-member" in {error["code"] for error in answer.json()["errors"]}
    assert kept(service) == 0


async def test_filters_of_a_list_have_no_second_spelling(api: httpx.AsyncClient, service: Service) -> None:
    answers = [
        await api.get(f"/v1/{lists}?{size}=3", headers=bearer(service))
        for size in ("pageSize", "page_size")
        for lists in ("signals", "cases", "tasks")
    ]

    assert [answer.status_code for answer in answers] == [200] * 3 + [400] * 3


async def test_all_mistakes_are_told_at_once(api: httpx.AsyncClient, service: Service) -> None:
    facts = {"citizenship": MARK, "age": 200, "acceptedOn": "yesterday", "foundIn": "Utrecht"}
    answer = await api.post("/v1/signals", content=body(facts), headers={**bearer(service), **JSON})

    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/facts/citizenship", "/facts/age", "/facts/acceptedOn", "/facts/foundIn"}


@pytest.mark.only_on("sqlite")
async def test_a_mistake_says_what_would_be_right(api: httpx.AsyncClient, service: Service) -> None:
    headers = {**bearer(service), "Content-Type": "application/json"}
    for content, what_to_do in (
        (body({}, kind=MARK), ": report, advice_request or group."),
        (body({}, submissionKey=MARK), "it has 16 characters at least."),
        (body({}, submissionKey=f"{MARK} {MARK}"), "^[A-Za-z0-9_-]+$"),
        (body({}, **{MARK: 1}), "/v1/openapi.json"),
        ("", "A JSON object is needed as the body"),
    ):
        answer = await api.post("/v1/signals", content=content.encode(), headers=headers)

        assert what_to_do in answer.json()["errors"][0]["detail"], answer.text
        assert MARK not in answer.text


async def test_a_misspelt_fact_gets_the_right_spelling_of_the_outside(api: httpx.AsyncClient, service: Service) -> None:
    for misspelt in ("accepted_on", "acceptdOn"):
        answer = await api.post(
            "/v1/signals", content=body({misspelt: "2026-11-23"}), headers={**bearer(service), **JSON}
        )
        assert "acceptedOn" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    "day", ["0001-01-01", "9999-12-31", "2026-02-30", "20261123", "1795392000", "2026-11-23T00:00"]
)
async def test_a_day_in_a_question_is_a_day_of_our_time(api: httpx.AsyncClient, service: Service, day: str) -> None:
    answers = [
        await api.get(f"/v1/cases?openedFrom={day}", headers=bearer(service)),
        await api.get(f"/v1/tasks?dueBefore={day}", headers=bearer(service)),
        await api.post("/v1/cases/_search", json={"openedBefore": day}, headers=bearer(service)),
        await api.post("/v1/decisions/preview", json={"facts": {}, "on": day}, headers=bearer(service)),
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert not any(day in answer.text for answer in answers)


@pytest.mark.parametrize(
    "instant",
    [
        "2026-11-23T10:00:00-00:00",
        "2026-11-23t10:00:00z",
        "2026-11-23 10:00:00Z",
        "2026-11-23T10:00Z",
        "2026-11-23T10:00:00",
        "2026-02-30T10:00:00+01:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1795392000",
        1795392001,
    ],
)
async def test_an_instant_is_written_in_full(api: httpx.AsyncClient, service: Service, instant: object) -> None:
    answer = await api.post("/v1/decisions/preview", json={"facts": {"receivedAt": instant}}, headers=bearer(service))

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "not-an-instant")
    assert str(instant) not in answer.text


async def test_an_instant_of_any_offset_is_answered_in_utc(api: httpx.AsyncClient, service: Service) -> None:
    for number, written in enumerate(
        ("2026-11-23T10:00:00+01:00", "2026-11-23T09:00:00Z", "2026-11-23T04:00:00-05:00")
    ):
        told = {"submissionKey": f"{KEY}{number}", "facts": told_over_http(receivedAt=written)}
        receipt = await api.post("/v1/signals", json=told, headers=bearer(service))
        case = await api.get(receipt.headers["Location"], headers=bearer(service))
        assert case.json()["facts"]["receivedAt"] == "2026-11-23T09:00:00Z"


JSON = {"Content-Type": "application/json"}
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    content=_ANYTHING, name=st.sampled_from(["citizenship", "age", "acceptedOn", "exploitation", "consent", "foundIn"])
)
async def test_whatever_is_told_the_answer_is_a_receipt_or_a_problem(
    api: httpx.AsyncClient, service: Service, content: object, name: str
) -> None:
    facts = {name: content}
    answer = await api.post(
        "/v1/signals", content=json.dumps({"submissionKey": KEY, "facts": facts}), headers={**bearer(service), **JSON}
    )

    assert answer.status_code in {201, 400, 422}


def kept(service: Service) -> int:
    with service.database.look() as session:
        return sum(session.exec(select(func.count()).select_from(table)).one() for table in (Case, Signal))
