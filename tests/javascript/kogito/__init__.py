"""Kogito, a whole DMN engine that is not ours, as a program that answers on this machine alone."""

import json
import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

from tests.javascript.node import packages, programs

_HERE = Path(__file__).resolve().parent
_LISTENING = re.compile(r"Listening on: (http://127\.0\.0\.1:\d+)")


class Kogito:
    """The engine while it runs."""

    def __init__(self, address: str) -> None:
        self._address = address

    def decided(self, dmn: str, told: object) -> dict[str, Any]:
        """Give every decision of a model by name, in the engine's own words."""
        model = {"mainURI": "model.dmn", "resources": [{"URI": "model.dmn", "content": dmn}], "context": told}
        asked = Request(  # noqa: S310 - an address of this machine, which we started ourselves
            f"{self._address}/jitdmn/dmnresult", json.dumps(model).encode(), {"Content-Type": "application/json"}
        )
        with urlopen(asked, timeout=600) as answer:  # noqa: S310 - as above
            said = json.loads(answer.read())
        return {one["decisionName"]: one for one in said["decisionResults"]}


@contextmanager
def kogito() -> Iterator[Kogito]:
    """Start the engine, and end it afterwards."""
    _, npm = programs()
    system = {"darwin": "darwin", "win32": "win32"}.get(sys.platform, "linux")
    program = packages(npm, _HERE) / "@kie-tools" / "jitexecutor-native" / "dist" / system / "jitexecutor"
    program.chmod(0o755)
    told = ("-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=0")
    with subprocess.Popen([program, *told], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        # It says much of lists without entries, and would wait until somebody hears it.
        rest = Thread(target=deque, args=(running.stdout, 0), daemon=True)
        try:
            lines = (_LISTENING.search(line) for line in running.stdout)
            address = next(found[1] for found in lines if found)
            rest.start()
            yield Kogito(address)
        finally:
            running.terminate()
            if rest.is_alive():
                rest.join()
