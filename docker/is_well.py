"""Exits with 0 when the service in this container is well: what a container's health check runs."""

import os
import sys
from http.client import HTTPConnection
from typing import Final

SECONDS: Final = 3.0
WELL: Final = 200


def is_well(port: int) -> bool:
    """Ask the service whether it can do its work.

    Args:
        port: where it listens on this machine.
    """
    asking = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        asking.request("GET", "/health")
        return asking.getresponse().status == WELL
    except OSError:
        return False
    finally:
        asking.close()


if __name__ == "__main__":
    sys.exit(0 if is_well(int(os.environ.get("NRM_PORT", "8080"))) else 1)
