"""Measures how many signals a second are taken in: `python -m tests.bench.intake --json var/bench-intake.json`.

Token, validation, decision, sealing, trail and outbox, against one bare endpoint that writes as many rows.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from service.cli.newest_shape import upgrade
from service.cli.partners import fill_directory
from service.kernel.ids import new_key
from service.schema import METADATA
from service.settings import Settings
from service.wiring import open_service
from tests.factories import bearer, told_over_http
from tests.postgresql import database_on, programs, started
from tests.scenarios.world import free_port
from tests.waiting import until

KINDS = ("full", "unaudited", "bare")
PROBES = 20


def main() -> int:
    """Load each kind on each database in turns, print the medians and write them down."""
    options = _options()
    figures: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder, started(programs(), durable=True) as server:
        for turn in range(options.rounds):
            for database in ("sqlite", "postgresql"):
                rows = 0
                for kind in KINDS:
                    home = Path(folder) / f"{database}-{kind}-{turn}"
                    home.mkdir()
                    with _empty(database, server, home) as address:
                        rate, written = _measured(kind, home, address, rows, options)
                    rows, written = (written, written) if kind == "full" else (rows, written or rows)
                    figures.setdefault(database, {}).setdefault(kind, []).append(rate)
                    print(f"  {database:10} {kind:9} {rate:7.0f} signals/s  ({written} rows each)", flush=True)
    medians = {name: {kind: statistics.median(rates) for kind, rates in of.items()} for name, of in figures.items()}
    for name, of in medians.items():
        against = f"{of['full'] / of['bare']:.2f} of the bare one, {of['full'] / of['unaudited']:.2f} of it unaudited"
        print(f"{name}: {of['full']:.0f} signals/s; {against}")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        content = {"signals_per_second": medians, "rounds": figures, "connections": options.connections}
        options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.intake", description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--seconds", type=float, default=5, help="how long each is loaded in each round")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is loaded")
    parser.add_argument("--connections", type=int, default=16, help="how many callers there are at once")
    return parser.parse_args()


@contextmanager
def _empty(database: str, server: object, home: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{home / 'nrm.sqlite3'}"
        return
    with database_on(server, f"nrm_bench_{os.getpid()}") as made:  # type: ignore[arg-type]
        yield made.render_as_string(hide_password=False)


def _measured(kind: str, home: Path, address: str, rows: int, options: argparse.Namespace) -> tuple[float, int]:
    """Start a server, load it, and give the signals per second and the rows that each became."""
    upgrade(address)
    settings = Settings(home=home, database_url=address)
    joined = open_service(settings)
    fill_directory(joined, None)
    header = bearer(joined)["Authorization"]
    joined.close()
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.intake_servers", kind, str(port), str(rows)]
    environment = {**os.environ, "NRM_HOME": str(home), "NRM_DATABASE_URL": address}
    process = subprocess.Popen(command, env=environment)
    try:
        load = Load(port, header)
        until(lambda: asyncio.run(load.signals(1)), "the server answers")
        before = _rows(address)
        asyncio.run(load.signals(PROBES))
        written = round((_rows(address) - before) / PROBES)
        rate = asyncio.run(load.rate(options.connections, options.seconds))
    finally:
        process.terminate()
        process.wait(30)
    return rate, written


def _rows(address: str) -> int:
    engine = create_engine(address)
    with engine.connect() as connection:
        tables = [*METADATA.tables]
        known = [name for name in tables if engine.dialect.has_table(connection, name)]
        total = sum(int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()) for name in known)  # noqa: S608 -- our own names
    engine.dispose()
    return total


class Load:
    """Callers that submit one signal after the other over connections that stay open."""

    def __init__(self, port: int, header: str) -> None:
        self._port = port
        self._head = (
            f"POST /v1/signals HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {header}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )

    async def signals(self, count: int) -> int:
        """Submit some signals one after the other, and say how many."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for _ in range(count):
            await self._submit(reader, writer)
        writer.close()
        return count

    async def rate(self, connections: int, seconds: float) -> float:
        """Submit signals over several connections for a while, and give how many a second were answered."""
        end = time.monotonic() + seconds
        started_at = time.monotonic()
        counts = await asyncio.gather(*[self._until(end) for _ in range(connections)])
        return sum(counts) / (time.monotonic() - started_at)

    async def _until(self, end: float) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        count = 0
        while time.monotonic() < end:
            await self._submit(reader, writer)
            count += 1
        writer.close()
        return count

    async def _submit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = json.dumps({"submissionKey": new_key("bench-")[:40], "facts": told_over_http()}).encode()
        writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        answer = await reader.readexactly(length)
        if " 201 " not in head.partition("\r\n")[0]:
            raise AssertionError(answer.decode())


if __name__ == "__main__":
    sys.exit(main())
