"""How all views are shown, and how facts are spelled in them."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

SHOWN: Final = ConfigDict(
    frozen=True,
    alias_generator=to_camel,
    validate_by_name=True,
    validate_by_alias=True,
    hide_input_in_errors=True,
    json_schema_serialization_defaults_required=True,
)


def _named_as_outside(facts: dict[str, Any]) -> dict[str, Any]:
    """Give facts the names that they have over HTTP; values stay as they are."""
    return {to_camel(name): _named_as_outside(said) if isinstance(said, dict) else said for name, said in facts.items()}


def _name_as_outside(name: str) -> str:
    return ".".join(to_camel(step) for step in name.split("."))


OutsideName = Annotated[str, PlainSerializer(_name_as_outside)]
"""The name of a fact, or of an entry such as `consent.policeContact`, shown in the spelling of the outside."""

ToldFacts = Annotated[dict[str, Any], PlainSerializer(_named_as_outside)]
"""Facts by the names of the vocabulary, shown in the spelling of the outside."""

FactName = Annotated[str, AfterValidator(to_camel)]
"""The name of a fact, shown in the spelling of the outside."""

Chosen = Annotated[dict[str, Any], PlainSerializer(_named_as_outside)]
"""What a person chose, by the names of the decision, shown in the spelling of the outside."""
