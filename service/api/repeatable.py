"""The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header-07): the same key, the same answer."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from starlette.status import HTTP_200_OK

from service.access.roles import Scope
from service.casework.context import Context
from service.casework.upkeep.do_once import Answered, Attempt, do_once
from service.kernel.errors import DomainError, Kind

HEADER: Final = "Idempotency-Key"

_FORM: Final = re.compile(r'"([A-Za-z0-9._~:-]{16,255})"|([A-Za-z0-9._~:-]{16,255})')
_KEPT_HEADERS: Final = ("location", "etag")


class BadRequestKey(DomainError):
    """The header does not hold one key."""

    kind = Kind.INVALID
    code = "bad-idempotency-key"
    title = "An Idempotency-Key is one string of 16 to 255 letters, digits and . _ ~ : -, in double quotes"


async def request_key(
    request: Request,
    said: Annotated[
        str | None,
        Header(
            alias=HEADER,
            description="Chosen by the sender, new for every request: 16 to 255 letters, digits and . _ ~ : -, in "
            "double quotes. For 24 hours the same key with the same content gives the same answer and nothing is done "
            "twice; with another content it is refused (422), and while the first is being worked on too (409).",
            examples=['"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
        ),
    ] = None,
) -> str | None:
    """Give the key under which a request can be sent again.

    Args:
        request: the request.
        said: the header as it came, a string of structured fields (RFC 9651); a bare word is tolerated.

    Raises:
        BadRequestKey: it is no key, or there are two.
    """
    if said is None:
        return None
    found = _FORM.fullmatch(said)
    if found is None or len(request.headers.getlist(HEADER)) != 1:
        raise BadRequestKey
    return found[1] or found[2]


def repeatable(endpoint: Callable[..., BaseModel]) -> Callable[..., Response]:
    """Make a request that may be sent again under its key; the endpoint takes `context` and `response` by name.

    Args:
        endpoint: answers a request with a view of what it did in one case, or in none; nothing in it may be a secret.
    """
    own = inspect.signature(endpoint)
    (needed,) = own.parameters["context"].annotation.__metadata__[0].scopes
    scope = Scope(needed)

    @functools.wraps(endpoint)
    def answer_once(*, request: Request, request_key: str | None, **given: Any) -> Response:  # noqa: ANN401 -- whatever the endpoint takes
        context: Context = given["context"]
        response: Response = given["response"]
        status = request.scope["route"].status_code or HTTP_200_OK

        def act(joined: Context) -> Answered:
            view = endpoint(**{**given, "context": joined})
            headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
            return Answered(response.status_code or status, headers, view.model_dump_json(by_alias=True))

        operation = f"{request.method} {request.scope['path']}"
        attempt = None if request_key is None else Attempt(operation, request_key, scope, _content(given))
        answer = act(context) if attempt is None else do_once(context, attempt, act)
        return Response(answer.body, answer.status, dict(answer.headers), "application/json")

    more = [
        inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request),
        inspect.Parameter(
            "request_key",
            inspect.Parameter.KEYWORD_ONLY,
            annotation=Annotated[str | None, Depends(request_key)],
        ),
    ]
    together = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own.parameters.values()]
    # What FastAPI reads: the endpoint's own wishes and these two.
    answer_once.__signature__ = own.replace(parameters=[*together, *more])  # type: ignore[attr-defined]
    return answer_once


def _content(given: Mapping[str, object]) -> dict[str, object]:
    """Give what is asked, as far as it does not stand in the address: the body, and the versions that it is about."""
    return {name: _plain(value) for name, value in given.items() if not isinstance(value, Context | Response | UUID)}


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    return sorted(value) if isinstance(value, frozenset) else value
