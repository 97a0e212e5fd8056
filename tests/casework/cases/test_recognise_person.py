"""Who works on a case hears that somebody else may know the person, and nobody can look a person up."""

from datetime import date

from sqlalchemy import text

from service.casework.cases.read_cases import read_case
from service.casework.commands.signals import Identity
from service.casework.context import Context
from service.casework.signals.receive_signal import receive_signal
from service.casework.views.cases import CaseView
from service.recognition.traits import TraitKind
from service.wiring import Service
from tests.factories import OFFICE, OTHER_OFFICE, auditor, coordinator, signal

JANA = Identity(name="Jana de Vos", birth_date=date(2001, 2, 3), contact="06-12345678")
JANA_AGAIN = Identity(name="VOS Jana", birth_date=date(2001, 2, 3))
SOMEBODY = Identity(name="Mila Bos", birth_date=date(2001, 2, 3), contact="mila@example.org")


def reported(context: Context, identity: Identity | None) -> CaseView:
    command = signal().model_copy(update={"identity": identity})
    return read_case(context, receive_signal(context, command).case_id)


def compared(service: Service) -> int:
    with service.database.look() as session:
        question = text("SELECT count(*) FROM audit_entry WHERE event = 'person:compared' AND stream = 'sys'")
        return int(session.connection().execute(question).scalar_one())


def test_another_office_is_named_to_ask_and_its_case_is_not(service: Service) -> None:
    reported(coordinator(service, OTHER_OFFICE), JANA)

    (match,) = reported(coordinator(service), JANA_AGAIN).possible_matches
    assert (match.contact, match.case_id, match.by) == (OTHER_OFFICE, None, (TraitKind.NAME_AND_BIRTH,))
    assert compared(service) == 1


def test_the_own_office_is_shown_its_other_case_and_what_they_share(service: Service) -> None:
    earlier = reported(coordinator(service), JANA)

    (match,) = reported(coordinator(service), JANA).possible_matches
    assert (match.contact, match.case_id) == (OFFICE, earlier.id)
    assert match.by == (TraitKind.NAME_AND_BIRTH, TraitKind.TELEPHONE)


def test_the_office_that_was_first_hears_of_it_when_it_looks_again(service: Service) -> None:
    earlier = reported(coordinator(service, OTHER_OFFICE), JANA)
    assert earlier.possible_matches == ()
    reported(coordinator(service), JANA)

    assert [one.contact for one in read_case(coordinator(service, OTHER_OFFICE), earlier.id).possible_matches] == [
        OFFICE
    ]


def test_people_who_share_nothing_are_not_compared_in_the_trail(service: Service) -> None:
    reported(coordinator(service), JANA)

    assert reported(coordinator(service), SOMEBODY).possible_matches == ()
    assert reported(coordinator(service), None).possible_matches == ()
    assert compared(service) == 0


def test_whoever_supervises_sees_both_cases(service: Service) -> None:
    first, second = reported(coordinator(service, OTHER_OFFICE), JANA), reported(coordinator(service), JANA)

    assert [one.case_id for one in read_case(auditor(service), second.id).possible_matches] == [first.id]


def test_nothing_kept_for_recognising_tells_who_it_is(service: Service) -> None:
    reported(coordinator(service), JANA)
    with service.database.look() as session:
        rows = session.connection().execute(text("SELECT * FROM recognition_tag")).all()

    assert len(rows) == 2
    assert all(len(bytes(row.tag)) == 16 for row in rows)


def test_a_second_signal_about_the_same_case_adds_what_was_not_known(service: Service) -> None:
    case = reported(coordinator(service), JANA_AGAIN)
    linked = signal().model_copy(update={"identity": JANA, "case_id": case.id})
    receive_signal(coordinator(service), linked)

    assert read_case(coordinator(service), case.id).possible_matches == ()
    with service.database.look() as session:
        count = session.connection().execute(text("SELECT count(*) FROM recognition_tag")).scalar_one()
    assert count == 2
