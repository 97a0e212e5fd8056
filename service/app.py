"""The ASGI application: the JSON door with its guards around it."""

import logging
from functools import cache
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.responses import JSONResponse

from service.api import (
    case_referrals,
    cases,
    decisions,
    deliveries,
    health,
    partners,
    referrals,
    signals,
    tasks,
    webhook_endpoints,
)
from service.api.guards import Guards
from service.api.openapi import ADDRESS, VERSION, describe
from service.api.problems import words_of_refusals
from service.wiring import Service

_LOG: Final = logging.getLogger("nrm.api")
_WITH_GET: Final = frozenset({"HEAD", "OPTIONS"})


def build_api(service: Service) -> FastAPI:
    """Build the application without its guards.

    Args:
        service: the joined parts.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.service = service
    words_of_refusals(app)
    asked_of_cases = (signals, cases, case_referrals, decisions, tasks, referrals)
    for room in (*asked_of_cases, partners, webhook_endpoints, deliveries, health):
        app.include_router(room.router)

    @cache
    def described() -> dict[str, Any]:
        return describe(app, service.rules().vocabulary)

    @app.get(ADDRESS, include_in_schema=False)
    def show_description() -> JSONResponse:
        return JSONResponse(described(), headers={"Access-Control-Allow-Origin": "*"})

    return app


def build_app(service: Service) -> Guards:
    """Build the application as it is served.

    Args:
        service: the joined parts.
    """
    api = build_api(service)
    routes = [context.original_route for context in iter_route_contexts(api.routes)]
    served = [(route.path_regex, frozenset(route.methods or ())) for route in routes if isinstance(route, APIRoute)]

    def methods(path: str) -> frozenset[str]:
        found = frozenset(method for pattern, methods in served if pattern.match(path) for method in methods)
        if not found:
            return found
        return found | _WITH_GET if "GET" in found else found | {"OPTIONS"}

    asking = [
        (route.path_regex, route.methods or ())
        for route in routes
        if isinstance(route, APIRoute) and route.dependant.query_params
    ]

    def asked(method: str, path: str) -> bool:
        return any(method in methods and pattern.match(path) for pattern, methods in asking)

    return Guards(api, VERSION, methods, _report, service.settings.hosts, asked)


def _report(error: Exception, instance: str) -> None:
    """Log where an unexpected exception came from, under the name that the caller got; its text may hold anything."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "nowhere" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
    _LOG.error("unexpected %s at %s, answered as %s", type(error).__name__, where, instance)
