"""The blocks of a page are found, and a mark counts for the next block only."""

from tests.docs.blocks import Block, blocks

PAGE = """# Title

    indented one    # comment
    indented two

<!-- not executed: needs a cluster -->

```bash
# only a comment
cluster
```

Text that is
    continued is no block.

```python
x = 1
```
"""


def test_blocks_of_a_page() -> None:
    assert list(blocks(PAGE)) == [
        Block(3, "bash", "indented one    # comment\nindented two", None),
        Block(9, "bash", "# only a comment\ncluster", "needs a cluster"),
        Block(17, "python", "x = 1", None),
    ]


def test_commands_are_lines_without_comments() -> None:
    assert list(blocks(PAGE))[1].commands() == ["cluster"]


def test_a_mark_without_a_reason_is_noticed() -> None:
    (block,) = blocks("<!-- not executed: -->\n\n```bash\nx\n```")
    assert block.reason == ""
