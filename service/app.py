"""The ASGI application: the JSON door with its guards around it."""

import logging
from functools import cache, lru_cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.responses import JSONResponse

from service.api import (
    case_referrals,
    cases,
    consents,
    consultations,
    deadlines,
    decisions,
    deliveries,
    figures,
    health,
    journal,
    partners,
    placements,
    places,
    placing,
    referrals,
    reflection,
    rights,
    rule_sets,
    signals,
    tasks,
    webhook_endpoints,
)
from service.api.caller import answered_by, service_of
from service.api.guards import Guards
from service.api.openapi import ADDRESS, VERSION, describe
from service.api.problems import words_of_refusals
from service.routing.rule_set import RuleSet
from service.wiring import Service

_ROOMS: Final = (
    signals,
    cases,
    consultations,
    consents,
    journal,
    rights,
    reflection,
    case_referrals,
    decisions,
    tasks,
    deadlines,
    referrals,
    rule_sets,
    figures,
    partners,
    placements,
    placing,
    places,
    webhook_endpoints,
    deliveries,
    health,
)
_LOG: Final = logging.getLogger("nrm.api")
_WITH_GET: Final = frozenset({"HEAD", "OPTIONS"})


@cache
def routes() -> FastAPI:
    """Give everything that can be asked, once a process: it is the same whatever service answers."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    words_of_refusals(app)
    for room in _ROOMS:
        app.include_router(room.router)

    @app.get(ADDRESS, include_in_schema=False)
    def show_description(request: Request) -> JSONResponse:
        return JSONResponse(_described(service_of(request).rules()), headers={"Access-Control-Allow-Origin": "*"})

    return app


def build_app(service: Service) -> Guards:
    """Build the application as it is served.

    Args:
        service: the joined parts.
    """
    return Guards(answered_by(service, routes()), VERSION, _methods, _report, service.settings.hosts, _asked)


@cache
def _served() -> tuple[APIRoute, ...]:
    served = [context.original_route for context in iter_route_contexts(routes().routes)]
    return tuple(one for one in served if isinstance(one, APIRoute))


def _methods(path: str) -> frozenset[str]:
    found = frozenset(method for one in _served() if one.path_regex.match(path) for method in one.methods or ())
    if not found:
        return found
    return found | _WITH_GET if "GET" in found else found | {"OPTIONS"}


def _asked(method: str, path: str) -> bool:
    return any(
        one.dependant.query_params and method in (one.methods or ()) and one.path_regex.match(path) for one in _served()
    )


@lru_cache(maxsize=2)
def _described(rules: RuleSet) -> dict[str, Any]:
    return describe(routes(), rules.vocabulary)


def _report(error: Exception, instance: str) -> None:
    """Log where an unexpected exception came from, under the name that the caller got; its text may hold anything."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "nowhere" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
    _LOG.error("unexpected %s at %s, answered as %s", type(error).__name__, where, instance)
