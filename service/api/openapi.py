"""The API's own description: what FastAPI derives, with our problems, headers and the vocabulary of facts put right."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.alias_generators import to_camel

from service.api.problems import MEDIA_TYPE
from service.api.repeatable import HEADER as REPEAT_KEY
from service.routing.facts.vocabulary import CodeList, Fact, FactKind, Vocabulary
from service.routing.text.entries import Words

VERSION: Final = "1.0.0"
"""Version of the API, named in every answer."""

BASE: Final = "/v1"
"""Where this major version of the API is served."""

ADDRESS: Final = f"{BASE}/openapi.json"

_CONTACT: Final = {
    "name": "Case routing team",
    "email": "case-routing@example.org",
    "url": "https://example.org/nrm",
}
_HEADER: Final = {"API-Version": {"description": "Version of the API.", "required": True, "schema": {"type": "string"}}}
_TEXT: Final = {"type": "string"}
_PROBLEM: Final = {
    "type": "object",
    "description": "What is wrong (RFC 9457); never a word of what was sent.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
        "instance": {"type": "string", "format": "uri"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["location", "pointer", "code", "detail"],
                "properties": {"location": _TEXT, "pointer": _TEXT, "code": _TEXT, "detail": _TEXT},
            },
        },
    },
}
_REFUSALS: Final[Mapping[str, str]] = {
    "400": "The request cannot be understood",
    "401": "A valid bearer token is needed",
    "403": "You may not do this",
    "404": "There is no such thing for this caller",
    "406": "No answer in a form that the caller accepts",
    "409": "This cannot happen in the present state",
    "412": "Somebody changed this after it was read",
    "413": "The body is too large",
    "415": "The body is not JSON",
    "422": "The key was used for another signal or another request",
    "428": "The change does not say which version it was made on (If-Match)",
    "429": "The same was asked a moment ago",
    "500": "Something went wrong on our side",
    "503": "The service cannot do this at the moment",
}
_EVERYWHERE: Final = frozenset({"400", "406", "500", "503"})
_WITH_TOKEN: Final = frozenset({"401", "403"})
_WITH_BODY: Final = frozenset({"413", "415"})
_CONDITIONAL: Final = frozenset({"412", "428"})
_REPEATABLE: Final = frozenset({"409", "422"})
_KNOCKING: Final = ("/verifications", "/test-deliveries")
"""The ends of addresses by which a partner's system is asked something while the caller waits."""

_WITH_FACTS: Final = (
    *("ReceiveSignal", "AnnounceGroup", "GroupMember", "GroupView", "PreviewDecision", "CaseView", "ReferralView"),
    "SignalView",
)
"""What holds facts by the names of the vocabulary."""

_ABOUT_ANOTHER: Final = ("ReceiveSignal", "RegisterEndpoint")
"""What is said in these names something that may not be there."""

_WITH_STATES: Final = ("/v1/tasks", "/v1/partners", "/v1/webhook-endpoints")
"""The beginnings of addresses of what cannot be changed in every state."""

_CHANGING: Final = frozenset({"post", "patch"})
_OUTSIDE: Final = {"url": "/", "description": "The same service, outside the API's versions."}
_CLOSED: Final = frozenset({"enum", "const"})
"""A closed list would not hold null."""

_YEARS: Final = "^(19|20|21)[0-9]{2}-"
_CODES: Final[Mapping[CodeList, str]] = {CodeList.MUNICIPALITY: "^GM[0-9]{4}$", CodeList.COUNTRY: "^[A-Z]{2}$"}


def describe(app: FastAPI, vocabulary: Vocabulary) -> dict[str, Any]:
    """Describe an application.

    Args:
        app: the application with all its routes.
        vocabulary: the facts that a signal may tell.
    """
    document = get_openapi(
        title="Case routing for the national referral mechanism",
        version=VERSION,
        summary="Signals in, referrals out, and a trail that can be verified.",
        description="For coordinators, partner organisations and auditors. Codes and terms are those of the Dutch "
        "mechanism for victims of trafficking in human beings.",
        routes=app.routes,
        servers=[{"url": BASE, "description": "The service that gave this document."}],
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    # Given to FastAPI, the address would be checked with a package that we do without.
    document["info"]["contact"] = dict(_CONTACT)
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError", "JsonValue"):
        schemas.pop(unused, None)
    for schema in schemas.values():
        if "properties" in schema:
            schema["properties"] = {name: _plainly(member) for name, member in schema["properties"].items()}
    schemas["Problem"] = _PROBLEM
    schemas["Facts"] = facts_schema(vocabulary)
    schemas["FactChanges"] = changes_schema(vocabulary)
    for owner in _WITH_FACTS:
        schemas[owner]["properties"]["facts"] = {"$ref": "#/components/schemas/Facts"}
    schemas["ChangeFacts"]["properties"]["facts"] = {"$ref": "#/components/schemas/FactChanges"}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, path)
    document["paths"] = dict(_from_their_base(path, operations) for path, operations in document["paths"].items())
    return document


