"""What somebody may say about the rights that a person was told about."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StrictBool

from service.casework.commands.shape import AS_SAID, Day, PartnerId, Pseudonym, Reason
from service.rights.policy import How, Item

_NO_LANGUAGE = frozenset({"mis", "mul", "und", "zxx"})


def _a_language(tag: str) -> str:
    """Refuse the codes that name no language."""
    if tag.split("-", maxsplit=1)[0] in _NO_LANGUAGE:
        message = "names no language"
        raise ValueError(message)
    return tag


def _each_once(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(item for item in Item if item in items)


Language = Annotated[
    str,
    Field(
        max_length=16,
        pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
        description="The language as a tag of BCP 47: language, perhaps script, perhaps region.",
        examples=["bg", "pt-BR", "zh-Hant"],
    ),
    AfterValidator(_a_language),
]


class RecordRights(BaseModel):
    """A person was told about rights."""

    model_config = AS_SAID

    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=8), AfterValidator(_each_once)] = Field(
        description="What the person was told about."
    )
    given_on: Day = Field(description="The local day, today at the latest.")
    language: Language
    understood: StrictBool = Field(description="Whether the person understands that language; only then it counts.")
    how: How
    given_by: Pseudonym
    organisation: PartnerId = Field(
        description="The organisation that told it: an id of the directory or of an office."
    )
    corrects: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="Version of the record that this one corrects; that one counts no longer."
    )
    explanation: Reason | None = Field(default=None, description="What was wrong; needed with `corrects`.")
