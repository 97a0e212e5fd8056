"""Says in Dutch what a check of the rules found: for whoever writes rules and reads English with effort.

What is found is told in English first, with the words of the files in it; here stands the Dutch of each sentence, and
of what was probably meant.
"""

import re
from collections.abc import Sequence
from typing import Final

from service.routing.text.things_in_dutch import thing_in_dutch

_SENTENCES: Final[Sequence[tuple[re.Pattern[str], str]]] = [
    (re.compile(english), dutch)
    for english, dutch in (
        (r"example (\S+): (\S+): wanted (.+), found (.+)", "voorbeeld {}: {}: verwacht {}, gevonden {}"),
        (r"example (\S+): (.+)", "voorbeeld {}: {}"),
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
        (r"no rule tells (\S+) (\S+)", "geen regel geeft {} bericht met inhoud {}"),
        (r"no rule (\S+) tells (\S+) (\S+)", "geen regel {} geeft {} bericht met inhoud {}"),
        (
            r"(\S+) tells (\S+) (\S+), and no line says what may leave: nothing would",
            "{} geeft {} bericht met inhoud {}, en geen regel zegt wat gedeeld mag worden: dat zou niets zijn",
        ),
        (
            r"a line in line (\d+) is about (.+) to (\S+) already",
            "op regelnummer {} staat al een regel over {} voor {}",
        ),
        (r"there is no parameter (.+)", "er is geen parameter {}"),
        (
            r"no source says how long data of (\S+) is kept: nothing of it is deleted by itself",
            "geen bron zegt hoe lang gegevens van {} bewaard worden: er wordt niets vanzelf verwijderd",
        ),
        (r"this text has no (\S+)", "deze tekst heeft geen {}"),
        (r"nothing is called (.+) here", "niets heet hier {}"),
        (r"no province is (.+)", "geen provincie is {}"),
        (r"no fact is the day of (.+)", "geen feit is de dag van {}"),
        (r"no code computes (.+)", "geen code rekent {} uit"),
        (r"code computes (\S+), which derived does not name", "code rekent {} uit, en derived noemt dat niet"),
        (r"no table gives (.+)", "geen tabel geeft {}"),
        (r"no file of this name is read here", "een bestand met deze naam wordt hier niet gelezen"),
        (r"no value of (.+) fits this cell", "geen waarde van {} past in deze cel"),
        (r"no (\S+) is (.+)", "geen {} is {}"),
        (r"the row (\S+) gives due and no from", "regel {} geeft due en geen from"),
        (
            r"the row (\S+) is valid on days on which (\S+) has no value",
            "regel {} geldt op dagen waarop {} geen waarde heeft",
        ),
        (r"the row (\S+) has no example with a near miss", "regel {} heeft geen voorbeeld met een bijna-geval"),
        (
            r"the row (\S+) does not apply to its example, found (.+)",
            "regel {} geldt niet voor het eigen voorbeeld, gevonden: {}",
        ),
        (
            r"the example of (\S+) wanted (.+), and the row gives (.+)",
            "het voorbeeld van {} verwacht {}, en de regel geeft {}",
        ),
        (r"the near miss of (\S+): wanted (.+), found (.+)", "het bijna-geval van {}: verwacht {}, gevonden {}"),
        (r"the row (\S+) applies to its near miss too", "regel {} geldt ook voor het bijna-geval"),
        (
            r"the row (\S+) follows the rule (\S+), which the overview does not name",
            "regel {} volgt regel {}, en het overzicht noemt die niet",
        ),
        (r"a near miss tells one fact otherwise", "een bijna-geval vertelt een feit anders"),
        (r"these rules have no overview of the mechanism", "deze regels hebben geen overzicht van het mechanisme"),
        (r"the rule (\S+) (.+)", "regel {} van het overzicht: {}"),
        (r"the invariants could not be proved: (.+)", "de uitspraken konden niet worden bewezen: {}"),
        (r"the (row \S+|table \S+|example \S+|invariant \S+) exists already", "{} bestaat al"),
        (
            r"(\S+) of the table (\S+) can be (\S+), and a row gives that against its word",
            "{} van de tabel {} kan {} zijn, en anders dan er staat geeft een regel dat",
        ),
        (
            r"(\S+) is the name of a fact or a derived value already",
            "{} is al de naam van een feit of een afgeleide waarde",
        ),
        (r"(\S+) is a fact already, in line (\d+)", "{} is al een feit, op regelnummer {}"),
        (
            r"files of rules end in \.yaml, reference data in \.csv",
            "bestanden met regels eindigen op .yaml, referentiegegevens op .csv",
        ),
        (
            r"a file of rules is called by letters, digits, - and _",
            "een bestand met regels heet naar letters, cijfers, - en _",
        ),
        (r"the file cannot be read: No such file or directory", "het bestand is er niet"),
        (r"the file cannot be read: (.+)", "het bestand kan niet worden gelezen: {}"),
        (r"the file is longer than (\d+|x) characters", "het bestand is langer dan {} tekens"),
        (r"the file is empty", "het bestand is leeg"),
        (r"this is not UTF-8 text", "dit is geen tekst in UTF-8"),
        (r"this is no YAML: (.+)", "dit is geen YAML: {}"),
        (r"a second document starts here", "hier begint een tweede document"),
        (r"a reference \((.+)\) is not allowed here", "een verwijzing ({}) mag hier niet"),
        (r"an anchor \((.+)\) is not allowed here", "een anker ({}) mag hier niet"),
        (r"a tag \((.+)\) is not allowed here", "een tag ({}) mag hier niet"),
        (r"a tag is not allowed here", "een tag mag hier niet"),
        (r"a curly quote \((.+)\) opens a text here", "een krul-aanhalingsteken ({}) opent hier een tekst"),
        (r"lists and mappings are nested too deeply", "lijsten en koppels zijn te diep genest"),
        (r"a key must be a word", "een sleutel moet een woord zijn"),
        (r"the key (.+) stands here twice", "de sleutel {} staat hier twee keer"),
        (r"the input (.+) stands here twice", "de invoer {} staat hier twee keer"),
        (r"(.+) stands twice in (.+)", "{} staat twee keer in {}"),
        (r"(.+) names (.+) twice", "{} noemt {} twee keer"),
        (r"a tab in the indentation", "een tab in het inspringen"),
        (r"an invisible character in the indentation", "een onzichtbaar teken in het inspringen"),
        (r"two versions of these lines were never merged", "twee versies van deze regels zijn nooit samengevoegd"),
        (r"a long dash or dot stands before an item", "een lang streepje of een punt staat voor een onderdeel"),
        (r"a colon stands where no value can start", "een dubbele punt staat waar geen waarde kan beginnen"),
        (r"a key has no colon", "een sleutel heeft geen dubbele punt"),
        (r"the indentation does not fit the lines above", "het inspringen past niet bij de regels erboven"),
        (r"the indentation does not fit the list above", "het inspringen past niet bij de lijst erboven"),
        (r"a list that was opened with \[ is not closed", "een lijst die met [ begon, is niet gesloten"),
        (r"a mapping that was opened with \{ is not closed", "een koppel dat met {{ begon, is niet gesloten"),
        (r"a value is missing", "een waarde ontbreekt"),
        (r"a quote is opened and not closed", "een aanhalingsteken is geopend en niet gesloten"),
        (r"a value cannot start with this character", "een waarde kan niet met dit teken beginnen"),
        (r"an escape that is not known", "een escape die niet bekend is"),
        (r"an escape that is no character", "een escape die geen teken is"),
        (r"a control character stands in the text", "een besturingsteken staat in de tekst"),
        (
            r"this line has (\S+) cells, and there are (\S+) columns",
            "deze regel heeft {} cellen, en er zijn {} kolommen",
        ),
        (r"semicolons stand between the cells", "tussen de cellen staan puntkomma's"),
        (r"the columns (.+) are missing", "de kolommen {} ontbreken"),
        (r"this is no municipality code", "dit is geen gemeentecode"),
        (r"this is no date", "dit is geen datum"),
        (r"(.+) is not one of (.+)", "{} is niet een van {}"),
        (r"(.+) is no age in years", "{} is geen leeftijd in jaren"),
        (r"(.+) is empty", "{} is leeg"),
        (r"(.+) are empty", "{} zijn leeg"),
        (r"sources\.csv has no key (.+)", "sources.csv heeft geen sleutel {}"),
        (r"the table has no (rows|outputs)", "de tabel heeft geen {}"),
        (
            r"a first table must say why the order of its rows decides",
            "een first-tabel moet zeggen waarom de volgorde van de regels beslist",
        ),
        (r"why_first has no meaning in a (\S+) table", "why_first betekent niets in een {}-tabel"),
        (r"optional of (.+) is true or false", "optional van {} is true of false"),
        (
            r"(.+) needs values or a parameter, one of the two",
            "{} heeft values of een parameter nodig, een van de twee",
        ),
        (r"(.+) gives (.+), which is no output", "{} geeft {}, en dat is geen uitkomst"),
        (r"(.+) gives no (.+)", "{} geeft geen {}"),
        (r"(?:then of|the condition of) (.+) must be a mapping", "then of when van {} moet uit koppels bestaan"),
        (r"the condition of (.+) cannot read a list", "de voorwaarde van {} kan geen lijst lezen"),
        (r"a never of (.+) forbids everything", "een never van {} verbiedt alles"),
        (r"the parameter (\S+) is no term", "de parameter {} is geen termijn"),
        (r"the parameter (\S+) is no number", "de parameter {} is geen getal"),
        (r"the parameter (\S+) is no (\S+)", "de parameter {} is geen {}"),
        (r"the parameter (\S+) has no value", "de parameter {} heeft geen waarde"),
        (
            r"the value of (\S+) is no term, whole number, time or (\S+)",
            "de waarde van {} is geen termijn, geheel getal, tijd of {}",
        ),
        (
            r"this value of (\S+) overlaps with the one in line (\S+)",
            "deze waarde van {} overlapt met die op regelnummer {}",
        ),
        (r"(\S+) has no value from (\S+) until this one starts", "{} heeft geen waarde van {} tot deze begint"),
        (r"(.+) ends on (\S+) before it starts on (\S+)", "{} eindigt op {} voor het begin op {}"),
        (r"the range (.+) ends before it starts", "het bereik {} eindigt voor het begint"),
        (r"(.+) lies outside the bounds of (.+)", "{} ligt buiten de grenzen van {}"),
        (r"the bounds of (.+) must be whole numbers", "de grenzen van {} moeten gehele getallen zijn"),
        (
            r"the bounds of (.+) must rise, and span less than (\S+)",
            "de grenzen van {} moeten oplopen, en minder dan {} omvatten",
        ),
        (r"a cell of (.+) needs a value", "een cel van {} heeft een waarde nodig"),
        (
            r"a cell of (.+) is a value, a list, a range or (.+)",
            "een cel van {} is een waarde, een lijst, een bereik of {}",
        ),
        (r"not inside not is not allowed", "not binnen not mag niet"),
        (r"an empty list fits no value of (.+)", "een lege lijst past bij geen waarde van {}"),
        (r"(.+) needs a whole number or a range", "{} heeft een geheel getal of een bereik nodig"),
        (r"the fact (\S+) has several kinds: (.+)", "het feit {} heeft verschillende soorten: {}"),
        (r"the fact (\S+) does not say what it holds", "het feit {} zegt niet wat het bevat"),
        (r"(.+) can only be true", "{} kan alleen true zijn"),
        (r"(\S+) is about (.+), which is no set", "{} gaat over {}, en dat is geen verzameling"),
        (r"(.+) can have no default", "{} kan geen standaardwaarde hebben"),
        (r"(.+) has no values", "{} heeft geen waarden"),
        (
            r"(.+) stands on no ground, so nothing would leave",
            "{} staat op geen grond, dus er zou niets gedeeld worden",
        ),
        (
            r"(.+) cannot name (.+): of a day, an hour or a code no column says which it is",
            "{} kan {} niet noemen: van een dag, een uur of een code zegt geen kolom welke het is",
        ),
        (
            r"(.+) needs one of never, always and told_otherwise",
            "{} heeft een van never, always en told_otherwise nodig",
        ),
        (r"(.+) needs told_otherwise and unchanged together", "{} heeft told_otherwise en unchanged samen nodig"),
        (r"(.+) reads (.+), which nothing gives", "{} leest {}, en niets geeft dat"),
        (r"(.+) reads (.+), which is no input here", "{} leest {}, en dat is hier geen invoer"),
        (r"(.+) cannot fill in (.+)", "{} kan {} niet invullen"),
        (
            r"(.+) cannot read (\S+): a collect table has many outcomes",
            "{} kan {} niet lezen: een collect-tabel heeft veel uitkomsten",
        ),
        (r"(.+) cannot read (\S+): it names a parameter", "{} kan {} niet lezen: dat noemt een parameter"),
        (r"(.+) knows no key (.+)", "{} kent geen sleutel {}"),
        (r"(.+) has no English text", "{} heeft geen Engelse tekst"),
        (r"(.+) has no source", "{} heeft geen bron"),
        (r"(.+) has no (.+)", "{} heeft geen {}"),
        (r"(.+) must be a mapping of names", "{} moet uit namen met een waarde bestaan"),
        (r"(.+) must be a mapping", "{} moet uit koppels bestaan"),
        (r"(.+) must be a list", "{} moet een lijst zijn"),
        (r"(.+) must be given per language", "{} moet per taal gegeven worden"),
        (r"(.+) must be a text", "{} moet een tekst zijn"),
        (r"(\S+) does not know this value", "{} kent deze waarde niet"),
        (r"(\S+) is a word, not a boolean", "{} is een woord, geen waarheidswaarde"),
        (r"(\S+) is a list", "{} is een lijst"),
        (r"(\S+) names this value twice", "{} noemt deze waarde twee keer"),
        (r"(\S+) is a mapping", "{} bestaat uit koppels"),
        (r"(\S+) has no entry of this name", "{} heeft niets met deze naam"),
        (r"(\S+) is about something that (\S+) does not name", "{} gaat over iets dat {} niet noemt"),
        (
            r"(\S+) is a whole number from (\d+) to (\d+)(?: or unknown)?",
            "{} is een geheel getal van {} tot en met {}",
        ),
        (r"(\S+) is no instant", "{} is geen tijdstip"),
        (r"(\S+) is no code of a (.+)", "{} is geen code van een {}"),
        (r"(.+) is a boolean", "{} is een waarheidswaarde"),
        (r"(.+) is a number, not a text", "{} is een getal, geen tekst"),
        (r"(.+) is no name for (.+)", "{} is geen naam voor {}"),
        (r"(.+) is no language", "{} is geen taal"),
        (r"(.+) is no date", "{} is geen datum"),
        (r"(.+) cannot be (.+)", "{} kan niet {} zijn"),
    )
]


