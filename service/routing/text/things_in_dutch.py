"""Names in Dutch what mistakes speak of: `the first day of row SH-20` is `de eerste dag van regel SH-20`."""

import re
from collections.abc import Mapping
from typing import Final

_PARTS: Final[Mapping[str, str]] = {
    "a fact": "een feit",
    "a ground": "een grond",
    "a group": "een groep",
    "a never": "een never",
    "a rule": "een regel",
    "a source": "een bron",
    "a value": "een waarde",
    "one": "een",
    "rules": "regels",
    "the bounds": "de grenzen",
    "the code list": "de codelijst",
    "the condition": "de voorwaarde",
    "the day": "de dag",
    "the default": "de standaardwaarde",
    "the facts": "de feiten",
    "the first day": "de eerste dag",
    "the grounds": "de gronden",
    "the group": "de groep",
    "the id": "de naam",
    "the keys": "de sleutels",
    "the label": "het opschrift",
    "the last day": "de laatste dag",
    "the map": "de tabel van sleutels",
    "the name": "de naam",
    "the note": "de opmerking",
    "the number": "het getal",
    "the parameter": "de parameter",
    "the process": "het werkproces",
    "the purpose": "het doel",
    "the question": "de vraag",
    "the reason": "de reden",
    "the retention": "de bewaartermijn",
    "the row": "de regel",
    "the rows": "de regels",
    "the rule": "de regel",
    "the rules": "de regels",
    "the sentence": "de zin",
    "the set": "de verzameling",
    "the source": "de bron",
    "the status": "de status",
    "the story": "het verhaal",
    "the tests": "de toetsen",
    "the text": "de tekst",
    "the title": "de titel",
    "the value": "de waarde",
    "the values": "de waarden",
    "the words": "de woorden",
    "what is favourable": "wat gunstig is",
    "what is told per member": "wat per lid verteld wordt",
    "what no row gives": "wat geen regel geeft",
}
_WHOLE: Final[Mapping[str, str]] = {
    "English": "Engelse tekst",
    "Dutch": "Nederlandse tekst",
    "a file of disclosure": "een bestand over gegevensdeling",
    "a file of examples": "een bestand met voorbeelden",
    "a file of explanations": "een bestand met uitleg",
    "a file of facts": "een bestand met feiten",
    "a file of invariants": "een bestand met uitspraken",
    "a file of parameters": "een bestand met parameters",
    "a file of row examples": "een bestand met voorbeelden van regels",
    "a file of steps": "een bestand met stappen",
    "a line": "een regel",
    "a parameter": "een parameter",
    "a row": "een regel",
    "a table": "een tabel",
    "an example": "een voorbeeld",
    "an example of a row": "een voorbeeld van een regel",
    "an input": "een invoer",
    "an invariant": "een uitspraak",
    "derived values": "afgeleide waarden",
    "none of these": "geen van deze",
    "the boolean true": "de waarheidswaarde true",
    "the boolean false": "de waarheidswaarde false",
    "the facts": "de feiten",
    "the name of the table": "de naam van de tabel",
    "the policy": "de policy",
    "the schema": "het schema",
    "the sentences": "de zinnen",
    "the table": "de tabel",
    "the title": "de titel",
}
_NAMED: Final = tuple(
    (re.compile(english), dutch)
    for english, dutch in (
        (r"the line of (\S+) and (\S+)", "de regel voor {} en {}"),
        (r"nothing like (.+)", "niets als {}"),
        (r"who establishes (.+)", "wie {} vaststelt"),
        (r"(?:the )?row (\S+)", "regel {}"),
        (r"example (\S+)", "voorbeeld {}"),
        (r"invariant (\S+)", "uitspraak {}"),
        (r"(?:the )?table (\S+)", "tabel {}"),
        (r"the fact (\S+)", "het feit {}"),
        (r"the derived (\S+)", "de afgeleide waarde {}"),
        (r"the output (\S+)", "de uitkomst {}"),
        (r"the parameter (\S+)", "de parameter {}"),
        (r"the step (\S+)", "de stap {}"),
    )
)
_OF: Final = re.compile(r"(.+?) (?:of|by) (.+)")


def thing_in_dutch(thing: str) -> str:
    """Give the Dutch of what a mistake speaks of; names, values and what has no Dutch stay as they are.

    Args:
        thing: as the English sentence calls it.
    """
    if thing in _WHOLE:
        return _WHOLE[thing]
    for english, dutch in _NAMED:
        if (found := english.fullmatch(thing)) is not None:
            return dutch.format(*map(thing_in_dutch, found.groups()))
    if (parts := _OF.fullmatch(thing)) is not None:
        part, whole = parts.groups()
        return f"{_PARTS.get(part, part)} van {thing_in_dutch(whole)}"
    return thing
