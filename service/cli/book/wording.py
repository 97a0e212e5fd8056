"""What the book says around the rules, in Dutch and English, and the words for what the rules hold."""

from collections.abc import Iterable
from typing import Final

from service.cli.book.markup import Html, element
from service.cli.condition_words import ColumnWords
from service.cli.words import Language, in_language, pick, said
from service.routing.engine.table import Source, Status
from service.routing.explanation.called import Called
from service.routing.rule_set import RuleSet
from service.routing.text.entries import Words

_SOURCES_ARE_IN: Final = "nl"
_TEXTS: Final = {
    "title": ("Regelboek", "Book of rules"),
    "subtitle": (
        "De regels van het nationaal verwijsmechanisme mensenhandel, met hun bronnen, bewijzen en voorbeelden",
        "The rules of the national referral mechanism, with their sources, proofs and examples",
    ),
    "skip": ("Naar de inhoud", "Skip to the content"),
    "contents": ("Inhoud", "Contents"),
    "reading": ("Hoe dit boek te lezen is", "How to read this book"),
    "proposes": (
        "De dienst stelt voor, een mens beslist. Een rij geldt als alles onder “Als” waar is; dan volgt “Dan”.",
        "The service proposes, a person decides. A row applies when all of “When” is true; then follows “Then”.",
    ),
    "version": ("Deze regels heten", "These rules are called"),
    "sources_dutch": ("", "Sources are cited as they are, in Dutch."),
    "statuses": ("Hoe goed een rij gegrond is", "How well a row is founded"),
    "proofs": ("Wat bewezen is", "What is proved"),
    "proved_how": (
        "Dit is bewezen voor iedere mogelijke persoon, telkens als de regels gelezen worden; anders gelden ze niet.",
        "This is proved for every possible person, whenever the rules are read; otherwise they are not used.",
    ),
    "proved_tables": ("Bewezen per tabel", "Proved of each table"),
    "invariants": ("Bewezen voor iedereen, door alle tabellen heen", "Proved for everybody, across all tables"),
    "tables": ("De tabellen", "The tables"),
    "disclosure": ("Wie mag wat lezen", "Who may read what"),
    "grounds": ("Gronden", "Grounds"),
    "ground": ("Grond", "Ground"),
    "may_read": ("Wat hier niet staat, gaat nergens heen", "What does not stand here goes nowhere"),
    "recipient": ("Aan wie", "To whom"),
    "purpose": ("Waarvoor", "What for"),
    "parameters": ("Termijnen en getallen", "Terms and numbers"),
    "facts": ("De feiten en wat ervan wordt afgeleid", "The facts and what is derived from them"),
    "derived": ("Afgeleide waarden", "Derived values"),
    "never": ("Wat niet samen kan gaan", "What cannot be true together"),
    "stories": ("Voorbeelden van beslissingen", "Examples of decisions"),
    "table": ("Tabel", "Table"),
    "rows": ("Rijen", "Rows"),
    "cases": ("Gevallen", "Cases"),
    "proved": ("Bewezen", "Proved"),
    "statement": ("Bewering", "Statement"),
    "row": ("Rij", "Row"),
    "when": ("Als", "When"),
    "then": ("Dan", "Then"),
    "source": ("Bron", "Source"),
    "status": ("Stand", "Status"),
    "days": ("Geldig", "Valid"),
    "value": ("Waarde", "Value"),
    "always": ("altijd", "always"),
    "anybody": ("iedereen", "anybody"),
    "nothing": ("niets", "nothing"),
    "reads": ("Leest", "Reads"),
    "examples": ("Voorbeeld en net niet", "Example and near miss"),
    "example": ("Iemand van wie op {day} is verteld:", "Somebody of whom on {day} is told:"),
    "nobody_told": ("niets", "nothing"),
    "near": ("Net niet, want dan geldt {rows}:", "Near miss, because then {rows} applies:"),
    "near_none": ("Net niet, want dan geldt geen rij:", "Near miss, because then no row applies:"),
    "rows_of": ("Rijen: {table}", "Rows: {table}"),
    "no_example": ("geen eigen voorbeeld", "no example of its own"),
    "fact": ("Feit", "Fact"),
    "question": ("Vraag", "Question"),
    "answers": ("Antwoorden", "Answers"),
    "default": ("Niet verteld telt als", "Not told counts as"),
    "how": ("Hoe het gevonden wordt", "How it is found"),
    "why": ("Waarom", "Why"),
    "story": ("Verhaal", "Story"),
    "day": ("Dag", "Day"),
    "example_name": ("Voorbeeld", "Example"),
    "holds": ("Alle {count} voorbeelden komen uit zoals beschreven.", "All {count} examples come out as described."),
    "unmet": (
        "{count} van {all} voorbeelden komen anders uit; zie nrm rules check.",
        "{count} of {all} examples come out otherwise; see nrm rules check.",
    ),
    "unique": (
        "compleet en zonder tegenspraak: voor ieder precies één rij",
        "complete and free of conflict: exactly one row for everybody",
    ),
    "first": ("compleet: voor ieder is er een eerste rij", "complete: there is a first row for everybody"),
    "collect": ("elke rij kan gelden", "every row can apply"),
    "back": ("Terug naar de inhoud", "Back to the contents"),
    "number": ("een geheel getal van {low} tot en met {high}", "a whole number from {low} to {high}"),
    "a_date": ("een dag", "a day"),
    "an_instant": ("een dag met een tijd", "a day with a time"),
    "a_code": ("een code", "a code"),
}


class Wording:
    """The words of one rule set in one language."""

    def __init__(self, rule_set: RuleSet, language: Language) -> None:
        """Prepare.

        Args:
            rule_set: the rules, whose own words are used where they have some.
            language: the language of the book.
        """
        self.language = language
        self.columns = ColumnWords(rule_set, language)
        self.called = Called(rule_set, language)

    def text(self, name: str, **filled: str) -> str:
        """Give a text of the book itself."""
        text = pick(_TEXTS[name], self.language)
        for slot, words in filled.items():
            text = text.replace(f"{{{slot}}}", words)
        return text

    def of(self, words: Words) -> str:
        """Give words of the rules."""
        return in_language(words, self.language)

    def said(self, place: str, value: str) -> str:
        """Give the words of the service for a value."""
        return said(place, value, self.language)

    def status(self, status: Status) -> Html:
        """Say how well something is founded, in words and not in colour alone."""
        return element("span", self.said("status", status).lower(), class_=f"status {status}")

    def sources(self, sources: Iterable[Source]) -> Html:
        """Cite sources in the language in which they are, each in a line of its own."""
        return element("ul", *(element("li", *_cited(source), lang=_SOURCES_ARE_IN) for source in sources))


def _cited(source: Source) -> Iterable[str]:
    linked = source.url is not None and source.url.startswith(("https://", "http://"))
    yield element("a", source.cite, href=source.url) if linked else source.cite
    if source.note:
        yield f" ({source.note})"
    if source.jci:
        yield element("span", f" {source.jci}", class_="jci")
