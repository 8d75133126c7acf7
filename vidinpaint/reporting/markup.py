"""`element`: builds HTML and SVG, and escapes everything that is not markup already.

File names, notes and settings come from users, so no part of a page is concatenated from plain strings: text becomes
`Markup` only through `element` and `text`, which escape it.
"""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"img", "input", "br", "meta"})
"""Elements that have no end tag."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Markup:
    """A value as HTML; characters that UTF-8 cannot encode (lone surrogates in a file name) are shown as codes."""
    if isinstance(value, Markup):
        return value
    printable = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    return Markup(escape(printable))


def join(content: Iterable[object]) -> Markup:
    """Concatenate pieces; None is left out."""
    return Markup("".join(text(piece) for piece in content if piece is not None))


def element(name: str, *content: object, **attributes: object) -> Markup:
    """`<name attributes>content</name>`.

    Underscores in attribute names become hyphens, and one at the end is removed (`class_`, `stroke_width`). True gives
    an attribute without a value; False and None are left out. Content may be markup, text, numbers or None.
    """
    written = []
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if value is True:
            written.append(f" {attribute}")
        elif value is not None and value is not False:
            written.append(f' {attribute}="{text(value)}"')
    start_tag = f"<{name}{''.join(written)}>"
    return Markup(start_tag if name in _VOID else f"{start_tag}{join(content)}</{name}>")


def section(heading: str, *content: Markup | None) -> Markup:
    """A part of the page under a heading."""
    return element("section", element("h2", heading), *content)
