"""A hook of MkDocs: puts the `--help` text of every command into docs/reference/cli.md."""

import os
import re
import subprocess
import sys
from typing import Any

MARKER = "<!-- commands -->"
COMMAND = re.compile(r"^ {2,4}([a-z][a-z-]+)\b(?:  .*)?$", re.MULTILINE)
"""A line of the list of commands: the name, then its description."""


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace the marker by a section per command; called by MkDocs for every page."""
    return markdown.replace(MARKER, sections()) if MARKER in markdown else markdown


def sections() -> str:
    """Markdown: the text of `vidinpaint --help`, then a heading and the help text for each command."""
    overview = help_text()
    parts = [f"```text\n{overview}\n```"]
    parts += [f"## {name}\n\n```text\n{help_text(name)}\n```" for name in commands(overview)]
    return "\n\n".join(parts)


def commands(overview: str) -> list[str]:
    """Names in the list of commands, in its order."""
    return list(dict.fromkeys(COMMAND.findall(overview)))


def help_text(*command: str) -> str:
    """What `vidinpaint COMMAND --help` prints, as wide as a block of the page. Raises CalledProcessError."""
    plain = {**os.environ, "COLUMNS": "82", "NO_COLOR": "1", "TERM": "dumb"}
    arguments = [sys.executable, "-m", "vidinpaint", *command, "--help"]
    return subprocess.run(arguments, env=plain, capture_output=True, text=True, check=True).stdout.strip()
