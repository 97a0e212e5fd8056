"""`nrm figures`: draws up the figures of half a year and prints them."""

from typing import Annotated

import typer
from rich.text import Text

from service.access.roles import Role, caller
from service.access.tokens import require_pseudonyms
from service.casework.figures.draw_up_figures import draw_up_figures
from service.cli.acting import AsJson, Org, Subject
from service.cli.opening import opened
from service.cli.rules_screen import columns, heading, indented, show


def figures(
    period: Annotated[str, typer.Argument(help="Half a calendar year that is over, as 2026-H1.")],
    org: Org,
    subject: Subject,
    as_json: AsJson = False,
) -> None:
    """Count the cases of half a year, for the National Rapporteur; what was counted once never changes."""
    require_pseudonyms(subject, org)
    with opened() as service:
        found = draw_up_figures(service.context(caller(subject, Role.POLICY_OWNER, org)), period)
    if as_json:
        print(found.model_dump_json(by_alias=True, indent=2))
        return
    few = f"fewer than {found.fewest_told}"
    parts = [Text(f"{found.period}: {few if found.cases is None else found.cases} cases")]
    show(parts)
    for name, table in found.tables.items():
        lines = ((word.replace("_", " "), "not told" if count is None else str(count)) for word, count in table.items())
        show([heading(name.replace("_", " ")), indented(columns(lines, (34, 8)))])
