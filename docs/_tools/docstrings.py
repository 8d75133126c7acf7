"""An extension of Griffe: shows our docstrings as they are meant.

Our docstrings list parameters as aligned lines, a name, two or more spaces, and its meaning:

    clip     path of a video file
    mask     one or several masks; continuation lines are
             indented further

In Markdown this would become one paragraph, so it is made a list. Indented blocks stay code.
"""

import re
from textwrap import dedent
from typing import Any

from griffe import Extension, Object

ENTRY = re.compile(r"(\*{0,2}\w+(?:(?:, | and )\w+)*)\s{2,}(\S.*)")


class AlignedParameters(Extension):
    """Rewrites the docstring of every function, class and module that is loaded."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        if obj.docstring:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    """A docstring with its aligned lists made Markdown lists; other paragraphs as they are."""
    first, _, rest = text.partition("\n")
    paragraphs = re.split(r"\n[ \t]*\n", dedent(rest).strip("\n"))
    return "\n\n".join([first.strip(), *map(_paragraph, paragraphs)]).strip()


def _paragraph(paragraph: str) -> str:
    lines = paragraph.splitlines()
    if not lines or not ENTRY.fullmatch(lines[0]):
        return paragraph
    entries: list[str] = []
    for line in lines:
        match = ENTRY.fullmatch(line)
        if match:
            entries.append(f"- **{match[1]}**: {match[2]}")
        else:
            entries[-1] += f" {line.strip()}"
    return "\n".join(entries)
