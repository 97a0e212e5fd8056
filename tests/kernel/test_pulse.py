"""A pulse is felt while it is beaten, and silence is told from nothing being there."""

from service.kernel.pulse import LONGEST_SILENCE, Felt, Pulse


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_expected_where_nothing_has_beaten() -> None:
    assert Pulse().felt() is Felt.ELSEWHERE


def test_it_is_felt_until_it_has_been_silent_too_long() -> None:
    seconds = Seconds()
    pulse = Pulse(seconds)
    pulse.beat()
    seconds.now += LONGEST_SILENCE
    assert pulse.felt() is Felt.BEATING
    seconds.now += 0.001
    assert pulse.felt() is Felt.SILENT
    pulse.beat()
    assert pulse.felt() is Felt.BEATING


def test_an_end_is_silence_at_once_and_for_good() -> None:
    pulse = Pulse()
    pulse.beat()
    pulse.end()
    assert pulse.felt() is Felt.SILENT
    pulse.beat()
    assert pulse.felt() is Felt.SILENT
