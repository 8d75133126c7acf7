"""The command line: one file per command, and the options they share in `options`.

Exit codes:

    0    success
    1    an unexpected error in vidinpaint itself
    2    an input, option or setting is wrong; one line says what was expected, what was found and what to do
    3    the output is written, but with --strict a window failed the check
    4    some clips of a batch failed, the others are done
    130  interrupted by Ctrl-C or SIGTERM
"""

from vidinpaint.cli.app import main

__all__ = ["main"]
