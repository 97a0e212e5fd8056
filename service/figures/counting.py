"""What people are counted by: coarse features of the facts and of what was decided, and periods of half a year."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from service.kernel.errors import DomainError, Kind

_WRITTEN: Final = re.compile(r"(?P<year>20[0-9]{2})-H(?P<half>[12])")
_MAJORITY: Final = 18
_NOT_TOLD: Final = "unknown"


class PeriodNotUnderstood(DomainError):
    """A period is written as a year and a half of it."""

    kind = Kind.INVALID
    code = "period-not-understood"
    title = "A period is written as 2026-H1 or 2026-H2"


@dataclass(frozen=True)
class HalfYear:
    """Half a calendar year, as the National Rapporteur counts."""

    year: int
    half: int

    @classmethod
    def named(cls, name: str) -> "HalfYear":
        """Give the period of a name such as 2026-H1.

        Raises:
            PeriodNotUnderstood: it is none.
        """
        found = _WRITTEN.fullmatch(name)
        if found is None:
            raise PeriodNotUnderstood
        return cls(int(found["year"]), int(found["half"]))

    @property
    def name(self) -> str:
        """The name, which sorts as the periods follow each other."""
        return f"{self.year}-H{self.half}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def day_after(self) -> date:
        """The first day that is no longer in it."""
        return date(self.year, 7, 1) if self.half == 1 else date(self.year + 1, 1, 1)


@dataclass(frozen=True)
class Counted:
    """One case as it is counted, and nothing else of it."""

    features: Mapping[str, str]


def counted(facts: Mapping[str, Any], decided: Mapping[str, Any], young_until: int) -> Counted:
    """Give the features of a case that are counted.

    Args:
        facts: what counts of it, by the names of the vocabulary.
        decided: what was decided on them.
        young_until: the last age that is still called young.
    """
    forms = sorted(facts.get("exploitation") or (_NOT_TOLD,))
    return Counted(
        {
            "age_and_gender": f"{_age_group(facts, young_until)}, {facts.get('gender', _NOT_TOLD)}",
            "citizenship": str(facts.get("citizenship", _NOT_TOLD)),
            # One of several forms on top of another would be counted twice, and then sums give small numbers away.
            "exploitation": forms[0] if len(forms) == 1 else "several",
            "reporter": str(facts.get("reporter", _NOT_TOLD)),
            "police_unit": decided["region"]["police_unit"] or _NOT_TOLD,
            "shelter": decided["shelter"]["type"],
            "reflection_period": decided["reflection_period"]["status"],
            "reported": "yes" if facts.get("reported_on") or facts.get("record_signed_on") else "no",
        }
    )


TABLES: Final = (
    "age_and_gender",
    "citizenship",
    "exploitation",
    "reporter",
    "police_unit",
    "shelter",
    "reflection_period",
    "reported",
)
"""What is counted by. No two share more than the number of all, so none gives away what another leaves out."""


def laid_out(cases: Iterable[Counted], by: str) -> dict[str, int]:
    """Count cases by one feature, as the names sort.

    Args:
        cases: what is counted.
        by: the name of the feature.
    """
    return dict(sorted(Counter(case.features[by] for case in cases).items()))


def _age_group(facts: Mapping[str, Any], young_until: int) -> str:
    age = facts.get("age")
    if not isinstance(age, int):
        return {"yes": "adult_of_unknown_age", "no": "child"}.get(str(facts.get("adult")), _NOT_TOLD)
    if age < _MAJORITY:
        return "child"
    return "young_adult" if age <= young_until else "adult"
