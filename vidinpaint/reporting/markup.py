"""`element`: pieces of HTML and SVG in which everything is escaped that is not markup already.

File names, notes and settings come from users, so no piece of a page is ever put together from bare strings: text
becomes `Markup` only by way of `element` and `text`, which escape it.
"""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"img", "input", "br", "meta"})
"""Elements that have no end tag."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Markup:
    """A value as HTML; what no UTF-8 file can hold (half a surrogate pair in a file name) is shown by its code."""
    if isinstance(value, Markup):
        return value
    printable = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    return Markup(escape(printable))


def join(content: Iterable[object]) -> Markup:
    """Pieces one after the other; None is left out."""
    return Markup("".join(text(piece) for piece in content if piece is not None))


def element(name: str, *content: object, **attributes: object) -> Markup:
    """`<name attributes>content</name>`.

    Underscores in names of attributes stand for hyphens and one at the end is dropped (`class_`, `stroke_width`); True
    is an attribute without a value, False and None are left out. Content may be markup, text, numbers or None.
    """
    written = []
    for key, value in attributes.items():
        word = key.rstrip("_").replace("_", "-")
        if value is True:
            written.append(f" {word}")
        elif value is not None and value is not False:
            written.append(f' {word}="{text(value)}"')
    opened = f"<{name}{''.join(written)}>"
    return Markup(opened if name in _VOID else f"{opened}{join(content)}</{name}>")


def section(heading: str, *content: Markup | None) -> Markup:
    """A part of the page under a heading."""
    return element("section", element("h2", heading), *content)