def facts_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Describe the facts that can be told, by their names over HTTP.

    Args:
        vocabulary: the facts.
    """
    return {
        "type": "object",
        "description": "What is known about a case. Every fact may be left out.",
        "additionalProperties": False,
        "properties": {to_camel(name): _fact(fact) for name, fact in vocabulary.facts.items()},
    }


def changes_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Describe changes of facts, by their names over HTTP: a new value, or null for what is not told any more.

    Args:
        vocabulary: the facts.
    """
    return {
        "type": "object",
        "description": "What changes about a case; null takes a fact away (RFC 7396).",
        "additionalProperties": False,
        "properties": {to_camel(name): _change(fact) for name, fact in vocabulary.facts.items()},
    }


def _change(fact: Fact) -> dict[str, Any]:
    if not fact.keys:
        return {"oneOf": [_shape(fact), {"type": "null"}]}
    words = {"type": ["string", "null"], "enum": [*fact.values, None]}
    keys = {to_camel(key): words for key in fact.keys}
    return {"type": ["object", "null"], "additionalProperties": False, "properties": keys}


def _plainly(member: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a member without what its name says anyway, and what may be null in one shape, format included."""
    plain = {name: said for name, said in member.items() if name != "title"}
    form, *rest = plain.get("anyOf", [{}])
    if rest != [{"type": "null"}] or "type" not in form or not _CLOSED.isdisjoint(form):
        return plain
    del plain["anyOf"]
    return {**form, "type": [form["type"], "null"], **plain}


def _from_their_base(path: str, operations: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Give the path below the API's base; what is served outside it says so itself."""
    if path.startswith(f"{BASE}/"):
        return path.removeprefix(BASE), operations
    return path, {method: {**operation, "servers": [dict(_OUTSIDE)]} for method, operation in operations.items()}


def _fact(fact: Fact) -> dict[str, Any]:
    described = {"title": _english(fact.label), "description": _english(fact.question), **_shape(fact)}
    if isinstance(fact.default, str | int) and fact.kind is FactKind.CHOICE:
        described["default"] = fact.default
    return described


def _shape(fact: Fact) -> dict[str, Any]:
    words = {"type": "string", "enum": list(fact.values)}
    match fact.kind:
        case FactKind.CHOICE:
            return words
        case FactKind.SET:
            return {"type": "array", "uniqueItems": True, "items": words}
        case FactKind.MAP | FactKind.PER_MEMBER:
            keys = {to_camel(key): words for key in fact.keys}
            return {"type": "object", "additionalProperties": False, "properties": keys}
        case FactKind.NUMBER:
            return _number(fact)
        case FactKind.DATE | FactKind.INSTANT | FactKind.CODE:
            return {"type": "string", **_form(fact)}


def _form(fact: Fact) -> dict[str, str]:
    if fact.codes is not None:
        return {"pattern": _CODES[fact.codes]}
    return {"format": "date" if fact.kind is FactKind.DATE else "date-time", "pattern": _YEARS}


def _number(fact: Fact) -> dict[str, Any]:
    if fact.number is None:
        return {"type": "integer"}
    whole = {"type": "integer", "minimum": fact.number.low, "maximum": fact.number.high}
    return {"oneOf": [whole, {"const": "unknown"}]} if fact.number.unknown else whole


def _english(words: Words) -> str:
    return str(words.get("en", ""))


def _complete(operation: dict[str, Any], method: str, path: str) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    for response in responses.values():
        response["headers"] = dict(_HEADER)
    for status in sorted(_possible(operation, method, path)):
        described = responses.get(status, {}).get("content", {})
        responses[status] = {
            "description": _REFUSALS[status],
            "headers": dict(_HEADER),
            "content": {**described, MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    if "201" in responses:
        responses["201"]["headers"]["Location"] = {"description": "Where to look next.", "schema": dict(_TEXT)}


def _possible(operation: dict[str, Any], method: str, path: str) -> set[str]:
    found = set(_EVERYWHERE)
    if "security" in operation:
        found |= _WITH_TOKEN
    if "{" in path or any(_is_said(operation, one) for one in _ABOUT_ANOTHER):
        found.add("404")
    if path.endswith(_KNOCKING):
        found.add("429")
    if any(one["name"] == "If-Match" for one in operation.get("parameters", ())):
        found |= _CONDITIONAL
    if method in _CHANGING:
        found |= _WITH_BODY
        if "{" in path and (method == "post" or path.startswith(_WITH_STATES)):
            found.add("409")
    if any(one["name"] == REPEAT_KEY for one in operation.get("parameters", ())):
        found |= _REPEATABLE
    return found


def _is_said(operation: dict[str, Any], schema: str) -> bool:
    return f"#/components/schemas/{schema}'" in str(operation.get("requestBody"))
