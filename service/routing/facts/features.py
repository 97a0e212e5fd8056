"""Features as reference data write them: `safety_region=Haaglanden|Hollands Midden; code=GM0014`."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """What places or people can have in common: an attribute, and the values of which one is enough."""

    attribute: str
    values: tuple[str, ...]


def features(written: str) -> tuple[Feature, ...]:
    """Read features; what has no value becomes a feature that nothing has."""
    parts = [part.partition("=") for part in written.split(";") if part.strip()]
    return tuple(Feature(name.strip(), _values(values)) for name, _, values in parts)


def written_features(said: Iterable[Feature]) -> str:
    """Write features in the one way in which they are kept."""
    return "; ".join(f"{one.attribute}={'|'.join(one.values)}" for one in said)


def codes(written: str) -> frozenset[str]:
    """Read codes as reference data write them: `cosm|omm`."""
    return frozenset(_values(written))


def written_codes(said: Iterable[str]) -> str:
    """Write codes in the one way in which they are kept."""
    return "|".join(sorted(said))


def _values(written: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in written.split("|") if value.strip())
