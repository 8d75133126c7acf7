"""The code blocks of a Markdown page, for tests that execute them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NOT_EXECUTED = re.compile(r"<!-- not executed: *(.*?) *-->")
FENCE = re.compile(r"```(\w*)")


@dataclass(frozen=True)
class Block:
    """One block.

    line       number of its first line in the page, from 1
    language   "python", "bash" (also for indented blocks of commands), or what the fence says
    reason     why it is not executed; None where it is, "" where the mark gives no reason
    """

    line: int
    language: str
    text: str
    reason: str | None

    def commands(self) -> list[str]:
        """The lines of a block of commands, without comments and empty lines."""
        return [line.strip() for line in self.text.splitlines() if line.strip() and not line.strip().startswith("#")]


def blocks(page: str) -> Iterator[Block]:
    """All fenced and indented blocks, in order. A mark counts for the next block only."""
    lines = page.splitlines()
    reason: str | None = None
    number = 0
    while number < len(lines):
        line = lines[number]
        if mark := NOT_EXECUTED.fullmatch(line.strip()):
            reason = mark[1]
        elif fence := FENCE.match(line):
            end = next(at for at in range(number + 1, len(lines)) if lines[at].startswith("```"))
            yield Block(number + 2, fence[1], "\n".join(lines[number + 1 : end]), reason)
            number, reason = end, None
        elif line.startswith("    ") and not lines[number - 1].strip():
            end = next((at for at in range(number, len(lines)) if not lines[at].startswith("    ")), len(lines))
            yield Block(number + 1, "bash", "\n".join(part[4:] for part in lines[number:end]), reason)
            number, reason = end - 1, None
        number += 1
