"""Decisions of years ago come out again to the byte, and what was changed since is named."""

import zlib
from uuid import UUID

import pytest
from sqlalchemy import text

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import change_facts
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChangeFacts
from service.casework.rules.replay_decisions import replay_decisions
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.kernel.canonical_json import digest
from service.routing.changes import receipts
from service.routing.changes.receipts import Part, engine_version
from service.routing.rule_files.bundle import bundle_from
from service.wiring import Service
from tests.factories import auditor, coordinator, opened_case, partner
from tests.tampering import unguarded

NOBODY = UUID("00000000-0000-7000-8000-000000000000")


def differing(service: Service, case_id: UUID | None = None) -> list[tuple[Part, ...]]:
    return [line.differs for line in replay_decisions(auditor(service), case_id).lines]


def test_every_decision_comes_out_again_by_its_facts_its_rules_and_its_day(service: Service) -> None:
    first, other = opened_case(service).case_id, opened_case(service, age=20).case_id
    change_facts(coordinator(service), first, frozenset({1}), ChangeFacts(facts={"age": 16}))

    found = replay_decisions(auditor(service))

    assert found.holds
    assert [(line.case_id, line.reproduced, line.differs) for line in found.lines] == [
        *((case_id, True, ()) for case_id in sorted((first, first, other), key=str)),
    ]
    assert len(replay_decisions(auditor(service), other).lines) == 1


def test_the_receipt_is_shown_with_the_decision(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)

    receipt = case.decisions[0].receipt

    assert receipt is not None
    assert receipt.facts == digest(case.facts)
    assert receipt.outcome == digest(case.decisions[0].content.model_dump(mode="json"))
    assert receipt.on == coordinator(service).today()
    assert (receipt.rules, receipt.engine) == (service.rules().name, engine_version())


def test_facts_that_somebody_changed_in_the_database_are_named(service: Service, database_url: str) -> None:
    case_id = opened_case(service).case_id
    with unguarded(database_url) as rows:
        given = bytes(rows.execute(text("SELECT given FROM case_facts")).scalar_one())
        changed = bytes([*given[:-1], given[-1] ^ 1])
        rows.execute(text("UPDATE case_facts SET given = :given"), {"given": changed})

    assert differing(service, case_id) == [(Part.FACTS,)]
    assert not replay_decisions(auditor(service)).holds


@pytest.mark.parametrize(("old", "new"), [(b"dublin", b"Dublin"), (b'"country"', b'"country"x')])
def test_rules_of_which_one_byte_was_changed_are_named(
    service: Service, database_url: str, old: bytes, new: bytes
) -> None:
    opened_case(service)
    with unguarded(database_url) as rows:
        content = zlib.decompress(bytes(rows.execute(text("SELECT content FROM rule_set")).scalar_one()))
        changed = zlib.compress(content.replace(old, new, 1))
        rows.execute(text("UPDATE rule_set SET content = :content"), {"content": changed})

    assert differing(service) == [(Part.RULES,)]
    breaks = [one.what for one in verify_log(service.operator()).breaks]
    assert breaks == [f"the rule set {bundle_from(service.rules()).hash} is not the one that was kept"]


def test_another_engine_that_comes_to_the_same_is_named_and_is_no_fault(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_case(service)
    monkeypatch.setattr(receipts, "engine_version", lambda: "another")

    found = replay_decisions(auditor(service))

    assert ([line.differs for line in found.lines], found.holds) == ([(Part.ENGINE,)], True)


def test_a_day_that_somebody_changed_is_named_also_where_it_changes_nothing(
    service: Service, database_url: str
) -> None:
    opened_case(service)
    for day in ("2024-01-01", "2026-11-22"):
        with unguarded(database_url) as rows:
            rows.execute(text("UPDATE case_decision SET decided_on = :day"), {"day": day})
        assert differing(service) == [(Part.DAY,)]
    assert not replay_decisions(auditor(service)).holds


@pytest.mark.only_on("sqlite")
def test_a_receipt_of_before_days_were_kept_is_replayed_on_the_day_of_its_row(
    service: Service, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        receipts.Receipt, "as_json", lambda kept: {name: said for name, said in vars(kept).items() if name != "on"}
    )
    case = read_case(coordinator(service), opened_case(service).case_id)

    assert case.decisions[0].receipt is not None
    assert case.decisions[0].receipt.on is None
    assert replay_decisions(auditor(service)).holds
    with unguarded(database_url) as rows:
        rows.execute(text("UPDATE case_decision SET decided_on = '2024-01-01'"))
    # It comes out otherwise, and nobody is accused of what no receipt proves.
    assert differing(service) == [(Part.UNEXPLAINED,)]


def test_a_decision_of_before_there_were_receipts_is_compared_with_what_was_kept(
    service: Service, database_url: str
) -> None:
    opened_case(service)
    with unguarded(database_url) as rows:
        rows.execute(text("UPDATE case_decision SET receipt = NULL"))
        rows.execute(text("DELETE FROM rule_set"))

    assert replay_decisions(auditor(service)).holds


def test_each_case_that_was_looked_at_says_so(service: Service) -> None:
    case_id = opened_case(service).case_id

    replay_decisions(auditor(service))

    assert read_trail(coordinator(service), case_id).entries[-1].event == Event.DECISION_REPLAYED


def test_only_who_supervises_may_ask_and_only_about_what_there_is(service: Service) -> None:
    opened_case(service)

    with pytest.raises(ScopeMissing):
        replay_decisions(coordinator(service))
    with pytest.raises(ScopeMissing):
        replay_decisions(partner(service, "comensha"))
    with pytest.raises(CaseNotFound):
        replay_decisions(auditor(service), NOBODY)
