"""Inputs that nobody would make on purpose: for each a result or one clear line, never a traceback, a hang or a mess.

`make test` tries 300 inputs, the same ones every time; `make fuzz` tries 10,000 new ones, as does the nightly run.
"""
