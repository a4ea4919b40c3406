"""Reads: one function a question; derived columns come from the rules, inside the database."""
