"""Says in Dutch what a check of the rules found: for whoever writes rules and reads English with effort.

What is found is told in English first, with the words of the files in it. These are the sentences about rules that do
not hold together, each with its Dutch; a slip of the pen that the line itself shows is told in English alone.
"""

import re
from collections.abc import Sequence
from typing import Final

_SENTENCES: Final[Sequence[tuple[re.Pattern[str], str]]] = [
    (re.compile(english), dutch)
    for english, dutch in (
        (r"the table (\S+) could not be proved: .*", "van de tabel {} kon niet worden bewezen dat zij klopt"),
        (r"the table (\S+) has no row for (.*)", "de tabel {} heeft geen regel voor {}"),
        (
            r"the rows (\S+) \(line (\d+)\) and (\S+) both apply to (.*)",
            "regel {} (regelnummer {}) en regel {} gelden allebei voor {}",
        ),
        (
            r"the row (\S+) can never apply: all its cases can never be",
            "regel {} kan nooit gelden: geen van de gevallen kan bestaan",
        ),
        (
            r"the row (\S+) can never apply: the rows before it take all its cases",
            "regel {} kan nooit gelden: de regels ervoor nemen alle gevallen",
        ),
        (
            r"the row (\S+) can never apply: (\S+) \(line (\d+)\) takes all its cases",
            "regel {} kan nooit gelden: regel {} (regelnummer {}) neemt alle gevallen",
        ),
        (
            r"the row (\S+) meets nobody: the tables before it never give what it waits for",
            "regel {} geldt voor niemand: de tabellen ervoor geven nooit waar deze regel op wacht",
        ),
        (
            r"(\S+) of the table (\S+) can be (\S+), and no row gives that",
            "{} van de tabel {} kan {} zijn, en geen regel geeft dat",
        ),
        (
            r"(\S+) of the table (\S+) can be (\S+), and a row gives that against its word",
            "{} van de tabel {} kan {} zijn, en een regel geeft dat tegen de afspraak",
        ),
        (
            r"the input (\S+) of the table (\S+) never decides which row applies",
            "de invoer {} van de tabel {} bepaalt nooit welke regel geldt",
        ),
        (r"the table (\S+) reads (\S+), which nothing gives", "de tabel {} leest {}, en niets geeft dat"),
        (r"row (\S+) reads (\S+), which is no input here", "regel {} leest {}, en dat is hier geen invoer"),
        (r"(\S+) of row (\S+) cannot be (.+)", "{} van regel {} kan niet {} zijn"),
        (r"(\S+) cannot be (.+)", "{} kan niet {} zijn"),
        (r"row (\S+) has no source", "regel {} heeft geen bron"),
        (r"what is read comes back in a circle: (.*)", "wat wordt gelezen, komt in een kring terug: {}"),
        (
            r"the rules tell (\S+), and no partner is of that kind",
            "de regels berichten aan {}, en geen partner is van die soort",
        ),
        (r"no rule tells a (\S+)", "geen regel bericht aan een {}"),
        (r"the rules know no service (\S+)", "de regels kennen geen dienst {}"),
        (r"the invariant (\S+) does not hold for everybody", "de uitspraak {} geldt niet voor iedereen"),
        (r"the invariant (\S+) could not be proved", "de uitspraak {} kon niet worden bewezen"),
        (r"no partner is the care coordinator (.*)", "geen partner is de zorgcoördinator {}"),
    )
]


def in_dutch(what: str) -> str | None:
    """Give the Dutch of a sentence about rules that do not hold together, None of any other.

    Args:
        what: the sentence in English.
    """
    for english, dutch in _SENTENCES:
        if (found := english.fullmatch(what)) is not None:
            return dutch.format(*found.groups())
    return None
