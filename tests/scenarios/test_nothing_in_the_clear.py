"""After a day's work no name, story or fact of anybody stands readable in any file or column that the service keeps."""

import base64
import json
import re
import signal as signals
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copy
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from service.access.roles import Role
from service.casework.commands.partners import RotateSecret
from service.casework.partners.manage_endpoints import rotate_secret
from service.cli.partners import fill_directory
from service.kernel.ids import new_key
from service.schema import METADATA
from service.settings import Settings
from service.wiring import Service, open_service
from tests.factories import bearer, listen_at, told_over_http
from tests.scenarios.world import World

IDENTITY = {"name": "Jánica Voorbeeldstra", "birthDate": "2001-02-03", "contact": "06-98765432 janica@example.org"}
NARRATIVE = "Invented for a test: she sleeps behind the greenhouse of Farm Nowhere and was threatened by Mister Nobody."
REASON = "Invented for a test: her cousin Zwaantje lives in that town."
WENT_HOME = {
    "returnedOn": "2021-03-04",
    "followUpWanted": True,
    "explanation": "Invented for a test: her uncle Lambregt drove her home long before anybody knew.",
}
MISPUT = "Wiebrechtje Misplaatst"
"""A name that somebody writes where no name belongs: into addresses, unknown members, keys and tokens."""

NEEDLES = (
    *("Jánica", "Voorbeeldstra", "2001-02-03", "98765432", "janica@example.org"),
    *("greenhouse", "Farm Nowhere", "Mister Nobody", "Zwaantje", "Wiebrechtje", "Misplaatst"),
    *("third_country", "GM0153", "probable", "2021-03-04", "Lambregt"),
)
"""Names of facts are not among them: the trail says which facts were told and shown, and never what they are."""


