"""`nrm rules ask`: an intake at the terminal, which stops asking when no answer can change the decision any more."""

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Annotated, Final

import typer
from rich.console import RenderableType
from rich.text import Text

from service.cli.rules.asked import Json, Lang, Rules, answers_in, day_of, rules_in, today
from service.cli.rules_screen import columns, print_json, show
from service.cli.show_decision import DecisionScreen
from service.cli.words import Language, in_language, pick
from service.routing.decision import PARTS, Question
from service.routing.explanation.next_question import Intake, intake
from service.routing.facts.answers import Answers, AnswersRefused, answers_from
from service.routing.facts.vocabulary import Fact, FactKind, Vocabulary
from service.routing.text.entries import Words

_SETTLED: Final = ("Er hoeft niets meer gevraagd te worden.", "Nothing more needs to be asked.")
_STOPPED: Final = (
    "Gestopt; met meer antwoorden kan het nog anders worden.",
    "Stopped; more answers may change it.",
)
_NOT_READ: Final = ("Dat begrijp ik niet", "I do not understand that")
_NUMBER: Final = ("een nummer uit de lijst", "a number from the list")
_HINTS: Final = {
    FactKind.NUMBER: ("een getal", "a number"),
    FactKind.DATE: ("een dag, JJJJ-MM-DD", "a day, YYYY-MM-DD"),
    FactKind.CODE: ("een code", "a code"),
    FactKind.SET: ("een of meer nummers, met komma's ertussen", "one or more numbers, with commas between"),
}


def ask(
    facts: Annotated[
        str | None, typer.Argument(help="File of what is known already, YAML 1.2 or JSON; nothing when left out.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Local day to decide on, YYYY-MM-DD; today when left out.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help=f"Ask only what decides this part, such as shelter; one of {', '.join(PARTS)}."),
    ] = None,
    as_json: Json = False,
    rules: Rules = None,
    lang: Lang = Language.EN,
) -> None:
    """Ask question by question, the most decisive first, until the outcome is settled; nothing is stored."""
    if strange := [one for one in part or () if one not in PARTS]:
        raise typer.BadParameter(f"{strange[0]} is no part of a decision", param_hint="--part")
    rule_set, day = rules_in(rules), day_of(on) or today()
    answers = answers_in(facts, rule_set) if facts else Answers(rule_set.vocabulary, {})
    asking, unanswered = _Asking(rule_set.vocabulary, lang), set[str]()
    now = intake(rule_set, answers, day, part or PARTS)
    while now.question is not None and not asking.ended:
        said = asking.answer(now.question)
        if said is None:
            unanswered.add(now.question.fact)
        else:
            try:
                answers = answers_from(_with(answers, now.question.fact, said), rule_set.vocabulary)
            except AnswersRefused as refused:
                asking.refuse(refused)
                continue
        now = intake(rule_set, answers, day, part or PARTS, unanswered)
    if as_json:
        print_json({"facts": answers.given, "settled": list(now.settled), "decision": now.decision.as_json()})
        return
    show(_ending(now, lang, ended=asking.ended))
    show(DecisionScreen(rule_set, now.decision, lang).parts())


def _ending(now: Intake, language: Language, *, ended: bool) -> Iterator[RenderableType]:
    said = _STOPPED if ended and now.question else _SETTLED
    yield Text(f"\n{pick(said, language)}\n", style="bold")


def _with(answers: Answers, question: str, said: object) -> dict[str, object]:
    fact, _, key = question.partition(".")
    if not key:
        return {**answers.given, fact: said}
    known = answers.given.get(fact)
    return {**answers.given, fact: {**(known if isinstance(known, dict) else {}), key: said}}


class _Asking:
    """Asks somebody at the terminal; an empty line says that it is not known, the end of input ends the asking."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self._vocabulary = vocabulary
        self._language = language
        self.ended = False

    def answer(self, question: Question) -> object:
        """Ask until the answer can be read; None when it is not known."""
        fact, _, key = question.fact.partition(".")
        asked = self._vocabulary.facts[fact]
        words = in_language(asked.question, self._language)
        label = f" ({in_language(asked.keys[key], self._language)})" if key else ""
        self._print([Text(f"\n{words}{label}", style="bold"), *self._choices(asked)])
        while True:
            line = sys.stdin.readline()
            if not line or not line.strip():
                self.ended = not line
                return None
            if (said := _read(asked, line.strip())) is not None:
                return said
            hint = pick(_HINTS.get(asked.kind, _NUMBER), self._language)
            self._print([Text(f"{pick(_NOT_READ, self._language)}: {hint}")])

    def refuse(self, refused: AnswersRefused) -> None:
        """Say why an answer cannot be true together with another."""
        self._print([Text(problem.detail) for problem in refused.problems])

    def _choices(self, fact: Fact) -> Iterator[RenderableType]:
        words: list[tuple[str, Words]] = list(fact.values.items())
        yield columns(
            ((f"  {number}", in_language(label, self._language)) for number, (_, label) in enumerate(words, start=1)),
            (4, 20),
        )
        unknown = pick(("lege regel: niet bekend", "empty line: not known"), self._language)
        hint = f"{pick(_HINTS[fact.kind], self._language)}; " if fact.kind in _HINTS else ""
        yield Text(f"  {hint}{unknown}", style="dim")

    def _print(self, parts: list[RenderableType]) -> None:
        # What is asked does not belong in what somebody writes to a file.
        with redirect_stdout(sys.stderr):
            show(parts)


def _read(fact: Fact, line: str) -> object:
    """Read an answer: a number of the list or the word itself; None when it is neither."""
    if fact.kind is FactKind.SET:
        words = [_word(fact, one.strip()) for one in line.split(",")]
        return None if None in words else words
    if fact.values:
        return _word(fact, line)
    if fact.kind is FactKind.NUMBER:
        return int(line) if line.isdigit() else None
    return line


def _word(fact: Fact, said: str) -> str | None:
    values = list(fact.values)
    if said.isdigit() and 0 < int(said) <= len(values):
        return values[int(said) - 1]
    return said if said in values else None
