"""After a restored backup or a lost key the log goes on under a new name, and says so itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.access.roles import ScopeMissing
from service.audit.signer import LogRefused
from service.audit.store import NothingSigned
from service.casework.trail.continue_log import NameNotNew, Reason, continue_log
from service.casework.trail.seal_log import seal_log
from service.casework.trail.verify_log import newest_checkpoint, verify_log
from service.wiring import Service, open_service
from tests.factories import auditor, coordinator, opened_case


def renamed(service: Service, name: str = "nrm/g2") -> Service:
    """Open the same database under another name of the log."""
    settings = service.settings.model_copy(update={"log_name": name})
    return replace(open_service(settings, clock=service.clock), rules=service.rules)


def sealed(service: Service) -> None:
    seal_log(service.system(), "a-worker", timedelta(0))


def test_a_log_does_not_change_its_name_in_silence(service: Service) -> None:
    sealed(service)
    other = renamed(service)

    def act() -> None:
        opened_case(other)
        sealed(other)

    with pytest.raises(LogRefused, match="was called 'nrm'"):
        act()
    other.close()


def test_a_log_goes_on_under_a_new_name_and_both_are_verified(service: Service) -> None:
    opened_case(service)
    sealed(service)
    old_key, last = service.sealer.signer().verifier, newest_checkpoint(auditor(service)).note.split("\n")
    other = renamed(service)
    try:
        continue_log(other.operator(), Reason.RESTORED_BACKUP)
        sealed(other)
        opened_case(other)

        found = verify_log(auditor(other), trusted=[old_key])

        assert found.breaks == ()
        assert newest_checkpoint(auditor(other)).note.startswith("nrm/g2\n")
        assert not verify_log(auditor(other)).verified
        with other.database.look() as session:
            question = text("SELECT body FROM audit_entry WHERE event = 'log:continued'")
            body = bytes(session.connection().execute(question).scalar_one()).decode()
        assert f'"nrm {last[1]} ' in body
        assert '"restored_backup"' in body
    finally:
        other.close()


def test_a_log_that_has_no_new_name_is_not_continued(service: Service) -> None:
    sealed(service)

    with pytest.raises(NameNotNew):
        continue_log(service.operator(), Reason.KEY_LOST)


def test_an_empty_log_needs_no_continuation(empty_service: Service) -> None:
    with pytest.raises(NothingSigned):
        continue_log(empty_service.operator(), Reason.KEY_LOST)


def test_only_an_administrator_continues_the_log(service: Service) -> None:
    for unfit in (auditor(service), coordinator(service)):
        with pytest.raises(ScopeMissing):
            continue_log(unfit, Reason.KEY_LOST)
