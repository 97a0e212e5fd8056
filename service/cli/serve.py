"""`nrm serve` and `nrm openapi`: the API, running (and sending, on the embedded database) or described."""

import json
import signal
import socket
import sys
from types import FrameType
from typing import Final

import uvicorn

from service.api.openapi import describe
from service.app import build_app, routes
from service.cli.opening import opened
from service.cli.worker import deliveries_of
from service.routing.rule_files.load import load_rule_set
from service.wiring import Service
from service.worker.running import WorkerInside

_GOODBYE: Final = 10
"""Seconds that callers get for requests under way once the process is told to stop."""


class _Server(uvicorn.Server):
    """Serves, with a worker at work from when it listens until it is told to stop."""

    def __init__(self, service: Service, worker: WorkerInside | None) -> None:
        super().__init__(
            uvicorn.Config(
                build_app(service),
                host=service.settings.host,
                port=service.settings.port,
                access_log=False,
                log_level="warning",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=_GOODBYE,
            )
        )
        self._worker = worker

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # Not before: where the port is taken, another service is at work already.
        await super().startup(sockets)
        # No address of anything below: whatever is asked for must never stand in this log.
        print(f"listening at http://{self.config.host}:{self.config.port}; Ctrl+C ends it", file=sys.stderr, flush=True)
        if self._worker is not None:
            self._worker.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # What is being sent and what is being answered end side by side.
        if self._worker is not None:
            self._worker.tell_to_stop()
        await super().shutdown(sockets)


def serve() -> None:
    """Serve the API until the process is told to stop, and on SQLite send what is due."""
    with opened(checkpoints=True) as service:
        # Both are made when first asked for; a mistake in them belongs at the start and not in the first answer.
        service.rules()
        service.issuer()
        if not service.keys.warm():
            print("the keys of personal data are away: signals are taken in, nothing can be read", file=sys.stderr)
        worker = WorkerInside(deliveries_of(service)) if service.settings.worker_is_inside else None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _hear_once)
        try:
            _Server(service, worker).run()
        finally:
            if worker is not None:
                worker.stop()


def _hear_once(number: int, _: FrameType | None) -> None:
    """Outlive the server, which repeats each signal when it has ended; a second one ends the process at once."""
    signal.signal(number, signal.SIG_DFL)


def openapi() -> None:
    """Print the API's description, as the service serves it at /v1/openapi.json."""
    with opened(any_shape=True) as service:
        described = describe(routes(), load_rule_set(service.settings.rules).vocabulary)
    print(json.dumps(described, indent=2, ensure_ascii=False))
