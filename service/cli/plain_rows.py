"""Lists on a terminal whose every cell stands whole: a day or an id that is cut short is of no use to anybody."""

from collections.abc import Sequence


def plain_rows(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Give a list as aligned text, as wide as it is; a narrow screen folds a line and loses nothing of it.

    Args:
        headings: one for each column.
        rows: a cell for each column; an empty one is shown as a dash.
    """
    shown = [list(headings), *([cell or "-" for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown)
    return "\n".join(lines)