_HINTS: Final[Sequence[tuple[re.Pattern[str], str]]] = [
    (re.compile(english), dutch)
    for english, dutch in (
        (r"did you mean (.+)\?", "bedoelde u {}?"),
        (r"in line (\d+)", "op regelnummer {}"),
        (r"the first one is in line (\d+)", "de eerste staat op regelnummer {}"),
        (r"write it as YYYY-MM-DD", "schrijf hem als JJJJ-MM-DD"),
        (r"that month has (\d+) days", "die maand heeft {} dagen"),
        (r"no such day in the calendar", "die dag staat in geen kalender"),
        (r"YAML indents with spaces only", "spring alleen met spaties in"),
        (r"type spaces", "typ spaties"),
        (r"keep one of the two", "houd een van de twee"),
        (r"type a hyphen: - ", "typ een gewoon streepje: - "),
        (r'type straight quotes: "', 'typ rechte aanhalingstekens: "'),
        (r"add the comma or the (.)", "zet de komma of de {} erbij"),
        (r"save the file as UTF-8", "bewaar het bestand als UTF-8"),
        (r"save the file with commas between them", "bewaar het bestand met komma's ertussen"),
        (r"rename it, or it is not read", "geef het een andere naam, anders wordt het niet gelezen"),
        (r"add (\w\w): \.\.\.", "voeg {}: ... toe"),
        (r"add source: \[(.+)\]", "voeg source: [{}] toe"),
        (r"exchange the two days\?", "de twee dagen omwisselen?"),
        (r"end the earlier one with to: (.+)", "sluit de eerdere af met to: {}"),
        (r"write (yes|no)", "schrijf {}"),
        (r"a number or a range: (.+) or (\S+)", "een getal of een bereik: {} of {}"),
        (r"add a row, or a never when this cannot be", "voeg een regel toe, of een never als dit niet kan"),
        (r"narrow one of the two", "maak een van de twee smaller"),
        (r"give it, or declare the output optional", "geef die, of maak de uitkomst optional"),
    )
]


def in_dutch(what: str) -> str | None:
    """Give the Dutch of a sentence of a check, None of one that has none.

    Args:
        what: the sentence in English.
    """
    return _said(what, _SENTENCES)


def hint_in_dutch(hint: str) -> str | None:
    """Give the Dutch of what was probably meant, None of a hint that has none.

    Args:
        hint: the hint in English.
    """
    return _said(hint, _HINTS)


def _said(english: str, known: Sequence[tuple[re.Pattern[str], str]]) -> str | None:
    for pattern, dutch in known:
        if (found := pattern.fullmatch(english)) is not None:
            return dutch.format(*map(thing_in_dutch, found.groups()))
    return None
