"""What the kinds of content mean to whoever sends them; which facts belong to each stands in the rules."""

from typing import Final

ABOUT_A_PERSON: Final = frozenset({"full", "needed_facts"})
"""The kinds of content by which a partner knows whom it is about; any other tells not even why it was sent."""

HEAD_COUNT: Final = "head_count"
"""The content that tells how many people are found, before anybody knows who."""

ASKS_FOR_AN_ANSWER: Final = ABOUT_A_PERSON | {"advice"}
"""The kinds of content by which a partner is asked for something; the others are for counting only."""
