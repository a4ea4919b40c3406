"""Scorecards on the wire."""