def hidden(needle: str) -> Iterator[bytes]:
    """Give a text in every spelling in which a file may hold it."""
    for plain in (needle, needle.lower(), needle.upper(), json.dumps(needle)[1:-1]):
        raw = plain.encode()
        yield from (raw, plain.encode("utf-16-le"), raw.hex().encode(), raw.hex().upper().encode())
        # In base64 a text looks different at each of the three places where it can start in a group.
        for start in range(3):
            encoded = base64.b64encode(bytes(start) + raw)
            shared = (0, 3, 2)[(start + len(raw)) % 3]
            yield encoded[start and start + 1 : len(encoded) - shared]
    yield re.sub(r"[^A-Za-z0-9]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), needle).encode()


SPELLINGS = {needle: frozenset(one for one in hidden(needle) if len(one) > 4) for needle in NEEDLES}


def found_in(content: bytes) -> list[str]:
    return [needle for needle, spellings in SPELLINGS.items() if any(one in content for one in spellings)]


@pytest.mark.parametrize("needle", NEEDLES)
def test_the_search_finds_every_text_in_every_spelling(needle: str) -> None:
    around = [b"x" * count for count in range(3)]
    for before in around:
        assert needle in found_in(before + needle.encode() + b"y")
        assert needle in found_in(base64.b64encode(before + needle.encode() + b"yyyy"))
    assert needle in found_in(needle.encode().hex().encode())
    assert needle in found_in(json.dumps({"told": needle}).encode())
    assert found_in(b"nothing of the kind") == []


def a_day_of_work(client: httpx.Client, desk: Mapping[str, str], comensha: Mapping[str, str]) -> None:
    """Tell, link, read, change, decide otherwise, go home, and get it wrong in every way."""
    told = {
        "submissionKey": new_key("scan-")[:40],
        "facts": told_over_http(exploitationCertainty={"sexual": "probable"}),
        "narrative": NARRATIVE,
        "identity": IDENTITY,
    }
    once = {"Idempotency-Key": new_key("scan-")[:40]}
    taken = client.post("/v1/signals", json=told, headers={**desk, **once})
    assert taken.status_code == 201, taken.text
    assert client.post("/v1/signals", json=told, headers={**desk, **once}).json() == taken.json()
    address = taken.headers["Location"]
    linked = {**told, "submissionKey": new_key("scan-")[:40], "caseId": taken.json()["caseId"], "facts": {"age": 31}}
    assert client.post("/v1/signals", json=linked, headers=desk).status_code == 201
    case = client.get(address, headers=desk)
    assert case.status_code == 200
    version = {"If-Match": case.headers["ETag"]}
    changed = client.patch(f"{address}/facts", json={"facts": {"gender": "female"}}, headers={**desk, **version})
    assert changed.status_code == 200, changed.text
    case = client.get(address, headers=desk)
    decision = case.json()["decisions"][-1]["id"]
    version = {"If-Match": case.headers["ETag"]}
    otherwise = {"reason": REASON, "shelter": {"type": "cosm"}}
    chosen = client.post(f"{address}/decisions/{decision}/override", json=otherwise, headers={**desk, **version})
    assert chosen.status_code == 200, chosen.text
    version = {"If-Match": client.get(address, headers=desk).headers["ETag"]}
    returned = client.post(f"{address}/returns", json=WENT_HOME, headers={**desk, **version})
    assert returned.status_code == 201, returned.text
    referral = next(one["id"] for one in case.json()["referrals"] if one["askedAs"] == "comensha")
    assert client.get(f"/v1/referrals/{referral}", headers=comensha).status_code == 200
    assert client.get(f"/v1/signals/{taken.json()['signalId']}", headers=desk).json()["narrative"] == NARRATIVE
    assert client.get(f"{address}/trail", headers=desk).status_code == 200
    everything_wrong(client, desk, told)


def everything_wrong(client: httpx.Client, desk: Mapping[str, str], told: Mapping[str, Any]) -> None:
    refused = [
        client.post("/v1/signals", json={**told, "narrative": MISPUT}, headers=desk),
        client.post("/v1/signals", json={**told, MISPUT: MISPUT}, headers=desk),
        client.post("/v1/signals", json={**told, "facts": {"citizenship": MISPUT}}, headers=desk),
        client.post("/v1/signals", json={**told, "facts": {MISPUT: "yes"}}, headers=desk),
        client.post("/v1/signals", content=f"{{{MISPUT}", headers={**desk, "Content-Type": "application/json"}),
        client.post("/v1/signals", json={**told, "submissionKey": MISPUT}, headers=desk),
        client.get(f"/v1/cases/{MISPUT}", headers=desk),
        client.get("/v1/cases", params={"name": MISPUT, "cursor": MISPUT}, headers=desk),
        client.get("/v1/cases", headers={"Authorization": "Bearer " + base64.b64encode(MISPUT.encode()).decode()}),
    ]
    assert all(400 <= one.status_code < 500 for one in refused)
    assert not any("Wiebrechtje" in one.text for one in refused)


def test_no_file_of_the_service_holds_a_readable_word_of_a_case(tmp_path: Path, migrated_file: Path) -> None:
    copy(migrated_file, tmp_path / "nrm.sqlite3")
    joined = open_service(Settings(home=tmp_path, allow_loopback=True))
    fill_directory(joined, None)
    desk, comensha = bearer(joined), bearer(joined, Role.PARTNER, "comensha")
    made = World(tmp_path, {"coordinator": desk})
    endpoint = listen_at(joined.operator(), "comensha", made.receiver_url)
    secrets = [endpoint.checks_with, rotate_secret(joined.operator(), endpoint.id, RotateSecret()).checks_with]
    joined.close()
    try:
        made.start("service")
        made.start("worker")
        with httpx.Client(base_url=made.url.removesuffix("/v1"), trust_env=False, timeout=30) as client:
            a_day_of_work(client, desk, comensha)
        # Killed and read at once, so that the write-ahead log is there as a power cut would leave it.
        made.running["service"].send_signal(signals.SIGKILL)
        made.wait_for_death("service")
        files = {one.relative_to(tmp_path).as_posix(): one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    finally:
        made.stop_all()

    assert {"nrm.sqlite3", "nrm.sqlite3-wal", "service.log", "worker.log"} <= set(files)
    assert {"keys/keyring", "keys/lookup.key"} <= set(files)
    assert {name: found_in(content) for name, content in files.items() if found_in(content)} == {}
    assert [name for name, content in files.items() if any(secret.encode() in content for secret in secrets)] == []


async def test_no_column_of_any_table_holds_a_readable_word_of_a_case(service: Service, api: httpx.AsyncClient) -> None:
    told = {
        "submissionKey": new_key("scan-")[:40],
        "facts": told_over_http(exploitationCertainty={"sexual": "probable"}),
        "narrative": NARRATIVE,
        "identity": IDENTITY,
    }
    taken = await api.post("/v1/signals", json=told, headers=bearer(service))
    assert taken.status_code == 201
    seen = {**bearer(service), "If-Match": '"1"'}
    assert (await api.post(f"{taken.headers['Location']}/returns", json=WENT_HOME, headers=seen)).status_code == 201
    assessed = {"on": "2026-11-23", "occasion": "other", "needs": {"medicalTreatment": "needed"}, "remarks": NARRATIVE}
    seen = {**bearer(service), "If-Match": '"2"'}
    kept = await api.post(f"{taken.headers['Location']}/assessments", json=assessed, headers=seen)
    assert kept.status_code == 201

    with service.database.look() as session:
        rows = {
            table.name: b"\n".join(
                as_bytes(value) for row in session.connection().execute(select(table)) for value in row
            )
            for table in METADATA.sorted_tables
        }
    assert {
        "signal",
        "case_facts",
        "case_return",
        "journal_entry",
        "case_decision",
        "referral",
        "audit_entry",
        "recognition_tag",
    } <= set(rows)
    assert {name: found_in(content) for name, content in rows.items() if found_in(content)} == {}


def as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes) else str(value).encode()
