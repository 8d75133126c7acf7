"""Runs the command line: `python -m vidinpaint`."""

import sys

from vidinpaint.cli import main

sys.exit(main())
