"""Whatever stands in an address, the log of a running service holds none of it."""

import socket
from pathlib import Path
from shutil import copy

import httpx

from service.settings import Settings
from service.wiring import open_service
from tests.factories import bearer
from tests.scenarios.world import World

PATH = "/v1/cases/Maria-Jansen"


def test_the_log_of_a_running_service_holds_nothing_of_a_requested_path(tmp_path: Path, migrated_file: Path) -> None:
    copy(migrated_file, tmp_path / "nrm.sqlite3")
    joined = open_service(Settings(home=tmp_path))
    desk = bearer(joined)
    joined.close()
    world = World(tmp_path, {"coordinator": desk})
    try:
        world.start("service")
        with httpx.Client(base_url=world.url.removesuffix("/v1"), trust_env=False, timeout=30) as client:
            asked = [
                client.get(PATH, headers=desk),
                client.get(PATH),
                client.get(f"{PATH}/Maria-Jansen", headers=desk),
                client.get("/v1/cases", params={"name": "Maria-Jansen"}, headers=desk),
                client.post(PATH, headers=desk),
            ]
        refuse_what_is_no_http(world.service_port)
    finally:
        world.stop_all()

    assert [one.status_code for one in asked] == [400, 401, 404, 400, 405]
    log = (tmp_path / "service.log").read_text(encoding="utf-8")
    # It is the log that we read: what was no request at all is told there.
    assert "Invalid HTTP request" in log
    assert [word for word in ("Maria", "Jansen", "/v1/") if word.lower() in log.lower()] == []


def refuse_what_is_no_http(port: int) -> None:
    """Ask in a way that no server understands, and wait until it has hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        raw.sendall(f"GET {PATH} HTTP/1.1\r\nMaria Jansen\r\n\r\n".encode())
        while raw.recv(1024):
            pass
