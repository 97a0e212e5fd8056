"""Says days, durations and texts in a language."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

Names = Mapping[str, tuple[str, str]]


class Language(StrEnum):
    """The languages in which the service speaks."""

    NL = "nl"
    EN = "en"


_DAYS: Final = (("ma", "Mon"), ("di", "Tue"), ("wo", "Wed"), ("do", "Thu"), ("vr", "Fri"), ("za", "Sat"), ("zo", "Sun"))
_MONTHS: Final = (
    *(("jan", "Jan"), ("feb", "Feb"), ("mrt", "Mar"), ("apr", "Apr"), ("mei", "May"), ("jun", "Jun")),
    *(("jul", "Jul"), ("aug", "Aug"), ("sep", "Sep"), ("okt", "Oct"), ("nov", "Nov"), ("dec", "Dec")),
)
_WHOLE_DAYS: Final = (
    *(("maandag", "Monday"), ("dinsdag", "Tuesday"), ("woensdag", "Wednesday"), ("donderdag", "Thursday")),
    *(("vrijdag", "Friday"), ("zaterdag", "Saturday"), ("zondag", "Sunday")),
)
_WHOLE_MONTHS: Final = (
    *(("januari", "January"), ("februari", "February"), ("maart", "March"), ("april", "April"), ("mei", "May")),
    *(("juni", "June"), ("juli", "July"), ("augustus", "August"), ("september", "September")),
    *(("oktober", "October"), ("november", "November"), ("december", "December")),
)
_UNITS: Final[Names] = {
    "Y": ("jaar", "year"),
    "M": ("maand", "month"),
    "W": ("week", "week"),
    "D": ("dag", "day"),
    "H": ("uur", "hour"),
}
_MANY_IN_DUTCH: Final = {"maand": "maanden", "week": "weken", "dag": "dagen"}
_LENGTH: Final = re.compile(r"PT?(?P<amount>[0-9]+)(?P<unit>[YMWDH])")
ANYWHERE: Final[Names] = {
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "unknown": ("onbekend", "unknown"),
    "none": ("geen", "none"),
}
STATUSES: Final[Names] = {
    "sourced": ("met bron", "sourced"),
    "old_text": ("oude tekst", "old text"),
    "assumed": ("AANNAME", "ASSUMED"),
    "contested": ("BETWIST", "CONTESTED"),
}


def pick(pair: tuple[str, str], language: Language) -> str:
    """Give the Dutch or the English half of a pair."""
    dutch, english = pair
    return dutch if language is Language.NL else english


def called(names: Names, code: str) -> dict[str, str]:
    """Say a code in every language; one without a name is said as it is written, without underscores."""
    plain = code.replace("_", " ")
    return {language.value: pick(names.get(code, (plain, plain)), language) for language in Language}


def in_language(words: Mapping[str, str], language: Language) -> str:
    """Give a text of the rules in the language, in English where nobody translated it, empty where there is none."""
    return words.get(language) or words.get("en", "")


def anywhere(word: str, language: Language) -> str:
    """Give a word that means the same in every table; any other stays as it is written, without underscores."""
    return pick(ANYWHERE[word], language) if word in ANYWHERE else word.replace("_", " ")


def written_day(day: date, language: Language) -> str:
    """Write a day with its weekday, such as `Mon 23 Nov 2026`."""
    weekday, month = pick(_DAYS[day.weekday()], language), pick(_MONTHS[day.month - 1], language)
    return f"{weekday} {day.day} {month} {day.year}"


def written_day_in_full(day: date, language: Language) -> str:
    """Write a day without short words, such as `Monday 23 November 2026`."""
    weekday, month = pick(_WHOLE_DAYS[day.weekday()], language), pick(_WHOLE_MONTHS[day.month - 1], language)
    return f"{weekday} {day.day} {month} {day.year}"


def written_length(duration: str, language: Language) -> str:
    """Write an ISO 8601 duration in words; one in a shape that rules do not use stays as it is."""
    found = _LENGTH.fullmatch(duration)
    if found is None:
        return duration
    unit = pick(_UNITS[found["unit"]], language)
    if found["amount"] != "1":
        unit = _MANY_IN_DUTCH.get(unit, unit) if language is Language.NL else f"{unit}s"
    return f"{found['amount']} {unit}"
