"""What is remembered outside the database finds a log that was put back or written anew."""

from pathlib import Path
from shutil import copy

import pytest

from service.access.roles import ScopeMissing
from service.audit.checkpoint import Checkpoint, NotACheckpoint, read_checkpoint, signed
from service.audit.keys import open_log_key
from service.audit.signer import LogRefused
from service.audit.store import NothingSigned
from service.casework.trail.seal_log import seal_log
from service.casework.trail.verify_log import newest_checkpoint, verify_log
from service.wiring import Service
from tests.factories import auditor, coordinator, opened_case, partner


def test_a_log_that_was_signed_anew_is_found_by_a_checkpoint_from_outside(service: Service, home: Path) -> None:
    opened_case(service)
    signer = service.sealer.signer()
    real = read_checkpoint(newest_checkpoint(auditor(service)).note.partition("\n\n")[0] + "\n")
    other = signed(Checkpoint(real.origin, real.size, bytes(32)).text(), real.origin, signer.key)

    found = verify_log(auditor(service), other)

    assert any("the checkpoint from outside remembers" in broken.what for broken in found.breaks)


def test_a_checkpoint_that_nobody_we_trust_has_signed_is_refused(service: Service, tmp_path: Path) -> None:
    stranger = open_log_key(tmp_path / "strange")

    with pytest.raises(NotACheckpoint):
        verify_log(auditor(service), signed(Checkpoint("nrm", 1, bytes(32)).text(), "nrm", stranger))


@pytest.mark.only_on("sqlite")
def test_nothing_is_written_into_a_database_that_was_put_back(service: Service, home: Path) -> None:
    opened_case(service)
    service.close()
    copy(home / "nrm.sqlite3", home / "backup")
    opened_case(service)
    service.close()
    copy(home / "backup", home / "nrm.sqlite3")

    with pytest.raises(LogRefused):
        opened_case(service)

    found = verify_log(auditor(service))
    assert any("the signer says" in broken.what for broken in found.breaks)


def test_only_those_who_supervise_examine_the_log(service: Service) -> None:
    for unfit in (partner(service, "comensha"), coordinator(service)):
        with pytest.raises(ScopeMissing):
            verify_log(unfit)
        with pytest.raises(ScopeMissing):
            newest_checkpoint(unfit)
        with pytest.raises(ScopeMissing):
            seal_log(unfit, "anybody")


def test_an_empty_log_has_no_checkpoint(empty_service: Service) -> None:
    with pytest.raises(NothingSigned):
        newest_checkpoint(auditor(empty_service))
