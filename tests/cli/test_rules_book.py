"""The book of rules: it holds everything, reads aloud well, needs nothing from outside, and is the same each time."""

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from service.cli.book.page import RuleBook
from service.cli.words import Language
from service.routing.examples import run_examples
from service.routing.rule_files.read_row_examples import read_row_examples
from tests.cli.terminal import typed
from tests.routing.dutch import FOLDER, rules

_CLOSED_BY_THEMSELVES = ("meta", "br")
_BOTH = pytest.mark.parametrize("language", list(Language))


class Page(HTMLParser):
    """A page as a screen reader goes through it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in _CLOSED_BY_THEMSELVES:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.texts.setdefault(tag, []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.found if (value := attributes.get(attribute)) is not None]


@cache
def _book(language: Language) -> str:
    examples = read_row_examples(FOLDER, rules(), [])
    return RuleBook(rules(), examples, run_examples(rules()), language).text()


@cache
def _page(language: Language) -> Page:
    return Page(_book(language))


@_BOTH
def test_it_holds_every_row_with_its_sources_status_and_example(language: Language) -> None:
    said = " ".join("".join(_page(language).texts["body"]).split())

    for name, compiled in rules().tables.items():
        assert f'id="rows-{name}"' in _book(language)
        for row in compiled.table.rows:
            assert f'id="row-{name}-{row.id}"' in _book(language)
            assert all(" ".join(source.cite.split()) in said for source in row.sources)
            assert " ".join(row.note.get(language, "").split()) in said
    rows = sum(len(compiled.table.rows) for compiled in rules().tables.values())
    assert said.count({"nl": "Iemand van wie op", "en": "Somebody of whom on"}[language]) == rows
    assert said.count({"nl": "Net niet, want dan", "en": "Near miss, because then"}[language]) == rows


@_BOTH
def test_it_holds_every_statement_that_is_proved_every_term_every_fact_and_every_story(language: Language) -> None:
    said = " ".join("".join(_page(language).texts["body"]).split())
    words = [
        *(invariant.text for invariant in rules().invariants),
        *(parameter.title for parameter in rules().parameters.by_name.values()),
        *(fact.label for fact in rules().vocabulary.facts.values()),
        *(example.story for example in rules().examples),
    ]

    assert [one[language] for one in words if " ".join(one[language].split()) not in said] == []
    assert rules().name in said


def test_a_term_reads_with_its_days_in_the_language_of_the_book() -> None:
    said = {language: " ".join(_page(language).texts["td"]) for language in Language}

    assert "2023-05-18.. 30 dagen" in said[Language.NL]
    assert "2023-05-18.. 30 days" in said[Language.EN]
    assert "20 werkdagen" in said[Language.NL]


@_BOTH
def test_nothing_is_said_by_the_names_of_the_program_where_the_rules_have_words(language: Language) -> None:
    cells = _page(language).texts["b"]

    assert [said for said in cells if "_" in said] == []


@_BOTH
def test_a_screen_reader_finds_its_way(language: Language) -> None:
    page = _page(language)
    headings = [int(tag[1]) for tag, _ in page.found if re.fullmatch(r"h[1-6]", tag)]

    assert page.all("html") == [{"lang": str(language)}]
    assert [len(page.all(tag)) for tag in ("title", "h1", "header", "nav", "main")] == [1] * 5
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    assert len(page.all("caption")) == len(page.all("table"))
    assert {head.get("scope") for head in page.all("th")} == {"col", "row"}
    assert page.open == []
    assert max(Counter(page.values("id")).values()) == 1
    links = [value for value in page.values("href") if value.startswith("#")]
    assert {link[1:] for link in links} | set(page.values("aria-labelledby")) <= set(page.values("id"))


@_BOTH
def test_sources_are_marked_as_dutch_in_either_language(language: Language) -> None:
    assert len([one for one in _page(language).all("li") if one.get("lang") == "nl"]) > 400


@_BOTH
def test_it_needs_no_program_and_nothing_from_outside(language: Language) -> None:
    page = _page(language)

    assert {tag for tag, _ in page.found}.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    assert page.values("src") == []
    assert not re.search(r"url\(|@import| on[a-z]+=", _book(language))


def test_every_text_stands_out_from_what_is_behind_it() -> None:
    style = _page(Language.EN).texts["style"][0]
    colours = {_whole(one) for one in re.findall(r"(?<![-\w])color: (#[0-9a-f]{3,6})", style)}
    behind = {_whole(one) for one in re.findall(r"background: (#[0-9a-f]{3,6})", style)}

    assert len(behind) >= 5
    assert min(_contrast(one, other) for one in colours for other in behind) >= 4.5


def _whole(colour: str) -> str:
    digits = colour.removeprefix("#")
    return "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits


def _contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_command_writes_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("one.html", "other.html"))

    heard = [typed("rules", "book", str(path), "--lang", "nl") for path in (first, second)]

    assert [(one.code, one.out, one.err) for one in heard] == [(0, b"", "")] * 2
    assert first.read_bytes() == second.read_bytes() == _book(Language.NL).encode()


def test_a_book_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    heard = typed("rules", "book", str(tmp_path / "nowhere" / "book.html"))

    assert heard.code == 2
    assert "cannot be written" in heard.err
