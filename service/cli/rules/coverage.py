"""`nrm rules coverage`: every rule of the mechanism, where it works and what fails without it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import RenderableType
from rich.text import Text

from service.cli.rules.asked import Json, Lang, folder_of, rules_in
from service.cli.rules_screen import columns, heading, indented, print_json, rule_text, show, weakest_of
from service.cli.words import Language
from service.routing.mechanism import Binding, Group, bindings, unbound
from service.routing.rule_files.read_mechanism import read_mechanism
from service.routing.rule_files.read_row_examples import read_row_examples
from service.routing.text.mistakes import FilesRefused, Mistake

_WIDTHS: Final = (6, 30, 24, 20)


def coverage(
    folder: Annotated[Path | None, typer.Argument(help="Folder of rules; by default the rules in force.")] = None,
    as_json: Json = False,
    lang: Lang = Language.EN,
) -> None:
    """List every rule of the mechanism with the rows or the step it works in, and with what fails without it."""
    rule_set, mistakes = rules_in(folder), list[Mistake]()
    groups = read_mechanism(folder_of(folder), mistakes)
    bound = bindings(groups, rule_set, read_row_examples(folder_of(folder), rule_set, mistakes))
    mistakes.extend(unbound(rule_set, bound))
    if as_json:
        print_json({"rule_set": rule_set.name, "rules": [_json(one) for one in bound.values()]})
    else:
        show(_parts(groups, bound, lang))
    if mistakes:
        raise FilesRefused(mistakes)


def _parts(groups: Iterable[Group], bound: Mapping[str, Binding], language: Language) -> Iterator[RenderableType]:
    for group in groups:
        yield heading(group.title.get(language, group.title["en"]))
        yield indented(columns((_line(bound[rule.id], language) for rule in group.rules), _WIDTHS))
    assumed = sum(weakest_of(one.statuses).value == "assumed" for one in bound.values())
    yield Text(f"\n{len(bound)} rules, {assumed} of which rest on an assumption somewhere", style="dim")


def _line(one: Binding, language: Language) -> tuple[str | Text, ...]:
    rule = one.rule
    rows: dict[str, list[str]] = defaultdict(list)
    for table, row in one.rows:
        rows[table].append(row.id)
    where = [*(f"{table}: {' '.join(found)}" for table, found in rows.items()), *rule.works_in]
    shown = [*(rule.tests), *([f"{len(one.examples)} examples"] if one.examples else [])]
    return (
        rule_text(rule.id, weakest_of(one.statuses)),
        rule.says.get(language, rule.says["en"]),
        Text("\n".join(where)),
        Text("\n".join(shown), style="dim"),
    )


def _json(one: Binding) -> dict[str, object]:
    return {
        "id": one.rule.id,
        "says": dict(one.rule.says),
        "rows": [{"table": table, "row": row.id} for table, row in one.rows],
        "works_in": list(one.rule.works_in),
        "shown_by": list(one.shown_by),
        "statuses": sorted(one.statuses),
    }
