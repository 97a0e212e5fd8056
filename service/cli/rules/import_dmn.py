"""`nrm rules import`: decision tables of others as files of rules."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from service.routing.interchange.dmn_import import ImportedTable, import_dmn
from service.routing.interchange.xml_tree import LARGEST
from service.routing.text.mistakes import FilesRefused, Mistake


def import_tables(
    file: Annotated[str, typer.Argument(help="A DMN file, version 1.1 to 1.5.")],
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Folder of rules to write tables/NAME.yaml in; printed when left out."),
    ] = None,
) -> None:
    """Read DMN tables as files of rules; what our tables cannot say is refused, all of it, and nothing is written."""
    tables = import_dmn(_bytes(Path(file)), file)
    for remark in (remark for table in tables for remark in table.remarks):
        print(remark, file=sys.stderr)
    if into is not None:
        _write(tables, into / "tables")
        return
    for table in tables:
        heading = f"# tables/{table.name}.yaml\n" if len(tables) > 1 else ""
        sys.stdout.buffer.write(f"{heading}{table.text}".encode())


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as content:
            # One byte more is enough to be refused.
            return content.read(LARGEST + 1)
    except OSError as error:
        raise FilesRefused([Mistake(str(path), 1, f"the file cannot be read: {error.strerror}")]) from None


def _write(tables: tuple[ImportedTable, ...], folder: Path) -> None:
    paths = {folder / f"{table.name}.yaml": table.text for table in tables}
    if taken := [path for path in paths if path.exists()]:
        raise FilesRefused(Mistake(str(path), 1, "this table exists already; it stays as it is") for path in taken)
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in paths.items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path)
