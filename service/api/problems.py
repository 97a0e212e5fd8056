"""How a refusal looks over HTTP: application/problem+json (RFC 9457), never with a word of what was sent."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.api.caller import service_of
from service.api.fact_names import outside_pointer, outside_words
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:nrm:problem:"
INSTANCE: Final = "nrm.instance"
"""Where a request's scope holds the name that its answer gets if something unexpected happens."""

_RETRY_SECONDS: Final = "5"

_DETAILS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "This is needed."),
    "extra_forbidden": (
        "unknown-member",
        "There is a member here that is not known; /v1/openapi.json names those that are.",
    ),
    "json_invalid": ("malformed-json", "The body cannot be read as JSON."),
    "string_too_short": ("too-short", "This text is too short; it has {min_length} characters at least."),
    "string_too_long": ("too-long", "This text is too long; it has {max_length} characters at most."),
    "string_pattern_mismatch": ("wrong-form", "This text does not have the form that is asked for: {pattern}"),
    "string_type": ("not-text", "This is not text."),
    "dict_type": ("not-an-object", "This is not an object."),
    "model_type": ("not-an-object", "This is not an object."),
    "model_attributes_type": ("not-an-object", "This is not an object."),
    "enum": ("not-in-list", "This is not one of the values that can be said: {expected}."),
    "literal_error": ("not-in-list", "This is not one of the values that can be said: {expected}."),
    "uuid_parsing": ("not-an-id", "This is not an identifier."),
    "uuid_type": ("not-an-id", "This is not an identifier."),
    "greater_than_equal": ("too-small", "This is too small; it is {ge} at least."),
    "less_than_equal": ("too-large", "This is too large; it is {le} at most."),
    "too_short": ("too-few", "There are too few here; {min_length} at least."),
    "too_long": ("too-many", "There are too many here; {max_length} at most."),
    "int_type": ("not-a-number", "This is not a whole number."),
    "int_parsing": ("not-a-number", "This is not a whole number."),
    "bool_type": ("not-yes-or-no", "This is neither true nor false."),
    "date_type": ("not-a-day", "A day is written as 2026-11-23."),
    "date_parsing": ("not-a-day", "A day is written as 2026-11-23."),
    "date_from_datetime_parsing": ("not-a-day", "A day is written as 2026-11-23."),
    "datetime_type": ("not-an-instant", "An instant is written as 2026-11-23T23:40:00Z."),
    "datetime_parsing": ("not-an-instant", "An instant is written as 2026-11-23T23:40:00Z."),
    "datetime_from_date_parsing": ("not-an-instant", "An instant is written as 2026-11-23T23:40:00Z."),
    "timezone_aware": ("not-an-instant", "An instant is written as 2026-11-23T23:40:00Z."),
}
_OTHERWISE: Final = ("not-acceptable", "This cannot be understood.")
_NO_BODY: Final = "A JSON object is needed as the body, {} where nothing has to be said."


