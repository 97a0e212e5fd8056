"""What becomes of a hint that two cases are about one person: a person says so or not, and can take it back."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Likeness(StrEnum):
    """What is known of two cases: nobody has said, they are about one person, or about two."""

    UNSAID = "unsaid"
    SAME = "same"
    DIFFERENT = "different"


class Verdict(StrEnum):
    """What a person says about two cases."""

    SAME = "same"
    DIFFERENT = "different"
    UNDO = "undo"


LIFECYCLE: Final[Mapping[tuple[Likeness, Verdict], Likeness]] = {
    (Likeness.UNSAID, Verdict.SAME): Likeness.SAME,
    (Likeness.UNSAID, Verdict.DIFFERENT): Likeness.DIFFERENT,
    # Whoever was mistaken takes it back first, and says why: then the hint is a question again.
    (Likeness.SAME, Verdict.UNDO): Likeness.UNSAID,
    (Likeness.DIFFERENT, Verdict.UNDO): Likeness.UNSAID,
}
