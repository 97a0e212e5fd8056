"""`nrm rules book`: the rules as one page to read, print and keep."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.book.page import RuleBook
from service.cli.rules.asked import Lang, Rules, folder_of, rules_in
from service.cli.words import Language
from service.routing.examples import run_examples
from service.routing.rule_files.read_row_examples import read_row_examples
from service.routing.text.mistakes import FilesRefused, Mistake


def book(
    out: Annotated[Path, typer.Argument(help="The HTML file to write; one that is there is replaced.")],
    rules: Rules = None,
    lang: Lang = Language.EN,
) -> None:
    """Write the book of rules: tables, sources, proofs and examples on one page, which needs nothing else."""
    rule_set, mistakes = rules_in(rules), list[Mistake]()
    examples = read_row_examples(folder_of(rules), rule_set, mistakes)
    if mistakes:
        raise FilesRefused(mistakes)
    text = RuleBook(rule_set, examples, run_examples(rule_set), lang).text()
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FilesRefused([Mistake(str(out), 1, f"the file cannot be written: {error.strerror}")]) from None
