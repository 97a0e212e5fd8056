"""A coordinator's desk that works on one case over HTTP, and the partners that are asked about it, day by day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import httpx

from service.access.roles import Role
from service.kernel.ids import new_key
from service.wiring import Service
from tests.casework.clocks import until
from tests.doubles import FixedClock
from tests.factories import bearer, told_about_rights, told_over_http

Json = dict[str, Any]

SAID = {
    "by": "person",
    "language": "bg",
    "informed": ["purpose", "recipients", "withdrawal"],
    "evidence": "written",
}
"""How somebody spoke about consent, where a story says nothing else."""

AGREED = {"registration": "given", "placement": "given", "policeContact": "given"}
"""What somebody agrees to who wants help and speaks with the police."""


@dataclass
class Desk:
    """A coordinator's desk working on one case, on the days on which something happens."""

    api: httpx.AsyncClient
    service: Service
    clock: FixedClock
    address: str = ""
    seen: str | None = None
    """The tag of the version of the case that was just read or made; None when somebody else may have changed it."""

    async def receives(self, on: date, facts: Json, **more: object) -> Json:
        """Submit a signal; the first one opens the case, a later one joins it."""
        self._wait_until(on)
        joins = {"caseId": self.address.rsplit("/", 1)[1]} if self.address else {}
        body = {"submissionKey": new_key("story-")[:40], "facts": facts, **joins, **more}
        receipt = await self.api.post("/v1/signals", json=body, headers=bearer(self.service))
        assert receipt.status_code == 201, receipt.text
        self.address = receipt.headers["Location"]
        return await self.case()

    async def learns(self, on: date, **facts: object) -> Json:
        """Change facts on the version that was just read."""
        self._wait_until(on)
        changed = await self.tries(**facts)
        assert changed.status_code == 200, changed.text
        return await self.case()

    async def tries(self, **facts: object) -> httpx.Response:
        """Ask for a change of facts on the version that was just read, whatever comes of it."""
        changed = await self.api.patch(f"{self.address}/facts", json={"facts": facts}, headers=await self._seen())
        self.seen = changed.headers.get("ETag")
        return changed

    async def says(self, on: date, **consent: str) -> Json:
        """Record what the person, told about rights, says about consent."""
        await self.tells_rights(on)
        return await self.consents(on, consent)

    async def consents(self, on: date, consent: dict[str, str], **spoken: str) -> Json:
        """Record what was said about consent, by the person in writing unless a story says otherwise."""
        self._wait_until(on)
        for purpose, saying in consent.items():
            said = {**SAID, "purpose": purpose, "saying": saying, "saidOn": on.isoformat(), **spoken}
            await self.records("consents", said)
        return await self.case()

    async def returns(self, on: date, said: Json) -> Json:
        """Record the actual return on the version that was just read."""
        self._wait_until(on)
        await self.records("returns", said)
        return await self.case()

    async def steps(self, on: date, step: str, **said: object) -> Json:
        """Record a step of the reflection period that the police established that day and told by telephone."""
        self._wait_until(on)
        told = {"step": step, "on": on.isoformat(), "establishedBy": "police", "learned": "telephone", **said}
        await self.records("reflection-period/steps", told)
        return await self.case()

    async def establishes(self, on: date, kind: str, **said: object) -> Json:
        """Record what was established on a track of the case."""
        self._wait_until(on)
        await self.records("milestones", {"on": on.isoformat(), "what": {"kind": kind, **said}})
        return await self.case()

    async def misses(self, on: date, kind: str, risk: str) -> Json:
        """Record that the person is away."""
        self._wait_until(on)
        await self.records("absences", {"on": on.isoformat(), "kind": kind, "risk": risk})
        return await self.case()

    async def sees_again(self, on: date) -> Json:
        """Record that the person is back from the last absence."""
        self._wait_until(on)
        away = next(one for one in (await self.tracks())["steps"] if one["kind"] == "absence")
        await self.records(f"absences/{away['id']}/return", {"on": on.isoformat()})
        return await self.case()

    async def tells_rights(self, on: date) -> None:
        """Record that the person was told about rights, as must be before a report."""
        self._wait_until(on)
        told = told_about_rights(given_on=on).model_dump(mode="json", by_alias=True)
        kept = await self.api.post(f"{self.address}/rights-information", json=told, headers=bearer(self.service))
        assert kept.status_code == 201, kept.text

    async def decides(self, how: str, body: Json | None = None) -> Json:
        """Confirm the decision that counts, or decide otherwise."""
        decision = (await self.case())["decisions"][-1]["id"]
        done = await self.api.post(
            f"{self.address}/decisions/{decision}/{how}", json=body, headers=bearer(self.service)
        )
        assert done.status_code == 200, done.text
        return await self.case()

    async def records(self, what: str, said: Json) -> Json:
        """Record something in the case on the version that was just read."""
        recorded = await self.asks_to_record(what, said)
        assert recorded.status_code == 201, recorded.text
        found: Json = recorded.json()
        return found

    async def asks_to_record(self, what: str, said: Json) -> httpx.Response:
        """Ask for something to be recorded in the case, whatever comes of it."""
        recorded = await self.api.post(f"{self.address}/{what}", json=said, headers=await self._seen())
        self.seen = recorded.headers.get("ETag")
        return recorded

    async def case(self) -> Json:
        read = await self.api.get(self.address, headers=bearer(self.service))
        assert read.status_code == 200, read.text
        self.seen = read.headers["ETag"]
        found: Json = read.json()
        return found

    async def period(self) -> Json:
        return await self._read("/reflection-period")

    async def tracks(self) -> Json:
        return await self._read("/tracks")

    async def clocks(self, *kinds: str) -> list[tuple[str, str, str]]:
        """Give the clocks of some kinds as kind, day and state, by day; those that were moved too."""
        items = (await self._read("/deadlines"))["items"]
        return sorted(
            ((one["kind"], one["due"], one["state"]) for one in items if one["kind"] in kinds),
            key=lambda one: (one[1], one[0]),
        )

    async def waits(self, on: date, at: time = time(9)) -> Json:
        """Let time pass, in which the clocks ring whose time has come."""
        self.seen = None
        until(self.service, self.clock, datetime.combine(on, at, UTC))
        return await self.case()

    async def reads(self, line: Json) -> Json:
        """Let the partner of a referral fetch it with its own token; it reads what was previewed and nothing else."""
        shown = await self._read(f"/referrals/{line['id']}/preview")
        read = await self.api.get(f"/v1/referrals/{line['id']}", headers=self._of(line))
        assert read.status_code == 200, read.text
        found: Json = read.json()
        assert {name: found[name] for name in shown["content"]} == shown["content"]
        return found

    async def is_answered(self, line: Json, answer: str, reason: str | None = None) -> str:
        """Let the partner of a referral answer it, and give what that makes of it."""
        said = {"answer": answer} if reason is None else {"answer": answer, "reason": reason}
        given = await self.api.post(f"/v1/referrals/{line['id']}/answers", json=said, headers=self._of(line))
        assert given.is_success, given.text
        return str(given.json()["state"])

    async def does(self, task: Json) -> Json:
        """Do a task as it was just read."""
        header = {**bearer(self.service), "If-Match": f'"{task["version"]}"'}
        done = await self.api.post(f"/v1/tasks/{task['id']}/done", json={"outcome": "achieved"}, headers=header)
        assert done.status_code == 200, done.text
        found: Json = done.json()
        return found

    async def trail(self) -> Json:
        auditor = bearer(self.service, Role.AUDITOR, "inspectorate")
        found: Json = (await self.api.get(f"{self.address}/trail", headers=auditor)).json()
        return found

    async def _read(self, what: str) -> Json:
        read = await self.api.get(f"{self.address}{what}", headers=bearer(self.service))
        assert read.status_code == 200, read.text
        found: Json = read.json()
        return found

    async def _seen(self) -> dict[str, str]:
        if self.seen is None:
            await self.case()
        return {**bearer(self.service), "If-Match": str(self.seen)}

    def _of(self, line: Json) -> dict[str, str]:
        return bearer(self.service, Role.PARTNER, line["partnerId"])

    def _wait_until(self, on: date) -> None:
        """Let the day come; what is due by then rings when a story lets it."""
        self.clock.move(datetime.combine(on, time(9), UTC) - self.clock.now())


def not_offered_yet(**changes: object) -> Json:
    """Tell of somebody to whom nobody has offered a reflection period."""
    told = told_over_http(**changes)
    return {name: said for name, said in told.items() if name not in {"reflectionChoice", "acceptedOn"}}


def content(case: Json) -> Json:
    """Give what the decision of a case says that counts."""
    found: Json = case["decisions"][-1]["content"]
    return found


def asked(case: Json, kind: str) -> list[str]:
    """Give the states of a case's referrals to a kind of organisation."""
    return [one["state"] for one in case["referrals"] if one["askedAs"] == kind]


def line_to(case: Json, kind: str, rule: str | None = None) -> Json:
    """Give the newest referral of a case to a kind of organisation that was not taken back."""
    lines = [one for one in case["referrals"] if one["askedAs"] == kind and rule in (None, one["rule"])]
    found: Json = [one for one in lines if one["state"] != "withdrawn"][-1]
    return found


def to_do(case: Json) -> set[tuple[str, str]]:
    """Give what people must do, and which rule asks for it."""
    return {(one["kind"], one["rule"]) for one in case["tasks"] if one["state"] == "open"}
