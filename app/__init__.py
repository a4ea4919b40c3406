"""Outturn: what a council planned, what came of it, and the rules that tell how well it did."""

from importlib.metadata import version

__version__ = version("outturn")
