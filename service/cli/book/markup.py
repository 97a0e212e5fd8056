"""Elements of a page: what is said is escaped, what is an element already is not."""

from collections.abc import Iterable
from html import escape
from typing import Final

_EMPTY: Final = ("meta", "link")


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def element(tag: str, *content: str | None, **attributes: str | None) -> Html:
    """Give an element.

    Args:
        tag: its name.
        content: what stands in it, one after the other; None stands for nothing.
        attributes: by name, a trailing underscore left out and others written as hyphens; None leaves one out.
    """
    said = "".join(
        f' {name.removesuffix("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _EMPTY:
        return Html(f"<{tag}{said}>")
    return Html(f"<{tag}{said}>{joined(content)}</{tag}>")


def joined(content: Iterable[str | None]) -> Html:
    """Put content together."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in content if part is not None))


def lines(content: Iterable[str]) -> Html:
    """Put content together, each in a line of its own."""
    return Html("<br>".join(joined([part]) for part in content))


def listed(content: Iterable[str]) -> Html | None:
    """Give a list, None for nothing."""
    items = [element("li", part) for part in content]
    return element("ul", *items) if items else None


def grid(caption: str, heads: Iterable[str], rows: Iterable[Html], name: str) -> Html:
    """Give a table with a caption and headed columns, which a keyboard can scroll where the window is narrow.

    Args:
        caption: what the table holds.
        heads: the headings of its columns.
        rows: its rows.
        name: the id of its caption.
    """
    head = element("thead", element("tr", *(element("th", one, scope="col") for one in heads)))
    table = element("table", element("caption", caption, id=name), head, element("tbody", *rows))
    return element("div", table, class_="wide", role="region", aria_labelledby=name, tabindex="0")
