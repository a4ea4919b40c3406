"""Typed rows as facts to write: what each is called, what it says, and what it refers to."""