def occurrence() -> str:
    """Give a name for one refusal, by which whoever got it can report it."""
    return f"urn:uuid:{new_id()}"


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make the answer of a refusal.

    Args:
        status: HTTP status.
        code: kebab-case name of the kind of problem.
        title: the same for every problem of its kind.
        detail: a sentence about this one.
        errors: every single thing wrong, with location, pointer, code and detail.
        headers: what else goes with the answer.
    """
    body = _worded(status, code, title, detail)
    if errors:
        body["errors"] = list(errors)
    return _written(body, headers or {})


def _worded(status: int, code: str, title: str, detail: str) -> dict[str, Any]:
    return {"type": _TYPE + code, "title": title, "status": status, "detail": detail, "instance": occurrence()}


def _written(body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    content = json.dumps(body, ensure_ascii=False).encode("utf-8")
    return Response(content, body["status"], dict(headers), MEDIA_TYPE)


def plain_problem(status: HTTPStatus, headers: Mapping[str, str] | None = None) -> Response:
    """Make the answer for a status that says it all."""
    code = status.phrase.lower().replace(" ", "-").replace("'", "")
    return problem(status.value, code, status.phrase, status.description or status.phrase, headers=headers)


def our_fault(instance: str | None) -> Response:
    """Make the answer for what nobody expected.

    Args:
        instance: the name under which it is logged.
    """
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    said = _worded(status.value, "internal-server-error", status.phrase, status.description or status.phrase)
    return _written(said if instance is None else {**said, "instance": instance}, {})


def body_problem(code: str, detail: str) -> Response:
    """Make the answer for a body that cannot be read at all."""
    error = {"location": "body", "pointer": "", "code": code, "detail": detail}
    return problem(
        HTTPStatus.BAD_REQUEST, "invalid-request", "The request cannot be understood", detail, errors=[error]
    )


def words_of_refusals(app: FastAPI) -> None:
    """Teach an application to word every refusal as a problem."""
    app.add_exception_handler(DomainError, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _not_served)
    app.add_exception_handler(Exception, _broken)


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, DomainError) or error.kind is Kind.BROKEN:
        # Outside the application it is logged, as everything that nobody expected.
        raise error
    status, headers = error.kind.http_status, _headers(request, error)
    vocabulary = service_of(request).rules().vocabulary if error.problems else None
    errors = (
        []
        if vocabulary is None
        else [_located(one, outside_words(one.detail, one.pointer, vocabulary)) for one in error.problems]
    )
    return problem(status, error.code, error.title, error.detail, errors=errors, headers=headers)


def _located(one: Problem, detail: str) -> dict[str, str]:
    return {"location": "body", "pointer": outside_pointer(one.pointer), "code": one.code, "detail": detail}


def _headers(request: Request, error: DomainError) -> dict[str, str]:
    match error.kind:
        case Kind.UNAUTHENTICATED:
            said = ', error="invalid_token"' if "authorization" in request.headers else ""
            return {"WWW-Authenticate": f'Bearer realm="nrm"{said}'}
        case Kind.FORBIDDEN:
            return {"WWW-Authenticate": 'Bearer realm="nrm", error="insufficient_scope"'}
        case Kind.UNAVAILABLE:
            return {"Retry-After": _RETRY_SECONDS}
        case _:
            return {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}


def _not_understood(_request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [_described(one["type"], one["loc"], one.get("ctx", {})) for one in found]
    # Two members that nobody knows look alike when their names are not repeated.
    distinct = [one for number, one in enumerate(errors) if one not in errors[:number]]
    detail = "The request holds mistakes; see errors."
    title = "The request cannot be understood"
    return problem(HTTPStatus.BAD_REQUEST, "invalid-request", title, detail, errors=distinct)


def _described(kind: str, where: Sequence[str | int], asked: Mapping[str, object]) -> dict[str, str]:
    """Describe one mistake.

    Args:
        kind: what is wrong, as the validator names it.
        where: the part of the request and the steps into it.
        asked: what was asked for; of this only limits and values of our own are told.
    """
    code, detail = _DETAILS.get(kind, _OTHERWISE)
    detail = detail.format_map({**asked, "expected": str(asked.get("expected", "")).replace("'", "")})
    steps = list(where[1:])
    if kind == "missing" and where[0] == "body" and not steps:
        detail = _NO_BODY
    if kind == "json_invalid":
        steps = []
    elif kind == "extra_forbidden":
        # The member's name is the sender's own text.
        steps = steps[:-1]
    pointer = "".join(f"/{step}" for step in steps)
    return {"location": str(where[0]), "pointer": pointer, "code": code, "detail": detail}


def _not_served(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return plain_problem(HTTPStatus.INTERNAL_SERVER_ERROR)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return body_problem("malformed-json", "The body cannot be read as JSON.")
    return plain_problem(HTTPStatus(error.status_code), error.headers)


def _broken(request: Request, _error: Exception) -> Response:
    return our_fault(request.scope.get(INSTANCE))
