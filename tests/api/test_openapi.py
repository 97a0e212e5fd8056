"""The description says what is served, and the committed one is the one that is served."""

import json
from pathlib import Path

import httpx
from pydantic.alias_generators import to_camel

from service.api.openapi import VERSION
from service.routing.rule_set import RuleSet

OUTSIDE = ("/health", "/ready")
FILE = Path(__file__).resolve().parents[2] / "openapi" / "openapi.json"


async def test_the_committed_description_is_the_served_one(api: httpx.AsyncClient) -> None:
    served = await api.get("/v1/openapi.json")

    assert json.loads(FILE.read_text(encoding="utf-8")) == served.json(), "run: nrm openapi > openapi/openapi.json"
    assert served.headers["Access-Control-Allow-Origin"] == "*"
    assert served.json()["info"]["version"] == VERSION


async def test_every_fact_of_the_vocabulary_is_described_by_its_outside_name(
    api: httpx.AsyncClient, rules: RuleSet
) -> None:
    described = (await api.get("/v1/openapi.json")).json()["components"]["schemas"]["Facts"]

    assert list(described["properties"]) == [to_camel(name) for name in rules.vocabulary.facts]
    assert described["additionalProperties"] is False
    assert described["properties"]["citizenship"]["enum"] == list(rules.vocabulary.facts["citizenship"].values)


async def test_every_operation_tells_its_refusals_its_scope_and_its_headers(api: httpx.AsyncClient) -> None:
    document = (await api.get("/v1/openapi.json")).json()
    operations = [(path, one) for path, methods in document["paths"].items() for one in methods.values()]

    for path, operation in operations:
        for status, response in operation["responses"].items():
            assert "API-Version" in response["headers"], (path, status)
            if int(status) >= 400:
                assert "application/problem+json" in response["content"], (path, status)
        if path not in OUTSIDE:
            assert all(len(one["content"]) == 1 for one in operation["responses"].values() if "content" in one)
            (needed,) = operation["security"]
            assert len(needed["bearer"]) == 1
            assert {"400", "401", "403"} <= operation["responses"].keys()


async def test_the_major_version_stands_in_every_address_but_of_what_is_outside_the_api(api: httpx.AsyncClient) -> None:
    document = (await api.get("/v1/openapi.json")).json()
    outside = [path for path, methods in document["paths"].items() for one in methods.values() if "servers" in one]

    assert [one["url"] for one in document["servers"]] == [f"/v{VERSION.partition('.')[0]}"]
    assert outside == list(OUTSIDE)
    assert not [path for path in document["paths"] if path.startswith("/v")]


async def test_what_may_be_null_says_its_form_at_once(api: httpx.AsyncClient) -> None:
    schemas = (await api.get("/v1/openapi.json")).json()["components"]["schemas"]

    assert schemas["Identity"]["properties"]["birthDate"]["format"] == "date"
    assert schemas["Identity"]["properties"]["birthDate"]["type"] == ["string", "null"]
    assert schemas["AnswerReferral"]["properties"]["reason"]["anyOf"][1] == {"type": "null"}


async def test_no_name_of_a_framework_leaks(api: httpx.AsyncClient) -> None:
    text = (await api.get("/v1/openapi.json")).text.lower()

    assert not any(word in text for word in ("pydantic", "fastapi", "sqlalchemy", "httpvalidationerror"))
