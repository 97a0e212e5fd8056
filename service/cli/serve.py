"""`nrm serve` and `nrm openapi`: the API, running or described."""

import json
import sys

import uvicorn

from service.api.openapi import describe
from service.app import build_api, build_app
from service.cli.opening import opened


def serve() -> None:
    """Serve the API until the process is told to stop."""
    with opened(checkpoints=True) as service:
        # Both are made when first asked for; a mistake in them belongs at the start and not in the first answer.
        service.rules()
        service.issuer()
        if not service.keys.warm():
            print("the keys of personal data are away: signals are taken in, nothing can be read", file=sys.stderr)
        uvicorn.run(
            build_app(service),
            host=service.settings.host,
            port=service.settings.port,
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
        )


def openapi() -> None:
    """Print the API's description, as the service serves it at /v1/openapi.json."""
    with opened(any_shape=True) as service:
        described = describe(build_api(service), service.rules().vocabulary)
    print(json.dumps(described, indent=2, ensure_ascii=False))
